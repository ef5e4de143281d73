/**
 * Tables that say what a message holds, used in both directions: a shape reads a CBOR value, refusing by name what does
 * not fit, and writes it back. Maps have text keys; a key that the table does not know is refused, never skipped.
 * The same table reads JSON that people write (`json-notation.ts`): what differs is how maps, bytes and numbers are noted.
 *
 * Refusal codes: `missing-field`, `unknown-field`, `wrong-type`, `out-of-range`. The detail names the field by its path.
 */
import type { Refusal, Result } from '../model/fault.ts';
import { ok, refuse } from '../model/fault.ts';
import type { Digest, Eui64, Fingerprint, JobId, KeyId, RequestId } from '../model/ids.ts';
import { hex, parseRequestId, unhex } from '../model/ids.ts';
import type { Encodable } from './cbor-writer.ts';

/** How maps, byte strings and integers are noted in what is read; undefined = the value is none. */
export interface Notation {
  map(value: unknown): ReadonlyMap<unknown, unknown> | undefined;
  bytes(value: unknown): Uint8Array | undefined;
  integer(value: unknown): number | bigint | undefined;
}

/** How values stand in CBOR as `cbor.ts` reads it. */
export const CBOR: Notation = {
  map: (value) => (value instanceof Map ? value : undefined),
  bytes: (value) => (value instanceof Uint8Array ? value : undefined),
  integer: (value) => (typeof value === 'number' || typeof value === 'bigint' ? value : undefined),
};

/** How one kind of value stands in a message. `write(read(x))` gives x for every x that is read from CBOR. */
export interface Shape<T> {
  /** Reads a value; `at` is its path, for the refusal; CBOR unless said otherwise. */
  read(value: unknown, at: string, notation?: Notation): Result<T>;
  /** Writes a value; undefined = leave the key out. */
  write(value: T): Encodable | undefined;
}

/** The last second of the year 9999: times beyond have no ISO 8601 form of four digits. */
const MAX_TIME = 253_402_300_799;

/** A whole number from `least` to `most`. */
export const whole = (least: number, most: number): Shape<number> => ({
  read(value, at, notation = CBOR) {
    const number = notation.integer(value);
    if (number === undefined) return wrongType(at, 'an integer');
    return number >= least && number <= most ? ok(Number(number)) : outOfRange(at, `${least} to ${most}`);
  },
  write: (value) => value,
});

/** A 16-bit number. */
export const UINT16 = whole(0, 0xffff);
/** A 32-bit number. */
export const UINT32 = whole(0, 0xffff_ffff);
/** A count or version that only rises: 1 to 2^53 - 1. */
export const SERIAL = whole(1, Number.MAX_SAFE_INTEGER);
/** Whole seconds since 1970. */
export const SECONDS = whole(0, MAX_TIME);
/** Whole milliseconds since 1970. */
export const MILLISECONDS = whole(0, MAX_TIME * 1000);

/** A 64-bit counter. */
export const UINT64: Shape<bigint> = {
  read(value, at, notation = CBOR) {
    const number = notation.integer(value);
    if (number === undefined) return wrongType(at, 'an integer');
    return number >= 0 && number < 2n ** 64n ? ok(BigInt(number)) : outOfRange(at, '0 to 2^64 - 1');
  },
  write: (value) => value,
};

/** True or false. */
export const BOOLEAN: Shape<boolean> = {
  read: (value, at) => (typeof value === 'boolean' ? ok(value) : wrongType(at, 'true or false')),
  write: (value) => value,
};

/** A text of `least` to `most` UTF-16 code units without control characters, so that it can stand in a log line. */
export const text = (least: number, most: number): Shape<string> => ({
  read(value, at) {
    if (typeof value !== 'string') return wrongType(at, 'a text');
    if (value.length < least || value.length > most) return outOfRange(at, `${least} to ${most} characters`);
    return /\p{Cc}/u.test(value) ? outOfRange(at, 'no control characters') : ok(value);
  },
  write: (value) => value,
});

/** One of the given texts. */
export const oneOf = <const T extends string>(...values: readonly T[]): Shape<T> => ({
  read(value, at) {
    if (typeof value !== 'string') return wrongType(at, 'a text');
    const found = values.find((one) => one === value);
    return found === undefined ? outOfRange(at, `one of ${values.join(', ')}`) : ok(found);
  },
  write: (value) => value,
});

/** A byte string of exactly `size` bytes. */
export const bytes = (size: number): Shape<Uint8Array> => ({
  read(value, at, notation = CBOR) {
    const found = notation.bytes(value);
    if (found === undefined) return wrongType(at, 'a byte string');
    return found.length === size ? ok(found) : outOfRange(at, `${size} bytes`);
  },
  write: (value) => value,
});

