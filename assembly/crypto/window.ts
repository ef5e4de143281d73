/**
 * Window tables of a point P: for each odd digit u of a window its element α(u) of tau.ts, as affine point α(u)·P. A table begins
 * with the digits' description; entry i is of digit 2·i + 1.
 */
import { WINDOW_PRODUCTS, WINDOW_SUMS, WINDOW_TERM } from '../abi/layout.ts';
import { curve, muOf, Curve } from './curve.ts';
import * as field from './field.ts';
import { addVarTime, affineSize, frobenius, negate, projectiveSize, setInfinity, yOf, zOf } from './point.ts';
import { describe, DESCRIPTION_LEN, TAU_PARTS } from './tau.ts';

/** Digits of a window of `width` bits that have an entry. */
export function entriesOf(width: i32): i32 {
  return 1 << (width - 2);
}

/** Address of an entry. */
export function entryOf<C extends Curve>(table: usize, index: i32): usize {
  return table + DESCRIPTION_LEN + <usize>index * affineSize<C>();
}

/** Builds the table of an affine point of order n, for widths up to 6. Its branches depend on the point: for public ones alone. */
export function buildVarTime<C extends Curve>(table: usize, point: usize, width: i32): void {
  describe<C>(table, width);
  const count = entriesOf(width);
  const first = entryOf<C>(table, 0);
  field.copy<C>(first, point);
  field.copy<C>(yOf<C>(first), yOf<C>(point));
  for (let i = 1; i < count; i++) {
    multiplySmall<C>(sumOf<C>(i), first, <i32>load<i8>(table + i), <i32>load<i8>(table + i, TAU_PARTS));
  }
  normalise<C>(table, count);
}

/**
 * q = the entry of an odd digit, with its sign, affine. Looks at every entry: in constant time for a table that is public.
 */
export function pick<C extends Curve>(q: usize, table: usize, width: i32, digit: i32): void {
  const sign = digit >> 31;
  const wanted = i32x4.splat(((digit ^ sign) - sign) >> 1);
  for (let part: usize = 0; part < affineSize<C>(); part += 16) {
    let found = i32x4.splat(0);
    for (let i = 0; i < entriesOf(width); i++) {
      found = v128.or(found, v128.and(v128.load(entryOf<C>(table, i) + part), i32x4.eq(wanted, i32x4.splat(i))));
    }
    v128.store(q + part, found);
  }
  negate<C>(q, sign);
}

/** q = the entry of an odd digit, with its sign, affine. Its address depends on the digit: for public ones alone. */
export function pickVarTime<C extends Curve>(q: usize, table: usize, digit: i32): void {
  const sign = digit >> 31;
  const entry = entryOf<C>(table, ((digit ^ sign) - sign) >> 1);
  field.copy<C>(q, entry);
  field.copy<C>(yOf<C>(q), yOf<C>(entry));
  negate<C>(q, sign);
}

/** p = (a + b·τ)·q, projective, for small a and b: the digits -1, 0 and 1 of a + b·τ, then their sum from the highest on. */
function multiplySmall<C extends Curve>(p: usize, q: usize, a: i32, b: i32): void {
  let digits: u32 = 0;
  let negatives: u32 = 0;
  let count = 0;
  for (; (a | b) !== 0; count++) {
    if (a & 1) {
      const digit = 2 - ((a + 2 * b) & 3);
      digits |= 1 << count;
      if (digit < 0) negatives |= 1 << count;
      a -= digit;
    }
    const half = a >> 1;
    a = muOf<C>() * half + b;
    b = -half;
  }
  setInfinity<C>(p);
  while (count-- > 0) {
    frobenius<C>(p, 1);
    if (((digits >> count) & 1) === 0) continue;
    field.copy<C>(WINDOW_TERM, q);
    field.copy<C>(yOf<C>(WINDOW_TERM), yOf<C>(q));
    negate<C>(WINDOW_TERM, -(<i32>((negatives >> count) & 1)));
    addVarTime<C>(p, WINDOW_TERM);
  }
}

/** Makes the sums of a table, from the second on, affine by one inversion: that of the product of all Z (Montgomery). */
function normalise<C extends Curve>(table: usize, count: i32): void {
  field.copy<C>(productOf<C>(1), zOf<C>(sumOf<C>(1)));
  for (let i = 2; i < count; i++) field.mul<C>(productOf<C>(i), productOf<C>(i - 1), zOf<C>(sumOf<C>(i)));
  field.invert<C>(WINDOW_TERM, productOf<C>(count - 1));
  for (let i = count - 1; i > 0; i--) {
    const sum = sumOf<C>(i);
    const entry = entryOf<C>(table, i);
    const inverse = i > 1 ? entry : WINDOW_TERM;
    if (i > 1) {
      field.mul<C>(inverse, WINDOW_TERM, productOf<C>(i - 1));
      field.mul<C>(WINDOW_TERM, WINDOW_TERM, zOf<C>(sum));
    }
    field.sqr<C>(yOf<C>(entry), inverse);
    field.mul<C>(yOf<C>(entry), yOf<C>(entry), yOf<C>(sum));
    field.mul<C>(entry, inverse, sum);
  }
}

/** Sum `i` of a table under construction, projective. */
function sumOf<C extends Curve>(i: i32): usize {
  return <usize>WINDOW_SUMS + <usize>i * projectiveSize<C>();
}

/** Product of the Z of sums 1 to `i`. */
function productOf<C extends Curve>(i: i32): usize {
  return <usize>WINDOW_PRODUCTS + <usize>i * curve<C>().size;
}
