/**
 * Inversion modulo the order n in constant time, by division steps (Bernstein and Yang, "Fast constant-time gcd computation and
 * modular inversion", 2019): 30 steps at a time look at the lowest 30 bits alone and are then applied to whole numbers as one
 * matrix. (49·b + 57) / 17 steps are enough for numbers of b bits (theorem 11.2).
 *
 * Numbers here are limbs of 30 bits in words of 32, the last one signed.
 */
import { INVERSE_D, INVERSE_E, INVERSE_F, INVERSE_G, INVERSE_N, SCALAR_WIDE } from '../abi/layout.ts';
import { curve, wordsOf, Curve } from './curve.ts';
import * as integer from './integer.ts';

const BITS: i32 = 30;
const MASK: i32 = (1 << BITS) - 1;

/** z = 1/x modulo n, for x from 1 to n - 1. */
export function invert<C extends Curve>(z: usize, x: usize): void {
  const limbs = (curve<C>().orderBits + 31) / BITS;
  const steps = (49 * curve<C>().orderBits + 57) / 17;
  toLimbs(INVERSE_N, limbs, curve<C>().order, wordsOf<C>());
  toLimbs(INVERSE_F, limbs, curve<C>().order, wordsOf<C>());
  toLimbs(INVERSE_G, limbs, x, wordsOf<C>());
  integer.set(INVERSE_D, 0, limbs);
  integer.set(INVERSE_E, 1, limbs);
  const lowest = lowestInverse(load<u32>(INVERSE_N));
  let delta = 1;
  for (let done = 0; done < steps; done += BITS) delta = divide(delta, limbs, lowest);
  // g is 0 now, f is 1 or -1, and d is f/x between -2n and n.
  finish(limbs);
  fromLimbs(z, wordsOf<C>(), INVERSE_D, limbs);
}

/** BITS steps on f, g, d and e; answers the next delta. */
function divide(delta: i32, limbs: i32, lowest: u32): i32 {
  let u: i32 = 1;
  let v: i32 = 0;
  let q: i32 = 0;
  let r: i32 = 1;
  let f = load<i32>(INVERSE_F);
  let g = load<i32>(INVERSE_G);
  for (let i = 0; i < BITS; i++) {
    // Where delta > 0 and g is odd: f, g = g, (g - f)/2, else f, (g + (g mod 2)·f)/2. The matrix (u v / q r) doubles instead.
    const odd = -(g & 1);
    const positive = -delta >> 31;
    g += ((f ^ positive) - positive) & odd;
    q += ((u ^ positive) - positive) & odd;
    r += ((v ^ positive) - positive) & odd;
    const swap = positive & odd;
    delta = (delta ^ swap) - swap + 1;
    f += g & swap;
    u += q & swap;
    v += r & swap;
    g >>= 1;
    u <<= 1;
    v <<= 1;
  }
  applyExact(limbs, u, v, q, r);
  applyModulo(limbs, lowest, u, v, q, r);
  return delta;
}

/** f, g = (u·f + v·g, q·f + r·g) / 2^BITS, which divides both. */
function applyExact(limbs: i32, u: i64, v: i64, q: i64, r: i64): void {
  let a: i64 = 0;
  let b: i64 = 0;
  for (let i = 0; i < limbs; i++) {
    const f = <i64>load<i32>(INVERSE_F + 4 * i);
    const g = <i64>load<i32>(INVERSE_G + 4 * i);
    a += u * f + v * g;
    b += q * f + r * g;
    // The lowest limb of either is 0, and is overwritten by the next.
    const at = 4 * max(i - 1, 0);
    store<i32>(INVERSE_F + at, (<i32>a) & MASK);
    store<i32>(INVERSE_G + at, (<i32>b) & MASK);
    a >>= BITS;
    b >>= BITS;
  }
  store<i32>(INVERSE_F + 4 * (limbs - 1), <i32>a);
  store<i32>(INVERSE_G + 4 * (limbs - 1), <i32>b);
}

