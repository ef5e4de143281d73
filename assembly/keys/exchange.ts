/**
 * Exchanges of certificate-based key establishment (ZigBee Smart Energy annex C): their secrets, in slots, from the ephemeral key to the
 * link key. Which message comes when is the caller's.
 *
 * The initiator is party U, the responder V. MACU = HMAC(MAC key, 02 ‖ U ‖ V ‖ E_U ‖ E_V) and MACV = HMAC(MAC key, 03 ‖ V ‖ U ‖ E_V ‖ E_U):
 * each begins with whose it is, then comes its sender. EUI-64s stand there big-endian, ephemeral public keys compressed.
 *
 * Answers are 0 or whole codes.
 */
import { At, CallReason, CurveReason, KeyKind, KeyReason, KeyUsage, Role, Suite } from '../abi/code.ts';
import {
  CURVE,
  CURVE_SIZE,
  ENTROPY_LEN,
  KEYS_KEY,
  POINT1_LEN,
  POINT2_LEN,
  PROTOCOL_BYTES,
  PROTOCOL_POINT1,
  PROTOCOL_POINT3,
  PROTOCOL_SCALAR1,
  PROTOCOL_SCALAR2,
  PROTOCOL_X,
  SLOT_ANSWER,
  SLOT_EPHEMERAL,
  SLOT_EUI,
  SLOT_EXPECTED,
  SLOT_LINK_KEY,
  SLOT_OWN,
  SLOT_PARTNER_KEY,
  SLOT_PRIVATE,
  SLOT_RAW,
  SLOT_ROLE,
  SLOT_STEP,
  SLOT_SUITE,
} from '../abi/layout.ts';
import { copy, equal, wipe } from '../bytes/memory.ts';
import { lengthOf, Curve, K163, K283 } from '../crypto/curve.ts';
import * as ecmqv from '../crypto/ecmqv.ts';
import { decode, encode, pointLen } from '../crypto/encoding.ts';
import * as field from '../crypto/field.ts';
import { hmac } from '../crypto/hmac.ts';
import { agreedKey } from '../crypto/kdf.ts';
import { newPrivateKey } from '../crypto/private-key.ts';
import { affineSize } from '../crypto/point.ts';
import * as scalar from '../crypto/scalar.ts';
import * as wire from '../wire/certificate.ts';
import { caOf, certificateOf, curveCode, publicKey } from './certificate.ts';
import { alloc, erase, KEY_LEN, put, slotOf } from './slots.ts';

/** Bytes of MACU and of MACV. */
export const MAC_LEN: i32 = 16;

const BEGUN: u8 = 1;
const AGREED: u8 = 2;

/** What a MAC begins with. */
const FROM_INITIATOR: u8 = 2;
const FROM_RESPONDER: u8 = 3;

/** Where MAC key and the MACs' text stand in PROTOCOL_BYTES, behind the shared secret. */
const MAC_KEY: usize = PROTOCOL_BYTES + 48;
const MAC_TEXT: usize = PROTOCOL_BYTES + 64;
const EUI_LEN: usize = 8;

/**
 * Begins an exchange with `partner` (EUI-64, air order) under the certificate key `own`: from ENTROPY_LEN random bytes comes the ephemeral
 * key, whose public part goes to `ephemeral`; the handle goes to `handle`. Refuses: 1 HANDLE (`At.KEYS`); 2 what `publicKey` does for the
 * partner's certificate; 3 CERTIFICATE_USAGE; 4 ISSUER; 5 SUBJECT; 6 NO_SLOT (`At.KEYS`). The caller wipes the random bytes.
 */
