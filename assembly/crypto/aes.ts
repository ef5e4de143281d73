/**
 * AES-128 encryption (FIPS 197) by byte shuffles, in constant time: no branch and no address depends on key or data.
 *
 * Inside, bytes are *tower bytes* (see aes-tables.ts), in which the S-box costs a few 16-entry shuffles, and round keys are
 * kept as tower bytes too. `encrypt` takes and gives ordinary bytes; the others serve constructions that stay inside over
 * many blocks (ccm.ts, mmo.ts). There is no decryption: CCM* and AES-MMO need none.
 */
import {
  A_OVER,
  ENTER_HIGH,
  ENTER_LOW,
  INVERSE,
  LAST_WORD_TURNED,
  LEAVE_HIGH,
  LEAVE_LOW,
  ROUND_CONSTANTS,
  SHIFT,
  SHIFT_TURN1,
  SHIFT_TURN2,
  SHIFT_TURN3,
  SUB2_IO,
  SUB2_JO,
  SUB_CONSTANT,
  SUB_IO,
  SUB_JO,
  UP1,
  UP2,
} from './aes-tables.ts';

/** Bytes in a key and in a block. */
export const BLOCK_SIZE: i32 = 16;
/** Bytes in a schedule: eleven round keys. */
export const SCHEDULE_SIZE: i32 = 176;

/** Expands the 16-byte `key` into the 176 bytes at `schedule`; the two may not overlap. The caller wipes both. */
export function expand(key: usize, schedule: usize): void {
  let k = enter(v128.load(key));
  v128.store(schedule, k);
  for (let round: usize = 1; round <= 10; round++) {
    k = nextKey(k, round);
    v128.store(schedule + (round << 4), masked(k));
  }
}

/** Encrypts the block at `input` to `output`, which may be the same. */
export function encrypt(schedule: usize, input: usize, output: usize): void {
  v128.store(output, leave(rounds(schedule, enter(v128.load(input)))));
}

/** All rounds on tower bytes, for a chain that stays inside. Written out, the rounds run a fifth faster than as a loop. */
export function rounds(schedule: usize, block: v128): v128 {
  let k = v128.load(schedule);
  let x = v128.xor(block, k);
  k = v128.load(schedule, 16);
  x = inner(x, k);
  k = v128.load(schedule, 32);
  x = inner(x, k);
  k = v128.load(schedule, 48);
  x = inner(x, k);
  k = v128.load(schedule, 64);
  x = inner(x, k);
  k = v128.load(schedule, 80);
  x = inner(x, k);
  k = v128.load(schedule, 96);
  x = inner(x, k);
  k = v128.load(schedule, 112);
  x = inner(x, k);
  k = v128.load(schedule, 128);
  x = inner(x, k);
  k = v128.load(schedule, 144);
  x = inner(x, k);
  return outer(x, v128.load(schedule, 160));
}

/**
 * `rounds` of one block, and beside it the encryption of another, `other`, whose ordinary bytes go to `output`: the processor
 * overlaps the two, at well under twice the time of one.
 */
export function roundsBeside(schedule: usize, block: v128, other: v128, output: usize): v128 {
  let k = v128.load(schedule);
  let x = v128.xor(block, k);
  let y = v128.xor(other, k);
  k = v128.load(schedule, 16);
  x = inner(x, k);
  y = inner(y, k);
  k = v128.load(schedule, 32);
  x = inner(x, k);
  y = inner(y, k);
  k = v128.load(schedule, 48);
  x = inner(x, k);
  y = inner(y, k);
  k = v128.load(schedule, 64);
  x = inner(x, k);
  y = inner(y, k);
  k = v128.load(schedule, 80);
  x = inner(x, k);
  y = inner(y, k);
  k = v128.load(schedule, 96);
  x = inner(x, k);
  y = inner(y, k);
  k = v128.load(schedule, 112);
  x = inner(x, k);
  y = inner(y, k);
  k = v128.load(schedule, 128);
  x = inner(x, k);
  y = inner(y, k);
  k = v128.load(schedule, 144);
  x = inner(x, k);
  y = inner(y, k);
  k = v128.load(schedule, 160);
  v128.store(output, leave(outer(y, k)));
  return outer(x, k);
}

