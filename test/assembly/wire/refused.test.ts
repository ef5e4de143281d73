/** Every clause of every wire file's `check`, from seeds/frames/refused.json. */
import { describe, expect, test } from 'vitest';
import { CODES } from '../../../host/core/codes.ts';
import { freshCore } from '../../kit/core.ts';
import { psdu, refused } from '../../kit/frame-seeds.ts';

const core = await freshCore();

describe.each(['mac', 'nwk', 'aps', 'zcl'])('%s', (layer) => {
  test.each(refused(layer))('refuses with $code at byte $offset: $why', (row) => {
    const answer = core.rx(psdu(row));
    expect(answer).toMatchObject({ ok: false, code: row.code, offset: row.offset });
    if (row.code !== 'mac-too-long') expect(core.rx(psdu(row), { passive: true })).toEqual(answer);
  });

  test('has a seed for each of its clauses', () => {
    const named = CODES.map((code) => code.name).filter(
      (name) => name.startsWith(`${layer}-`) && !name.includes('security') && name !== 'mac-fcs',
    );
    expect(new Set(refused(layer).map((row) => row.code))).toEqual(new Set(named));
  });
});

test('what was complete before the refusal is shown', () => {
  const row = refused('aps').find((each) => each.code === 'aps-indirect');
  const answer = core.rx(psdu(row as NonNullable<typeof row>));
  if (answer.ok) throw new Error('accepted');
  expect(answer.frame).toMatchObject({ mac: { dst: 0x1234, src: 0 }, nwk: { dst: 0x1234, radius: 30 } });
  expect(answer.frame.aps).toBeUndefined();
});
