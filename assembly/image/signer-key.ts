/**
 * The signer's public key, out of certificate and authority, and whether it signed: marries the form of certificates with the
 * curves. Everything here is public.
 */
import { CurveReason, ImageReason, Suite } from '../abi/code.ts';
import { PROTOCOL_POINT3, VERIFIER_SUITE, VERIFIER_TABLE } from '../abi/layout.ts';
import { Curve, K163, K283 } from '../crypto/curve.ts';
import * as ecdsa from '../crypto/ecdsa.ts';
import { encode } from '../crypto/encoding.ts';
import { DIGEST_LEN } from '../crypto/mmo.ts';
import { publicKey } from '../keys/certificate.ts';
import { lengthOf } from '../wire/certificate.ts';

/**
 * Verifies the signature r and s of `digest` under the key that the certificate, whose form was checked, and an authority's
 * compressed key yield; that key, compressed, goes to `key`. Answers 0, or an `ImageReason`: 1 PUBLIC_KEY; 2 SIGNATURE_RANGE;
 * 3 SIGNATURE.
 */
export function verify(suite: i32, certificate: usize, authorityKey: usize, digest: usize, signature: usize, key: usize): i32 {
  store<i32>(VERIFIER_SUITE, 0); // its table is used here, and holds no longer what a caller put there
  if (suite === Suite.ONE) return verifyOn<K163>(suite, certificate, authorityKey, digest, signature, key);
  return verifyOn<K283>(suite, certificate, authorityKey, digest, signature, key);
}

function verifyOn<C extends Curve>(suite: i32, certificate: usize, authorityKey: usize, digest: usize, signature: usize, key: usize): i32 {
  if (publicKey<C>(PROTOCOL_POINT3, suite, certificate, lengthOf(suite), authorityKey)) return ImageReason.PUBLIC_KEY;
  encode<C>(key, PROTOCOL_POINT3);
  ecdsa.prepareVarTime<C>(VERIFIER_TABLE, PROTOCOL_POINT3);
  const reason = ecdsa.verifyVarTime<C>(VERIFIER_TABLE, digest, DIGEST_LEN, signature);
  if (reason === CurveReason.SIGNATURE_RANGE) return ImageReason.SIGNATURE_RANGE;
  return reason ? ImageReason.SIGNATURE : 0;
}
