/**
 * Scalars written in powers of τ, the map (x, y) → (x², y²) of a Koblitz curve, which costs two squarings where a doubling costs
 * many products. τ² = μτ - 2, and (τ^m - 1)·P = 0; Solinas, "Efficient arithmetic on Koblitz curves", 2000.
 *
 * `split` turns a scalar into r0 + r1·τ with r0, r1 of half its length; the two `write…` turn that into digits u, odd or 0, of a
 * window of w bits. A digit stands for the element of smallest norm that is congruent to u modulo τ^w; `describe` finds them.
 */
import { TAU_A, TAU_B, TAU_PRODUCT, TAU_QUOTIENT } from '../abi/layout.ts';
import { curve, muOf, wordsOf, Curve } from './curve.ts';
import * as integer from './integer.ts';

/** Bytes of a description: the elements' rational parts, then their parts of τ, one byte each; entry i is of digit 2·i + 1. */
export const DESCRIPTION_LEN: usize = 32;
/** Where the parts of τ begin in it. */
export const TAU_PARTS: usize = 16;

/** 32-bit words of r0 and of r1, in two's complement. */
const WORDS: i32 = 6;
const ROW: usize = 4 * WORDS;
/** No part of an element of smallest norm is greater, for windows of up to 6 bits. */
const REACH: i32 = 6;

/**
 * Sparse digits beyond the degree. Each division by τ halves a norm of at most 1.01·n: after `degree` digits what is left is a digit itself,
 * whose norm is below 16, or becomes one within the next four.
 */
const SPARE: i32 = 6;

/** Digits that `writeRegular` writes. */
export function regularCount<C extends Curve>(width: i32): i32 {
  return (curve<C>().degree + width - 1) / (width - 1) + 1;
}

/** Writes the description of digits 1, 3, … below 2^(width - 1), for widths up to 6. τ counts for its image t modulo 2^width. */
export function describe<C extends Curve>(description: usize, width: i32): void {
  const t = <i32>curve<C>().tau;
  for (let digit = 1; digit < 1 << (width - 1); digit += 2) {
    let smallest = i32.MAX_VALUE;
    for (let b = -REACH; b <= REACH; b++) {
      const a = ((digit - b * t) << (32 - width)) >> (32 - width);
      const norm = a * a + muOf<C>() * a * b + 2 * b * b;
      if (norm >= smallest) continue;
      smallest = norm;
      store<i8>(description + (digit >> 1), <i8>a);
      store<i8>(description + TAU_PARTS + (digit >> 1), <i8>b);
    }
  }
}

/**
 * Splits a scalar k below n: TAU_A + TAU_B·τ is congruent to k modulo (τ^m - 1)/(τ - 1), and its norm at most 1.01·n. In constant
 * time (see `SPLIT_163`).
 */
export function split<C extends Curve>(k: usize): void {
  const words = wordsOf<C>();
  const rows = curve<C>().split;
  integer.set(TAU_A, 0, WORDS);
  integer.copy(TAU_A, k, min(words, WORDS));
  integer.set(TAU_B, 0, WORDS);
  for (let i: usize = 0; i < 2; i++) {
    integer.mul(TAU_PRODUCT, k, words, rows + ROW * i, WORDS);
    // Rounded: the highest bit that falls away counts.
    integer.set(TAU_QUOTIENT, load<u32>(TAU_PRODUCT + 4 * (words - 1)) >> 31, WORDS);
    integer.add(TAU_QUOTIENT, TAU_QUOTIENT, TAU_PRODUCT + 4 * words, WORDS);
    integer.mulAddLow(TAU_A, WORDS, TAU_QUOTIENT, WORDS, rows + ROW * (2 + i), WORDS);
    integer.mulAddLow(TAU_B, WORDS, TAU_QUOTIENT, WORDS, rows + ROW * (4 + i), WORDS);
  }
}

/** Makes TAU_A odd by adding what counts for 0, so that `writeRegular` may follow. In constant time. */
export function makeOdd<C extends Curve>(): void {
  const rows = curve<C>().split;
  integer.set(TAU_QUOTIENT, ~load<u32>(TAU_A) & 1, 1);
  integer.mulAddLow(TAU_A, WORDS, TAU_QUOTIENT, 1, rows + ROW * 2, WORDS);
  integer.mulAddLow(TAU_B, WORDS, TAU_QUOTIENT, 1, rows + ROW * 4, WORDS);
}

/**
 * Writes what `split` left as digits, one for each power of τ, least significant first; about one in `width` + 1 is not 0. Answers
 * how many. Its branches depend on the scalar: for public ones alone.
 */