/** Ordinary bytes to tower bytes. */
// @ts-ignore: decorator
@inline
export function enter(x: v128): v128 {
  return v128.xor(ask(ENTER_LOW, low(x)), ask(ENTER_HIGH, high(x)));
}

/** Tower bytes to ordinary bytes. */
// @ts-ignore: decorator
@inline
export function leave(x: v128): v128 {
  return v128.xor(ask(LEAVE_LOW, low(x)), ask(LEAVE_HIGH, high(x)));
}

/** Rounds 1 to 9 on tower bytes: SubBytes, ShiftRows, MixColumns, AddRoundKey with a `masked` key. */
// @ts-ignore: decorator
@inline
export function inner(x: v128, key: v128): v128 {
  const io = invertIo(low(x), high(x));
  const jo = invertJo(low(x), high(x));
  const once = v128.xor(ask(SUB_IO, io), ask(SUB_JO, jo));
  const twice = v128.xor(ask(SUB2_IO, io), ask(SUB2_JO, jo));
  // A column s becomes 2·s + 3·turn1(s) + turn2(s) + turn3(s): four orders of the same bytes, none of which waits for another.
  const thrice = v128.xor(once, twice);
  const a = v128.xor(i8x16.swizzle(once, v128.load(SHIFT_TURN3)), key);
  const b = i8x16.swizzle(once, v128.load(SHIFT_TURN2));
  const c = v128.xor(i8x16.swizzle(twice, SHIFT), i8x16.swizzle(thrice, v128.load(SHIFT_TURN1)));
  return v128.xor(v128.xor(a, b), c);
}

/** Round 10 on tower bytes: as `inner` without MixColumns. */
// @ts-ignore: decorator
@inline
export function outer(x: v128, key: v128): v128 {
  return v128.xor(i8x16.swizzle(substitute(x), SHIFT), key);
}

/** The round key of `round` (1 to 10) from the one before (FIPS 197 clause 5.2), both unmasked tower bytes. */
// @ts-ignore: decorator
@inline
export function nextKey(key: v128, round: usize): v128 {
  const constant = i32x4.splat((SUB_CONSTANT * 0x01010100) | i32(load<u8>(ROUND_CONSTANTS + round - 1)));
  const added = v128.xor(substitute(i8x16.swizzle(key, LAST_WORD_TURNED)), constant);
  const pairs = v128.xor(key, i8x16.swizzle(key, UP1));
  return v128.xor(v128.xor(pairs, i8x16.swizzle(pairs, UP2)), added);
}

/** A round key ready for `inner` and `outer`: it carries the constant that their S-box leaves out. */
// @ts-ignore: decorator
@inline
export function masked(key: v128): v128 {
  return v128.xor(key, i8x16.splat(<i8>SUB_CONSTANT));
}

/** SubBytes without its constant, tower bytes to tower bytes. */
// @ts-ignore: decorator
@inline
function substitute(x: v128): v128 {
  return v128.xor(ask(SUB_IO, invertIo(low(x), high(x))), ask(SUB_JO, invertJo(low(x), high(x))));
}

/** io, where 1/io = (k + a·i) / N: 1/(1/i + a/k) + j with j = i + k. */
// @ts-ignore: decorator
@inline
function invertIo(k: v128, i: v128): v128 {
  return v128.xor(ask(INVERSE, v128.xor(ask(INVERSE, i), ask(A_OVER, k))), v128.xor(i, k));
}

/** jo, where 1/jo = ((1 + a)·k + a·i) / N: 1/(1/j + a/k) + i. */
// @ts-ignore: decorator
@inline
function invertJo(k: v128, i: v128): v128 {
  return v128.xor(ask(INVERSE, v128.xor(ask(INVERSE, v128.xor(i, k)), ask(A_OVER, k))), i);
}

/** Looks every byte of `index` up in the sixteen bytes at `table`; 0 where the index has bit 7 set. */
// @ts-ignore: decorator
@inline
function ask(table: usize, index: v128): v128 {
  return i8x16.swizzle(v128.load(table), index);
}

/** Low nibbles. */
// @ts-ignore: decorator
@inline
function low(x: v128): v128 {
  return v128.and(x, i8x16.splat(0x0f));
}

/** High nibbles. */
// @ts-ignore: decorator
@inline
function high(x: v128): v128 {
  return v128.and(i16x8.shr_u(x, 4), i8x16.splat(0x0f));
}
