/**
 * What is kept and told of a value: the one place through which records, reports and answers to Users go [R-PRIV-01]. Every text in it, however deep,
 * loses what surely is the number of a supply; what a User wrote freely loses what may be one.
 *
 * A counter is left as it is: it is part of the RequestID, by which everybody finds a request again, and thirteen digits of it are milliseconds by
 * convention. A User that writes a meter point number there puts it on record.
 */
import { withoutNumbers, withoutSupplyNumbers } from './personal.ts';

/** Members that hold what a User wrote freely. */
const FREE: ReadonlySet<string> = new Set(['purpose']);
/** Members that hold a counter. */
const COUNTERS: ReadonlySet<string> = new Set(['counter', 'highest']);

/** A copy of plain data without the numbers of supplies; applied twice it is the same. */
export function withheld<T>(value: T): T {
  return copy(value, '') as T;
}

function copy(value: unknown, name: string): unknown {
  if (typeof value === 'string') return COUNTERS.has(name) ? value : FREE.has(name) ? withoutNumbers(value) : withoutSupplyNumbers(value);
  if (Array.isArray(value)) return value.map((each) => copy(each, name));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copy(each, key)]));
}
