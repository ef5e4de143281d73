/**
 * `rxBatch`: many frames, one crossing, for captures and simulated fleets. Each frame is received as by `rx`, one after the
 * other, with the same keys, counters, addresses and codes; of its record the head is kept, and its opened layers stand in
 * BATCH_IN, where it was received.
 */
import { At, CallReason } from '../abi/code.ts';
import {
  BATCH_FRAMES,
  BATCH_FRAME_COUNT,
  BATCH_FRAME_SIZE,
  BATCH_HEADS,
  BATCH_HEAD_SIZE,
  BATCH_IN,
  BATCH_IN_SIZE,
  REC,
  REC_CODE,
} from '../abi/layout.ts';
import { readUsual } from './usual.ts';
import { walk } from './walk.ts';

/** Within an entry of BATCH_FRAMES: the length, behind the offset. */
const LENGTH: i32 = 2;

/**
 * Reads the first `count` frames of BATCH_FRAMES; `flags` are those of enum Rx. Answers 0, whatever the frames are; what
 * `rx` would answer stands in each head. Refuses, with no frame read: 1 INDEX, more frames than the window has; 2 LENGTH, a
 * frame that reaches behind BATCH_IN.
 */
export function rxBatch(count: i32, flags: i32): i32 {
  if (<u32>count > <u32>BATCH_FRAME_COUNT) return At.CALL * 256 + CallReason.INDEX;
  for (let i = 0; i < count; i++) if (offsetOf(i) + lengthOf(i) > BATCH_IN_SIZE) return At.CALL * 256 + CallReason.LENGTH;
  for (let i = 0; i < count; i++) {
    const frame = <usize>(BATCH_IN + offsetOf(i));
    const head = <usize>(BATCH_HEADS + i * BATCH_HEAD_SIZE);
    if (readUsual(frame, lengthOf(i), flags, head)) continue;
    clearHead();
    const code = walk(frame, lengthOf(i), flags);
    store<u16>(REC + REC_CODE, <u16>code);
    keepHead(head);
  }
  return 0;
}

/** A head is four vectors. */
// @ts-ignore: decorator
@inline
function clearHead(): void {
  const zero = i64x2.splat(0);
  v128.store(REC, zero);
  v128.store(REC, zero, 16);
  v128.store(REC, zero, 32);
  v128.store(REC, zero, 48);
}

// @ts-ignore: decorator
@inline
function keepHead(head: usize): void {
  v128.store(head, v128.load(REC));
  v128.store(head, v128.load(REC, 16), 16);
  v128.store(head, v128.load(REC, 32), 32);
  v128.store(head, v128.load(REC, 48), 48);
}

function offsetOf(i: i32): i32 {
  return <i32>load<u16>(BATCH_FRAMES + i * BATCH_FRAME_SIZE);
}

function lengthOf(i: i32): i32 {
  return <i32>load<u16>(BATCH_FRAMES + i * BATCH_FRAME_SIZE + LENGTH);
}
