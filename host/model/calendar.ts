/** The calendar, reckoned here: the rules ask no machine for it, and a text about an instant is the same on every one. UTC throughout. */

/** Whole seconds since 1970 as ISO 8601 in UTC, to the second; years 1970 to 9999. */
export function instant(seconds: number): string {
  const { year, month, day } = date(Math.floor(seconds / 86_400));
  const time = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map((part) => digits(part, 2));
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}T${time.join(':')}Z`;
}

/** The beginning of the day one month after the beginning of a day; the last of the next month where it has no such day. */
export function monthLater(startOfDay: number): number {
  const { year, month, day: of } = date(startOfDay / 86_400);
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 };
  const end = (next.month === 12 ? daysUntil(next.year + 1, 1) : daysUntil(next.year, next.month + 1)) - 1;
  return 86_400 * Math.min(daysUntil(next.year, next.month) + of - 1, end);
}

/** The day of an instant, in UTC: `2020-11-24`. */
export const day = (seconds: number): string => instant(seconds).slice(0, 10);

/**
 * The Gregorian date of a day counted from 1970-01-01. Years are counted from 1 March, so that the leap day is the last
 * of its year; 719,468 days lie between 0000-03-01 and 1970-01-01.
 */
function date(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const n = days + 719_468;
  // Day 0 of year y is 365y + y/4 - y/100 + y/400: guess the year from the mean length, then correct by at most one.
  const start = (y: number): number => 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  const guess = Math.floor(n / 365.2425);
  const year = start(guess) > n ? guess - 1 : start(guess + 1) > n ? guess : guess + 1;
  const dayOfYear = n - start(year);
  // From March on, months of 31, 30, 31, 30, 31 days repeat every 153 days.
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return fromMarch < 10 ? { year, month: fromMarch + 3, day } : { year: year + 1, month: fromMarch - 9, day };
}

/** Days from 1970-01-01 to the first of a month. */
function daysUntil(year: number, month: number): number {
  const [y, fromMarch] = month > 2 ? [year, month - 3] : [year - 1, month + 9];
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * fromMarch + 2) / 5) - 719_468;
}

const digits = (value: number, count: number): string => String(value).padStart(count, '0');
