/**
 * The field of sect283k1 (SEC 2 clause 3.4.1): polynomials over GF(2) modulo x^283 + x^12 + x^7 + x^5 + 1, in constant time.
 *
 * An element is 48 bytes, little-endian, its 101 highest bits zero. Results may stand where operands stood.
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
export const SIZE: usize = 48;

/** Bytes from low nibbles to high ones; the zeros between serve both. */
const HIGH: usize = 96;
/** Bits of the last limb that an element uses. */
const TOP: u64 = 27;

/** z = x · y. */
export function mul(z: usize, x: usize, y: usize): void {
  const zero = i64x2.splat(0);
  const y0 = v128.load(y);
  const y1 = v128.load(y, 16);
  writeRows(0, y0, zero);
  writeRows(1, y1, y0);
  writeLastRows(2, v128.load(y, 32), y1);
  writeNibbles(NIBBLES, HIGH, v128.load(x));
  writeNibbles(NIBBLES + 16, HIGH, v128.load(x, 16));
  writeNibbles(NIBBLES + 32, HIGH, v128.load(x, 32));
  writeZeros(NIBBLES - 48, NIBBLES);
  writeZeros(NIBBLES + 48, NIBBLES + HIGH);
  writeZeros(NIBBLES + HIGH + 48, NIBBLES + HIGH + 64);
  let l0 = zero;
  let l1 = zero;
  let l2 = zero;
  let l3 = zero;
  let l4 = zero;
  let h0 = zero;
  let h1 = zero;
  let h2 = zero;
  let h3 = zero;
  let h4 = zero;
  let at = ROWS;
  let n = NIBBLES;
  // Row p meets 36 bytes of nibbles: product bytes p to p + 35. Vector k has part in rows 16k - 35 to 16k + 15.
  for (; at < ROWS + 13 * ROW; at += ROW, n--) {
    const r = row(at);
    l0 = gather(l0, r, v128.load(n));
    l1 = gather(l1, r, v128.load(n, 16));
    l2 = gather(l2, r, v128.load(n, 32));
    h0 = gather(h0, r, v128.load(n, HIGH));
    h1 = gather(h1, r, v128.load(n, HIGH + 16));
    h2 = gather(h2, r, v128.load(n, HIGH + 32));
  }
  for (; at < ROWS + 16 * ROW; at += ROW, n--) {
    const r = row(at);
    l0 = gather(l0, r, v128.load(n));
    l1 = gather(l1, r, v128.load(n, 16));
    l2 = gather(l2, r, v128.load(n, 32));
    l3 = gather(l3, r, v128.load(n, 48));
    h0 = gather(h0, r, v128.load(n, HIGH));
    h1 = gather(h1, r, v128.load(n, HIGH + 16));
    h2 = gather(h2, r, v128.load(n, HIGH + 32));
    h3 = gather(h3, r, v128.load(n, HIGH + 48));
  }
  for (; at < ROWS + 29 * ROW; at += ROW, n--) {
    const r = row(at);
    l1 = gather(l1, r, v128.load(n, 16));
    l2 = gather(l2, r, v128.load(n, 32));
    l3 = gather(l3, r, v128.load(n, 48));
    h1 = gather(h1, r, v128.load(n, HIGH + 16));
    h2 = gather(h2, r, v128.load(n, HIGH + 32));
    h3 = gather(h3, r, v128.load(n, HIGH + 48));
  }
  for (; at < ROWS + 32 * ROW; at += ROW, n--) {
    const r = row(at);
    l1 = gather(l1, r, v128.load(n, 16));
    l2 = gather(l2, r, v128.load(n, 32));
    l3 = gather(l3, r, v128.load(n, 48));
    l4 = gather(l4, r, v128.load(n, 64));
    h1 = gather(h1, r, v128.load(n, HIGH + 16));
    h2 = gather(h2, r, v128.load(n, HIGH + 32));
    h3 = gather(h3, r, v128.load(n, HIGH + 48));
    h4 = gather(h4, r, v128.load(n, HIGH + 64));
  }
  for (; at < ROWS + 36 * ROW; at += ROW, n--) {
    const r = row(at);
    l2 = gather(l2, r, v128.load(n, 32));
    l3 = gather(l3, r, v128.load(n, 48));
    l4 = gather(l4, r, v128.load(n, 64));
    h2 = gather(h2, r, v128.load(n, HIGH + 32));
    h3 = gather(h3, r, v128.load(n, HIGH + 48));
    h4 = gather(h4, r, v128.load(n, HIGH + 64));
  }
  reduce(z, join(l0, h0, zero), join(l1, h1, h0), join(l2, h2, h1), join(l3, h3, h2), join(l4, h4, h3));
}

/** z = x². */
export function sqr(z: usize, x: usize): void {
  const x0 = v128.load(x);
  const x1 = v128.load(x, 16);
  reduce(z, squareLow(x0), squareHigh(x0), squareLow(x1), squareHigh(x1), squareLow(v128.load(x, 32)));
}

/** The trace of x, 0 or 1: that of a power of the variable is 1 for exponents 0 and 271 alone. */
export function trace(x: usize): u32 {
  return (load<u32>(x) ^ (load<u32>(x, 33) >> 7)) & 1;
}

/** Writes the remainder of a product of degree up to 564. */
// @ts-ignore: decorator
@inline
function reduce(z: usize, p0: v128, p1: v128, p2: v128, p3: v128, p4: v128): void {
  let c0 = first(p0);
  let c1 = second(p0);
  let c2 = first(p1);
  let c3 = second(p1);
  let c4 = first(p2);
  let c5 = second(p2);
  const c6 = first(p3);
  const c7 = second(p3);
  const c8 = first(p4);
  c3 ^= foldDown(c8);
  c4 ^= foldUp(c8);
  c2 ^= foldDown(c7);
  c3 ^= foldUp(c7);
  c1 ^= foldDown(c6);
  c2 ^= foldUp(c6);
  c0 ^= foldDown(c5);
  c1 ^= foldUp(c5);
  const over = c4 >> TOP;
  c0 ^= over ^ (over << 5) ^ (over << 7) ^ (over << 12);
  v128.store(z, pair(c0, c1));
  v128.store(z, pair(c2, c3), 16);
  v128.store(z, pair(c4 & ((1 << TOP) - 1), 0), 32);
}

/** What limb i + 5 adds to limb i: x^320 = x^37 · (1 + x^5 + x^7 + x^12). */
// @ts-ignore: decorator
@inline
function foldDown(limb: u64): u64 {
  return (limb << 37) ^ (limb << 42) ^ (limb << 44) ^ (limb << 49);
}

/** What it adds to limb i + 1. */
// @ts-ignore: decorator
@inline
function foldUp(limb: u64): u64 {
  return (limb >> 27) ^ (limb >> 22) ^ (limb >> 20) ^ (limb >> 15);
}
