/**
 * The PPMID firmware service is there for a cohort from the cohort's own day on (002 §5, §12): IOC and both parts of MOC from 24 November
 * 2020; FOC from whatever day the cohorts register says, which is none at first. An installation whose cohort nobody knows gets nothing that
 * depends on it.
 */
import type { Cohort } from '../model/cohort.ts';
import type { Facts, Rule } from '../model/decision.ts';
import type { InventoryStatement } from '../model/register.ts';
import type { CohortsStatement } from '../model/regulation.ts';
import { inForce } from './standing.ts';
import { instant } from './wording.ts';

/** Refuses with `no-inventory`, `no-cohorts-register`, `cohort-unknown`, `cohort-not-in-scope` or `cohort-not-yet`. */
export const cohortRule: Rule<Pick<Facts, 'now' | 'inventory' | 'cohorts'>> = {
  name: 'cohort',
  requirements: ['R-COH-01', 'R-COH-02', 'R-PPMID-08', 'R-PPMID-09', 'R-PPMID-10'],
  family: 'S1SR',
  check({ now, inventory, cohorts }) {
    if (inventory === undefined || !inForce(inventory, now)) {
      return { code: 'no-inventory', detail: 'the Smart Metering Inventory says nothing of this installation', requirements: ['R-COH-01'] };
    }
    if (cohorts === undefined || !inForce(cohorts, now)) {
      return { code: 'no-cohorts-register', detail: 'there is no cohorts register in force', requirements: ['R-COH-01'] };
    }
    const cohort = cohortOf(inventory, cohorts);
    if (cohort === 'unknown') {
      return { code: 'cohort-unknown', detail: 'nobody says of which cohort the installation is', requirements: ['R-COH-01'] };
    }
    const from = cohorts.cohorts.find((entry) => entry.cohort === cohort)?.ppmidFirmware;
    if (from === undefined) {
      return { code: 'cohort-not-in-scope', detail: `PPMID firmware is not in scope for ${cohort}`, requirements: ['R-PPMID-09'] };
    }
    if (now >= from) return undefined;
    const detail = `PPMID firmware is there for ${cohort} from ${instant(from)}, it is ${instant(now)}`;
    return { code: 'cohort-not-yet', detail, requirements: ['R-PPMID-10', 'R-PPMID-08'] };
  },
};

/**
 * The cohort of an installation: the one recorded, or else the one that its maker's combinations belong to. When the two contradict each
 * other it is unknown.
 */
export function cohortOf(
  { cohort, maker }: Pick<InventoryStatement, 'cohort' | 'maker'>,
  { makers }: Pick<CohortsStatement, 'makers'>,
): Cohort | 'unknown' {
  const told = makers.find((entry) => entry.maker === maker)?.cohort;
  if (cohort === 'unknown') return told ?? 'unknown';
  return told === undefined || told === cohort ? cohort : 'unknown';
}
