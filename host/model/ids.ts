/**
 * Identifiers, branded so that one kind cannot be passed for another.
 *
 * An EUI-64 is written most significant byte first as 16 lower-case hexadecimal digits everywhere in the host. On the
 * air and in the core it stands least significant byte first; the conversions below are the only ones.
 */
import { Fault } from './fault.ts';

declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** EUI-64 of a device, a Communications Hub or a party (DUIS identifies Users by EUI-64 too). */
export type Eui64 = Brand<string, 'Eui64'>;
/** SHA-256 as 64 lower-case hexadecimal digits. */
export type Digest = Brand<string, 'Digest'>;
/** Identifier of a signing key: the first 8 bytes of SHA-256 of the raw public key, 16 lower-case hex digits. */
export type KeyId = Brand<string, 'KeyId'>;
/** DUIS RequestID: `originator:target:counter`, EUI-64s in upper-case pairs joined by "-", counter in decimal. */
export type RequestId = Brand<string, 'RequestId'>;
/** What tells a symmetric key from others without giving it away: 16 lower-case hex digits that the core makes. */
export type Fingerprint = Brand<string, 'Fingerprint'>;
/** Identifier of a decision and of the job it starts: 16 lower-case hex digits, unique in one gateway's audit. */
export type JobId = Brand<string, 'JobId'>;

/** Reads an EUI-64 from text: 16 hex digits, also in pairs joined by "-" or ":". Undefined when it is not one. */
export function parseEui64(text: string): Eui64 | undefined {
  const plain = /^([0-9a-f]{2}([-:]?))([0-9a-f]{2}\2){6}[0-9a-f]{2}$/i.test(text) ? text.replace(/[-:]/g, '') : '';
  return plain.length === 16 ? (plain.toLowerCase() as Eui64) : undefined;
}

/** As `parseEui64`, for text the program itself wrote. Throws Fault `internal`. */
export function eui64(text: string): Eui64 {
  const value = parseEui64(text);
  if (value === undefined) throw new Fault('internal', `not an EUI-64: ${text}`);
  return value;
}

/** EUI-64 from 8 bytes, most significant first (certificates, messages). */
export function euiFromBytes(bytes: Uint8Array): Eui64 {
  if (bytes.length !== 8) throw new Fault('internal', `an EUI-64 has 8 bytes, not ${bytes.length}`);
  return hex(bytes) as Eui64;
}

/** EUI-64 from 8 bytes as on the air, least significant first. */
export function euiFromAir(bytes: Uint8Array): Eui64 {
  if (bytes.length !== 8) throw new Fault('internal', `an EUI-64 has 8 bytes, not ${bytes.length}`);
  let text = '';
  for (let i = 7; i >= 0; i--) text += PAIRS[bytes[i] as number];
  return text as Eui64;
}

/** The 8 bytes of an EUI-64, most significant first. */
export const euiToBytes = (id: Eui64): Uint8Array => unhex(id);

/** The 8 bytes of an EUI-64 as on the air, least significant first. */
export function euiToAir(id: Eui64): Uint8Array {
  const bytes = new Uint8Array(8);
  for (let i = 0; i < 8; i++) bytes[7 - i] = Number.parseInt(id.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** A digest from 32 bytes. */
export function digest(bytes: Uint8Array): Digest {
  if (bytes.length !== 32) throw new Fault('internal', `a SHA-256 has 32 bytes, not ${bytes.length}`);
  return hex(bytes) as Digest;
}

/** Each byte as two lower-case hexadecimal digits. */
const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal of bytes. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += PAIRS[bytes[i] as number];
  return text;
}

/** Lower-case hexadecimal of bytes, pairs joined by colons. */
export function hexPairs(bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  let text = PAIRS[bytes[0] as number] as string;
  for (let i = 1; i < bytes.length; i++) text += `:${PAIRS[bytes[i] as number]}`;
  return text;
}

/** Bytes of a hexadecimal text of even length. Throws Fault `internal` for anything else: check outside input before. */
export function unhex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new Fault('internal', `not hexadecimal: ${text}`);
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** A RequestID in DUIS form. */
export function requestId(originator: Eui64, target: Eui64, counter: bigint): RequestId {
  const pairs = (id: Eui64): string => id.toUpperCase().replace(/(..)(?=.)/g, '$1-');
  return `${pairs(originator)}:${pairs(target)}:${counter}` as RequestId;
}

/** What a RequestID is made of. Undefined when the text is not one in the one form that `requestId` writes; the counter has 64 bits. */
export function parseRequestId(text: string): { readonly originator: Eui64; readonly target: Eui64; readonly counter: bigint } | undefined {
  const [, from, to, count] = /^((?:[0-9A-F]{2}-){7}[0-9A-F]{2}):((?:[0-9A-F]{2}-){7}[0-9A-F]{2}):(0|[1-9][0-9]{0,19})$/.exec(text) ?? [];
  if (from === undefined || to === undefined || count === undefined || BigInt(count) >= 1n << 64n) return undefined;
  return { originator: eui64(from), target: eui64(to), counter: BigInt(count) };
}
