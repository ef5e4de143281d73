/** Cutting counted traffic to what the thresholds look at, for the record [R-AUD-01]. */
import type { Traffic } from './anomaly.ts';

/** The facts with no more than a judgement looks at: the thresholds that are about this, and what came within the longest of their times. */
export function trafficFacts(facts: Traffic): Traffic {
  const { now, of, what, who, before, thresholds } = facts;
  const isAbout = (each: { readonly of: string; readonly what: string; readonly user?: string | undefined }): boolean =>
    each.of === of && each.what === what && (each.user === undefined || each.user === who);
  const about = thresholds && { ...thresholds, thresholds: thresholds.thresholds.filter(isAbout) };
  const longest = Math.max(0, ...(about?.thresholds ?? []).map(({ seconds }) => seconds));
  return { ...facts, before: before.filter((at) => at > now - longest), thresholds: about };
}
