/**
 * Reads CBOR strictly: what is accepted has exactly one encoding, the deterministic one of RFC 8949 §4.2.1, so bytes
 * that were signed and what was understood of them cannot differ.
 *
 * `check` judges the received bytes; only then does cbor-x make values of them (alone it takes duplicate keys, long
 * heads and broken UTF-8). `decode` finally writes the values again and compares: a disagreement between the two
 * readers is a refusal, not a misunderstanding. Floats, undefined, other simple values and tags are refused, but for
 * the one tag that a caller expects around everything.
 */
import { isUtf8 } from 'node:buffer';
import { Decoder } from 'cbor-x';
import type { Refusal, Result } from '../model/fault.ts';
import { ok } from '../model/fault.ts';
import type { CborValue } from './cbor-writer.ts';
import { encode } from './cbor-writer.ts';

/** Largest message in bytes; what is longer is refused before it is looked at. */
export const MAX_SIZE = 64 * 1024;
/** How deep arrays and maps may nest. */
export const MAX_DEPTH = 16;

/** Why bytes are not acceptable CBOR. Codes are those of `REFUSALS`. */
export interface CborRefusal extends Refusal {
  /** Position of the byte that the refusal is about. */
  readonly offset: number;
}

/** Every refusal code and its meaning. */
export const REFUSALS = {
  'too-large': 'message is longer than it may be',
  truncated: 'item ends after the last byte',
  trailing: 'bytes follow the item',
  reserved: 'additional information 28 to 30 is reserved',
  indefinite: 'indefinite length or a lone break',
  'not-shortest': 'number or length is not in its shortest form',
  depth: `arrays and maps nest deeper than ${MAX_DEPTH}`,
  'key-order': 'map keys are not in the order of their bytes',
  'duplicate-key': 'map holds a key twice',
  'utf-8': 'text is not UTF-8',
  float: 'floating-point number',
  simple: 'simple value other than false, true and null',
  tag: 'tag that is not expected here',
  unfaithful: 'value read does not give the received bytes again',
} as const;

/** What a caller expects around the item. */
export interface CborOptions {
  /** The tag that must enclose everything; undefined = no tag anywhere. */
  readonly tag?: number;
  /** Largest size in bytes; `MAX_SIZE` when left out. A list out of a file may be longer than a message may. */
  readonly maxSize?: number;
}

const DECODER = new Decoder({ mapsAsObjects: false, useRecords: false });

/** Judges bytes and makes no value: exactly one item in deterministic form, inside the expected tag. */
export function check(bytes: Uint8Array, options: CborOptions = {}): Result<true, CborRefusal> {
  const { maxSize = MAX_SIZE } = options;
  if (bytes.length > maxSize) return refusal('too-large', maxSize);
  const start = tagEnd(bytes, options.tag);
  const end = typeof start === 'number' ? item(bytes, start, 0) : start;
  if (typeof end !== 'number') return end;
  return end === bytes.length ? ok(true) : refusal('trailing', end);
}

/** Reads what `check` accepts; an expected tag is taken off. Byte strings are views of a private copy of `bytes`. */
export function decode(bytes: Uint8Array, options: CborOptions = {}): Result<CborValue, CborRefusal> {
  const verdict = check(bytes, options);
  if (!verdict.ok) return verdict;
  const start = tagEnd(bytes, options.tag) as number;
  const content = new Uint8Array(bytes.subarray(start));
  let value: CborValue;
  try {
    value = DECODER.decode(content) as CborValue;
  } catch {
    return refusal('unfaithful', start);
  }
  return faithful(value, content) ? ok(value) : refusal('unfaithful', start);
}

/** True when writing the value gives the bytes that it was read from. */
function faithful(value: CborValue, bytes: Uint8Array): boolean {
  try {
    return Buffer.compare(encode(value), bytes) === 0;
  } catch {
    return false;
  }
}

/** Where the content of the expected tag begins. */
function tagEnd(bytes: Uint8Array, tag: number | undefined): number | CborRefusal {
  if (tag === undefined) return 0;
  const head = readHead(bytes, 0);
  if ('ok' in head) return head;
  return head.major === 6 && head.argument === tag ? head.end : refusal('tag', 0);
}

/** Judges one item; answers where it ends. */
function item(bytes: Uint8Array, at: number, depth: number): number | CborRefusal {
  const head = readHead(bytes, at);
  if ('ok' in head) return head;
  const { major, argument, end } = head;
  if (major <= 1) return end;
  if (major === 6) return refusal('tag', at);
  if (major === 7) return argument >= 20 && argument <= 22 ? end : refusal('simple', at);
  if (major <= 3) {
    if (argument > bytes.length - end) return refusal('truncated', bytes.length);
    const after = end + argument;
    return major === 3 && !isUtf8(bytes.subarray(end, after)) ? refusal('utf-8', at) : after;
  }
  if (depth === MAX_DEPTH) return refusal('depth', at);
  return major === 4 ? items(bytes, end, argument, depth + 1) : entries(bytes, end, argument, depth + 1);
}

function items(bytes: Uint8Array, at: number, count: number, depth: number): number | CborRefusal {
  let end: number | CborRefusal = at;
  for (let i = 0; i < count && typeof end === 'number'; i++) end = item(bytes, end, depth);
  return end;
}

/** RFC 8949 §4.2.1: each key is greater, byte by byte, than the one before it. */
function entries(bytes: Uint8Array, at: number, count: number, depth: number): number | CborRefusal {
  let start = at;
  let last: Uint8Array | undefined;
  for (let i = 0; i < count; i++) {
    const keyEnd = item(bytes, start, depth);
    if (typeof keyEnd !== 'number') return keyEnd;
    const key = bytes.subarray(start, keyEnd);
    const order = last === undefined ? -1 : Buffer.compare(last, key);
    if (order >= 0) return refusal(order === 0 ? 'duplicate-key' : 'key-order', start);
    last = key;
    const valueEnd = item(bytes, keyEnd, depth);
    if (typeof valueEnd !== 'number') return valueEnd;
    start = valueEnd;
  }
  return start;
}

interface Head {
  readonly major: number;
  /** Exact up to 2^53, enough for lengths: a longer item is truncated anyway. */
  readonly argument: number;
  readonly end: number;
}

/** Reads the head of an item (RFC 8949 §3): the only place that looks at length bytes. */
function readHead(bytes: Uint8Array, at: number): Head | CborRefusal {
  const initial = bytes[at];
  if (initial === undefined) return refusal('truncated', at);
  const major = initial >> 5;
  const info = initial & 31;
  if (info < 24) return { major, argument: info, end: at + 1 };
  if (info === 31) return refusal('indefinite', at);
  if (info > 27) return refusal('reserved', at);
  if (major === 7) return refusal(info === 24 ? 'simple' : 'float', at);
  const size = 1 << (info - 24);
  const end = at + 1 + size;
  if (end > bytes.length) return refusal('truncated', bytes.length);
  let argument = 0;
  for (let i = at + 1; i < end; i++) argument = argument * 256 + (bytes[i] ?? 0);
  const least = size === 1 ? 24 : 2 ** (4 * size);
  return argument < least ? refusal('not-shortest', at) : { major, argument, end };
}

const refusal = (code: keyof typeof REFUSALS, offset: number): CborRefusal => ({
  ok: false,
  code,
  detail: `CBOR: ${REFUSALS[code]} (byte ${offset})`,
  offset,
});
