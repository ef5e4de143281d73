import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { eui64 } from '../../../host/model/ids.ts';
import type { Report } from '../../../host/model/job.ts';
import type { Log } from '../../../host/ports/log.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { ManualClock } from '../../kit/clock.ts';
import { ReportInbox } from '../../../host/s1sp/report-inbox.ts';

const A = eui64('0200000000000701');
const B = eui64('0200000000000702');
const report = (gateway: typeof A, sequence: number): Report =>
  ({
    kind: 'report',
    gateway,
    sequence,
    time: 0,
    head: { count: sequence, hash: String(sequence).padStart(64, '0') },
    event: { type: 'image', job: '00', verdict: 'accepted', code: undefined, checks: [] },
  }) as unknown as Report;

function setUp(store = new MemoryStore()) {
  const gaps: string[] = [];
  const log: Log = {
    debug() {},
    info() {},
    error() {},
    warn: (event, fields) => void gaps.push(`${event} ${fields?.['from']}-${fields?.['to']}`),
  };
  return { store, gaps, inbox: new ReportInbox(store, log, new Audit(store, new ManualClock())) };
}

test('a report is news once: repetitions and older ones are not, in any order, over restarts, per gateway', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(A, B), fc.integer({ min: 1, max: 12 }), fc.boolean()), { maxLength: 30 }),
      async (arrivals) => {
        let { store, inbox } = setUp();
        const highest = new Map<string, number>();
        for (const [gateway, sequence, restart] of arrivals) {
          if (restart) ({ store, inbox } = setUp(store));
          const news = sequence > (highest.get(gateway) ?? 0);
          expect(await inbox.take(report(gateway, sequence))).toBe(news);
          if (news) highest.set(gateway, sequence);
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('a gap is taken and told with its bounds; a repetition is no gap', async () => {
  const { inbox, gaps } = setUp();
  for (const sequence of [1, 2, 2, 5, 6, 4]) await inbox.take(report(A, sequence));
  await inbox.take(report(B, 2));
  expect(gaps).toEqual(['reports-missing 3-4', 'reports-missing 1-1']);
});
