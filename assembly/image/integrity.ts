/**
 * The image integrity code (element 0x0003): AES-MMO over the file up to that element, which must be the last.
 *
 * Files in the field follow three conventions. The bytes hashed end before the element's header, or behind it; and one
 * vendor pads with the 16-bit length whatever the size. All three are computed and the matching one is named. While an
 * element header is read it is not known yet whether it is this one, so the digest is forked before and behind each.
 */
import { Integrity } from '../abi/code.ts';
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
import { DIGEST_LEN, final, finalShort, fork, init, update } from '../crypto/mmo.ts';

const WHOLE: usize = IMAGE_STATE + STATE_MMO;
const BEFORE: usize = IMAGE_STATE + STATE_MMO_BEFORE;
const WITH: usize = IMAGE_STATE + STATE_MMO_WITH;

/** Starts a file. */
export function begin(): void {
  init(WHOLE);
}

/** Takes the next `len` bytes of the file. */
export function absorb(data: usize, len: i32): void {
  update(WHOLE, data, len);
}

/** Notes the place before an element header. */
export function markBefore(): void {
  fork(BEFORE, WHOLE);
}

/** Notes the place behind the header, at `offset` of the file, of the element that is the integrity code. */
export function markWith(offset: u32): void {
  fork(WITH, WHOLE);
  store<u32>(IMG + IMG_INTEGRITY_OFFSET, offset);
}

/** Whether the code in IMG_INTEGRITY_FOUND matches a convention; IMG_INTEGRITY then names it, or says MISMATCH. */
export function judge(): bool {
  const found: usize = IMG + IMG_INTEGRITY_FOUND;
  const expected: usize = IMG + IMG_INTEGRITY_EXPECTED;
  let matched: i32 = Integrity.MISMATCH;
  fork(WHOLE, BEFORE);
  finalShort(WHOLE, expected);
  if (equal(found, expected, DIGEST_LEN)) matched = Integrity.SHORT_PADDING;
  final(WITH, expected);
  if (equal(found, expected, DIGEST_LEN)) matched = Integrity.WITH_TAG_HEADER;
  final(BEFORE, expected);
  if (equal(found, expected, DIGEST_LEN)) matched = Integrity.BEFORE_TAG;
  store<u8>(IMG + IMG_INTEGRITY, <u8>matched);
  return matched !== Integrity.MISMATCH;
}
