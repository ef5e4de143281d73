/**
 * `rx`: one frame, one crossing. What is read stands in REC, the frame with its opened layers in PLAIN; both hold until the
 * next call.
 */
import { At, CallReason } from '../abi/code.ts';
import { IN, PLAIN, REC, REC_CODE, REC_SIZE } from '../abi/layout.ts';
import { copyShort, wipeShort } from '../bytes/memory.ts';
import { MAX_LEN } from '../wire/mac.ts';
import { refuse } from '../wire/refusal.ts';
import { walk } from './walk.ts';

/**
 * Reads the PSDU of `len` bytes in IN; `flags` are those of enum Rx. Answers REC_CODE: 0 when every layer was accepted.
 */
export function rx(len: i32, flags: i32): i32 {
  wipeShort(REC, REC_SIZE);
  const code = len < 0 ? refuse(At.CALL, CallReason.LENGTH, 0) : read(len, flags);
  store<u16>(REC + REC_CODE, <u16>code);
  return code;
}

/** A frame that is too long is refused by its length, before a byte of it is looked at. */
function read(len: i32, flags: i32): i32 {
  if (len <= MAX_LEN) copyShort(PLAIN, IN, len);
  return walk(PLAIN, len, flags);
}
