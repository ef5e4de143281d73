/**
 * Calls of image verification: begin, update with the file in any split through IN, finish. What is trusted stands in
 * IMG_AUTHORITIES and IMG_SIGNERS before; the report stands in IMG, IMG_CHECKS and IMG_ELEMENTS afterwards. Codes are
 * `At.IMAGE * 256 + ImageReason`, or `At.CALL * 256 + CallReason` for a call that makes no sense.
 */
import { At, CallReason } from '../abi/code.ts';
import { IN, IN_SIZE } from '../abi/layout.ts';
import { begin, finish, update } from '../image/verification.ts';

/**
 * Starts a file and forgets the one before. `flags` are bits of `ImageFlag`; the first `authorities` and `signers` entries of
 * their windows hold, and stay as they are until the end. Refuses: 1 FLAGS; 2 LENGTH, more entries than there are, or one
 * whose suite is none.
 */
export function imageBegin(flags: i32, authorities: i32, signers: i32): i32 {
  return begin(flags, authorities, signers);
}

/**
 * Takes the next `len` bytes, which stand in IN. Answers 0, or the code of the first failed check so far; the rest may be
 * sent all the same, so that the report's length is that of the whole file. Refuses: 1 LENGTH, more than the
 * window or than 4 GiB in all; 2 ORDER, no `imageBegin` before.
 */
export function imageUpdate(len: i32): i32 {
  if (<u32>len > <u32>IN_SIZE) return At.CALL * 256 + CallReason.LENGTH;
  return update(IN, len);
}

/** Ends the file. Answers 0 when it is accepted, else the code of the first failed check. Refuses: 1 ORDER. */
export function imageFinish(): i32 {
  return finish();
}
