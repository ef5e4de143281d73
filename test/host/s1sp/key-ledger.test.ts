/** The ledger of PPMID keys: counts for the department, open cases for the suppliers. */
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import type { Cohort } from '../../../host/model/cohort.ts';
import { digest, eui64, type Eui64, type Fingerprint } from '../../../host/model/ids.ts';
import type { Report } from '../../../host/model/job.ts';
import type { KeyState } from '../../../host/model/key-state.ts';
import { KeyLedger, keyReport, percent } from '../../../host/s1sp/key-ledger.ts';

const site = (n: number, kind: 'gateway' | 'device'): Eui64 =>
  eui64(`0200000000${kind === 'gateway' ? '1' : '2'}${String(n).padStart(5, '0')}`);
const LEAD = eui64('0200000000000103');
const OTHER = eui64('0200000000000104');

const said = (n: number, state: KeyState, cohort: Cohort = 'IOC', attempts = 0, reason?: string): Report => ({
  kind: 'report',
  gateway: site(n, 'gateway'),
  sequence: 1,
  time: 1_768_478_400_000 + n,
  head: { count: 1, hash: digest(new Uint8Array(32)) },
  event: {
    type: 'ppmid-keys',
    device: site(n, 'device'),
    cohort,
    state,
    attempts,
    reason,
    fingerprint: state === 'present' ? ('00112233445566aa' as Fingerprint) : undefined,
  },
});

describe('the report', () => {
  test('of 1000 sites with 3 that are silent: 997 done, 3 listed with attempts and last error, a rate of 0.3% [R-KEYS-03] [R-KEYS-04] [R-KEYS-05]', async () => {
    const ledger = new KeyLedger(new MemoryStore());
    for (let n = 0; n < 1_000; n++) await ledger.take(n % 400 === 7 ? said(n, 'retrying', 'IOC', 4, 'no-answer') : said(n, 'present'));
    const { cohorts, open } = keyReport(ledger.entries(), 0.995, () => LEAD);
    expect(cohorts).toEqual([
      {
        cohort: 'IOC',
        attempted: 1_000,
        succeeded: 997,
        failed: 3,
        retrying: 3,
        investigating: 0,
        resolved: 0,
        failureRate: 0.003,
        materiallyComplete: true,
      },
    ]);
    expect(percent(cohorts[0]!.failureRate)).toBe('0.3%');
    expect(open).toEqual(
      [7, 407, 807].map((n) => ({
        supplier: LEAD,
        gateway: site(n, 'gateway'),
        device: site(n, 'device'),
        cohort: 'IOC',
        state: 'retrying',
        attempts: 4,
        reason: 'no-answer',
      })),
    );
  });
  test('is materially complete at its threshold and not below, cohort by cohort [R-KEYS-03]', async () => {
    const ledger = new KeyLedger(new MemoryStore());
    for (let n = 0; n < 10; n++) await ledger.take(said(n, n === 0 ? 'investigation' : 'present', 'IOC'));
    for (let n = 10; n < 20; n++) await ledger.take(said(n, 'present', 'MOC-MDS'));
    const complete = (threshold: number): boolean[] =>
      keyReport(ledger.entries(), threshold, () => LEAD).cohorts.map((each) => each.materiallyComplete);
    expect([complete(0.9), complete(0.91)]).toEqual([
      [true, true],
      [false, true],
    ]);
  });
  test('lists each open case with the supplier that it concerns, and counts what was resolved [R-KEYS-06] [R-KEYS-07]', async () => {
    const ledger = new KeyLedger(new MemoryStore());
    await ledger.take(said(1, 'retrying', 'IOC', 1, 'no-answer'));
    await ledger.take(said(1, 'present'));
    await ledger.take(said(2, 'investigation', 'IOC', 1, 'curve-confirm'));
    await ledger.take(said(3, 'retrying', 'IOC', 2, 'no-answer'));
    const { cohorts, open } = keyReport(ledger.entries(), 1, (gateway) =>
      gateway === site(2, 'gateway') ? OTHER : gateway === site(3, 'gateway') ? LEAD : undefined,
    );
    expect(cohorts[0]).toMatchObject({ attempted: 3, succeeded: 1, retrying: 1, investigating: 1, resolved: 1 });
    expect(open.map(({ supplier, device, state, reason }) => [supplier, device, state, reason])).toEqual([
      [LEAD, site(3, 'device'), 'retrying', 'no-answer'],
      [OTHER, site(2, 'device'), 'investigation', 'curve-confirm'],
    ]);
  });
  test('counts no incident of migration among what was loaded, neither open nor closed, and lists it while it is open [R-KEYS-09]', async () => {
    const ledger = new KeyLedger(new MemoryStore());
    await ledger.take(said(1, 'present'));
    for (const n of [2, 3]) await ledger.take(said(n, 'investigation', 'IOC', 0, 'migrated-without-key'));
    await ledger.take(said(3, 'present'));
    const { cohorts, open } = keyReport(ledger.entries(), 1, () => LEAD);
    expect(cohorts).toMatchObject([{ cohort: 'IOC', attempted: 1, succeeded: 1, resolved: 0, materiallyComplete: true }]);
    expect(open).toMatchObject([{ supplier: LEAD, device: site(2, 'device'), state: 'investigation', reason: 'migrated-without-key' }]);
  });
  test('holds the last that was said of a device, over restarts, and nothing of other reports', async () => {
    const store = new MemoryStore();
    const first = new KeyLedger(store);
    for (const state of ['retrying', 'investigation', 'present'] as const) await first.take(said(1, state));
    await first.take({ ...said(1, 'retrying'), event: { type: 'alert', code: 'own-address-heard', detail: '', requirements: [] } });
    expect(new KeyLedger(store).entries()).toMatchObject([{ state: 'present', failedBefore: true }]);
  });
  test('of nothing says nothing', () => expect(keyReport([], 1, () => undefined)).toEqual({ threshold: 1, cohorts: [], open: [] }));
});
