/**
 * Verification of ECDSA signatures (FIPS 186-4 clause 6.4) over the two curves. A signature is r ‖ s, big-endian, each as long as a
 * scalar. Everything here is public: branches and addresses depend on it. Signing stands in ecdsa-sign.ts, for other modules than
 * a gateway's.
 */
import { CurveReason } from '../abi/code.ts';
import { PROTOCOL_POINT1, PROTOCOL_POINT2, PROTOCOL_SCALAR1, PROTOCOL_SCALAR2, PROTOCOL_SCALAR3, PROTOCOL_SUM } from '../abi/layout.ts';
import { curve, lengthOf, wordsOf, Curve } from './curve.ts';
import * as field from './field.ts';
import * as integer from './integer.ts';
import { invert } from './inverse.ts';
import { LONG, sumVarTime } from './multiply.ts';
import { zOf } from './point.ts';
import * as scalar from './scalar.ts';
import { buildVarTime } from './window.ts';

/** Makes an affine public key, validated before, ready: writes its table of 32 bytes and 16 affine points. */
export function prepareVarTime<C extends Curve>(table: usize, publicKey: usize): void {
  buildVarTime<C>(table, publicKey, LONG);
}

/**
 * Verifies a signature over a hash, of which the leftmost bits count, by a key's table. Answers 0, or a `CurveReason`: 1
 * SIGNATURE_RANGE; 2 SIGNATURE.
 */
export function verifyVarTime<C extends Curve>(table: usize, hash: usize, hashLen: i32, signature: usize): i32 {
  const r = PROTOCOL_SCALAR1;
  const s = PROTOCOL_SCALAR2;
  const e = PROTOCOL_SCALAR3;
  scalar.read<C>(r, signature);
  scalar.read<C>(s, signature + lengthOf<C>());
  if (!scalar.isInRange<C>(r) || !scalar.isInRange<C>(s)) return CurveReason.SIGNATURE_RANGE;
  scalar.readHash<C>(e, hash, hashLen);
  invert<C>(s, s);
  scalar.mul<C>(e, e, s);
  scalar.mul<C>(s, r, s);
  sumVarTime<C>(PROTOCOL_SUM, e, s, table);
  let verdict: i32 = CurveReason.SIGNATURE;
  if (isAbscissaVarTime<C>(PROTOCOL_SUM, r)) verdict = 0; // the one place
  return verdict;
}

/**
 * Whether x of a projective point is r modulo n. x = X/Z is one of r, r + n, … below 2^m (with cofactor h there are h of them, and for
 * the smallest r one more), and X is then that one times Z: no inversion is needed.
 */
function isAbscissaVarTime<C extends Curve>(p: usize, r: usize): bool {
  if (field.isZero<C>(zOf<C>(p))) return false;
  const candidate = PROTOCOL_POINT1;
  const words = wordsOf<C>();
  const spare = 32 * words - curve<C>().degree;
  field.set<C>(candidate, 0);
  integer.copy(candidate, r, words);
  while (load<u32>(candidate + 4 * (words - 1)) >> (32 - spare) === 0) {
    field.mul<C>(PROTOCOL_POINT2, candidate, zOf<C>(p));
    if (field.equal<C>(PROTOCOL_POINT2, p)) return true;
    integer.add(candidate, candidate, curve<C>().order, words);
  }
  return false;
}
