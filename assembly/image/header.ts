/**
 * Header of a ZigBee OTA upgrade file (ZCL specification 11.4.2): 56 bytes, then the optional fields that the field control
 * announces. All numbers little-endian. Fills the IMG record and notes its checks; knows nothing of what stands behind the header.
 */
import { ImageCheck, ImageReason } from '../abi/code.ts';
import {
  IMG,
  IMG_CREDENTIAL,
  IMG_DESTINATION,
  IMG_FIELDS,
  IMG_FILE_VERSION,
  IMG_HEADER_LEN,
  IMG_HEADER_VERSION,
  IMG_HW_MAX,
  IMG_HW_MIN,
  IMG_MANUFACTURER,
  IMG_OPTIONAL,
  IMG_STACK,
  IMG_STRING,
  IMG_TOTAL,
  IMG_TYPE,
} from '../abi/layout.ts';
import { copy } from '../bytes/memory.ts';
import * as checks from './checks.ts';

/** Bytes of the fields that every header has. */
export const FIXED_LEN: i32 = 56;
/** Bytes of the magic number. */
export const MAGIC_LEN: i32 = 4;
/** Where the total size stands, and the first byte behind it. */
export const TOTAL_AT: u32 = 52;
export const TOTAL_BEHIND: u32 = 56;

const VERSION: usize = 4;
const LENGTH: usize = 6;
const FIELDS: usize = 8;
const MANUFACTURER: usize = 10;
const TYPE: usize = 12;
const FILE_VERSION: usize = 14;
const STACK: usize = 18;
const STRING: usize = 20;
const TOTAL: usize = TOTAL_AT;

const STRING_LEN: i32 = 32;
const CREDENTIAL_LEN: i32 = 1;
const DESTINATION_LEN: i32 = 8;
const HARDWARE_LEN: i32 = 4;

const MAGIC_VALUE: u32 = 0x0beef11e;
const VERSION_VALUE: u32 = 0x0100;
/** Bits of the field control (11.4.2.4). */
const HAS_CREDENTIAL: u32 = 1;
const HAS_DESTINATION: u32 = 2;
const HAS_HARDWARE: u32 = 4;
/** Sizes from here on leave AES-MMO undefined (2^32 bits), and no device of the HAN holds them. */
const TOTAL_END: u32 = 0x20000000;

/**
 * Reads the fixed part at `at` into IMG. Answers whether it can be gone on with; else a check has failed: MAGIC; HEADER for
 * 1 HEADER_VERSION, 2 FIELD_CONTROL, 3 HEADER_LENGTH; TOTAL_SIZE.
 */
export function readFixed(at: usize): bool {
  if (!readMagic(at, FIXED_LEN)) return false;
  const fields: u32 = load<u16>(at, FIELDS);
  const len: u32 = load<u16>(at, LENGTH);
  const total = load<u32>(at, TOTAL);
  store<u16>(IMG + IMG_HEADER_VERSION, load<u16>(at, VERSION));
  store<u16>(IMG + IMG_HEADER_LEN, <u16>len);
  store<u16>(IMG + IMG_FIELDS, <u16>fields);
  store<u16>(IMG + IMG_MANUFACTURER, load<u16>(at, MANUFACTURER));
  store<u16>(IMG + IMG_TYPE, load<u16>(at, TYPE));
  store<u32>(IMG + IMG_FILE_VERSION, load<u32>(at, FILE_VERSION));
  store<u16>(IMG + IMG_STACK, load<u16>(at, STACK));
  copy(IMG + IMG_STRING, at + STRING, STRING_LEN);
  store<u32>(IMG + IMG_TOTAL, total);
  if (<u32>load<u16>(at, VERSION) !== VERSION_VALUE) return refuseField(ImageReason.HEADER_VERSION, VERSION);
  if (fields & ~(HAS_CREDENTIAL | HAS_DESTINATION | HAS_HARDWARE)) return refuseField(ImageReason.FIELD_CONTROL, FIELDS);
  if (len !== <u32>(FIXED_LEN + optionalLen(fields))) return refuseField(ImageReason.HEADER_LENGTH, LENGTH);
  if (total < len || total >= TOTAL_END) return refuse(ImageCheck.TOTAL_SIZE, ImageReason.TOTAL_SIZE, TOTAL, sizeof<u32>());
  return true;
}

/** Reads the optional fields of the whole header at `at` into IMG. Answers whether HEADER passed; it fails for 1 HARDWARE_RANGE. */
export function readOptional(at: usize): bool {
  const fields: u32 = load<u16>(at, FIELDS);
  let field: usize = FIXED_LEN;
  store<u8>(IMG + IMG_OPTIONAL, 1);
  if (fields & HAS_CREDENTIAL) {
    store<u8>(IMG + IMG_CREDENTIAL, load<u8>(at + field));
    field += CREDENTIAL_LEN;
  }
  if (fields & HAS_DESTINATION) {
    copy(IMG + IMG_DESTINATION, at + field, DESTINATION_LEN);
    field += DESTINATION_LEN;
  }
  if (fields & HAS_HARDWARE) {
    const lowest = load<u16>(at + field);
    const highest = load<u16>(at + field + 2);
    store<u16>(IMG + IMG_HW_MIN, lowest);
    store<u16>(IMG + IMG_HW_MAX, highest);
    if (lowest > highest) return refuse(ImageCheck.HEADER, ImageReason.HARDWARE_RANGE, field, HARDWARE_LEN);
  }
  checks.note(ImageCheck.HEADER, 0, VERSION, load<u16>(at, LENGTH));
  return true;
}

/** Ends a file that had only `len` bytes of its header, at `at`: MAGIC fails, or HEADER for HEADER_TRUNCATED. */
export function cutShort(at: usize, len: i32): void {
  if (readMagic(at, len)) checks.note(ImageCheck.HEADER, ImageReason.HEADER_TRUNCATED, <u32>VERSION, <u32>len);
}

function readMagic(at: usize, len: i32): bool {
  const right = len >= MAGIC_LEN && load<u32>(at) === MAGIC_VALUE;
  checks.note(ImageCheck.MAGIC, right ? 0 : ImageReason.MAGIC, 0, <u32>min(len, MAGIC_LEN));
  return right;
}

function optionalLen(fields: u32): i32 {
  return (
    (fields & HAS_CREDENTIAL ? CREDENTIAL_LEN : 0) +
    (fields & HAS_DESTINATION ? DESTINATION_LEN : 0) +
    (fields & HAS_HARDWARE ? HARDWARE_LEN : 0)
  );
}

function refuseField(reason: i32, field: usize): bool {
  return refuse(ImageCheck.HEADER, reason, field, sizeof<u16>());
}

function refuse(check: i32, reason: i32, field: usize, len: usize): bool {
  checks.note(check, reason, <u32>field, <u32>(field + len));
  return false;
}
