/**
 * Keys of PPMIDs [R-KEYS-01, R-KEYS-02, R-KEYS-08]: at hubs of the cohorts IOC and MOC (MDS) that were enrolled before the PPMID firmware
 * service began for their cohort, a PPMID is upgraded only once its keys are known to be present; the one that fails is refused, and no
 * other with it. MOC (Secure) took another way and is not asked, nor is FOC; a hub that was enrolled later got its PPMIDs' keys with its
 * migration [R-KEYS-09], and one whose day of enrolment nobody recorded cannot show that it did. (002, paragraph 12: the keys had to be loaded into DCC's systems; here the gateway has had the device prove that it
 * holds its link key.)
 */
import type { Facts, Rule } from '../model/decision.ts';
import type { InventoryStatement } from '../model/register.ts';
import type { CohortsStatement } from '../model/regulation.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import { cohortOf } from './cohort.ts';

/** The cohort of a hub whose PPMIDs' keys are asked about; undefined for any other. */
export function gatedCohort(inventory: InventoryStatement | undefined, cohorts: CohortsStatement | undefined): Loaded | undefined {
  const found = loadedAt(inventory, cohorts);
  return found !== undefined && found.enrolled < found.began ? found.cohort : undefined;
}

/** The cohort of a hub that was enrolled when keys were no longer loaded for it: a PPMID there without its key is an incident [R-KEYS-09]. */
export function migratedCohort(inventory: InventoryStatement | undefined, cohorts: CohortsStatement | undefined): Loaded | undefined {
  const found = loadedAt(inventory, cohorts);
  return found !== undefined && found.enrolled >= found.began ? found.cohort : undefined;
}

/** The cohorts for which keys of PPMIDs were loaded. */
type Loaded = 'IOC' | 'MOC-MDS';

function loadedAt(inventory: InventoryStatement | undefined, cohorts: CohortsStatement | undefined) {
  if (inventory?.stage !== 'enrolled' || cohorts === undefined) return undefined;
  const cohort = cohortOf(inventory, cohorts);
  if (cohort !== 'IOC' && cohort !== 'MOC-MDS') return undefined;
  const began = cohorts.cohorts.find((entry) => entry.cohort === cohort)?.ppmidFirmware;
  return began === undefined ? undefined : { cohort, began, enrolled: inventory.enrolled ?? 0 };
}

/** Refuses with `ppmid-keys-missing`. */
export const ppmidKeysRule: Rule<Pick<Facts<UpdateFirmware>, 'inventory' | 'cohorts' | 'keyState' | 'request'>> = {
  name: 'ppmid-keys',
  requirements: ['R-KEYS-01', 'R-KEYS-02', 'R-KEYS-08', 'R-KEYS-09'],
  check({ inventory, cohorts, keyState = 'missing', request }) {
    const cohort = gatedCohort(inventory, cohorts);
    if (cohort === undefined || keyState === 'present') return undefined;
    const standing = keyState === 'missing' ? '' : keyState === 'retrying' ? ', being retried' : ', under investigation';
    return {
      code: 'ppmid-keys-missing',
      detail: `PPMID keys missing: ${request.target} of a ${cohort} hub has not proved its key${standing}`,
      requirements: ['R-KEYS-01', 'R-KEYS-08'],
    };
  },
};
