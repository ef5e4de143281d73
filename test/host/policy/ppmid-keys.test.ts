/** Keys of PPMIDs: what a site without them costs, and whom. Which states refuse is in the table upgrade-cohorts. */
import { describe, expect, test } from 'vitest';
import { eui64 } from '../../../host/model/ids.ts';
import type { InventoryStatement, KeyState } from '../../../host/model/register.ts';
import { keyReport } from '../../../host/policy/key-report.ts';
import { keyStateOf } from '../../../host/policy/ppmid-keys.ts';
import { ask } from '../../../host/policy/questions.ts';
import { facts } from './table.ts';

const { inventory, cohorts, suppliers, now } = facts('update');
const EARLY = 1_606_175_999;
const site = (ppmidKeys: KeyState | undefined, change: Partial<InventoryStatement> = {}): InventoryStatement => ({
  ...inventory!,
  enrolled: EARLY,
  ...change,
  ppmidKeys,
});

describe('keys of PPMIDs', () => {
  test('are asked of those who needed the tool, and of nobody else [R-KEYS-01, R-KEYS-02, R-KEYS-09]', () => {
    const states = (['IOC', 'MOC-MDS', 'MOC-Secure', 'FOC', 'unknown'] as const).map((cohort) =>
      keyStateOf(site('missing', { cohort }), cohorts!),
    );
    expect(states).toEqual(['missing', 'missing', 'present', 'present', 'present']);
    expect([keyStateOf(site(undefined), cohorts!), keyStateOf(site(undefined, { enrolled: EARLY + 1 }), cohorts!)]).toEqual([
      'unknown',
      'present',
    ]);
  });

  test('that are missing at some sites hold up no other: the service is there for all the same day [R-KEYS-08, R-KEYS-04]', () => {
    const verdicts = Array.from({ length: 1_000 }, (_, i) => {
      const answer = ask('upgrade', { ...facts('update'), inventory: site(i < 3 ? 'retrying' : 'present') });
      return answer.verdict === 'allow' ? 'allow' : answer.code;
    });
    expect(verdicts.filter((verdict) => verdict === 'allow')).toHaveLength(997);
    expect(new Set(verdicts)).toEqual(new Set(['allow', 'ppmid-keys-retrying']));
  });

  test('are counted for the department, and the suppliers concerned are named with their sites [R-KEYS-04, R-KEYS-05, R-KEYS-06, R-KEYS-07]', () => {
    const sites = Array.from({ length: 1_000 }, (_, i) => ({
      inventory: site(i < 2 ? 'retrying' : i === 2 ? 'investigation' : 'present'),
      suppliers: i === 2 ? undefined : suppliers,
    }));
    const report = keyReport(sites, cohorts!, now);
    expect(report).toMatchObject({ sites: 1_000, perThousand: 3, count: { present: 997, retrying: 2, investigation: 1, missing: 0 } });
    const { gateway } = inventory!;
    expect([...report.tell]).toEqual([[eui64('0200000000000101'), [gateway, gateway]]]);
    expect(report.untold).toEqual([gateway]);
    expect(keyReport([], cohorts!, now).perThousand).toBe(0);
  });
});
