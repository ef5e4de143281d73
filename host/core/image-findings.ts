/** The core's IMG record as frozen objects: what it found of an upgrade file. Reads, judges nothing. */
import { Integrity, Suite, type CheckResult, type ImageCheck } from '../../assembly/abi/code.ts';
import {
  CHECK_END,
  CHECK_REASON,
  CHECK_RESULT,
  CHECK_START,
  ELEMENT_LENGTH,
  ELEMENT_OFFSET,
  ELEMENT_TAG,
  IMG,
  IMG_AUTHORITY,
  IMG_CHECK_SIZE,
  IMG_CHECKS,
  IMG_CODE,
  IMG_CREDENTIAL,
  IMG_DESTINATION,
  IMG_ELEMENT_COUNT,
  IMG_ELEMENT_SIZE,
  IMG_ELEMENTS,
  IMG_ELEMENTS_SEEN,
  IMG_FIELDS,
  IMG_FILE_VERSION,
  IMG_HEADER_LEN,
  IMG_HEADER_VERSION,
  IMG_HW_MAX,
  IMG_HW_MIN,
  IMG_INTEGRITY,
  IMG_INTEGRITY_EXPECTED,
  IMG_INTEGRITY_FOUND,
  IMG_ISSUER,
  IMG_LENGTH,
  IMG_MANUFACTURER,
  IMG_OPTIONAL,
  IMG_PUBLIC_KEY,
  IMG_SIGNED_BY,
  IMG_SIGNED_DIGEST,
  IMG_SIGNED_LEN,
  IMG_STACK,
  IMG_STRING,
  IMG_SUBJECT,
  IMG_SUITE,
  IMG_TOTAL,
  IMG_TYPE,
  IMG_USAGE,
} from '../../assembly/abi/layout.ts';
import { euiFromAir, hex, type Digest, type Eui64 } from '../model/ids.ts';
import type { ImageElement, ImageHeader, ImageSignature } from '../model/image.ts';
import { sizesOf } from './curves.ts';
import type { Instance } from './module.ts';

/** Bits of the field control (ZCL specification 11.4.2.4). */
const HAS_CREDENTIAL = 1;
const HAS_DESTINATION = 2;
const HAS_HARDWARE = 4;

/** The integrity code of a file and which convention it fits. */
export interface IntegrityCode {
  readonly convention: Integrity;
  /** Computed over the file up to the element, long padding. */
  readonly expected: string;
  readonly found: string;
}

/** What came of one check of the core. */
export interface CheckFinding {
  readonly result: CheckResult;
  /** `ImageReason` of a failed one. */
  readonly reason: number;
  readonly range: readonly [number, number];
}

/** What the core noted of a file. */
export interface Findings {
  /** The first bytes of the file, at most four. */
  readonly start: Uint8Array;
  /** The core's verdict, 0 or the code of the first failed check. */
  readonly number: number;
  readonly length: number;
  readonly sha256: Digest;
  readonly header: ImageHeader | undefined;
  readonly elements: readonly ImageElement[];
  /** Elements in the file; more than listed when there are very many. */
  readonly elementsSeen: number;
  /** Undefined when the file has none, or was refused before it was judged. */
  readonly integrity: IntegrityCode | undefined;
  /** Likewise. */
  readonly signature: ImageSignature | undefined;
  /** What came of a check. */
  check(check: ImageCheck): CheckFinding;
}

/** What the host saw of a file itself: its first bytes and its SHA-256. */
export interface Seen {
  readonly start: Uint8Array;
  readonly sha256: Digest;
}

/** What was found of a finished file; `authorities` are the names of those that the core was given. */
export function findingsOf(core: Instance, { start, sha256 }: Seen, authorities: readonly string[]): Findings {
  const at = (field: number): number => core.view.getUint32(IMG + field, true);
  return Object.freeze({
    start,
    number: at(IMG_CODE),
    length: at(IMG_LENGTH),
    sha256,
    header: headerOf(core),
    elements: elementsOf(core),
    elementsSeen: at(IMG_ELEMENTS_SEEN),
    integrity: integrityOf(core),
    signature: signatureOf(core, authorities),
    check: (check: ImageCheck) => checkOf(core, check),
  });
}

function checkOf(core: Instance, check: ImageCheck): CheckFinding {
  const entry = IMG_CHECKS + check * IMG_CHECK_SIZE;
  const at = (field: number): number => core.view.getUint32(entry + field, true);
  return {
    result: core.view.getUint8(entry + CHECK_RESULT),
    reason: core.view.getUint8(entry + CHECK_REASON),
    range: [at(CHECK_START), at(CHECK_END)],
  };
}

