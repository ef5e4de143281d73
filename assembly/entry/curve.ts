/**
 * Calls on public keys of the two curves: checking points, certificates to keys, ECDSA verification. Everything here is
 * public. Each answers 0, `At.CURVE * 256 + CurveReason`, or `At.CALL * 256 + CallReason`.
 */
import { At, CallReason } from '../abi/code.ts';

/**
 * Checks the compressed point of `len` bytes in IN in full: length, prefix, spare bits, on the curve, in the subgroup of prime
 * order, not infinity. Its x and y, big-endian, go to OUT. Refuses: 1 SUITE; 2 POINT_LENGTH; 3 POINT_PREFIX; 4 POINT_RANGE;
 * 5 POINT_CURVE; 6 POINT_ORDER.
 */
export function pointCheck(suite: i32, len: i32): i32 {
  return At.CALL * 256 + CallReason.ORDER;
}

/**
 * Reconstructs the public key of the certificate of `len` bytes, which stands in IN behind the compressed public key of its
 * CA. The compressed key goes to OUT, the subject in air order to KEY_EUI. Refuses what `pointCheck` does for either point,
 * CERTIFICATE_LENGTH, CERTIFICATE_FORMAT, PUBLIC_KEY. That a certificate yields a key proves nothing: only who can use the
 * private key shows that the CA issued it.
 */
export function certificateKey(suite: i32, len: i32): i32 {
  return At.CALL * 256 + CallReason.ORDER;
}

/** Makes the compressed public key of `len` bytes in IN ready for `ecdsaVerify`. Refuses what `pointCheck` does. */
export function ecdsaPrepare(suite: i32, len: i32): i32 {
  return At.CALL * 256 + CallReason.ORDER;
}

/**
 * Verifies r ‖ s, which stand in IN behind the hash of `hashLen` bytes (1 to 64), under the key prepared last. Refuses: 1 ORDER,
 * no key is ready; 2 LENGTH, of either; 3 SIGNATURE_RANGE; 4 SIGNATURE.
 */
export function ecdsaVerify(hashLen: i32, signatureLen: i32): i32 {
  return At.CALL * 256 + CallReason.ORDER;
}
