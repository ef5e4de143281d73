/**
 * Scalar multiplication. What is secret goes through `multiply` and `multiplyBase`, in constant time: the digits of every scalar are
 * as many and none is 0, every table entry is looked at, and the one addition that could meet equal or opposite points knows them.
 * What is public goes through the calls that end in `VarTime`.
 */
import { MULTIPLY_DIGITS, MULTIPLY_DIGITS2, MULTIPLY_SUM, MULTIPLY_TABLE, MULTIPLY_TERM } from '../abi/layout.ts';
import { curve, Curve } from './curve.ts';
import { add, addComplete, addVarTime, frobenius, lift, setInfinity, toAffine } from './point.ts';
import { makeOdd, regularCount, split, writeRegular, writeSparseVarTime } from './tau.ts';
import { buildVarTime, pick, pickVarTime } from './window.ts';

/** Bits of a window of points that are used often enough to build a long table. */
export const LONG: i32 = 6;
/** Bits of a window of points that are used once. */
const SHORT: i32 = 5;

/** q = k·p, affine, for a scalar below n and a point of order n, which itself is public. False for infinity, k = 0. In constant time. */
export function multiply<C extends Curve>(q: usize, k: usize, p: usize): bool {
  buildVarTime<C>(MULTIPLY_TABLE, p, SHORT);
  return multiplyByTable<C>(q, k, MULTIPLY_TABLE, SHORT);
}

/** q = k·G, affine, for a scalar below n. False for infinity, k = 0. In constant time. */
export function multiplyBase<C extends Curve>(q: usize, k: usize): bool {
  return multiplyByTable<C>(q, k, baseTable<C>(), LONG);
}

/** q = k·p, projective, for a scalar below n and a point of order n. For public ones alone. */
export function multiplyVarTime<C extends Curve>(q: usize, k: usize, p: usize): void {
  buildVarTime<C>(MULTIPLY_TABLE, p, SHORT);
  split<C>(k);
  let i = writeSparseVarTime<C>(MULTIPLY_DIGITS, MULTIPLY_TABLE, SHORT);
  setInfinity<C>(q);
  while (i-- > 0) {
    frobenius<C>(q, 1);
    addDigit<C>(q, MULTIPLY_TABLE, <i32>load<i8>(MULTIPLY_DIGITS + i));
  }
}

/** q = k·G + l·P, projective, for scalars below n and the table of P, LONG bits wide. For public ones alone. */
export function sumVarTime<C extends Curve>(q: usize, k: usize, l: usize, table: usize): void {
  const base = baseTable<C>();
  split<C>(k);
  writeSparseVarTime<C>(MULTIPLY_DIGITS, base, LONG);
  split<C>(l);
  let i = writeSparseVarTime<C>(MULTIPLY_DIGITS2, table, LONG);
  setInfinity<C>(q);
  while (i-- > 0) {
    frobenius<C>(q, 1);
    addDigit<C>(q, base, <i32>load<i8>(MULTIPLY_DIGITS + i));
    addDigit<C>(q, table, <i32>load<i8>(MULTIPLY_DIGITS2 + i));
  }
}

/** q = k·P, affine, by the table of P; false for infinity. In constant time. */
function multiplyByTable<C extends Curve>(q: usize, k: usize, table: usize, width: i32): bool {
  split<C>(k);
  makeOdd<C>();
  writeRegular<C>(MULTIPLY_DIGITS, table, width);
  let i = regularCount<C>(width) - 1;
  pick<C>(MULTIPLY_TERM, table, width, <i32>load<i8>(MULTIPLY_DIGITS + i));
  lift<C>(MULTIPLY_SUM, MULTIPLY_TERM);
  while (--i > 0) {
    frobenius<C>(MULTIPLY_SUM, width - 1);
    pick<C>(MULTIPLY_TERM, table, width, <i32>load<i8>(MULTIPLY_DIGITS + i));
    add<C>(MULTIPLY_SUM, MULTIPLY_TERM);
  }
  // Up to here the sum counts for an element of Z[τ] that the term is not congruent to, either way: their sum and difference are odd,
  // hence not 0, and of smaller norm than n. The last addition may meet anything.
  frobenius<C>(MULTIPLY_SUM, width - 1);
  pick<C>(MULTIPLY_TERM, table, width, <i32>load<i8>(MULTIPLY_DIGITS));
  addComplete<C>(MULTIPLY_SUM, MULTIPLY_TERM);
  return toAffine<C>(q, MULTIPLY_SUM);
}

function addDigit<C extends Curve>(q: usize, table: usize, digit: i32): void {
  if (digit === 0) return;
  pickVarTime<C>(MULTIPLY_TERM, table, digit);
  addVarTime<C>(q, MULTIPLY_TERM);
}

/** The table of the base point, built when it is needed for the first time: its description begins with α(1) = 1. */
function baseTable<C extends Curve>(): usize {
  const table = curve<C>().baseTable;
  if (load<u8>(table) === 0) buildVarTime<C>(table, curve<C>().base, LONG);
  return table;
}
