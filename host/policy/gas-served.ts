/**
 * After an upgrade at split supply: the gas meter still talks to the hub and its mirror is still renewed (004 2.7) [R-LEAD-07, R-DEV-04]. What is missing is an
 * alert to both suppliers; it undoes nothing.
 */
import type { Objection } from '../model/decision.ts';
import { instant } from '../model/calendar.ts';

/** What is looked at; whole seconds. */
export interface GasService {
  readonly now: number;
  /** When the upgrade ended. */
  readonly completed: number;
  /** How long after it the gas meter may take to be heard: it sleeps. */
  readonly within: number;
  readonly lastHeard: number | undefined;
  readonly mirrorRenewed: number | undefined;
}

/** `gas-not-heard` or `gas-mirror-stale` once the time for it is over; undefined while all is well or still may be. */
export function gasLost({ now, completed, within, lastHeard, mirrorRenewed }: GasService): Objection | undefined {
  if (now < completed + within) return undefined;
  const since = `since the upgrade that ended at ${instant(completed)}`;
  if (lastHeard === undefined || lastHeard < completed) {
    return { code: 'gas-not-heard', detail: `the gas meter was not heard ${since}`, requirements: ['R-LEAD-07'] };
  }
  if (mirrorRenewed !== undefined && mirrorRenewed >= completed) return undefined;
  return { code: 'gas-mirror-stale', detail: `the mirror of the gas meter was not renewed ${since}`, requirements: ['R-LEAD-07'] };
}
