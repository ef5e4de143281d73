/**
 * Arithmetic of a curve's field beyond product and square, for either curve, in constant time: every loop runs as long as the
 * field's degree says. Elements are `curve<C>().size` bytes in memory; results may stand where operands stood.
 */
import { FIELD_BASE, FIELD_POWER, FIELD_TERM } from '../abi/layout.ts';
import { curve, lengthOf, Curve } from './curve.ts';

/** z = x · y. */
export function mul<C extends Curve>(z: usize, x: usize, y: usize): void {
  curve<C>().mul(z, x, y);
}

/** z = x². */
export function sqr<C extends Curve>(z: usize, x: usize): void {
  curve<C>().sqr(z, x);
}

/** z = x + y. */
export function add<C extends Curve>(z: usize, x: usize, y: usize): void {
  v128.store(z, v128.xor(v128.load(x), v128.load(y)));
  v128.store(z, v128.xor(v128.load(x, 16), v128.load(y, 16)), 16);
  if (curve<C>().size > 32) v128.store(z, v128.xor(v128.load(x, 32), v128.load(y, 32)), 32);
}

/** z = x. */
export function copy<C extends Curve>(z: usize, x: usize): void {
  v128.store(z, v128.load(x));
  v128.store(z, v128.load(x, 16), 16);
  if (curve<C>().size > 32) v128.store(z, v128.load(x, 32), 32);
}

/** z = a small number: 0 or 1, and polynomials of degree below 32. */
export function set<C extends Curve>(z: usize, value: u32): void {
  v128.store(z, i32x4.replace_lane(i32x4.splat(0), 0, <i32>value));
  v128.store(z, i32x4.splat(0), 16);
  if (curve<C>().size > 32) v128.store(z, i32x4.splat(0), 32);
}

/** z = x where `take` is -1, unchanged where it is 0. */
export function choose<C extends Curve>(z: usize, x: usize, take: i32): void {
  const mask = i32x4.splat(take);
  v128.store(z, v128.bitselect(v128.load(x), v128.load(z), mask));
  v128.store(z, v128.bitselect(v128.load(x, 16), v128.load(z, 16), mask), 16);
  if (curve<C>().size > 32) v128.store(z, v128.bitselect(v128.load(x, 32), v128.load(z, 32), mask), 32);
}

/** Whether x is 0. */
export function isZero<C extends Curve>(x: usize): bool {
  let bits = v128.or(v128.load(x), v128.load(x, 16));
  if (curve<C>().size > 32) bits = v128.or(bits, v128.load(x, 32));
  return !v128.any_true(bits);
}

/** Whether x and y are equal. */
export function equal<C extends Curve>(x: usize, y: usize): bool {
  let bits = v128.or(v128.xor(v128.load(x), v128.load(y)), v128.xor(v128.load(x, 16), v128.load(y, 16)));
  if (curve<C>().size > 32) bits = v128.or(bits, v128.xor(v128.load(x, 32), v128.load(y, 32)));
  return !v128.any_true(bits);
}

/** z = x to the power 2^times. */
export function sqrTimes<C extends Curve>(z: usize, x: usize, times: i32): void {
  curve<C>().sqr(z, x);
  for (let i = 1; i < times; i++) curve<C>().sqr(z, z);
}

/**
 * z = 1/x, and 0 for x = 0: x^(2^m - 2), by Itoh and Tsujii. With b(k) = x^(2^k - 1), b(2k) = b(k)^(2^k) · b(k) and
 * b(k + 1) = b(k)² · x lead along the bits of m - 1 to b(m - 1), whose square is the inverse.
 */
export function invert<C extends Curve>(z: usize, x: usize): void {
  const target = curve<C>().degree - 1;
  copy<C>(FIELD_BASE, x);
  copy<C>(FIELD_POWER, x);
  let k = 1;
  for (let bit = 30 - clz(target); bit >= 0; bit--) {
    sqrTimes<C>(FIELD_TERM, FIELD_POWER, k);
    mul<C>(FIELD_POWER, FIELD_TERM, FIELD_POWER);
    k <<= 1;
    if (((target >> bit) & 1) === 0) continue;
    sqr<C>(FIELD_POWER, FIELD_POWER);
    mul<C>(FIELD_POWER, FIELD_POWER, FIELD_BASE);
    k++;
  }
  sqr<C>(z, FIELD_POWER);
}

/**
 * z = the half-trace of x, x + x^4 + x^16 + … with (m + 1) / 2 terms: where x has trace 0 it solves z² + z = x, and so does
 * z + 1. The degree m is odd.
 */
export function halfTrace<C extends Curve>(z: usize, x: usize): void {
  copy<C>(FIELD_BASE, x);
  copy<C>(FIELD_TERM, x);
  for (let i = curve<C>().degree >> 1; i > 0; i--) {
    sqr<C>(FIELD_TERM, FIELD_TERM);
    sqr<C>(FIELD_TERM, FIELD_TERM);
    add<C>(FIELD_TERM, FIELD_TERM, FIELD_BASE);
  }
  copy<C>(z, FIELD_TERM);
}

/** Reads an element of `lengthOf<C>()` bytes, big-endian. False where spare high bits are set. */
export function read<C extends Curve>(z: usize, bytes: usize): bool {
  set<C>(z, 0);
  const last = lengthOf<C>() - 1;
  for (let i = 0; i <= last; i++) store<u8>(z + i, load<u8>(bytes + last - i));
  return load<u8>(bytes) >> (curve<C>().degree & 7) === 0;
}

/** Writes an element as `lengthOf<C>()` bytes, big-endian. */
export function write<C extends Curve>(bytes: usize, x: usize): void {
  const last = lengthOf<C>() - 1;
  for (let i = 0; i <= last; i++) store<u8>(bytes + i, load<u8>(x + last - i));
}
