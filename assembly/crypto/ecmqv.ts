/**
 * Elliptic curve MQV with cofactor (SEC 1 clause 3.4, as profiled by ZigBee Smart Energy annex C). What is secret goes in constant time;
 * the partner's keys are public, and so is the point that they make.
 */
import { PROTOCOL_POINT3, PROTOCOL_SCALAR3, PROTOCOL_SCALAR4, PROTOCOL_SUM } from '../abi/layout.ts';
import { curve, wordsOf, Curve } from './curve.ts';
import * as field from './field.ts';
import * as integer from './integer.ts';
import { multiply, multiplyVarTime } from './multiply.ts';
import { addVarTime, toAffine } from './point.ts';
import * as scalar from './scalar.ts';

/**
 * Writes the shared secret Z, as long as a field element. One's own keys: private scalars below n, of the ephemeral public key its x.
 * The partner's: affine points, validated. False where the secret is infinity; nothing is agreed then. The caller wipes CURVE.
 */
export function agree<C extends Curve>(z: usize, ephemeral: usize, own: usize, ownX: usize, peerEphemeral: usize, peer: usize): bool {
  const s = PROTOCOL_SCALAR3;
  const factor = PROTOCOL_SCALAR4;
  // The partner's E + avf(E)·Q.
  associate<C>(factor, peerEphemeral);
  multiplyVarTime<C>(PROTOCOL_SUM, factor, peer);
  addVarTime<C>(PROTOCOL_SUM, peerEphemeral);
  if (!toAffine<C>(PROTOCOL_POINT3, PROTOCOL_SUM)) return false;
  // One's own s = h·(e + avf(E)·d) modulo n: the point's order is n, so that h may go into the scalar.
  associate<C>(factor, ownX);
  scalar.mul<C>(s, factor, own);
  scalar.add<C>(s, s, ephemeral);
  scalar.add<C>(s, s, s);
  if (curve<C>().a === 0) scalar.add<C>(s, s, s);
  const finite = multiply<C>(PROTOCOL_POINT3, s, PROTOCOL_POINT3);
  field.write<C>(z, PROTOCOL_POINT3);
  return finite;
}

/** avf: x modulo 2^t, plus 2^t, where t is half the bits of n (82 and 141), rounded up. */
function associate<C extends Curve>(z: usize, x: usize): void {
  const bits = (curve<C>().orderBits + 1) >> 1;
  const top = bits >> 5;
  integer.set(z, 0, wordsOf<C>());
  integer.copy(z, x, top + 1);
  const one: u32 = 1 << (bits & 31);
  store<u32>(z + 4 * top, (load<u32>(z + 4 * top) & (one - 1)) | one);
}
