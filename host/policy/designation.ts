/**
 * Dates of designation. A date put to consultation means that day or as soon as practicable within one month after it (000 §5) [R-DOC-07]; what was
 * reported is kept as reported and warned of where it cannot be.
 */
import type { Milestone } from '../model/regulation.ts';
import { day, monthLater } from '../model/calendar.ts';

/** True when an actual date is the proposed one, or within one month after it. Whole seconds; days count, not hours. */
export const withinOneMonth = (proposed: number, actual: number): boolean =>
  startOfDay(actual) >= startOfDay(proposed) && startOfDay(actual) <= monthLater(startOfDay(proposed));

/** What is odd about reported dates; nothing is changed by it [R-DOC-14]. */
export function oddDates(calendar: readonly Milestone[]): readonly string[] {
  return calendar.flatMap((entry) => [
    ...(entry.closes !== undefined && entry.from < entry.closes
      ? [`${entry.what}: concluded on ${day(entry.from)}, before the consultation closed on ${day(entry.closes)} (${entry.source})`]
      : []),
    ...(entry.to !== undefined && entry.to < entry.from
      ? [`${entry.what}: ends on ${day(entry.to)}, before it begins (${entry.source})`]
      : []),
  ]);
}

/** How a proposed date came out. */
export interface Outcome {
  readonly what: string;
  readonly proposed: number;
  readonly actual: number;
  /** Within the month: no consultation on another date was needed. */
  readonly kept: boolean;
}

/** Every proposed date whose actual date is known; only the actual one drives rules, the proposed stay as history [R-DOC-13]. */
export const outcomes = (calendar: readonly Milestone[]): readonly Outcome[] =>
  calendar.flatMap(({ what, type, from: proposed, actual }) =>
    type !== 'proposal' || actual === undefined ? [] : [{ what, proposed, actual, kept: withinOneMonth(proposed, actual) }],
  );

const startOfDay = (seconds: number): number => seconds - (seconds % 86_400);
