/**
 * Certificates to public keys: marries their form (wire/certificate.ts) and the curves. Also certificate keys: slots that hold a private
 * key with its certificate and the public key of the CA that both are believed under, so that an exchange cannot be moved to another CA.
 *
 * Answers are 0 or whole codes, `At.CURVE * 256 + CurveReason` unless it says otherwise.
 */
import { At, CurveReason, KeyKind, KeyReason, KeyUsage, Suite } from '../abi/code.ts';
import {
  CURVE,
  CURVE_SIZE,
  PROTOCOL_POINT1,
  PROTOCOL_POINT2,
  PROTOCOL_POINT3,
  PROTOCOL_SCALAR1,
  SLOT_EUI,
  SLOT_RAW,
  SLOT_SUITE,
} from '../abi/layout.ts';
import { wipe } from '../bytes/memory.ts';
import { lengthOf, Curve, K163, K283 } from '../crypto/curve.ts';
import * as ecqv from '../crypto/ecqv.ts';
import { decode, pointLen } from '../crypto/encoding.ts';
import * as field from '../crypto/field.ts';
import { multiplyBase } from '../crypto/multiply.ts';
import { yOf } from '../crypto/point.ts';
import * as scalar from '../crypto/scalar.ts';
import * as wire from '../wire/certificate.ts';
import { alloc, putRaw, slotOf } from './slots.ts';

/** A code of the curves. */
export function curveCode(reason: i32): i32 {
  return reason === 0 ? 0 : At.CURVE * 256 + reason;
}

/**
 * q = the public key, affine, of a certificate of `len` bytes under the CA's compressed public key. Refuses: 1 CERTIFICATE_LENGTH; 2
 * CERTIFICATE_FORMAT; 3 POINT_PREFIX, POINT_RANGE, POINT_CURVE or POINT_ORDER of the CA's key, then of the certificate's point; 4
 * PUBLIC_KEY, infinity.
 */
export function publicKey<C extends Curve>(q: usize, suite: i32, certificate: usize, len: i32, ca: usize): i32 {
  let reason = wire.check(suite, certificate, len);
  if (reason === 0) reason = decode<C>(PROTOCOL_POINT1, ca, pointLen<C>());
  if (reason === 0) reason = decode<C>(PROTOCOL_POINT2, wire.pointOf(suite, certificate), pointLen<C>());
  if (reason === 0 && !ecqv.publicKeyVarTime<C>(q, certificate, len, PROTOCOL_POINT2, PROTOCOL_POINT1)) reason = CurveReason.PUBLIC_KEY;
  return curveCode(reason);
}

/** The CA's public key in a certificate key's slot. */
export function caOf<C extends Curve>(slot: usize): usize {
  return slot + SLOT_RAW + lengthOf<C>();
}

/** The certificate in a certificate key's slot. */
export function certificateOf<C extends Curve>(slot: usize): usize {
  return caOf<C>(slot) + pointLen<C>();
}

/**
 * Puts a certificate key into a slot and writes its handle to `handle`: at `key` stand private key, CA public key and certificate of the
 * suite, `len` bytes in all. Refuses: 1 CERTIFICATE_LENGTH; 2 what `publicKey` does; 3 CERTIFICATE_USAGE, no key agreement; 4
 * PRIVATE_KEY; 5 MISMATCH; 6 NO_SLOT (`At.KEYS`). The caller wipes `key`.
 */
export function hold(suite: i32, key: usize, len: i32, handle: usize): i32 {
  const code = suite === Suite.ONE ? holdOn<K163>(suite, key, len, handle) : holdOn<K283>(suite, key, len, handle);
  wipe(CURVE, CURVE_SIZE);
  return code;
}

function holdOn<C extends Curve>(suite: i32, key: usize, len: i32, handle: usize): i32 {
  const ca = key + lengthOf<C>();
  const certificate = ca + pointLen<C>();
  const certificateLen = len - lengthOf<C>() - pointLen<C>();
  const code = publicKey<C>(PROTOCOL_POINT3, suite, certificate, certificateLen, ca);
  if (code !== 0) return code;
  if (!wire.allows(suite, certificate, KeyUsage.AGREEMENT)) return curveCode(CurveReason.CERTIFICATE_USAGE);
  scalar.read<C>(PROTOCOL_SCALAR1, key);
  if (!scalar.isInRange<C>(PROTOCOL_SCALAR1)) return curveCode(CurveReason.PRIVATE_KEY);
  multiplyBase<C>(PROTOCOL_POINT1, PROTOCOL_SCALAR1);
  const same = field.equal<C>(PROTOCOL_POINT1, PROTOCOL_POINT3) && field.equal<C>(yOf<C>(PROTOCOL_POINT1), yOf<C>(PROTOCOL_POINT3));
  if (!same) return curveCode(CurveReason.MISMATCH);
  const taken = alloc(KeyKind.CERTIFICATE);
  if (taken === 0) return At.KEYS * 256 + KeyReason.NO_SLOT;
  const slot = slotOf(taken, KeyKind.CERTIFICATE);
  store<u8>(slot, <u8>suite, SLOT_SUITE);
  store<u64>(slot, wire.subjectOf(suite, certificate), SLOT_EUI);
  putRaw(taken, key, len);
  store<i32>(handle, taken);
  return 0;
}