export function begin(
  own: i32,
  role: i32,
  partner: usize,
  random: usize,
  certificate: usize,
  len: i32,
  ephemeral: usize,
  handle: usize,
): i32 {
  const slot = slotOf(own, KeyKind.CERTIFICATE);
  if (slot === 0) return At.KEYS * 256 + KeyReason.HANDLE;
  const suite = <i32>load<u8>(slot, SLOT_SUITE);
  const mine = suite === Suite.ONE ? certificateOf<K163>(slot) : certificateOf<K283>(slot);
  let code = curveCode(mayBegin(suite, mine, load<u64>(partner), certificate, len));
  if (code !== 0) return code;
  const taken = alloc(KeyKind.EXCHANGE);
  if (taken === 0) return At.KEYS * 256 + KeyReason.NO_SLOT;
  const exchange = slotOf(taken, KeyKind.EXCHANGE);
  store<u8>(exchange, <u8>suite, SLOT_SUITE);
  store<u8>(exchange, <u8>role, SLOT_ROLE);
  store<u8>(exchange, BEGUN, SLOT_STEP);
  store<i32>(exchange, own, SLOT_OWN);
  store<u64>(exchange, load<u64>(partner), SLOT_EUI);
  code =
    suite === Suite.ONE
      ? beginOn<K163>(exchange, suite, slot, random, certificate, len, ephemeral)
      : beginOn<K283>(exchange, suite, slot, random, certificate, len, ephemeral);
  wipe(CURVE, CURVE_SIZE);
  if (code !== 0) erase(taken);
  else store<i32>(handle, taken);
  return code;
}

/**
 * Takes the partner's ephemeral public key of `len` bytes, derives the link key and both MACs, and wipes the ephemeral private key and all
 * else; the initiator's MAC goes to `mac`. Refuses: 1 HANDLE (`At.KEYS`), of the exchange or of its certificate key; 2 ORDER (`At.CALL`),
 * agreed already; 3 the point, or AGREEMENT, either of which erases the exchange. `macLen` tells what stands at `mac`.
 */
export function agree(handle: i32, ephemeral: usize, len: i32, mac: usize, macLen: usize): i32 {
  const slot = slotOf(handle, KeyKind.EXCHANGE);
  if (slot === 0) return At.KEYS * 256 + KeyReason.HANDLE;
  if (load<u8>(slot, SLOT_STEP) !== BEGUN) return At.CALL * 256 + CallReason.ORDER;
  const own = slotOf(load<i32>(slot, SLOT_OWN), KeyKind.CERTIFICATE);
  if (own === 0) return At.KEYS * 256 + KeyReason.HANDLE;
  const reason =
    load<u8>(slot, SLOT_SUITE) === Suite.ONE ? agreeOn<K163>(slot, own, ephemeral, len) : agreeOn<K283>(slot, own, ephemeral, len);
  wipe(CURVE, CURVE_SIZE);
  if (reason !== 0) erase(handle);
  else answerFor(slot, Role.INITIATOR, mac, macLen);
  return curveCode(reason);
}

/**
 * Compares the partner's MAC of `len` bytes in constant time. Where it is right the link key goes into a slot of its own, its handle to
 * `link`, and the responder's MAC to `mac`. Refuses: 1 HANDLE (`At.KEYS`); 2 ORDER (`At.CALL`), not agreed yet; 3 LENGTH (`At.CALL`); 4
 * CONFIRM. The exchange is erased in every case from 3 on, and when it succeeds.
 */
export function confirm(handle: i32, received: usize, len: i32, mac: usize, macLen: usize, link: usize): i32 {
  const slot = slotOf(handle, KeyKind.EXCHANGE);
  if (slot === 0) return At.KEYS * 256 + KeyReason.HANDLE;
  if (load<u8>(slot, SLOT_STEP) !== AGREED) return At.CALL * 256 + CallReason.ORDER;
  let code: i32 = curveCode(CurveReason.CONFIRM);
  if (len !== MAC_LEN) code = At.CALL * 256 + CallReason.LENGTH;
  else if (equal(received, slot + SLOT_EXPECTED, MAC_LEN)) code = 0; // the one place
  if (code === 0) {
    answerFor(slot, Role.RESPONDER, mac, macLen);
    copy(KEYS_KEY, slot + SLOT_LINK_KEY, KEY_LEN);
  }
  const partner = load<u64>(slot, SLOT_EUI);
  erase(handle);
  if (code !== 0) return code;
  // There is room: the exchange's own slot is free now.
  const taken = alloc(KeyKind.LINK);
  store<u64>(slotOf(taken, KeyKind.LINK), partner, SLOT_EUI);
  put(taken, KEYS_KEY);
  wipe(KEYS_KEY, KEY_LEN);
  store<i32>(link, taken);
  return 0;
}

