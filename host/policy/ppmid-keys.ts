/**
 * Keys of PPMIDs [R-KEYS-01, R-KEYS-02, R-KEYS-08]: for hubs of the cohorts IOC and MOC (MDS) that were migrated before, a PPMID is
 * upgraded only once its keys are known to be present; the one that fails is refused, and no other with it. MOC (Secure) took another way
 * and is not asked, nor is FOC or a hub whose cohort nobody says. (002, paragraph 12: the keys had to be loaded into DCC's systems; here
 * the gateway has had the device prove that it holds its link key.)
 */
import type { Cohort } from '../model/cohort.ts';
import type { Facts, Rule } from '../model/decision.ts';
import type { UpdateFirmware } from '../model/service-request.ts';

/** Whether the keys of a cohort's PPMIDs are asked about. */
export const isGated = (cohort: Cohort | undefined): cohort is 'IOC' | 'MOC-MDS' => cohort === 'IOC' || cohort === 'MOC-MDS';

/** Refuses with `ppmid-keys-missing`. */
export const ppmidKeysRule: Rule<Facts<UpdateFirmware>> = {
  name: 'ppmid-keys',
  requirements: ['R-KEYS-01', 'R-KEYS-02', 'R-KEYS-08'],
  check({ cohort, keyState = 'missing', request }) {
    if (!isGated(cohort) || keyState === 'present') return undefined;
    const standing = keyState === 'missing' ? '' : keyState === 'retrying' ? ', being retried' : ', under investigation';
    return {
      code: 'ppmid-keys-missing',
      detail: `PPMID keys missing: ${request.target} of a ${cohort} hub has not proved its key${standing}`,
      requirements: ['R-KEYS-01', 'R-KEYS-08'],
    };
  },
};
