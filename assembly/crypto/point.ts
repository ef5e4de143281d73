/**
 * Points of a curve. Affine: x, y. Projective (López and Dahab): X, Y, Z with x = X/Z and y = Y/Z²; Z = 0 is infinity. Coordinates
 * are field elements one after the other. The formulas are those for a of 0 or 1 and b = 1 (Hankerson, Menezes, Vanstone, "Guide to
 * Elliptic Curve Cryptography", 3.2.3 and algorithm 3.24f, with the eight products of Al-Daoud et al.).
 */
import { POINT_A, POINT_B, POINT_C, POINT_D, POINT_E, POINT_F, POINT_TWICE } from '../abi/layout.ts';
import { curve, Curve } from './curve.ts';
import * as field from './field.ts';

/** Bytes of an affine point in memory. */
export function affineSize<C extends Curve>(): usize {
  return 2 * curve<C>().size;
}

/** Bytes of a projective point in memory. */
export function projectiveSize<C extends Curve>(): usize {
  return 3 * curve<C>().size;
}

/** Address of the second coordinate. */
export function yOf<C extends Curve>(point: usize): usize {
  return point + curve<C>().size;
}

/** Address of the third coordinate. */
export function zOf<C extends Curve>(point: usize): usize {
  return point + 2 * curve<C>().size;
}

/** p = the affine point q. */
export function lift<C extends Curve>(p: usize, q: usize): void {
  field.copy<C>(p, q);
  field.copy<C>(yOf<C>(p), yOf<C>(q));
  field.set<C>(zOf<C>(p), 1);
}

/** p = infinity, projective. */
export function setInfinity<C extends Curve>(p: usize): void {
  field.set<C>(p, 1);
  field.set<C>(yOf<C>(p), 0);
  field.set<C>(zOf<C>(p), 0);
}

/** p = τ(p), `times` times, projective. */
export function frobenius<C extends Curve>(p: usize, times: i32): void {
  field.sqrTimes<C>(p, p, times);
  field.sqrTimes<C>(yOf<C>(p), yOf<C>(p), times);
  field.sqrTimes<C>(zOf<C>(p), zOf<C>(p), times);
}

/**
 * p = p + q for projective p and affine q, where p is neither infinity, nor q, nor -q: then Z becomes 0, and POINT_B is 0, for p = q
 * POINT_A too. In constant time.
 */
export function add<C extends Curve>(p: usize, q: usize): void {
  const y = yOf<C>(p);
  const z = zOf<C>(p);
  // A = Y + yq·Z², B = X + xq·Z, C = B·Z, D = B²·(C + a·Z²).
  field.sqr<C>(POINT_D, z);
  field.mul<C>(POINT_A, yOf<C>(q), POINT_D);
  field.add<C>(POINT_A, POINT_A, y);
  field.mul<C>(POINT_B, q, z);
  field.add<C>(POINT_B, POINT_B, p);
  field.mul<C>(POINT_C, POINT_B, z);
  if (curve<C>().a === 1) field.add<C>(POINT_D, POINT_D, POINT_C);
  else field.copy<C>(POINT_D, POINT_C);
  field.sqr<C>(POINT_E, POINT_B);
  field.mul<C>(POINT_D, POINT_D, POINT_E);
  // Z' = C², E = A·C, X' = A² + D + E.
  field.sqr<C>(z, POINT_C);
  field.mul<C>(POINT_E, POINT_A, POINT_C);
  field.sqr<C>(p, POINT_A);
  field.add<C>(p, p, POINT_D);
  field.add<C>(p, p, POINT_E);
  // F = X' + xq·Z', Y' = (E + Z')·F + (xq + yq)·Z'².
  field.mul<C>(POINT_F, q, z);
  field.add<C>(POINT_F, POINT_F, p);
  field.add<C>(POINT_E, POINT_E, z);
  field.mul<C>(POINT_E, POINT_E, POINT_F);
  field.add<C>(POINT_F, q, yOf<C>(q));
  field.sqr<C>(y, z);
  field.mul<C>(y, y, POINT_F);
  field.add<C>(y, y, POINT_E);
}

