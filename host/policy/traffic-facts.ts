/** Cutting counted traffic and failed attempts to what a judgement looks at, for the record [R-AUD-01], and telling them as lines for people. */
import { BLOCKED_FOR, WITHIN, type Attempts } from './access.ts';
import type { Traffic } from './anomaly.ts';
import { instant } from '../model/calendar.ts';

/**
 * The facts with no more than a judgement looks at: the thresholds that are about this, and what came within the longest of their times, the latest alone
 * where more came than any of them allows.
 */
export function trafficFacts<T extends Traffic>(facts: T): T {
  const { now, of, what, who, before, thresholds } = facts;
  const isAbout = (each: { readonly of: string; readonly what: string; readonly user?: string | undefined }): boolean =>
    each.of === of && each.what === what && (each.user === undefined || each.user === who);
  const about = thresholds && { ...thresholds, thresholds: thresholds.thresholds.filter(isAbout) };
  const longest = Math.max(0, ...(about?.thresholds ?? []).map(({ seconds }) => seconds));
  const most = Math.max(0, ...(about?.thresholds ?? []).map(({ limit }) => limit));
  const within = before.filter((at) => at > now - longest).toSorted((a, b) => a - b);
  return { ...facts, before: within.slice(Math.max(0, within.length - most)), thresholds: about };
}

/** The failed attempts of which a block that holds now can be made. */
export const attemptFacts = <T extends Attempts>(facts: T): T => ({
  ...facts,
  failures: facts.failures.filter((at) => at > facts.now - WITHIN - BLOCKED_FOR),
});

/** Counted traffic as lines for people. */
export function trafficLines({ now, of, what, who, before, thresholds }: Traffic): readonly string[] {
  return [
    `one more ${of} ${what} ${of === 'request' ? 'from' : 'for'} ${who} at ${instant(now)}`,
    before.length === 0 ? 'none counted before it' : `${before.length} counted before it, the latest at ${instant(Math.max(...before))}`,
    ...(thresholds?.thresholds ?? []).map(
      ({ setBy, limit, seconds, breach }) => `threshold set by the ${setBy}: ${limit} within ${seconds} s, then ${breach}`,
    ),
  ];
}

/** Failed attempts as lines for people. */
export const attemptLines = ({ now, failures }: Attempts): readonly string[] => [
  `asked at ${instant(now)}`,
  ...failures.map((at) => `failed at ${instant(at)}`),
];
