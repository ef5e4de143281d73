/** The bound of completion: no start, resume or activation at or after `completeBy`, so that nothing happens to a consumer later than ordered. */
import type { Facts, Objection, Rule } from '../model/decision.ts';
import type { ServiceRequest, UpdateFirmware } from '../model/service-request.ts';
import { instant } from '../model/calendar.ts';

/** Refuses with `complete-by-passed`. */
export const completionRule: Rule<Pick<Facts<UpdateFirmware>, 'now' | 'request'>> = {
  name: 'completion',
  requirements: ['R-PPMID-07'],
  dated: ['request.completeBy'],
  check: ({ now, request }) => completeByPassed(now, request),
};

/** The objection itself, for intake too. */
export function completeByPassed(now: number, request: UpdateFirmware): Objection | undefined {
  if (now < request.completeBy) return undefined;
  const detail = `to be complete by ${instant(request.completeBy)}, it is ${instant(now)}`;
  return { code: 'complete-by-passed', detail, requirements: ['R-PPMID-07'] };
}

/** At intake: a request that no gateway would accept or complete in time is not worth countersigning. */
export const timesRule: Rule<Pick<Facts<ServiceRequest>, 'now' | 'request'>> = {
  name: 'times',
  requirements: ['R-PPMID-07', 'R-ANOM-04'],
  dated: ['request.expires', 'request.completeBy'],
  check({ now, request }) {
    if (now >= request.expires) {
      const detail = `acceptable until ${instant(request.expires)}, it is ${instant(now)}`;
      return { code: 'expired', detail, requirements: ['R-ANOM-04'] };
    }
    return request.kind === 'update-firmware' ? completeByPassed(now, request) : undefined;
  },
};
