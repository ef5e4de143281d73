/**
 * Writes CBOR in the one deterministic form of RFC 8949 §4.2.1: shortest heads, definite lengths, map keys in the order
 * of their encoded bytes. It knows what messages are made of and nothing else: no floats, no tags, no undefined.
 */
import { Fault } from '../model/fault.ts';

/** A value as `cbor.ts` reads it: an integer is a bigint when its head has 8 argument bytes, a number otherwise. */
export type CborValue = number | bigint | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap;

/** A map as it is read; keys may be any value, profiles say which they accept. */
export type CborMap = ReadonlyMap<CborValue, CborValue>;

/** What can be written: also plain objects as maps with text keys, where a key whose value is undefined is left out. */
export type Encodable =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | readonly Encodable[]
  | ReadonlyMap<Encodable, Encodable>
  | { readonly [key: string]: Encodable | undefined };

const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5 } as const;

/**
 * The deterministic encoding of a value. Throws Fault `internal` for what has none here: a number that is not a safe
 * integer, an integer beyond 64 bits, a text with a lone surrogate, a map with one key twice.
 */
export function encode(value: Encodable): Uint8Array {
  const out: number[] = [];
  write(out, value);
  return Uint8Array.from(out);
}

function write(out: number[], value: Encodable): void {
  if (typeof value === 'number' || typeof value === 'bigint') writeInteger(out, value);
  else if (typeof value === 'string') writeText(out, value);
  else if (typeof value === 'boolean') out.push(value ? 0xf5 : 0xf4);
  else if (value === null) out.push(0xf6);
  else if (value instanceof Uint8Array) writeBytes(out, MAJOR.bytes, value);
  else if (isList(value)) {
    writeHead(out, MAJOR.array, value.length);
    for (const item of value) write(out, item);
  } else writeMap(out, value instanceof Map ? [...value] : Object.entries(value));
}

function writeInteger(out: number[], value: number | bigint): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new Fault('internal', `not an integer that CBOR can carry: ${value}`);
  if (value >= 0) writeHead(out, MAJOR.unsigned, value);
  else writeHead(out, MAJOR.negative, -1n - BigInt(value));
}

function writeText(out: number[], text: string): void {
  if (/\p{Surrogate}/u.test(text)) throw new Fault('internal', 'a text with a lone surrogate has no UTF-8 form');
  writeBytes(out, MAJOR.text, new TextEncoder().encode(text));
}

function writeBytes(out: number[], major: number, bytes: Uint8Array): void {
  writeHead(out, major, bytes.length);
  for (const byte of bytes) out.push(byte);
}

/** RFC 8949 §4.2.1: entries stand in the bytewise order of their encoded keys. */
function writeMap(out: number[], entries: readonly (readonly [Encodable, Encodable | undefined])[]): void {
  const present = entries.flatMap(([key, value]) => (value === undefined ? [] : [{ key: encode(key), value }]));
  present.sort((a, b) => Buffer.compare(a.key, b.key));
  writeHead(out, MAJOR.map, present.length);
  let last: Uint8Array | undefined;
  for (const { key, value } of present) {
    if (last !== undefined && Buffer.compare(last, key) === 0) throw new Fault('internal', 'a map holds the same key twice');
    last = key;
    for (const byte of key) out.push(byte);
    write(out, value);
  }
}

/** RFC 8949 §3: the major type and the shortest argument that holds the number. */
function writeHead(out: number[], major: number, argument: number | bigint): void {
  const n = BigInt(argument);
  if (n > 0xffff_ffff_ffff_ffffn) throw new Fault('internal', `CBOR integers end at 64 bits: ${n}`);
  if (n < 24n) {
    out.push((major << 5) | Number(n));
    return;
  }
  const size = n < 0x100n ? 1 : n < 0x1_0000n ? 2 : n < 0x1_0000_0000n ? 4 : 8;
  out.push((major << 5) | (24 + Math.log2(size)));
  for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) out.push(Number((n >> BigInt(shift)) & 0xffn));
}

/** `Array.isArray` for lists that are readonly. */
const isList = (value: object): value is readonly Encodable[] => Array.isArray(value);
