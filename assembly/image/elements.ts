/**
 * Elements of an upgrade file: tag u16, length u32, data (ZCL specification 11.4.4, Smart Energy's tags 0x0001 to 0x0006).
 *
 * Checks what an element header says and lists it. Signatures and certificates are sized here; signature.ts judges them.
 */
import { ImageReason, Suite } from '../abi/code.ts';
import {
  CERTIFICATE1_LEN,
  CERTIFICATE2_LEN,
  ELEMENT_LENGTH,
  ELEMENT_OFFSET,
  ELEMENT_TAG,
  FIELD1_LEN,
  FIELD2_LEN,
  IMG,
  IMG_ELEMENT_COUNT,
  IMG_ELEMENT_SIZE,
  IMG_ELEMENTS,
  IMG_ELEMENTS_SEEN,
} from '../abi/layout.ts';

/** Bytes of an element header. */
export const HEADER_LEN: i32 = 6;
/** The image integrity code. */
export const TAG_INTEGRITY: u32 = 0x0003;
/** Bytes of an image integrity code. */
export const INTEGRITY_LEN: u32 = 16;
/** Bytes of the signer's EUI-64, with which a signature begins; r and s follow. */
export const SIGNER_LEN: i32 = 8;

const LENGTH: usize = 2;

const TAG_SIGNATURE_1: u32 = 0x0001;
const TAG_CERTIFICATE_1: u32 = 0x0002;
const TAG_SIGNATURE_2: u32 = 0x0005;
const TAG_CERTIFICATE_2: u32 = 0x0006;
/** Tags in [RESERVED, MANUFACTURER) are nobody's. */
const TAG_RESERVED: u32 = 0x0007;
const TAG_MANUFACTURER: u32 = 0xf000;

const SIGNATURE_1_LEN: u32 = SIGNER_LEN + 2 * FIELD1_LEN;
const SIGNATURE_2_LEN: u32 = SIGNER_LEN + 2 * FIELD2_LEN;

/** The tag of the element header at `at`. */
export function tagOf(at: usize): u32 {
  return load<u16>(at);
}

/** The length that the element header at `at` announces. */
export function lengthOf(at: usize): u32 {
  return load<u32>(at + LENGTH);
}

/** The suite of the signature that the element header at `at` begins, 0 when it is another element. */
export function signatureSuite(at: usize): i32 {
  const tag = tagOf(at);
  return tag === TAG_SIGNATURE_1 ? Suite.ONE : tag === TAG_SIGNATURE_2 ? Suite.TWO : 0;
}

/** The suite of the signing certificate that the element header at `at` begins, 0 when it is another element. */
export function certificateSuite(at: usize): i32 {
  const tag = tagOf(at);
  return tag === TAG_CERTIFICATE_1 ? Suite.ONE : tag === TAG_CERTIFICATE_2 ? Suite.TWO : 0;
}

/**
 * Checks the element header at `at`, `room` bytes of the file being behind it. Answers 0, or an `ImageReason`: 1 RAW_BODY,
 * the first element has a reserved tag; 2 TAG, a later one has; 3 ELEMENT_OVERRUN; 4 INTEGRITY_SIZE; 5 SIGNATURE_SIZE;
 * 6 CERTIFICATE_SIZE.
 */
export function check(at: usize, room: u32): i32 {
  const tag = tagOf(at);
  const length = lengthOf(at);
  if (tag >= TAG_RESERVED && tag < TAG_MANUFACTURER) return seen() === 0 ? ImageReason.RAW_BODY : ImageReason.TAG;
  if (length > room) return ImageReason.ELEMENT_OVERRUN;
  if (tag === TAG_INTEGRITY && length !== INTEGRITY_LEN) return ImageReason.INTEGRITY_SIZE;
  if (tag === TAG_SIGNATURE_1 && length !== SIGNATURE_1_LEN) return ImageReason.SIGNATURE_SIZE;
  if (tag === TAG_SIGNATURE_2 && length !== SIGNATURE_2_LEN) return ImageReason.SIGNATURE_SIZE;
  if (tag === TAG_CERTIFICATE_1 && length !== <u32>CERTIFICATE1_LEN) return ImageReason.CERTIFICATE_SIZE;
  if (tag === TAG_CERTIFICATE_2 && length !== <u32>CERTIFICATE2_LEN) return ImageReason.CERTIFICATE_SIZE;
  return 0;
}

/** Lists an element whose data begins at `offset` of the file. Those behind the last place of the list are counted only. */
export function list(at: usize, offset: u32): void {
  const index = seen();
  store<u32>(IMG + IMG_ELEMENTS_SEEN, index + 1);
  if (index >= <u32>IMG_ELEMENT_COUNT) return;
  const entry: usize = IMG_ELEMENTS + index * IMG_ELEMENT_SIZE;
  store<u16>(entry, <u16>tagOf(at), ELEMENT_TAG);
  store<u32>(entry, lengthOf(at), ELEMENT_LENGTH);
  store<u32>(entry, offset, ELEMENT_OFFSET);
}

/** Elements so far. */
export function seen(): u32 {
  return load<u32>(IMG + IMG_ELEMENTS_SEEN);
}
