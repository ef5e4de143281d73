/**
 * Signatures by certified keys: a digest, r ‖ s, the signer's certificate, and the CA that it is believed under. That the certificate is the
 * right one (its subject, its issuer) is for the caller, who knows whom to expect.
 */
import { CurveReason, KeyUsage, Suite } from '../abi/code.ts';
import { PROTOCOL_POINT3, VERIFIER_SUITE, VERIFIER_TABLE } from '../abi/layout.ts';
import { Curve, K163, K283 } from '../crypto/curve.ts';
import * as ecdsa from '../crypto/ecdsa.ts';
import * as wire from '../wire/certificate.ts';
import { curveCode, publicKey } from './certificate.ts';

/**
 * Verifies the signature r ‖ s of a suite over a hash. Takes the place of what `ecdsaPrepare` made ready. Answers 0, or
 * `At.CURVE * 256 + CurveReason`: 1 SUITE; 2 what `publicKey` refuses; 3 CERTIFICATE_USAGE, no signatures; 4 SIGNATURE_RANGE; 5 SIGNATURE.
 */
export function verify(suite: i32, hash: usize, hashLen: i32, signature: usize, certificate: usize, len: i32, ca: usize): i32 {
  store<i32>(VERIFIER_SUITE, 0);
  if (suite === Suite.ONE) return verifyOn<K163>(suite, hash, hashLen, signature, certificate, len, ca);
  if (suite === Suite.TWO) return verifyOn<K283>(suite, hash, hashLen, signature, certificate, len, ca);
  return curveCode(CurveReason.SUITE);
}

function verifyOn<C extends Curve>(suite: i32, hash: usize, hashLen: i32, signature: usize, certificate: usize, len: i32, ca: usize): i32 {
  const code = publicKey<C>(PROTOCOL_POINT3, suite, certificate, len, ca);
  if (code !== 0) return code;
  if (!wire.allows(suite, certificate, KeyUsage.SIGNATURE)) return curveCode(CurveReason.CERTIFICATE_USAGE);
  ecdsa.prepareVarTime<C>(VERIFIER_TABLE, PROTOCOL_POINT3);
  return curveCode(ecdsa.verifyVarTime<C>(VERIFIER_TABLE, hash, hashLen, signature));
}
