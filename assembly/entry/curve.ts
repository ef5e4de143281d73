/**
 * Calls on public keys of the two curves: checking points, certificates to keys, ECDSA verification. Everything here is
 * public. Each answers 0, `At.CURVE * 256 + CurveReason`, or `At.CALL * 256 + CallReason`.
 */
import { At, CallReason, CurveReason, Suite } from '../abi/code.ts';
import { IN, IN_SIZE, KEY, KEY_EUI, OUT, PROTOCOL_POINT1, PROTOCOL_POINT3, VERIFIER_SUITE, VERIFIER_TABLE } from '../abi/layout.ts';
import { lengthOf, Curve, K163, K283 } from '../crypto/curve.ts';
import * as ecdsa from '../crypto/ecdsa.ts';
import { decode, encode, pointLen } from '../crypto/encoding.ts';
import * as field from '../crypto/field.ts';
import { yOf } from '../crypto/point.ts';
import { curveCode, publicKey } from '../keys/certificate.ts';
import * as wire from '../wire/certificate.ts';

/** Longest hash that is verified: SHA-512's. */
const HASH_MAX: i32 = 64;

/**
 * Checks the compressed point of `len` bytes in IN in full: length, prefix, spare bits, on the curve, in the subgroup of prime
 * order, not infinity. Its x and y, big-endian, go to OUT. Refuses: 1 SUITE; 2 POINT_LENGTH; 3 POINT_PREFIX; 4 POINT_RANGE;
 * 5 POINT_CURVE; 6 POINT_ORDER.
 */
export function pointCheck(suite: i32, len: i32): i32 {
  if (suite === Suite.ONE) return pointCheckOn<K163>(len);
  if (suite === Suite.TWO) return pointCheckOn<K283>(len);
  return curveCode(CurveReason.SUITE);
}

/**
 * Reconstructs the public key of the certificate of `len` bytes, which stands in IN behind the compressed public key of its
 * CA. The compressed key goes to OUT, the subject in air order to KEY_EUI. Refuses: 1 SUITE; 2 LENGTH (`At.CALL`), more than the window;
 * 3 what keys/certificate.ts `publicKey` does. That a certificate yields a key proves nothing: only who can use the private key shows
 * that the CA issued it.
 */
export function certificateKey(suite: i32, len: i32): i32 {
  if (suite === Suite.ONE) return certificateKeyOn<K163>(suite, len);
  if (suite === Suite.TWO) return certificateKeyOn<K283>(suite, len);
  return curveCode(CurveReason.SUITE);
}

/** Makes the compressed public key of `len` bytes in IN ready for `ecdsaVerify`. Refuses what `pointCheck` does. */
export function ecdsaPrepare(suite: i32, len: i32): i32 {
  store<i32>(VERIFIER_SUITE, 0);
  if (suite === Suite.ONE) return prepareOn<K163>(suite, len);
  if (suite === Suite.TWO) return prepareOn<K283>(suite, len);
  return curveCode(CurveReason.SUITE);
}

/**
 * Verifies r ‖ s, which stand in IN behind the hash of `hashLen` bytes (1 to 64), under the key prepared last. Refuses: 1 ORDER,
 * no key is ready; 2 LENGTH, of either; 3 SIGNATURE_RANGE; 4 SIGNATURE.
 */
export function ecdsaVerify(hashLen: i32, signatureLen: i32): i32 {
  const suite = load<i32>(VERIFIER_SUITE);
  if (suite === Suite.ONE) return verifyOn<K163>(hashLen, signatureLen);
  if (suite === Suite.TWO) return verifyOn<K283>(hashLen, signatureLen);
  return At.CALL * 256 + CallReason.ORDER;
}

function pointCheckOn<C extends Curve>(len: i32): i32 {
  const reason = decode<C>(PROTOCOL_POINT1, IN, len);
  if (reason !== 0) return curveCode(reason);
  field.write<C>(OUT, PROTOCOL_POINT1);
  field.write<C>(OUT + lengthOf<C>(), yOf<C>(PROTOCOL_POINT1));
  return 0;
}

function certificateKeyOn<C extends Curve>(suite: i32, len: i32): i32 {
  if (<u32>len > <u32>(IN_SIZE - pointLen<C>())) return At.CALL * 256 + CallReason.LENGTH;
  const certificate = IN + pointLen<C>();
  const code = publicKey<C>(PROTOCOL_POINT3, suite, certificate, len, IN);
  if (code !== 0) return code;
  store<u64>(KEY + KEY_EUI, wire.subjectOf(suite, certificate));
  encode<C>(OUT, PROTOCOL_POINT3);
  return 0;
}

function prepareOn<C extends Curve>(suite: i32, len: i32): i32 {
  const reason = decode<C>(PROTOCOL_POINT1, IN, len);
  if (reason !== 0) return curveCode(reason);
  ecdsa.prepareVarTime<C>(VERIFIER_TABLE, PROTOCOL_POINT1);
  store<i32>(VERIFIER_SUITE, suite);
  return 0;
}

function verifyOn<C extends Curve>(hashLen: i32, signatureLen: i32): i32 {
  if (hashLen < 1 || hashLen > HASH_MAX || signatureLen !== 2 * lengthOf<C>()) return At.CALL * 256 + CallReason.LENGTH;
  return curveCode(ecdsa.verifyVarTime<C>(VERIFIER_TABLE, IN, hashLen, IN + hashLen));
}