/** Whether the partner's certificate may be dealt with at all: a `CurveReason`, or 0. */
function mayBegin(suite: i32, mine: usize, partner: u64, certificate: usize, len: i32): i32 {
  const reason = wire.check(suite, certificate, len);
  if (reason !== 0) return reason;
  if (!wire.allows(suite, certificate, KeyUsage.AGREEMENT)) return CurveReason.CERTIFICATE_USAGE;
  if (wire.issuerOf(suite, certificate) !== wire.issuerOf(suite, mine)) return CurveReason.ISSUER;
  const subject = wire.subjectOf(suite, certificate);
  return subject === partner && subject !== wire.subjectOf(suite, mine) ? 0 : CurveReason.SUBJECT;
}

function beginOn<C extends Curve>(
  exchange: usize,
  suite: i32,
  own: usize,
  random: usize,
  certificate: usize,
  len: i32,
  ephemeral: usize,
): i32 {
  const code = publicKey<C>(PROTOCOL_POINT3, suite, certificate, len, caOf<C>(own));
  if (code !== 0) return code;
  copy(exchange + SLOT_PARTNER_KEY, PROTOCOL_POINT3, <i32>affineSize<C>());
  newPrivateKey<C>(PROTOCOL_SCALAR1, PROTOCOL_POINT1, random, ENTROPY_LEN);
  scalar.write<C>(exchange + SLOT_PRIVATE, PROTOCOL_SCALAR1);
  encode<C>(exchange + SLOT_EPHEMERAL, PROTOCOL_POINT1);
  copy(ephemeral, exchange + SLOT_EPHEMERAL, pointLen<C>());
  return 0;
}

function agreeOn<C extends Curve>(slot: usize, own: usize, ephemeral: usize, len: i32): i32 {
  const reason = decode<C>(PROTOCOL_POINT1, ephemeral, len);
  if (reason !== 0) return reason;
  scalar.read<C>(PROTOCOL_SCALAR1, slot + SLOT_PRIVATE);
  scalar.read<C>(PROTOCOL_SCALAR2, own + SLOT_RAW);
  field.read<C>(PROTOCOL_X, slot + SLOT_EPHEMERAL + 1);
  const secret = PROTOCOL_BYTES;
  if (!ecmqv.agree<C>(secret, PROTOCOL_SCALAR1, PROTOCOL_SCALAR2, PROTOCOL_X, PROTOCOL_POINT1, slot + SLOT_PARTNER_KEY)) {
    return CurveReason.AGREEMENT;
  }
  wipe(slot + SLOT_PRIVATE, lengthOf<C>());
  agreedKey(secret, lengthOf<C>(), 1, MAC_KEY);
  agreedKey(secret, lengthOf<C>(), 2, slot + SLOT_LINK_KEY);
  const mine = slot + SLOT_EPHEMERAL;
  const initiator = load<u8>(slot, SLOT_ROLE) === Role.INITIATOR;
  const ownEui = load<u64>(own, SLOT_EUI);
  const partner = load<u64>(slot, SLOT_EUI);
  writeMac(slot + SLOT_ANSWER, initiator ? FROM_INITIATOR : FROM_RESPONDER, ownEui, partner, mine, ephemeral, len);
  writeMac(slot + SLOT_EXPECTED, initiator ? FROM_RESPONDER : FROM_INITIATOR, partner, ownEui, ephemeral, mine, len);
  store<u8>(slot, AGREED, SLOT_STEP);
  return 0;
}

/** The MAC of a sender and a receiver, under the key at MAC_KEY. */
function writeMac(mac: usize, from: u8, sender: u64, receiver: u64, sent: usize, received: usize, len: i32): void {
  store<u8>(MAC_TEXT, from);
  store<u64>(MAC_TEXT, bswap(sender), 1);
  store<u64>(MAC_TEXT, bswap(receiver), 1 + EUI_LEN);
  const points = MAC_TEXT + 1 + 2 * EUI_LEN;
  copy(points, sent, len);
  copy(points + len, received, len);
  hmac(MAC_KEY, KEY_LEN, MAC_TEXT, <i32>(points - MAC_TEXT) + 2 * len, mac);
}

/** Gives the MAC of an exchange away where its role is `role`; its length, or 0, goes to `len`. */
function answerFor(slot: usize, role: i32, mac: usize, len: usize): void {
  const due = <i32>load<u8>(slot, SLOT_ROLE) === role;
  if (due) copy(mac, slot + SLOT_ANSWER, MAC_LEN);
  store<u16>(len, due ? <u16>MAC_LEN : 0);
}
