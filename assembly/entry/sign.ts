/**
 * Calls of signer.wasm, for tooling and the laboratory: digests by which image integrity codes are built. The message comes
 * through IN in any split. Each answers 0 or `At.CALL * 256 + CallReason`.
 */
import { At, CallReason } from '../abi/code.ts';
import { IMAGE_STATE, IN, IN_SIZE, OUT, STATE_MMO } from '../abi/layout.ts';
import * as mmo from '../crypto/mmo.ts';

const STATE: usize = IMAGE_STATE + STATE_MMO;

/** Starts an AES-MMO digest. */
export function mmoBegin(): i32 {
  mmo.init(STATE);
  return 0;
}

/** Appends `len` bytes of IN. Refuses: 1 LENGTH, more than the window. */
export function mmoUpdate(len: i32): i32 {
  if (<u32>len > <u32>IN_SIZE) return At.CALL * 256 + CallReason.LENGTH;
  mmo.update(STATE, IN, len);
  return 0;
}

/** Writes the 16-byte digest to OUT, with the padding of the message's length, and forgets the message. */
export function mmoFinish(): i32 {
  mmo.final(STATE, OUT);
  return 0;
}
