/**
 * Compressed points (SEC 1 clauses 2.3.3 and 2.3.4): 02 or 03 and x, big-endian; the prefix' low bit is that of y/x. Decoding
 * validates in full, for public keys of any origin; it reveals what it finds, as points on the wire are public.
 */
import { CurveReason } from '../abi/code.ts';
import { POINT_A, POINT_B, POINT_C } from '../abi/layout.ts';
import { curve, lengthOf, Curve } from './curve.ts';
import * as field from './field.ts';
import { isInSubgroup, yOf } from './point.ts';

const PREFIX: u8 = 2;

/** Bytes of a compressed point. */
export function pointLen<C extends Curve>(): i32 {
  return lengthOf<C>() + 1;
}

/**
 * Reads a compressed point of `len` bytes into the affine `q`. Answers 0, or a `CurveReason`: 1 POINT_LENGTH; 2 POINT_PREFIX; 3
 * POINT_RANGE; 4 POINT_CURVE; 5 POINT_ORDER, which the point of order 2 (x = 0) has as well.
 */
export function decode<C extends Curve>(q: usize, encoded: usize, len: i32): i32 {
  if (len !== pointLen<C>()) return CurveReason.POINT_LENGTH;
  const prefix = load<u8>(encoded);
  if ((prefix & ~1) !== PREFIX) return CurveReason.POINT_PREFIX;
  if (!field.read<C>(q, encoded + 1)) return CurveReason.POINT_RANGE;
  if (field.isZero<C>(q)) return CurveReason.POINT_ORDER;
  // λ = y/x solves λ² + λ = x + a + 1/x².
  field.invert<C>(POINT_A, q);
  field.sqr<C>(POINT_A, POINT_A);
  field.add<C>(POINT_A, POINT_A, q);
  field.set<C>(POINT_B, curve<C>().a);
  field.add<C>(POINT_A, POINT_A, POINT_B);
  field.halfTrace<C>(POINT_B, POINT_A);
  field.sqr<C>(POINT_C, POINT_B);
  field.add<C>(POINT_C, POINT_C, POINT_B);
  if (!field.equal<C>(POINT_C, POINT_A)) return CurveReason.POINT_CURVE;
  // The other solution is λ + 1: the low bit chooses.
  store<u8>(POINT_B, (load<u8>(POINT_B) & ~1) | (prefix & 1));
  field.mul<C>(yOf<C>(q), q, POINT_B);
  return isInSubgroup<C>(q) ? 0 : CurveReason.POINT_ORDER;
}

/** Writes an affine point, not the one of order 2, compressed. */
export function encode<C extends Curve>(encoded: usize, q: usize): void {
  field.invert<C>(POINT_A, q);
  field.mul<C>(POINT_A, POINT_A, yOf<C>(q));
  store<u8>(encoded, PREFIX | (load<u8>(POINT_A) & 1));
  field.write<C>(encoded + 1, q);
}
