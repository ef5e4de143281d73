/**
 * Implicit certificates (SEC 4, as profiled by ZigBee Smart Energy annex C): Q = e·P + Q_CA, where e is the AES-MMO digest of the whole
 * certificate as a number of 128 bits and P the point that the certificate carries. Any certificate yields some key: that the CA
 * issued it shows in the use of the private key alone. Issuing stands in ecqv-issue.ts.
 */
import { PROTOCOL_BYTES, PROTOCOL_SCALAR1, PROTOCOL_SUM } from '../abi/layout.ts';
import { Curve } from './curve.ts';
import { DIGEST_LEN, hash } from './mmo.ts';
import { multiplyVarTime } from './multiply.ts';
import { addVarTime, toAffine } from './point.ts';
import * as scalar from './scalar.ts';

/** e of a certificate. */
export function digest<C extends Curve>(e: usize, certificate: usize, len: i32): void {
  hash(certificate, len, PROTOCOL_BYTES);
  scalar.readWide<C>(e, PROTOCOL_BYTES, DIGEST_LEN);
}

/** q = the public key of a certificate; p is its point, `ca` the CA's public key, all affine and validated. False for infinity. */
export function publicKeyVarTime<C extends Curve>(q: usize, certificate: usize, len: i32, p: usize, ca: usize): bool {
  digest<C>(PROTOCOL_SCALAR1, certificate, len);
  multiplyVarTime<C>(PROTOCOL_SUM, PROTOCOL_SCALAR1, p);
  addVarTime<C>(PROTOCOL_SUM, ca);
  return toAffine<C>(q, PROTOCOL_SUM);
}
