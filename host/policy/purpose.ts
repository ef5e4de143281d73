/**
 * What an order is for has to be said (002 §4, §13), and it is read by many: a purpose that holds a meter point number or a top-up number is not
 * let through at intake.
 */
import type { Facts, Rule } from '../model/decision.ts';
import { holdsNumber } from '../model/personal.ts';
import type { UpdateFirmware } from '../model/service-request.ts';

/** Refuses with `purpose-missing` or `personal-data`. */
export const purposeRule: Rule<Pick<Facts<UpdateFirmware>, 'request'>> = {
  name: 'purpose',
  requirements: ['R-PPMID-14', 'R-PRIV-01'],
  check({ request: { purpose } }) {
    if (purpose.trim() === '')
      return { code: 'purpose-missing', detail: 'the order does not say what it is for', requirements: ['R-PPMID-14'] };
    if (!holdsNumber(purpose)) return undefined;
    return { code: 'personal-data', detail: 'the purpose holds a meter point or top-up number', requirements: ['R-PRIV-01'] };
  },
};
