/** Private keys and their public ones, in constant time. */
import { wordsOf, Curve } from './curve.ts';
import * as integer from './integer.ts';
import { multiplyBase } from './multiply.ts';
import * as scalar from './scalar.ts';

/**
 * Makes a private key d of random bytes, as a number modulo n (48 bytes leave no bias that could be noticed), 1 in place of 0, and its
 * public key q, affine. The caller wipes the random bytes, and CURVE.
 */
export function newPrivateKey<C extends Curve>(d: usize, q: usize, random: usize, len: i32): void {
  scalar.readWide<C>(d, random, len);
  store<u32>(d, load<u32>(d) | integer.isZero(d, wordsOf<C>()));
  multiplyBase<C>(q, d);
}