/** A byte string that the host writes as hexadecimal. */
const hexadecimal = <T extends string>(size: number): Shape<T> => ({
  read(value, at, notation) {
    const read = bytes(size).read(value, at, notation);
    return read.ok ? ok(hex(read.value) as T) : read;
  },
  write: (value) => unhex(value),
});

/** 8 bytes, most significant first. */
export const EUI64 = hexadecimal<Eui64>(8);
/** 32 bytes. */
export const DIGEST = hexadecimal<Digest>(32);
/** 8 bytes. */
export const KEY_ID = hexadecimal<KeyId>(8);
/** 8 bytes. */
export const FINGERPRINT = hexadecimal<Fingerprint>(8);
/** 8 bytes. */
export const JOB_ID = hexadecimal<JobId>(8);

/** A RequestID in its DUIS text form. */
export const REQUEST_ID: Shape<RequestId> = {
  read(value, at) {
    if (typeof value !== 'string') return wrongType(at, 'a text');
    return parseRequestId(value) === undefined ? outOfRange(at, 'originator:target:counter') : ok(value as RequestId);
  },
  write: (value) => value,
};

/** A text of a form; `expected` says which, for the refusal. */
export const matching = (form: RegExp, expected: string): Shape<string> => ({
  read: (value, at) => (typeof value !== 'string' ? wrongType(at, 'a text') : form.test(value) ? ok(value) : outOfRange(at, expected)),
  write: (value) => value,
});

/** An array of at most `most` items of one shape. */
export const list = <T>(shape: Shape<T>, most: number): Shape<readonly T[]> => ({
  read(value, at, notation) {
    if (!Array.isArray(value)) return wrongType(at, 'an array');
    if (value.length > most) return outOfRange(at, `at most ${most} items`);
    const items: T[] = [];
    for (const [i, item] of (value as readonly unknown[]).entries()) {
      const read = shape.read(item, `${at}[${i}]`, notation);
      if (!read.ok) return read;
      items.push(read.value);
    }
    return ok(Object.freeze(items));
  },
  write: (items) => items.map((item) => shape.write(item) ?? null),
});

/** A key that may be left out of its map; the value is then undefined. */
export const optional = <T>(shape: Shape<T>): Shape<T | undefined> => ({
  read: (value, at, notation) => (value === undefined ? ok(undefined) : shape.read(value, at, notation)),
  write: (value) => (value === undefined ? undefined : shape.write(value)),
});

/** A map with exactly the keys of the table. What it reads is frozen. */
export const record = <T extends object>(fields: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> => ({
  read(value, at, notation = CBOR) {
    const map = notation.map(value);
    if (map === undefined) return wrongType(at, 'a map');
    const rest = new Set(map.keys());
    const read: Partial<T> = {};
    for (const name of Object.keys(fields) as (keyof T & string)[]) {
      const given = map.get(name);
      const field = fields[name].read(given, path(at, name), notation);
      if (!field.ok) return given === undefined ? missing(path(at, name)) : field;
      read[name] = field.value;
      rest.delete(name);
    }
    const [stranger] = rest;
    return stranger === undefined ? ok(Object.freeze(read as T)) : refuse('unknown-field', `${path(at, shown(stranger))} is not known`);
  },
  write: (value) =>
    Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, (field as Shape<unknown>).write(value[name as keyof T])])),
});

/** A map whose text under `key` says which of the tables it follows. */
export const variant = <T extends object>(key: keyof T & string, tables: { readonly [kind: string]: Shape<T> }): Shape<T> => ({
  read(value, at, notation = CBOR) {
    const map = notation.map(value);
    if (map === undefined) return wrongType(at, 'a map');
    if (!map.has(key)) return missing(path(at, key));
    const kind = oneOf(...Object.keys(tables)).read(map.get(key), path(at, key));
    return kind.ok ? (tables[kind.value] as Shape<T>).read(value, at, notation) : kind;
  },
  write: (value) => (tables[String(value[key])] as Shape<T>).write(value),
});

const path = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);
/** A stranger's key is somebody else's text: one with digits in it is not repeated [R-PRIV-01]. */
const shown = (key: unknown): string =>
  typeof key !== 'string' ? 'a key that is not a text' : /\p{N}/u.test(key) ? 'a key with digits' : JSON.stringify(key.slice(0, 40));
const missing = (at: string): Refusal => refuse('missing-field', `${at} is missing`);
const wrongType = (at: string, expected: string): Refusal => refuse('wrong-type', `${at || 'the message'} is not ${expected}`);
const outOfRange = (at: string, expected: string): Refusal => refuse('out-of-range', `${at} is not within: ${expected}`);
