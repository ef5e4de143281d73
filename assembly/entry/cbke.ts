/**
 * Calls of certificate-based key establishment (ZigBee Smart Energy annex C). A certificate key and an exchange are slots:
 * `keyErase` forgets either at any time. Private keys, the shared secret and the MAC key never leave the core; the link key
 * leaves sealed alone. Each answers 0, `At.CURVE * 256 + CurveReason`, `At.KEYS * 256 + KeyReason` or `At.CALL * 256 + CallReason`.
 */
import { At, CallReason } from '../abi/code.ts';

/**
 * Imports a certificate key: in IN stand, `len` bytes in all, private key, CA public key and certificate of the suite. Handle to
 * KEY_INDEX, subject in air order to KEY_EUI; IN is wiped. Refuses: SUITE; CERTIFICATE_LENGTH; what `certificateKey` does;
 * CERTIFICATE_USAGE, no key agreement; PRIVATE_KEY; MISMATCH; NO_SLOT.
 */
export function certificateImport(suite: i32, len: i32): i32 {
  return At.CALL * 256 + CallReason.ORDER;
}

/** Answers a certificate key's certificate in OUT, its suite in KEY_SUITE, its subject in air order in KEY_EUI. Refuses: HANDLE. */
export function certificateOf(handle: i32): i32 {
  return At.CALL * 256 + CallReason.ORDER;
}

/**
 * Begins an exchange with the partner KEY_EUI under one's own certificate key, as `role` of `Role`. In IN stand ENTROPY_LEN random
 * bytes and the partner's certificate of `len` bytes; IN is wiped. The exchange's handle goes to KEY_INDEX, the ephemeral public
 * key to OUT. Refuses: HANDLE; FLAGS, no role; CERTIFICATE_LENGTH; CERTIFICATE_FORMAT; CERTIFICATE_USAGE; ISSUER; SUBJECT; the
 * certificate's point; PUBLIC_KEY; NO_SLOT.
 */
export function cbkeBegin(own: i32, role: i32, len: i32): i32 {
  return At.CALL * 256 + CallReason.ORDER;
}

/**
 * Takes the partner's ephemeral public key, `len` bytes in IN, and derives MAC key and link key; the ephemeral private key is
 * wiped. The initiator's MACU goes to OUT, its length or 0 to KEY_OUT_LEN. Refuses: HANDLE; ORDER, agreed before; what `pointCheck` does; AGREEMENT, the shared
 * secret is infinity. After a refusal about the point or the secret the exchange is erased.
 */
export function cbkeAgree(handle: i32, len: i32): i32 {
  return At.CALL * 256 + CallReason.ORDER;
}

/**
 * Compares the partner's MAC, `len` bytes in IN, in constant time. When it is right the link key becomes a key of its own, whose
 * handle goes to KEY_INDEX, and the responder's MACV goes to OUT, its length or 0 to KEY_OUT_LEN. Whatever the answer but HANDLE
 * and ORDER, the exchange is erased with everything else of it. Refuses: HANDLE; ORDER, not agreed; LENGTH, not 16; CONFIRM.
 */
export function cbkeConfirm(handle: i32, len: i32): i32 {
  return At.CALL * 256 + CallReason.ORDER;
}
