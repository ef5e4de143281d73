import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { eui64 } from '../../../host/model/ids.ts';
import type { Report } from '../../../host/model/job.ts';
import type { Log } from '../../../host/ports/log.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { Heads } from '../../../host/stores/heads.ts';
import { ManualClock } from '../../kit/clock.ts';
import { ReportInbox } from '../../../host/s1sp/report-inbox.ts';

const A = eui64('0200000000000701');
const B = eui64('0200000000000702');
const report = (gateway: typeof A, sequence: number, count = sequence, hash = String(count).padStart(64, '0')): Report =>
  ({
    kind: 'report',
    gateway,
    sequence,
    time: 0,
    head: { count, hash },
    event: { type: 'image', job: '00', verdict: 'accepted', code: undefined, checks: [] },
  }) as unknown as Report;

function setUp(store = new MemoryStore()) {
  const gaps: string[] = [];
  const odd: string[] = [];
  const log: Log = {
    debug() {},
    info() {},
    error: (event, fields) => void odd.push(`${event} ${fields?.['contradiction']} ${fields?.['sequence']}`),
    warn: (event, fields) => void gaps.push(`${event} ${fields?.['from']}-${fields?.['to']}`),
  };
  const audit = new Audit(store, new ManualClock());
  return { store, gaps, odd, audit, inbox: new ReportInbox(store, log, audit) };
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

describe('a gateway whose store was set back', () => {
  const other = 'b'.repeat(64);

  test.each([
    ['the same counts with other hashes', (n: number) => report(A, n, 20 + n, other)],
    ['counts of which nothing was known', (n: number) => report(A, n, 1_000 + n, other)],
  ])('is found out at the first report that it tells once more: %s [R-AUD-01]', async (_, again) => {
    const { inbox, odd, audit } = setUp();
    for (let n = 1; n <= 30; n++) expect(await inbox.take(report(A, n, 20 + n))).toBe(true);
    expect(await inbox.take(again(11))).toBe(false);
    expect(odd).toEqual(['audit-contradicted other 11']);
    for (let n = 12; n <= 30; n++) expect(await inbox.take(again(n))).toBe(false);
    const records = audit.entries().filter(({ type }) => type === 'audit-contradicted');
    expect(records.map(({ body }) => [body['sequence'], body['contradiction']])).toEqual(
      Array.from({ length: 20 }, (__, n) => [11 + n, 'other']),
    );
  });

  test('is found out once it has told more reports than before, too', async () => {
    const { inbox, odd } = setUp();
    for (let n = 1; n <= 30; n++) await inbox.take(report(A, n, 20 + n));
    await inbox.take(report(A, 31, 40, other));
    await inbox.take(report(A, 32, 31));
    expect(odd).toEqual(['audit-contradicted other 31', 'audit-contradicted shorter 32']);
  });

  test('leaves what was known as it was: the true log is no contradiction afterwards', async () => {
    const { inbox, odd, store } = setUp();
    for (let n = 1; n <= 3; n++) await inbox.take(report(A, n));
    await inbox.take(report(A, 2, 2, other));
    for (let n = 1; n <= 4; n++) await inbox.take(report(A, n));
    expect(odd).toEqual(['audit-contradicted other 2']);
    expect(new Heads(store).all(A).map(({ hash }) => hash)).not.toContain(other);
  });
});

test('repetitions that carry the same head, several reports of one record, and another gateway with the same numbers contradict nothing', async () => {
  const { inbox, odd, audit } = setUp();
  for (const [sequence, count] of [
    [1, 5],
    [2, 5],
    [2, 5],
    [3, 9],
    [1, 5],
    [3, 9],
  ] as const)
    await inbox.take(report(A, sequence, count));
  await inbox.take(report(B, 1, 5, 'c'.repeat(64)));
  expect([odd, audit.entries()]).toEqual([[], []]);
});
