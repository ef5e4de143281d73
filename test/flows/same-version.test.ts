/** An order for the version that a device runs already comes to an end with a reason, instead of waiting for a transfer that cannot be. */
import { expect, test } from 'vitest';
import { VERSION } from '../../host/compose/home.ts';
import { inLab } from '../kit/world.ts';

test('an order for the version that runs already fails with that reason, and nothing is transferred [R-AUD-01]', async () => {
  await inLab({}, async (lab) => {
    await lab.publishImage();
    await lab.put(lab.order('lead', 1n));
    expect((await lab.ended()).event).toMatchObject({ stage: 'succeeded' });
    await lab.publishImage();
    const { event: again } = await lab.put(lab.order('lead', 2n));
    expect(again).toMatchObject({ verdict: 'allow' });
    const { event } = await lab.ended();
    expect(event).toMatchObject({ stage: 'failed', reason: { code: 'already-runs-version' } });
    expect(lab.version).toBe(VERSION.v2);
  });
});
