/**
 * What a cancellation is about: a request of the same target that has a job here which is not at its end. Who may cancel
 * is the Lead Supplier now, also what its predecessor ordered: that is `lead-supplier`, the same rule as for the order.
 */
import type { Facts, Rule } from '../model/decision.ts';
import { parseRequestId } from '../model/ids.ts';
import type { CancelUpdate } from '../model/service-request.ts';

/** Refuses with `other-target` or `nothing-to-cancel`. */
export const cancelRule: Rule<Facts<CancelUpdate>> = {
  name: 'cancel',
  requirements: ['R-CHURN-01', 'R-PPMID-01'],
  check({ request, cancellable }) {
    if (parseRequestId(request.cancels)?.target !== request.target) {
      const detail = `${request.cancels} is not for ${request.target}`;
      return { code: 'other-target', detail, requirements: ['R-PPMID-01'] };
    }
    if (cancellable) return undefined;
    return {
      code: 'nothing-to-cancel',
      detail: `${request.cancels} has no job here that can still be cancelled`,
      requirements: ['R-CHURN-01'],
    };
  },
};
