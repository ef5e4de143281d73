/**
 * The open coordinator backup format as other tools read and write it: JSON with keys in clear, as hex digits.
 *
 * Its keys never become texts here. Reading, they are taken out of the file's bytes and a number stands in for each before the rest is
 * parsed; writing, their digits are put into the finished bytes. Whoever holds such bytes wipes them.
 */
import { bytesOfHex } from '../core/hex-bytes.ts';
import { Fault } from '../model/fault.ts';
import { checked, plainSchema, type PlainBackup } from './backup-body.ts';

/** A plain backup: `key` fields of it hold a number, which is the position in `keys`. */
export interface PlainKeys {
  readonly backup: PlainBackup;
  /** To be wiped. */
  readonly keys: readonly Uint8Array[];
}

const KEY_DIGITS = 32;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;

/**
 * Reads a plain backup from the bytes of its file, in which every text of 32 hex digits is taken for a key and replaced. Throws Fault
 * `input` that names `path`; shows no value.
 */
export function readPlain(bytes: Uint8Array, path: string): PlainKeys {
  const keys: Uint8Array[] = [];
  for (const [from, to] of strings(bytes)) {
    if (to - from !== KEY_DIGITS) continue;
    const key = bytesOfHex(bytes.subarray(from, to));
    if (key === undefined) continue;
    bytes.set(digits(keys.length), from);
    keys.push(key);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    for (const key of keys) key.fill(0);
    throw new Fault('input', `${path}: is not JSON`);
  }
  return { backup: checked(plainSchema, value, path), keys };
}

/** The bytes of a plain backup whose `key` fields hold numbers: the keys of those positions are written into them. */
export function writePlain({ backup, keys }: PlainKeys): Uint8Array {
  const bytes = new TextEncoder().encode(`${JSON.stringify(backup, undefined, 2)}\n`);
  for (const [from, to] of strings(bytes)) {
    const text = bytes.subarray(from, to);
    if (text.length !== KEY_DIGITS || !text.every((byte) => byte >= ZERO && byte <= ZERO + 9)) continue;
    const key = keys[position(text)];
    if (key === undefined) throw new Fault('internal', 'a plain backup names a key that there is not');
    for (const [i, byte] of key.entries()) bytes.set([HEX[byte >> 4] ?? 0, HEX[byte & 15] ?? 0], from + 2 * i);
  }
  return bytes;
}

/** What stands in for the key at a position: 32 decimal digits. */
export const standIn = (at: number): string => String(at).padStart(KEY_DIGITS, '0');

const HEX = [...'0123456789abcdef'].map((digit) => digit.charCodeAt(0));

const digits = (at: number): Uint8Array => new TextEncoder().encode(standIn(at));

const position = (text: Uint8Array): number => text.reduce((value, digit) => value * 10 + digit - ZERO, 0);

/** Where the texts of a JSON document stand, without their quotes. */
function* strings(bytes: Uint8Array): Generator<readonly [from: number, to: number]> {
  for (let from = bytes.indexOf(QUOTE); from >= 0;) {
    let to = from + 1;
    while (to < bytes.length && bytes[to] !== QUOTE) to += bytes[to] === BACKSLASH ? 2 : 1;
    yield [from + 1, to];
    from = bytes.indexOf(QUOTE, to + 1);
  }
}
