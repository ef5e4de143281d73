/**
 * The PPMID firmware service is there for a cohort from the cohort's own day on (002 §5, §12): IOC and both parts of MOC from 24 November
 * 2020; FOC from whatever day the cohorts register says, which is none at first. No service is there for a cohort that is not live (003 §1). An
 * installation whose cohort nobody knows gets nothing that depends on it.
 */
import type { Cohort } from '../model/cohort.ts';
import type { Facts, Objection, Rule } from '../model/decision.ts';
import type { InventoryStatement } from '../model/register.ts';
import type { CohortEntry, CohortsStatement } from '../model/regulation.ts';
import { inForce } from './standing.ts';
import { instant } from '../model/calendar.ts';

type Installation = Pick<Facts, 'now' | 'inventory' | 'cohorts'>;

/** Refuses with the codes of `knownCohort`, `cohort-not-in-scope`, `cohort-not-live` or `cohort-not-yet`. */
export const cohortRule: Rule<Installation> = {
  name: 'cohort',
  requirements: ['R-COH-01', 'R-COH-02', 'R-PPMID-08', 'R-PPMID-09', 'R-PPMID-10', 'R-DATE-02'],
  dated: ['inventory', 'cohorts'],
  family: 'S1SR',
  check(facts) {
    const known = knownCohort(facts);
    if ('code' in known) return known;
    const { cohort, entry } = known;
    const { now } = facts;
    const from = entry?.ppmidFirmware;
    if (from === undefined) {
      return { code: 'cohort-not-in-scope', detail: `PPMID firmware is not in scope for ${cohort}`, requirements: ['R-PPMID-09'] };
    }
    if (now >= from) return notLive(known, now);
    const detail = `PPMID firmware is there for ${cohort} from ${instant(from)}, it is ${instant(now)}`;
    return { code: 'cohort-not-yet', detail, requirements: ['R-PPMID-10', 'R-PPMID-08'] };
  },
};

/** A cohort and what the register says of it, if anything. */
export interface KnownCohort {
  readonly cohort: Cohort;
  readonly entry: CohortEntry | undefined;
}

/** The cohort that an installation is of now. Objects with `no-inventory`, `no-cohorts-register` or `cohort-unknown`: whatever depends on it is refused [R-COH-01]. */
export function knownCohort({ now, inventory, cohorts }: Installation): KnownCohort | Objection {
  const requirements = ['R-COH-01'];
  if (inventory === undefined || !inForce(inventory, now)) {
    return { code: 'no-inventory', detail: 'the Smart Metering Inventory says nothing of this installation', requirements };
  }
  if (cohorts === undefined || !inForce(cohorts, now)) {
    return { code: 'no-cohorts-register', detail: 'there is no cohorts register in force', requirements };
  }
  const cohort = cohortOf(inventory, cohorts);
  if (cohort === 'unknown') return { code: 'cohort-unknown', detail: 'nobody says of which cohort the installation is', requirements };
  return { cohort, entry: cohorts.cohorts.find((entry) => entry.cohort === cohort) };
}

/** The objection `cohort-not-live`: before the day on which a cohort went live there is no service for it, and one without such a day has not [R-DATE-02]. */
export function notLive({ cohort, entry }: KnownCohort, now: number): Objection | undefined {
  const live = entry?.live;
  if (live !== undefined && live <= now) return undefined;
  const since = live === undefined ? 'no day is stated' : `it is from ${instant(live)}`;
  return { code: 'cohort-not-live', detail: `${cohort} is not live at ${instant(now)}: ${since}`, requirements: ['R-DATE-02'] };
}

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
