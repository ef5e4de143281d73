/**
 * Issuing of implicit certificates (SEC 4 clauses 2.4 and 2.5), in constant time, for laboratories and signer.wasm: nothing that a gateway
 * runs may import this file. The CA adds a secret multiple of the base point to the point of a request, and answers the certificate that
 * carries the sum and a number r, by which the requester alone can make the certificate's private key of its own.
 */
import { PROTOCOL_POINT1, PROTOCOL_POINT2, PROTOCOL_SCALAR3, PROTOCOL_SCALAR4, PROTOCOL_SUM } from '../abi/layout.ts';
import { Curve } from './curve.ts';
import { digest } from './ecqv.ts';
import { encode } from './encoding.ts';
import { addComplete, lift, toAffine } from './point.ts';
import { newPrivateKey } from './private-key.ts';
import * as scalar from './scalar.ts';

/**
 * Completes a certificate and writes r. Given are the CA's private scalar, the request's point (affine, validated), random bytes, and the
 * certificate of `certificateLen` bytes, complete but for its point at `point`. False where the point would be infinity: take other
 * random bytes. The caller wipes CURVE.
 */
export function issue<C extends Curve>(
  r: usize,
  ca: usize,
  request: usize,
  random: usize,
  randomLen: i32,
  certificate: usize,
  certificateLen: i32,
  point: usize,
): bool {
  const k = PROTOCOL_SCALAR3;
  const e = PROTOCOL_SCALAR4;
  newPrivateKey<C>(k, PROTOCOL_POINT1, random, randomLen);
  lift<C>(PROTOCOL_SUM, PROTOCOL_POINT1);
  addComplete<C>(PROTOCOL_SUM, request);
  if (!toAffine<C>(PROTOCOL_POINT2, PROTOCOL_SUM)) return false;
  encode<C>(point, PROTOCOL_POINT2);
  digest<C>(e, certificate, certificateLen);
  scalar.mul<C>(r, e, k);
  scalar.add<C>(r, r, ca);
  return true;
}

/** d = e·k + r: the private scalar of a certificate, from that of its request and the CA's r. The caller wipes CURVE. */
export function receive<C extends Curve>(d: usize, request: usize, r: usize, certificate: usize, certificateLen: i32): void {
  digest<C>(PROTOCOL_SCALAR4, certificate, certificateLen);
  scalar.mul<C>(d, PROTOCOL_SCALAR4, request);
  scalar.add<C>(d, d, r);
}
