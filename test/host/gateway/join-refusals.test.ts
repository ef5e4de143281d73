import { describe, expect, test } from 'vitest';
import { JoinRefusals, MOST_A_DAY } from '../../../host/gateway/join-refusals.ts';
import { eui64, type Eui64 } from '../../../host/model/ids.ts';
import { silent, type Log } from '../../../host/ports/log.ts';
import { ManualClock } from '../../kit/clock.ts';

const DAY_MS = 86_400_000;
const device = (n: number): Eui64 => eui64(`02000000000${String(n).padStart(5, '0')}`);

function desk() {
  const clock = new ManualClock(0);
  const alerts: (readonly [string, string, readonly string[]])[] = [];
  const warned: string[] = [];
  const log: Log = { ...silent, warn: (event) => void warned.push(event) };
  const records = { alert: async (...alert: [string, string, readonly string[]]) => void alerts.push(alert) };
  return { clock, alerts, warned, refusals: new JoinRefusals({ records, clock, log }) };
}

describe('a device that may not join', () => {
  test('is told of once a day for each reason, naming it and the reason [R-DEV-03]', async () => {
    const { clock, alerts, refusals } = desk();
    for (let n = 0; n < 5; n++) await refusals.tell(device(1), 'device-not-in-log');
    expect(alerts).toEqual([['device-not-in-log', expect.stringContaining(device(1)), ['R-DEV-03']]]);
    await refusals.tell(device(1), 'install-code-unknown');
    await clock.advance(DAY_MS - 1);
    await refusals.tell(device(1), 'device-not-in-log');
    expect(alerts.map(([code]) => code)).toEqual(['device-not-in-log', 'install-code-unknown']);
    await clock.advance(1);
    await refusals.tell(device(1), 'device-not-in-log');
    expect(alerts).toHaveLength(3);
  });

  test('and one that has a link key and comes in by its install code once more, likewise', async () => {
    const { alerts, refusals } = desk();
    for (let n = 0; n < 5; n++) await refusals.anew(device(1));
    expect(alerts).toEqual([['device-joins-anew', expect.stringContaining('somebody has its code'), ['R-KEYMAT-01']]]);
  });

  test('is one of so many a day at most, and that more came is said once', async () => {
    const { clock, alerts, warned, refusals } = desk();
    for (let n = 0; n < 10 * MOST_A_DAY; n++) await refusals.tell(device(n), 'device-not-in-log');
    expect([alerts.length, warned]).toEqual([MOST_A_DAY, ['join-refusals-not-told']]);
    await clock.advance(DAY_MS);
    await refusals.tell(device(0), 'device-not-in-log');
    expect(alerts).toHaveLength(MOST_A_DAY + 1);
  });
});
