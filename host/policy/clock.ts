/**
 * Time does not run backwards: a decision is not made at a second before the latest one on record. Whoever turns the clock back gets no
 * allowance by it, and the record stays in the order in which things happened [R-AUD-01].
 */
import type { Facts, Rule } from '../model/decision.ts';
import { instant } from './wording.ts';

/** Refuses with `clock-behind`. */
export const clockRule: Rule<Pick<Facts, 'now' | 'latest'>> = {
  name: 'clock',
  requirements: ['R-AUD-01'],
  dated: ['latest'],
  check: ({ now, latest }) =>
    now >= latest
      ? undefined
      : {
          code: 'clock-behind',
          detail: `it is ${instant(now)} by the clock, and ${instant(latest)} stands on record already`,
          requirements: ['R-AUD-01'],
        },
};
