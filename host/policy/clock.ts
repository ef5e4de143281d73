/**
 * Time does not run backwards: a decision is not made at a second before the latest one on record. Whoever turns the clock back gets no
 * allowance by it, and the record stays in the order in which things happened [R-AUD-01].
 */
import type { Facts, Rule } from '../model/decision.ts';
import { instant } from '../model/calendar.ts';

/**
 * So far may the clock stand behind the record and still be taken for it, in seconds: a clock that is kept right by the network is set back a
 * little now and then.
 */
const JITTER = 5;

/** `now` and `latest` of facts, from the second by the clock and the latest time on record in milliseconds since 1970. */
export function timesOf(now: number, record: number): Pick<Facts, 'now' | 'latest'> {
  const latest = Math.floor(record / 1000);
  return { now: now < latest && latest - now <= JITTER ? latest : now, latest };
}

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