/** p = 2·q, projective, for affine q. In constant time. */
export function twice<C extends Curve>(p: usize, q: usize): void {
  const y = yOf<C>(p);
  const z = zOf<C>(p);
  // With Z = 1: Z' = x², X' = x⁴ + 1, Y' = Z' + X'·(a·Z' + y² + 1).
  field.sqr<C>(POINT_F, yOf<C>(q));
  field.set<C>(POINT_E, 1);
  field.add<C>(POINT_F, POINT_F, POINT_E);
  field.sqr<C>(z, q);
  if (curve<C>().a === 1) field.add<C>(POINT_F, POINT_F, z);
  field.sqr<C>(p, z);
  field.add<C>(p, p, POINT_E);
  field.mul<C>(y, p, POINT_F);
  field.add<C>(y, y, z);
}

/** p = p + q for projective p, not infinity, and affine q, equal or opposite points included. In constant time. */
export function addComplete<C extends Curve>(p: usize, q: usize): void {
  add<C>(p, q);
  const same = -((<i32>field.isZero<C>(POINT_A)) & (<i32>field.isZero<C>(POINT_B)));
  twice<C>(POINT_TWICE, q);
  field.choose<C>(p, POINT_TWICE, same);
  field.choose<C>(yOf<C>(p), yOf<C>(POINT_TWICE), same);
  field.choose<C>(zOf<C>(p), zOf<C>(POINT_TWICE), same);
}

/** p = p + q for any projective p and affine q. Its branches depend on both: for public points alone. */
export function addVarTime<C extends Curve>(p: usize, q: usize): void {
  if (field.isZero<C>(zOf<C>(p))) {
    lift<C>(p, q);
    return;
  }
  add<C>(p, q);
  if (!field.isZero<C>(zOf<C>(p))) return;
  if (field.isZero<C>(POINT_A)) twice<C>(p, q);
  else setInfinity<C>(p);
}

/** q = the affine form of p. False where p is infinity; q is then (0, 0). In constant time. */
export function toAffine<C extends Curve>(q: usize, p: usize): bool {
  const finite = !field.isZero<C>(zOf<C>(p));
  field.invert<C>(POINT_A, zOf<C>(p));
  field.mul<C>(q, p, POINT_A);
  field.sqr<C>(POINT_A, POINT_A);
  field.mul<C>(yOf<C>(q), yOf<C>(p), POINT_A);
  return finite;
}

/** q = -q = (x, x + y) where `sign` is -1, unchanged where it is 0, affine. In constant time. */
export function negate<C extends Curve>(q: usize, sign: i32): void {
  const mask = i32x4.splat(sign);
  for (let i: usize = 0; i < curve<C>().size; i += 16) {
    const y = yOf<C>(q) + i;
    v128.store(y, v128.xor(v128.load(y), v128.and(v128.load(q + i), mask)));
  }
}

/** Whether an affine point fulfils y² + xy = x³ + ax² + 1. */
export function isOnCurve<C extends Curve>(q: usize): bool {
  // (x + a)·x² + 1 = (y + x)·y.
  field.set<C>(POINT_A, curve<C>().a);
  field.add<C>(POINT_A, POINT_A, q);
  field.sqr<C>(POINT_B, q);
  field.mul<C>(POINT_A, POINT_A, POINT_B);
  field.set<C>(POINT_B, 1);
  field.add<C>(POINT_A, POINT_A, POINT_B);
  field.add<C>(POINT_B, q, yOf<C>(q));
  field.mul<C>(POINT_B, POINT_B, yOf<C>(q));
  return field.equal<C>(POINT_A, POINT_B);
}

/**
 * Whether an affine point of the curve lies in the subgroup of order n: whether it can be halved once for each factor 2 of the
 * cofactor. (x, y) is twice some (u, v) where x + a has trace 0; then u² = y + (λ + 1)·x with λ² + λ = x + a (Knudsen, "Elliptic
 * scalar multiplication using point halving", 1999). The curve of cofactor 2 has a = 1, that of cofactor 4 a = 0, and a point's two
 * halves can be halved alike there. x = 0 is the point of order 2.
 */
export function isInSubgroup<C extends Curve>(q: usize): bool {
  if (field.isZero<C>(q) || curve<C>().trace(q) !== <u32>curve<C>().a) return false;
  if (curve<C>().a === 1) return true;
  field.halfTrace<C>(POINT_A, q);
  field.mul<C>(POINT_A, POINT_A, q);
  field.add<C>(POINT_A, POINT_A, q);
  field.add<C>(POINT_A, POINT_A, yOf<C>(q));
  return curve<C>().trace(POINT_A) === 0;
}
