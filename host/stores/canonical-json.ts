/**
 * One byte string for one value: the form in which records are stored and hashed.
 *
 * A subset of RFC 8785 (JSON Canonicalization Scheme): keys sorted by UTF-16 code units, no white space, UTF-8. Numbers
 * are safe integers only, so the number formatting of RFC 8785 clause 3.2.2.3 never comes into play. Members whose value
 * is undefined are left out. Everything else (floats, -0, bigint, bytes, lone surrogates, cycles) is refused.
 */
import { Fault } from '../model/fault.ts';

/** Deepest nesting of arrays and objects: records are flat, so reaching it means a cycle. */
export const MAX_DEPTH = 32;

/** The canonical bytes of a JSON-like value. Throws Fault `internal`, naming the place, for what has no canonical form. */
export const encode = (value: unknown): Uint8Array => new TextEncoder().encode(text(value, '$', 0));

/** The value of canonical bytes. Throws Fault `store` for bytes that `encode` would not have written. */
export function decode(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    const json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(json);
    if (text(value, '$', 0) === json) return value;
  } catch (cause) {
    throw new Fault('store', 'a stored record is not canonical JSON', { cause });
  }
  throw new Fault('store', 'a stored record is not canonical JSON');
}

/** As `decode`, for bytes that hold an object. Throws Fault `store` for anything else. */
export function decodeObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const value = decode(bytes);
  if (!isRecord(value)) throw new Fault('store', 'a stored record is not an object');
  return value;
}

function text(value: unknown, at: string, depth: number): string {
  if (depth > MAX_DEPTH) throw new Fault('internal', `${at}: deeper than ${MAX_DEPTH} levels`);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item, index) => text(item, `${at}[${index}]`, depth + 1)).join()}]`;
  if (isRecord(value)) {
    const keys = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort();
    return `{${keys.map((key) => `${text(key, at, depth)}:${text(value[key], `${at}.${key}`, depth + 1)}`).join()}}`;
  }
  throw new Fault('internal', `${at}: no canonical form for ${typeof value === 'number' ? value : typeof value}`);
}

/** Plain objects only: a Uint8Array, Map or Date would lose its meaning. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
