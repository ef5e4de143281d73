/**
 * The image integrity code (element 0x0003): AES-MMO over the file up to that element, behind which certificate and signature
 * alone may stand.
 *
 * Files in the field follow three conventions. The bytes hashed end before the element's header, or behind it; and one
 * vendor pads with the 16-bit length whatever the size. All three are computed and the matching one is named. While an
 * element header is read it is not known yet whether it is this one, so the digest is forked before and behind each.
 */
import { ImageCheck, ImageReason, Integrity } from '../abi/code.ts';
import {
  IMAGE_STATE,
  IMG,
  IMG_INTEGRITY,
  IMG_INTEGRITY_EXPECTED,
  IMG_INTEGRITY_FOUND,
  IMG_INTEGRITY_OFFSET,
  STATE_MMO,
  STATE_MMO_BEFORE,
  STATE_MMO_WITH,
} from '../abi/layout.ts';
import { equal } from '../bytes/memory.ts';
import { DIGEST_LEN, final, finalShort, fork } from '../crypto/mmo.ts';
import * as checks from './checks.ts';
import { HEADER_LEN, INTEGRITY_LEN } from './elements.ts';

const WHOLE: usize = IMAGE_STATE + STATE_MMO;
const BEFORE: usize = IMAGE_STATE + STATE_MMO_BEFORE;
const WITH: usize = IMAGE_STATE + STATE_MMO_WITH;

/** Notes the place before an element header, unless the code was met already. */
export function markBefore(): void {
  if (!met()) fork(BEFORE, WHOLE);
}

/** Notes the place behind the header, at `offset` of the file, of the element that is the integrity code. */
export function markWith(offset: u32): void {
  fork(WITH, WHOLE);
  store<u32>(IMG + IMG_INTEGRITY_OFFSET, offset);
}

/** Whether the file has a code so far. */
export function met(): bool {
  return load<u32>(IMG + IMG_INTEGRITY_OFFSET) !== 0;
}

/**
 * Ends the check INTEGRITY of a file of `len` bytes, at the cost of the digest of the whole file so far. It fails for
 * 1 INTEGRITY_MISSING, unless `optional`; 2 INTEGRITY_MISMATCH.
 */
export function judge(len: u32, optional: bool): void {
  if (!met()) {
    if (optional) checks.absent(ImageCheck.INTEGRITY, len);
    else checks.note(ImageCheck.INTEGRITY, ImageReason.INTEGRITY_MISSING, len, len);
    return;
  }
  const start = load<u32>(IMG + IMG_INTEGRITY_OFFSET);
  const convention = match(IMG + IMG_INTEGRITY_FOUND, IMG + IMG_INTEGRITY_EXPECTED);
  store<u8>(IMG + IMG_INTEGRITY, <u8>convention);
  const reason = convention === Integrity.MISMATCH ? ImageReason.INTEGRITY_MISMATCH : 0;
  checks.note(ImageCheck.INTEGRITY, reason, start, start + HEADER_LEN + INTEGRITY_LEN);
}

/** The convention that the code `found` fits; what the first of them yields is left in `expected`. */
function match(found: usize, expected: usize): i32 {
  let matched: i32 = Integrity.MISMATCH;
  fork(WHOLE, BEFORE);
  finalShort(WHOLE, expected);
  if (equal(found, expected, DIGEST_LEN)) matched = Integrity.SHORT_PADDING;
  final(WITH, expected);
  if (equal(found, expected, DIGEST_LEN)) matched = Integrity.WITH_TAG_HEADER;
  final(BEFORE, expected);
  if (equal(found, expected, DIGEST_LEN)) matched = Integrity.BEFORE_TAG;
  return matched;
}
