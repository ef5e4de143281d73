/**
 * The field of sect163k1 (SEC 2 clause 3.2.1): polynomials over GF(2) modulo x^163 + x^7 + x^6 + x^3 + 1, in constant time.
 *
 * An element is 32 bytes, little-endian, its 93 highest bits zero. Results may stand where operands stood.
 */
import {
  first,
  gather,
  join,
  NIBBLES,
  pair,
  row,
  ROW,
  ROWS,
  second,
  squareHigh,
  squareLow,
  writeLastRows,
  writeNibbles,
  writeRows,
  writeZeros,
} from './gf2.ts';

/** Bytes of an element in memory. */
export const SIZE: usize = 32;

/** Bytes from low nibbles to high ones; the zeros between serve both. */
const HIGH: usize = 64;
/** Bits of the last limb that an element uses. */
const TOP: u64 = 35;

/** z = x · y. */
export function mul(z: usize, x: usize, y: usize): void {
  const zero = i64x2.splat(0);
  const y0 = v128.load(y);
  writeRows(0, y0, zero);
  writeLastRows(1, v128.load(y, 16), y0);
  writeNibbles(NIBBLES, HIGH, v128.load(x));
  writeNibbles(NIBBLES + 16, HIGH, v128.load(x, 16));
  writeZeros(NIBBLES - 32, NIBBLES);
  writeZeros(NIBBLES + 32, NIBBLES + HIGH);
  writeZeros(NIBBLES + HIGH + 32, NIBBLES + HIGH + 48);
  let l0 = zero;
  let l1 = zero;
  let l2 = zero;
  let h0 = zero;
  let h1 = zero;
  let h2 = zero;
  let at = ROWS;
  let n = NIBBLES;
  // Row p meets 21 bytes of nibbles: product bytes p to p + 20, hence vectors 0 and 1, from row 12 on 2 too, from 16 on not 0.
  for (; at < ROWS + 12 * ROW; at += ROW, n--) {
    const r = row(at);
    l0 = gather(l0, r, v128.load(n));
    l1 = gather(l1, r, v128.load(n, 16));
    h0 = gather(h0, r, v128.load(n, HIGH));
    h1 = gather(h1, r, v128.load(n, HIGH + 16));
  }
  for (; at < ROWS + 16 * ROW; at += ROW, n--) {
    const r = row(at);
    l0 = gather(l0, r, v128.load(n));
    l1 = gather(l1, r, v128.load(n, 16));
    l2 = gather(l2, r, v128.load(n, 32));
    h0 = gather(h0, r, v128.load(n, HIGH));
    h1 = gather(h1, r, v128.load(n, HIGH + 16));
    h2 = gather(h2, r, v128.load(n, HIGH + 32));
  }
  for (; at < ROWS + 21 * ROW; at += ROW, n--) {
    const r = row(at);
    l1 = gather(l1, r, v128.load(n, 16));
    l2 = gather(l2, r, v128.load(n, 32));
    h1 = gather(h1, r, v128.load(n, HIGH + 16));
    h2 = gather(h2, r, v128.load(n, HIGH + 32));
  }
  reduce(z, join(l0, h0, zero), join(l1, h1, h0), join(l2, h2, h1));
}

/** z = x². */
export function sqr(z: usize, x: usize): void {
  const x0 = v128.load(x);
  reduce(z, squareLow(x0), squareHigh(x0), squareLow(v128.load(x, 16)));
}

/** The trace of x, 0 or 1: that of a power of the variable is 1 for exponents 0 and 157 alone. */
export function trace(x: usize): u32 {
  return (load<u32>(x) ^ (load<u32>(x, 19) >> 5)) & 1;
}

/** Writes the remainder of a product of degree up to 324. */
// @ts-ignore: decorator
@inline
function reduce(z: usize, p0: v128, p1: v128, p2: v128): void {
  let c0 = first(p0);
  let c1 = second(p0);
  let c2 = first(p1);
  let c3 = second(p1);
  const c4 = first(p2);
  const c5 = second(p2);
  c2 ^= foldDown(c5);
  c3 ^= foldUp(c5);
  c1 ^= foldDown(c4);
  c2 ^= foldUp(c4);
  c0 ^= foldDown(c3);
  c1 ^= foldUp(c3);
  const over = c2 >> TOP;
  c0 ^= over ^ (over << 3) ^ (over << 6) ^ (over << 7);
  v128.store(z, pair(c0, c1));
  v128.store(z, pair(c2 & ((1 << TOP) - 1), 0), 16);
}

/** What limb i + 3 adds to limb i: x^192 = x^29 · (1 + x^3 + x^6 + x^7). */
// @ts-ignore: decorator
@inline
function foldDown(limb: u64): u64 {
  return (limb << 29) ^ (limb << 32) ^ (limb << 35) ^ (limb << 36);
}

/** What it adds to limb i + 1. */
// @ts-ignore: decorator
@inline
function foldUp(limb: u64): u64 {
  return (limb >> 35) ^ (limb >> 32) ^ (limb >> 29) ^ (limb >> 28);
}
