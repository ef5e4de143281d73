/** One upgrade at a time for one device: a second order waits for its User to cancel the first, or for that one's end. */
import type { Facts, Rule } from '../model/decision.ts';
import type { UpdateFirmware } from '../model/service-request.ts';

/** Refuses with `upgrade-under-way`. */
export const underwayRule: Rule<Facts<UpdateFirmware>> = {
  name: 'underway',
  requirements: ['R-PPMID-07'],
  check({ underway, request }) {
    if (!underway) return undefined;
    const detail = `${request.target} is being upgraded: the upgrade under way ends, or is cancelled, before another begins`;
    return { code: 'upgrade-under-way', detail, requirements: ['R-PPMID-07'] };
  },
};
