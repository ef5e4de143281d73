/**
 * Anomaly thresholds, the DCC's and the User's own: each bounds how often something may come in a time, and either alone stops a message
 * (004 G6.1, G6.3-G6.6). Instructions to devices are counted like requests (G2.29).
 *
 * What becomes of a message over a threshold is said by that threshold: deleted, which is our default for SMETS1 (004 3.5), leaves its hash and
 * the reason and nothing that could be released; quarantined, it is held. Where one threshold deletes and another holds, it is deleted.
 *
 * A bound does not lapse because the next register is late: each threshold has its own days, and after the end of the register's validity the
 * last one stated stays. What is on record at a later second than now counts as well, so that a clock that was set back opens nothing.
 */
import type { Boundary, Objection, Rule } from '../model/decision.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Threshold, ThresholdsStatement } from '../model/regulation.ts';
import { holdsAt } from './standing.ts';

/** What is looked at. */
export interface Traffic {
  readonly now: number;
  readonly of: Threshold['of'];
  /** Service reference variant or name of the Instruction. */
  readonly what: string;
  /** The User whose request it is, or the device that is to be instructed. */
  readonly who: Eui64;
  /** Seconds at which the same came from or for the same before, in any order. */
  readonly before: readonly number[];
  readonly thresholds: ThresholdsStatement | undefined;
}

/** Refuses with `over-threshold-delete` or `over-threshold-quarantine`. */
export const anomalyRule: Rule<Traffic> = {
  name: 'anomaly',
  requirements: ['R-ANOM-01', 'R-ANOM-02', 'R-ANOM-03'],
  dated: ['thresholds.validFrom', 'thresholds.thresholds'],
  instants: (traffic) => thresholdsFor(traffic).flatMap((threshold) => relief(threshold, traffic.before) ?? []),
  family: 'SEC',
  check(traffic) {
    const broken = brokenThresholds(traffic);
    const [first] = broken;
    if (first === undefined) return undefined;
    const breach = broken.some((each) => each.breach === 'delete') ? 'delete' : 'quarantine';
    const detail = `more than ${first.limit} of ${traffic.of} ${traffic.what} within ${first.seconds} s, a threshold set by the ${first.setBy}`;
    return objection(breach, detail, traffic.of);
  },
};

/** The thresholds that one more would break, the lowest limit first. */
export function brokenThresholds(traffic: Traffic): readonly Threshold[] {
  const { now, before, thresholds } = traffic;
  if (thresholds === undefined || now < thresholds.validFrom) return [];
  return thresholdsFor(traffic)
    .filter((each) => holdsAt(each, now) && (each.limit === 0 || now < (relief(each, before)?.at ?? now)))
    .toSorted((a, b) => a.limit - b.limit);
}

/** The thresholds that bound such a message, whenever they hold. */
const thresholdsFor = ({ of, what, who, thresholds }: Traffic): readonly Threshold[] =>
  (thresholds?.thresholds ?? []).filter((each) => each.of === of && each.what === what && (each.user === undefined || each.user === who));

/** When so many of those before are past that one more is within a threshold; undefined when it is already, or never will be. */
function relief({ limit, seconds }: Threshold, before: readonly number[]): Boundary | undefined {
  const at = limit === 0 ? undefined : before.toSorted((a, b) => b - a)[limit - 1];
  return at === undefined ? undefined : { what: `${limit} within ${seconds} s are past`, at: at + seconds };
}

const objection = (breach: Threshold['breach'], detail: string, of: Threshold['of']): Objection => ({
  code: `over-threshold-${breach}`,
  detail,
  requirements: ['R-ANOM-01', 'R-ANOM-02', ...(of === 'instruction' ? ['R-ANOM-03'] : [])],
});
