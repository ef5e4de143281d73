/**
 * Implicit certificates of ZigBee Smart Energy (annex C and its suite 2 amendment): where their fields stand, and whether they have the
 * form of their suite. Their EUI-64s are big-endian; those here come and go in air order. Whose key a certificate yields is for crypto/.
 *
 * A certificate of suite 1 says nothing of what its key may be used for, and neither says that it ends: from when and for how long
 * one of suite 2 holds is for whoever has a clock.
 */
import { CurveReason, Suite } from '../abi/code.ts';
import {
  CERTIFICATE1_ISSUER,
  CERTIFICATE1_LEN,
  CERTIFICATE1_POINT,
  CERTIFICATE1_SUBJECT,
  CERTIFICATE2_CURVE,
  CERTIFICATE2_HASH,
  CERTIFICATE2_ISSUER,
  CERTIFICATE2_LEN,
  CERTIFICATE2_POINT,
  CERTIFICATE2_SUBJECT,
  CERTIFICATE2_TYPE,
  CERTIFICATE2_USAGE,
} from '../abi/layout.ts';

/** What the fields of suite 2 hold: an implicit certificate without extensions, sect283k1, AES-MMO. */
const TYPE: u8 = 0;
const CURVE: u8 = 13;
const HASH: u8 = 8;

/**
 * Whether `len` bytes have the form of a suite's certificate. Answers 0, or a `CurveReason`: 1 CERTIFICATE_LENGTH; 2 CERTIFICATE_FORMAT,
 * type, curve or hash of suite 2.
 */
export function check(suite: i32, certificate: usize, len: i32): i32 {
  if (len !== lengthOf(suite)) return CurveReason.CERTIFICATE_LENGTH;
  if (suite === Suite.ONE) return 0;
  const fits =
    load<u8>(certificate, CERTIFICATE2_TYPE) === TYPE &&
    load<u8>(certificate, CERTIFICATE2_CURVE) === CURVE &&
    load<u8>(certificate, CERTIFICATE2_HASH) === HASH;
  return fits ? 0 : CurveReason.CERTIFICATE_FORMAT;
}

/** Bytes of a certificate. */
export function lengthOf(suite: i32): i32 {
  return suite === Suite.ONE ? CERTIFICATE1_LEN : CERTIFICATE2_LEN;
}

/** Whether the key may be used so (`KeyUsage`); suite 1 does not restrict it. */
export function allows(suite: i32, certificate: usize, usage: i32): bool {
  return suite === Suite.ONE || ((<i32>load<u8>(certificate, CERTIFICATE2_USAGE)) & usage) === usage;
}

/** Address of the compressed point. */
export function pointOf(suite: i32, certificate: usize): usize {
  return certificate + (suite === Suite.ONE ? CERTIFICATE1_POINT : CERTIFICATE2_POINT);
}

/** The subject in air order, as a number whose bytes are those of an EUI-64 in memory. */
export function subjectOf(suite: i32, certificate: usize): u64 {
  return bswap(load<u64>(certificate + (suite === Suite.ONE ? CERTIFICATE1_SUBJECT : CERTIFICATE2_SUBJECT)));
}

/** The issuer, likewise. */
export function issuerOf(suite: i32, certificate: usize): u64 {
  return bswap(load<u64>(certificate + (suite === Suite.ONE ? CERTIFICATE1_ISSUER : CERTIFICATE2_ISSUER)));
}
