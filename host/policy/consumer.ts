/**
 * An upgrade must not disturb the consumer (002 §4): the device is not activated before the window that the order names, and not while a
 * top-up is on its way to a meter. Neither ends the upgrade: it is asked again a little later, until the time of completion.
 */
import type { Facts, Rule } from '../model/decision.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import { instant } from '../model/calendar.ts';

const REQUIREMENTS = ['R-PPMID-07'] as const;

/** Refuses an activation with `window-not-open`. */
export const windowRule: Rule<Pick<Facts<UpdateFirmware>, 'now' | 'moment' | 'request'>> = {
  name: 'window',
  requirements: REQUIREMENTS,
  dated: ['request.activateFrom'],
  check({ now, moment, request }) {
    if (moment !== 'activation' || now >= request.activateFrom) return undefined;
    const detail = `to be activated from ${instant(request.activateFrom)} on, it is ${instant(now)}`;
    return { code: 'window-not-open', detail, requirements: REQUIREMENTS };
  },
};

/** Refuses an activation with `top-up-pending`. */
export const topUpRule: Rule<Pick<Facts, 'moment' | 'topUpPending'>> = {
  name: 'top-up',
  requirements: REQUIREMENTS,
  check: ({ moment, topUpPending }) =>
    moment === 'activation' && topUpPending
      ? { code: 'top-up-pending', detail: 'a top-up is on its way to a meter: nothing is activated meanwhile', requirements: REQUIREMENTS }
      : undefined,
};

/** Codes of refusals that pass by themselves: asked again later, they may be allowed. */
export const PASSING: readonly string[] = ['window-not-open', 'top-up-pending'];