/** The same for d and e modulo n: as many n are added as make the lowest limbs 0. Both stay between -2n and n. */
function applyModulo(limbs: i32, lowest: u32, u: i64, v: i64, q: i64, r: i64): void {
  const d0 = <i64>load<i32>(INVERSE_D);
  const e0 = <i64>load<i32>(INVERSE_E);
  const dSign = (<i64>load<i32>(INVERSE_D + 4 * (limbs - 1))) >> 63;
  const eSign = (<i64>load<i32>(INVERSE_E + 4 * (limbs - 1))) >> 63;
  let m = (u & dSign) + (v & eSign);
  let k = (q & dSign) + (r & eSign);
  m -= <i64>((lowest * <u32>(u * d0 + v * e0) + <u32>m) & (<u32>MASK));
  k -= <i64>((lowest * <u32>(q * d0 + r * e0) + <u32>k) & (<u32>MASK));
  let a: i64 = 0;
  let b: i64 = 0;
  for (let i = 0; i < limbs; i++) {
    const d = <i64>load<i32>(INVERSE_D + 4 * i);
    const e = <i64>load<i32>(INVERSE_E + 4 * i);
    const n = <i64>load<i32>(INVERSE_N + 4 * i);
    a += u * d + v * e + m * n;
    b += q * d + r * e + k * n;
    const at = 4 * max(i - 1, 0);
    store<i32>(INVERSE_D + at, (<i32>a) & MASK);
    store<i32>(INVERSE_E + at, (<i32>b) & MASK);
    a >>= BITS;
    b >>= BITS;
  }
  store<i32>(INVERSE_D + 4 * (limbs - 1), <i32>a);
  store<i32>(INVERSE_E + 4 * (limbs - 1), <i32>b);
}

/** d = d · f modulo n, from 0 to n - 1, where f is 1 or -1. */
function finish(limbs: i32): void {
  addOrder(limbs, load<i32>(INVERSE_F + 4 * (limbs - 1)) >> 31);
  addOrder(limbs, 0);
}

/** d = d + n where d is negative, then -d where `negate` is all ones, each limb carried. */
function addOrder(limbs: i32, negate: i32): void {
  const negative = load<i32>(INVERSE_D + 4 * (limbs - 1)) >> 31;
  let carry: i32 = 0;
  for (let i = 0; i < limbs; i++) {
    const limb = load<i32>(INVERSE_D + 4 * i) + (load<i32>(INVERSE_N + 4 * i) & negative);
    carry += (limb ^ negate) - negate;
    store<i32>(INVERSE_D + 4 * i, i + 1 < limbs ? carry & MASK : carry);
    carry >>= BITS;
  }
}

/** Words of 32 bits to limbs of 30. */
function toLimbs(z: usize, limbs: i32, x: usize, words: i32): void {
  integer.set(SCALAR_WIDE, 0, limbs + 1);
  integer.copy(SCALAR_WIDE, x, words);
  for (let i = 0; i < limbs; i++) {
    const bit = BITS * i;
    store<i32>(z + 4 * i, (<i32>(load<u64>(SCALAR_WIDE + 4 * (bit >> 5)) >> (bit & 31))) & MASK);
  }
}

/** Limbs of 30 bits, none negative, to words of 32. */
function fromLimbs(z: usize, words: i32, x: usize, limbs: i32): void {
  for (let i = 0; i < words; i++) {
    const limb = (32 * i) / BITS;
    const skipped = 32 * i - BITS * limb;
    const next: u64 = limb + 1 < limbs ? <u64>load<u32>(x + 4 * limb, 4) : 0;
    store<u32>(z + 4 * i, <u32>(((<u64>load<u32>(x + 4 * limb)) | (next << BITS)) >> skipped));
  }
}

/** 1/n modulo 2^32 for odd n: each step of Newton's doubles the bits that are right, three at first. */
function lowestInverse(n: u32): u32 {
  let x = n;
  for (let i = 0; i < 4; i++) x *= 2 - n * x;
  return x;
}
