/**
 * Multiplication and squaring of binary polynomials by byte shuffles, in constant time: no branch and no address depends on
 * a value. What both fields share; gf163.ts and gf283.ts add their width and their reduction.
 *
 * A product a·b is made row by row. Row p is a table of sixteen bytes, byte p of 0·b, 1·b, …, 15·b, and one swizzle asks it
 * for sixteen nibbles of a at once. Where nibble i is a low one, its answer belongs to byte p + i of the product; answers to
 * high nibbles are gathered apart and moved up by four bits in the end. Nibbles stand in memory between zeros, for which
 * every row has 0, so that "nibbles p lower" is a load p bytes lower.
 */
import { GF2_NIBBLES, GF2_ROWS } from '../abi/layout.ts';

/** A row's two halves, four bytes each: 0, b, 2b, 3b (byte p of each) at GF2_ROWS + 4·p, and 0, 4b, 8b, 12b this much further. */
const HALF: usize = 192;
/** Room for zeros before the nibbles. */
const BORDER: i32 = 48;

/** Where the rows begin; the next one is ROW bytes further. */
export const ROWS: usize = GF2_ROWS;
/** Bytes from row to row. */
export const ROW: usize = 4;
/** Where the nibbles for row 0 stand; those for the next row are one byte lower. */
export const NIBBLES: usize = GF2_NIBBLES + BORDER;

/** Writes the rows of the 16 bytes `b`, vector `i` of a polynomial; `below` is the vector before it, or zero. */
// @ts-ignore: decorator
@inline
export function writeRows(i: usize, b: v128, below: v128): void {
  const carried = limbUp(below, b);
  const at = ROWS + 64 * i;
  const b1 = bitsUp(b, carried, 1);
  const b2 = bitsUp(b, carried, 2);
  const b3 = bitsUp(b, carried, 3);
  writeLowQuads(at, b, b1);
  writeLowQuads(at + HALF, b2, b3);
  writeHighQuads(at + 32, b, b1);
  writeHighQuads(at + 32 + HALF, b2, b3);
}

/** As `writeRows` for a last vector of which the lower 8 bytes alone are used. */
// @ts-ignore: decorator
@inline
export function writeLastRows(i: usize, b: v128, below: v128): void {
  const carried = limbUp(below, b);
  const at = ROWS + 64 * i;
  writeLowQuads(at, b, bitsUp(b, carried, 1));
  writeLowQuads(at + HALF, bitsUp(b, carried, 2), bitsUp(b, carried, 3));
}

/** The row at `row`: entry u is a byte of u·b. */
// @ts-ignore: decorator
@inline
export function row(row: usize): v128 {
  const each4 = i8x16(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  return v128.xor(v128.load_splat<u32>(row), i8x16.swizzle(v128.load_splat<u32>(row, HALF), each4));
}

/** Writes the nibbles of the 16 bytes `a` to `at`, the high ones `high` bytes further. */
// @ts-ignore: decorator
@inline
export function writeNibbles(at: usize, high: usize, a: v128): void {
  v128.store(at, lowNibbles(a));
  v128.store(at + high, highNibbles(a));
}

/** Writes zeros from `at` up to `end`, 16 at a time. */
// @ts-ignore: decorator
@inline
export function writeZeros(at: usize, end: usize): void {
  for (; at < end; at += 16) v128.store(at, i64x2.splat(0));
}

/** Adds a row's answers for sixteen nibbles to a vector of the product. */
// @ts-ignore: decorator
@inline
export function gather(sum: v128, row: v128, nibbles: v128): v128 {
  return v128.xor(sum, i8x16.swizzle(row, nibbles));
}

/** A vector of the product from what low and high nibbles gave, and what the high nibbles of the vector before gave. */
// @ts-ignore: decorator
@inline
export function join(low: v128, high: v128, below: v128): v128 {
  return v128.xor(low, bitsUp(high, limbUp(below, high), 4));
}

/** The square of the low (or high) 8 bytes of `a`: a polynomial's bits spread to even places. */
// @ts-ignore: decorator
@inline
export function squareLow(a: v128): v128 {
  const l = spread(lowNibbles(a));
  const h = spread(highNibbles(a));
  return i8x16.shuffle(l, h, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/** See `squareLow`. */
// @ts-ignore: decorator
@inline
export function squareHigh(a: v128): v128 {
  const l = spread(lowNibbles(a));
  const h = spread(highNibbles(a));
  return i8x16.shuffle(l, h, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

/** A limb of a vector as a number; extract_lane answers a signed one. */
// @ts-ignore: decorator
@inline
export function first(x: v128): u64 {
  return <u64>i64x2.extract_lane(x, 0);
}

/** See `first`. */
// @ts-ignore: decorator
@inline
export function second(x: v128): u64 {
  return <u64>i64x2.extract_lane(x, 1);
}

/** A vector of two limbs. */
// @ts-ignore: decorator
@inline
export function pair(first: u64, second: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(<i64>first), 1, <i64>second);
}

/** Eight groups of four bytes for the lower (or higher) 8 bytes: 0, a byte of x, of y, of x + y. */
// @ts-ignore: decorator
@inline
function writeLowQuads(at: usize, x: v128, y: v128): void {
  const first = i8x16.shuffle(i64x2.splat(0), x, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const second = i8x16.shuffle(y, v128.xor(x, y), 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  writePairs(at, first, second);
}

/** See `writeLowQuads`. */
// @ts-ignore: decorator
@inline
function writeHighQuads(at: usize, x: v128, y: v128): void {
  const first = i8x16.shuffle(i64x2.splat(0), x, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const second = i8x16.shuffle(y, v128.xor(x, y), 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  writePairs(at, first, second);
}

/** Writes two bytes of x and two of y in turns. */
// @ts-ignore: decorator
@inline
function writePairs(at: usize, x: v128, y: v128): void {
  v128.store(at, i16x8.shuffle(x, y, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(at, i16x8.shuffle(x, y, 4, 12, 5, 13, 6, 14, 7, 15), 16);
}

/** The upper limb of `below` and the lower limb of `x`: what carries into each limb of `x`. */
// @ts-ignore: decorator
@inline
function limbUp(below: v128, x: v128): v128 {
  return i64x2.shuffle(below, x, 1, 2);
}

/** `x` moved up by `bits`, filled from the limbs `carried`. */
// @ts-ignore: decorator
@inline
function bitsUp(x: v128, carried: v128, bits: i32): v128 {
  return v128.xor(i64x2.shl(x, bits), i64x2.shr_u(carried, 64 - bits));
}

// @ts-ignore: decorator
@inline
function lowNibbles(x: v128): v128 {
  return v128.and(x, i8x16.splat(0x0f));
}

// @ts-ignore: decorator
@inline
function highNibbles(x: v128): v128 {
  return v128.and(i64x2.shr_u(x, 4), i8x16.splat(0x0f));
}

/** Each nibble's square. */
// @ts-ignore: decorator
@inline
function spread(nibbles: v128): v128 {
  const squares = i8x16(0x00, 0x01, 0x04, 0x05, 0x10, 0x11, 0x14, 0x15, 0x40, 0x41, 0x44, 0x45, 0x50, 0x51, 0x54, 0x55);
  return i8x16.swizzle(squares, nibbles);
}