export function writeSparseVarTime<C extends Curve>(digits: usize, description: usize, width: i32): i32 {
  const count = curve<C>().degree + SPARE;
  const unused = 32 - width;
  // Limbs of 48 bits, signed and without carries: division by τ shrinks whatever a limb has too much.
  let a0 = limb(TAU_A, 0);
  let a1 = limb(TAU_A, 6);
  let a2 = limb(TAU_A, 12);
  let b0 = limb(TAU_B, 0);
  let b1 = limb(TAU_B, 6);
  let b2 = limb(TAU_B, 12);
  for (let i = 0; i < count; i++) {
    let digit = 0;
    if (a0 & 1) {
      digit = ((<i32>(<u32>a0 + <u32>b0 * curve<C>().tau)) << unused) >> unused;
      const sign = digit >> 31;
      const entry = description + (((digit ^ sign) - sign) >> 1);
      a0 -= <i64>(((<i32>load<i8>(entry)) ^ sign) - sign);
      b0 -= <i64>(((<i32>load<i8>(entry, TAU_PARTS)) ^ sign) - sign);
    }
    store<i8>(digits + i, <i8>digit);
    // (a + b·τ) / τ = b + μ·a/2 - (a/2)·τ.
    const h0 = (a0 >> 1) + ((a1 & 1) << 47);
    const h1 = (a1 >> 1) + ((a2 & 1) << 47);
    const h2 = a2 >> 1;
    a0 = muOf<C>() > 0 ? b0 + h0 : b0 - h0;
    a1 = muOf<C>() > 0 ? b1 + h1 : b1 - h1;
    a2 = muOf<C>() > 0 ? b2 + h2 : b2 - h2;
    b0 = -h0;
    b1 = -h1;
    b2 = -h2;
  }
  return count;
}

/**
 * Writes what `split` and `makeOdd` left as `regularCount<C>(width)` digits, none of them 0, each for a power of τ^(width - 1), least
 * significant first. In constant time.
 *
 * What is left, modulo τ^width, less 2^(width - 1), is odd and below 2^(width - 1) either way; without it the rest is divisible by
 * τ^(width - 1) and odd again afterwards (Joye and Tunstall's recoding, carried over to τ). The rest ends as an element so small that
 * it is a digit itself, since 2·sqrt(n) / 2^((count - 1)(width - 1)/2) and what the digits leave together stay below half of
 * 2^(width/2).
 */
export function writeRegular<C extends Curve>(digits: usize, description: usize, width: i32): void {
  const last = regularCount<C>(width) - 1;
  const unused = 32 - width;
  const as = v128.load(description);
  const bs = v128.load(description, TAU_PARTS);
  let a0 = limb(TAU_A, 0);
  let a1 = limb(TAU_A, 6);
  let a2 = limb(TAU_A, 12);
  let b0 = limb(TAU_B, 0);
  let b1 = limb(TAU_B, 6);
  let b2 = limb(TAU_B, 12);
  for (let i = 0; i < last; i++) {
    const digit = ((<i32>a0 + <i32>b0 * <i32>curve<C>().tau) & ((1 << width) - 1)) - (1 << (width - 1));
    store<i8>(digits + i, <i8>digit);
    const sign = digit >> 31;
    const entry = i8x16.splat(<i8>(((digit ^ sign) - sign) >> 1));
    a0 -= <i64>(((<i32>i8x16.extract_lane_s(i8x16.swizzle(as, entry), 0)) ^ sign) - sign);
    b0 -= <i64>(((<i32>i8x16.extract_lane_s(i8x16.swizzle(bs, entry), 0)) ^ sign) - sign);
    for (let k = 1; k < width; k++) {
      const h0 = (a0 >> 1) + ((a1 & 1) << 47);
      const h1 = (a1 >> 1) + ((a2 & 1) << 47);
      const h2 = a2 >> 1;
      a0 = muOf<C>() > 0 ? b0 + h0 : b0 - h0;
      a1 = muOf<C>() > 0 ? b1 + h1 : b1 - h1;
      a2 = muOf<C>() > 0 ? b2 + h2 : b2 - h2;
      b0 = -h0;
      b1 = -h1;
      b2 = -h2;
    }
  }
  store<i8>(digits + last, <i8>(((<i32>a0 + <i32>b0 * <i32>curve<C>().tau) << unused) >> unused));
}

/** Limb of 48 bits at a byte of a number of 192; the last one is signed. */
function limb(x: usize, at: usize): i64 {
  return at < 12 ? load<i64>(x + at) & 0xffffffffffff : load<i64>(x + at);
}
