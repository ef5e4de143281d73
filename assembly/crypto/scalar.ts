/**
 * Arithmetic modulo the order n of a curve's base point, in constant time. Scalars are `wordsOf<C>()` words of 32 bits, least
 * significant first, in SCALAR_SIZE bytes of memory; results may stand where operands stood.
 */
import { SCALAR_DIFFERENCE, SCALAR_QUOTIENT, SCALAR_WIDE } from '../abi/layout.ts';
import { curve, lengthOf, wordsOf, Curve } from './curve.ts';
import * as integer from './integer.ts';

/** z = x · y. Both below n. */
export function mul<C extends Curve>(z: usize, x: usize, y: usize): void {
  const words = wordsOf<C>();
  integer.mul(SCALAR_WIDE, x, words, y, words);
  reduceWide<C>(z);
}

/** z = x + y. Both below n. */
export function add<C extends Curve>(z: usize, x: usize, y: usize): void {
  const words = wordsOf<C>();
  integer.add(z, x, y, words);
  subtractOrder<C>(z, words);
}

/** z = x - y. Both below n. */
export function sub<C extends Curve>(z: usize, x: usize, y: usize): void {
  const words = wordsOf<C>();
  const borrow = integer.sub(z, x, y, words);
  integer.add(SCALAR_DIFFERENCE, z, curve<C>().order, words);
  integer.choose(z, SCALAR_DIFFERENCE, words, borrow);
}

/** Whether x is from 1 to n - 1. */
export function isInRange<C extends Curve>(x: usize): bool {
  const words = wordsOf<C>();
  return (integer.less(x, curve<C>().order, words) & (integer.isZero(x, words) ^ 1)) !== 0;
}

/** Reads `lengthOf<C>()` bytes, big-endian. Whether they make a scalar is for `isInRange`. */
export function read<C extends Curve>(z: usize, bytes: usize): void {
  integer.read(z, wordsOf<C>(), bytes, lengthOf<C>());
}

/** Writes a scalar as `lengthOf<C>()` bytes, big-endian. */
export function write<C extends Curve>(bytes: usize, x: usize): void {
  integer.write(bytes, lengthOf<C>(), x, wordsOf<C>());
}

/** Reads up to SCALAR_SIZE bytes, big-endian, modulo n: random bytes become a scalar, more of them than n has a uniform one. */
export function readWide<C extends Curve>(z: usize, bytes: usize, len: i32): void {
  integer.read(SCALAR_WIDE, 2 * wordsOf<C>(), bytes, len);
  reduceWide<C>(z);
}

/**
 * Reads the leftmost bits of a hash, as many as n has, modulo n (FIPS 186-4 clause 6.4, bits2int of RFC 6979 clause 2.3.2 followed
 * by its reduction).
 */
export function readHash<C extends Curve>(z: usize, hash: usize, len: i32): void {
  readBits<C>(z, hash, len);
  subtractOrder<C>(z, wordsOf<C>());
}

/** As `readHash`, without the reduction: a number below 2^(bits of n). */
export function readBits<C extends Curve>(z: usize, hash: usize, len: i32): void {
  const words = wordsOf<C>();
  const bits = curve<C>().orderBits;
  const taken = min(len, (bits + 7) >> 3);
  integer.read(z, words, hash, taken);
  const spare = max(8 * taken - bits, 0);
  let above: u32 = 0;
  for (let i = words - 1; i >= 0; i--) {
    const word = load<u32>(z + 4 * i);
    store<u32>(z + 4 * i, <u32>((((<u64>above) << 32) | (<u64>word)) >> spare));
    above = word;
  }
}

/** z = the number of 2 · words words at SCALAR_WIDE modulo n, by Barrett's method (Handbook of Applied Cryptography, 14.42). */
function reduceWide<C extends Curve>(z: usize): void {
  const words = wordsOf<C>();
  const longer = words + 1;
  // Steps 1 and 2: the quotient's estimate, at most two too small.
  integer.mul(SCALAR_QUOTIENT, SCALAR_WIDE + 4 * (words - 1), longer, curve<C>().reciprocal, longer);
  integer.set(SCALAR_DIFFERENCE, 0, longer);
  integer.mulAddLow(SCALAR_DIFFERENCE, longer, SCALAR_QUOTIENT + 4 * longer, longer, curve<C>().order, words);
  integer.sub(SCALAR_WIDE, SCALAR_WIDE, SCALAR_DIFFERENCE, longer);
  // Step 4.
  subtractOrder<C>(SCALAR_WIDE, longer);
  subtractOrder<C>(SCALAR_WIDE, longer);
  integer.copy(z, SCALAR_WIDE, words);
}

/** z = z - n where that is not negative. */
function subtractOrder<C extends Curve>(z: usize, words: i32): void {
  const borrow = integer.sub(SCALAR_DIFFERENCE, z, curve<C>().order, words);
  integer.choose(z, SCALAR_DIFFERENCE, words, borrow ^ 1);
}
