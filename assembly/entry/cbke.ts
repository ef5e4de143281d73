/**
 * Calls of certificate-based key establishment (ZigBee Smart Energy annex C). A certificate key and an exchange are slots:
 * `keyErase` forgets either at any time. Private keys, the shared secret and the MAC key never leave the core; the link key
 * leaves sealed alone. Each answers 0, `At.CURVE * 256 + CurveReason`, `At.KEYS * 256 + KeyReason` or `At.CALL * 256 + CallReason`.
 */
import { At, CallReason, CurveReason, KeyKind, KeyReason, Role, Suite } from '../abi/code.ts';
import {
  CERTIFICATE1_LEN,
  CERTIFICATE2_LEN,
  ENTROPY_LEN,
  IN,
  IN_SIZE,
  KEY,
  KEY_EUI,
  KEY_INDEX,
  KEY_OUT_LEN,
  KEY_SUITE,
  OUT,
  SLOT_EUI,
  SLOT_SUITE,
} from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import { K163, K283 } from '../crypto/curve.ts';
import * as certificate from '../keys/certificate.ts';
import * as exchange from '../keys/exchange.ts';
import { slotOf } from '../keys/slots.ts';

/**
 * Imports a certificate key: in IN stand, `len` bytes in all, private key, CA public key and certificate of the suite. Handle to
 * KEY_INDEX, subject in air order to KEY_EUI; IN is wiped. Refuses: 1 SUITE; 2 what keys/certificate.ts `hold` does.
 */
export function certificateImport(suite: i32, len: i32): i32 {
  let code: i32 = At.CURVE * 256 + CurveReason.SUITE;
  if (suite === Suite.ONE || suite === Suite.TWO) code = certificate.hold(suite, IN, len, KEY + KEY_INDEX);
  wipe(IN, IN_SIZE);
  if (code === 0) store<u64>(KEY + KEY_EUI, load<u64>(slotOf(load<i32>(KEY + KEY_INDEX), KeyKind.CERTIFICATE), SLOT_EUI));
  return code;
}

/** Answers a certificate key's certificate in OUT, its suite in KEY_SUITE, its subject in air order in KEY_EUI. Refuses: HANDLE. */
export function certificateOf(handle: i32): i32 {
  const slot = slotOf(handle, KeyKind.CERTIFICATE);
  if (slot === 0) return At.KEYS * 256 + KeyReason.HANDLE;
  const suite = load<u8>(slot, SLOT_SUITE);
  if (suite === Suite.ONE) copy(OUT, certificate.certificateOf<K163>(slot), CERTIFICATE1_LEN);
  else copy(OUT, certificate.certificateOf<K283>(slot), CERTIFICATE2_LEN);
  store<u8>(KEY + KEY_SUITE, suite);
  store<u64>(KEY + KEY_EUI, load<u64>(slot, SLOT_EUI));
  return 0;
}

/**
 * Begins an exchange with the partner KEY_EUI under one's own certificate key, as `role` of `Role`. In IN stand ENTROPY_LEN random
 * bytes and the partner's certificate of `len` bytes; IN is wiped. The exchange's handle goes to KEY_INDEX, the ephemeral public
 * key to OUT. Refuses: 1 FLAGS, no role; 2 LENGTH, more than the window; 3 what keys/exchange.ts `begin` does.
 */
export function cbkeBegin(own: i32, role: i32, len: i32): i32 {
  let code: i32 = At.CALL * 256 + CallReason.FLAGS;
  if (role === Role.INITIATOR || role === Role.RESPONDER) {
    if (<u32>len > <u32>(IN_SIZE - ENTROPY_LEN)) code = At.CALL * 256 + CallReason.LENGTH;
    else code = exchange.begin(own, role, KEY + KEY_EUI, IN, IN + ENTROPY_LEN, len, OUT, KEY + KEY_INDEX);
  }
  wipe(IN, IN_SIZE);
  return code;
}

/**
 * Takes the partner's ephemeral public key, `len` bytes in IN, and derives the link key; the ephemeral private key is wiped. The
 * initiator's MACU goes to OUT, its length or 0 to KEY_OUT_LEN. Refuses what keys/exchange.ts `agree` does: after a refusal about the
 * point or the secret the exchange is erased.
 */
export function cbkeAgree(handle: i32, len: i32): i32 {
  return exchange.agree(handle, IN, len, OUT, KEY + KEY_OUT_LEN);
}

/**
 * Compares the partner's MAC, `len` bytes in IN, in constant time. When it is right the link key becomes a key of its own, whose
 * handle goes to KEY_INDEX, and the responder's MACV goes to OUT, its length or 0 to KEY_OUT_LEN. Whatever the answer but HANDLE
 * and ORDER, the exchange is erased with everything else of it. Refuses what keys/exchange.ts `confirm` does.
 */
export function cbkeConfirm(handle: i32, len: i32): i32 {
  return exchange.confirm(handle, IN, len, OUT, KEY + KEY_OUT_LEN, KEY + KEY_INDEX);
}