/** The header, when the file was long enough and began with the magic number. */
function headerOf(core: Instance): ImageHeader | undefined {
  const u16 = (field: number): number => core.view.getUint16(IMG + field, true);
  const u32 = (field: number): number => core.view.getUint32(IMG + field, true);
  const headerLength = u16(IMG_HEADER_LEN);
  if (headerLength === 0) return undefined;
  const fieldControl = u16(IMG_FIELDS);
  const whole = core.view.getUint8(IMG + IMG_OPTIONAL) === 1;
  const has = (bit: number): boolean => whole && (fieldControl & bit) !== 0;
  const text = core.bytes.subarray(IMG + IMG_STRING, IMG + IMG_STRING + 32);
  return Object.freeze({
    headerVersion: u16(IMG_HEADER_VERSION),
    headerLength,
    fieldControl,
    manufacturer: u16(IMG_MANUFACTURER),
    imageType: u16(IMG_TYPE),
    fileVersion: u32(IMG_FILE_VERSION),
    stackVersion: u16(IMG_STACK),
    text: printable(text),
    totalSize: u32(IMG_TOTAL),
    credentialVersion: has(HAS_CREDENTIAL) ? core.view.getUint8(IMG + IMG_CREDENTIAL) : undefined,
    destination: has(HAS_DESTINATION) ? euiFromAir(core.bytes.subarray(IMG + IMG_DESTINATION, IMG + IMG_DESTINATION + 8)) : undefined,
    hardware: has(HAS_HARDWARE) ? Object.freeze({ min: u16(IMG_HW_MIN), max: u16(IMG_HW_MAX) }) : undefined,
  });
}

/** The header string up to its first zero byte; what is not printable ASCII is shown as \xNN. */
function printable(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Array.from(end < 0 ? bytes : bytes.subarray(0, end), (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}

function elementsOf(core: Instance): readonly ImageElement[] {
  const count = Math.min(core.view.getUint32(IMG + IMG_ELEMENTS_SEEN, true), IMG_ELEMENT_COUNT);
  return Object.freeze(
    Array.from({ length: count }, (_, i) => {
      const entry = IMG_ELEMENTS + i * IMG_ELEMENT_SIZE;
      return Object.freeze({
        tag: core.view.getUint16(entry + ELEMENT_TAG, true),
        offset: core.view.getUint32(entry + ELEMENT_OFFSET, true),
        length: core.view.getUint32(entry + ELEMENT_LENGTH, true),
      });
    }),
  );
}

function integrityOf(core: Instance): IntegrityCode | undefined {
  const convention: Integrity = core.view.getUint8(IMG + IMG_INTEGRITY);
  if (convention === Integrity.ABSENT) return undefined;
  const code = (field: number): string => hex(core.bytes.subarray(IMG + field, IMG + field + 16));
  return Object.freeze({
    convention,
    expected: code(IMG_INTEGRITY_EXPECTED),
    found: code(IMG_INTEGRITY_FOUND),
  });
}

function signatureOf(core: Instance, authorities: readonly string[]): ImageSignature | undefined {
  const suite = core.view.getUint8(IMG + IMG_SUITE);
  const signedLength = core.view.getUint32(IMG + IMG_SIGNED_LEN, true);
  if (suite !== Suite.ONE && suite !== Suite.TWO) return undefined;
  const part = (field: number, length: number): Uint8Array => core.bytes.slice(IMG + field, IMG + field + length);
  const eui = (field: number): Eui64 => euiFromAir(part(field, 8));
  const certified = part(IMG_ISSUER, 8).some((byte) => byte !== 0) || part(IMG_SUBJECT, 8).some((byte) => byte !== 0);
  const authority = core.view.getUint8(IMG + IMG_AUTHORITY);
  return Object.freeze({
    suite,
    signer: eui(IMG_SIGNED_BY),
    subject: certified ? eui(IMG_SUBJECT) : undefined,
    issuer: certified ? eui(IMG_ISSUER) : undefined,
    keyUsage: certified && suite === Suite.TWO ? core.view.getUint8(IMG + IMG_USAGE) : undefined,
    signedLength,
    digest: hex(part(IMG_SIGNED_DIGEST, 16)),
    authority: authorities[authority - 1],
    publicKey: authority === 0 ? undefined : hex(part(IMG_PUBLIC_KEY, sizesOf(suite).point)),
  });
}
