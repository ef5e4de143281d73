/**
 * JSON as people write statements and facts: byte strings as hexadecimal, times as numbers or as days and instants in UTC, numbers too
 * large for JSON as decimal text. `null` is the same as leaving a key out.
 */
import { unhex } from '../model/ids.ts';
import type { Notation } from './shape.ts';

/** A day (`2020-11-24`, at its beginning) or an instant (`2020-11-24T10:00:00Z`). */
const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/;

/** How values stand in JSON. */
export const JSON_NOTATION: Notation = {
  map(value) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value).filter(([, each]) => each !== null));
  },
  bytes: (value) => (typeof value === 'string' && /^([0-9a-f]{2})*$/i.test(value) ? unhex(value) : undefined),
  integer(value) {
    if (typeof value === 'bigint') return value;
    if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
    if (typeof value !== 'string') return undefined;
    if (/^(0|[1-9][0-9]{0,19})$/.test(value)) return BigInt(value);
    return secondsOf(value);
  },
};

/** Whole seconds since 1970 of a day or an instant; undefined for another text or a day that no calendar has. */
export function secondsOf(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  const same = Number.isFinite(milliseconds) && new Date(milliseconds).toISOString().startsWith(text.slice(0, 10));
  return same && milliseconds >= 0 ? milliseconds / 1000 : undefined;
}
