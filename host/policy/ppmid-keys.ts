/**
 * A PPMID is upgraded once its keys are in the systems that serve it (002 §12, §13). Installations of IOC and MOC (MDS) that had migrated before the day of the
 * designation needed a tool that loads them; later ones get them in their migration [R-KEYS-09], and MOC (Secure) goes another way [R-KEYS-02].
 * The record of the tool is part of the inventory. A site without keys is refused for itself and holds up nobody else [R-KEYS-08].
 */
import type { Facts, Rule } from '../model/decision.ts';
import type { InventoryStatement, KeyState } from '../model/register.ts';
import type { CohortsStatement } from '../model/regulation.ts';
import { cohortOf } from './cohort.ts';
import { SERVICE_IN_FORCE } from './in-force.ts';

const WHY: Readonly<Record<Exclude<KeyState, 'present'>, string>> = {
  missing: 'are not loaded',
  retrying: 'are not loaded yet, and loading them is tried again',
  investigation: 'could not be loaded, which is looked into as an incident',
  unknown: 'may not be loaded: nobody recorded it, and the installation migrated before the tool was done',
};

/** Refuses with `ppmid-keys-missing`, `-retrying`, `-investigation` or `-unknown`. */
export const ppmidKeysRule: Rule<Pick<Facts, 'inventory' | 'cohorts'>> = {
  name: 'ppmid-keys',
  requirements: ['R-KEYS-01', 'R-KEYS-02', 'R-KEYS-05', 'R-KEYS-06', 'R-KEYS-08', 'R-KEYS-09'],
  family: 'S1SR',
  check({ inventory, cohorts }) {
    if (inventory === undefined || cohorts === undefined) return undefined;
    const state = keyStateOf(inventory, cohorts);
    if (state === 'present') return undefined;
    const more = state === 'retrying' ? ['R-KEYS-05'] : state === 'investigation' ? ['R-KEYS-06'] : [];
    return { code: `ppmid-keys-${state}`, detail: `the keys of this PPMID ${WHY[state]}`, requirements: ['R-KEYS-01', ...more] };
  },
};

/** Where the keys of an installation's PPMID stand; `present` too where no tool was needed. */
export function keyStateOf(
  inventory: Pick<InventoryStatement, 'cohort' | 'maker' | 'enrolled' | 'ppmidKeys'>,
  cohorts: Pick<CohortsStatement, 'makers'>,
): KeyState {
  const cohort = cohortOf(inventory, cohorts);
  if (cohort !== 'IOC' && cohort !== 'MOC-MDS') return 'present';
  const early = inventory.enrolled !== undefined && inventory.enrolled < SERVICE_IN_FORCE;
  return inventory.ppmidKeys ?? (early ? 'unknown' : 'present');
}
