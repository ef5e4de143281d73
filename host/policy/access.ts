/** Access that is not authorised is noticed and answered (004 G2.1): who fails too often is not listened to for a while. */
import type { Rule } from '../model/decision.ts';

/** What is looked at; whole seconds. */
export interface Attempts {
  readonly now: number;
  /** When attempts from this source failed: a signature, a form or a replay. */
  readonly failures: readonly number[];
}

/** So many failures… */
export const FAILURES = 5;
/** …within so many seconds… */
export const WITHIN = 600;
/** …close the door for so many. */
export const BLOCKED_FOR = 900;

/** Refuses with `blocked`. */
export const accessRule: Rule<Attempts> = {
  name: 'access',
  requirements: ['R-ANOM-04'],
  instants({ failures }) {
    const until = blockedUntil(failures);
    return until === undefined ? [] : [{ what: 'end of the block', at: until }];
  },
  family: 'SEC',
  check({ now, failures }) {
    const until = blockedUntil(failures);
    if (until === undefined || now >= until) return undefined;
    return { code: 'blocked', detail: `${FAILURES} attempts failed: nothing is taken for ${until - now} s`, requirements: ['R-ANOM-04'] };
  },
};

/** When the latest block ends; undefined when there never was cause for one. */
export function blockedUntil(failures: readonly number[]): number | undefined {
  const ordered = failures.toSorted((a, b) => a - b);
  let until: number | undefined;
  for (let last = FAILURES - 1; last < ordered.length; last++) {
    const [first, end] = [ordered[last - FAILURES + 1], ordered[last]];
    if (first !== undefined && end !== undefined && end - first < WITHIN) until = end + BLOCKED_FOR;
  }
  return until;
}
