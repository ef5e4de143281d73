/**
 * Calls of signer.wasm, for tooling and the laboratory: digests, key pairs, signatures, certificates. What they are given stands in IN and
 * is wiped with everything that came of it; private keys that they answer stand in OUT, for the host to take and wipe. Each answers 0,
 * `At.CURVE * 256 + CurveReason` or `At.CALL * 256 + CallReason`.
 */
import { At, CallReason, CurveReason, Suite } from '../abi/code.ts';
import {
  CURVE,
  CURVE_SIZE,
  ENTROPY_LEN,
  IMAGE_STATE,
  IN,
  IN_SIZE,
  OUT,
  PROTOCOL_POINT1,
  PROTOCOL_POINT2,
  PROTOCOL_POINT3,
  PROTOCOL_SCALAR1,
  PROTOCOL_SCALAR2,
  STATE_MMO,
} from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import { lengthOf, Curve, K163, K283 } from '../crypto/curve.ts';
import { sign } from '../crypto/ecdsa-sign.ts';
import * as issuing from '../crypto/ecqv-issue.ts';
import { decode, encode, pointLen } from '../crypto/encoding.ts';
import * as field from '../crypto/field.ts';
import * as mmo from '../crypto/mmo.ts';
import { multiplyBase } from '../crypto/multiply.ts';
import { yOf } from '../crypto/point.ts';
import { newPrivateKey } from '../crypto/private-key.ts';
import * as scalar from '../crypto/scalar.ts';
import { curveCode, publicKey as certifiedKey } from '../keys/certificate.ts';
import * as wire from '../wire/certificate.ts';

const STATE: usize = IMAGE_STATE + STATE_MMO;
/** Longest hash that is signed: SHA-512's. */
const HASH_MAX: i32 = 64;

/** Starts an AES-MMO digest. */
export function mmoBegin(): i32 {
  mmo.init(STATE);
  return 0;
}

/** Appends `len` bytes of IN. Refuses: 1 LENGTH, more than the window. */
export function mmoUpdate(len: i32): i32 {
  if (<u32>len > <u32>IN_SIZE) return At.CALL * 256 + CallReason.LENGTH;
  mmo.update(STATE, IN, len);
  return 0;
}

/** Writes the 16-byte digest to OUT, with the padding of the message's length, and forgets the message. */
export function mmoFinish(): i32 {
  mmo.final(STATE, OUT);
  return 0;
}

/** As `mmoFinish`, with the short padding whatever the length: some makers' integrity codes have it. */
export function mmoFinishShort(): i32 {
  mmo.finalShort(STATE, OUT);
  return 0;
}

/** Makes a key pair of the ENTROPY_LEN random bytes in IN: private key and compressed public key go to OUT. Refuses: 1 SUITE. */
export function keyPair(suite: i32): i32 {
  if (suite === Suite.ONE) return done(keyPairOn<K163>());
  return done(suite === Suite.TWO ? keyPairOn<K283>() : CurveReason.SUITE);
}

/** The compressed public key of the private key in IN goes to OUT. Refuses: 1 SUITE; 2 PRIVATE_KEY. */
export function publicKey(suite: i32): i32 {
  if (suite === Suite.ONE) return done(publicKeyOn<K163>());
  return done(suite === Suite.TWO ? publicKeyOn<K283>() : CurveReason.SUITE);
}

/**
 * Signs the hash of `hashLen` bytes (1 to 64), which stands in IN behind the private key, with a nonce after RFC 6979; r ‖ s goes to OUT.
 * Refuses: 1 SUITE; 2 LENGTH (`At.CALL`); 3 PRIVATE_KEY.
 */
export function ecdsaSign(suite: i32, hashLen: i32): i32 {
  if (hashLen < 1 || hashLen > HASH_MAX) {
    wipe(IN, IN_SIZE);
    return At.CALL * 256 + CallReason.LENGTH;
  }
  if (suite === Suite.ONE) return done(signOn<K163>(hashLen));
  return done(suite === Suite.TWO ? signOn<K283>(hashLen) : CurveReason.SUITE);
}

/**
 * Issues a certificate. In IN stand the CA's private key, ENTROPY_LEN random bytes, the compressed point of the request, and the
 * certificate of `len` bytes, complete but for its point. The certificate goes to OUT, and behind it the number r for the requester.
 * Refuses: 1 SUITE; 2 CERTIFICATE_LENGTH; 3 CERTIFICATE_FORMAT; 4 PRIVATE_KEY; 5 the request's point; 6 PUBLIC_KEY, take other bytes.
 */
export function ecqvIssue(suite: i32, len: i32): i32 {
  if (suite === Suite.ONE) return done(issueOn<K163>(suite, len));
  return done(suite === Suite.TWO ? issueOn<K283>(suite, len) : CurveReason.SUITE);
}

/**
 * Makes the private key of a certificate: in IN stand the request's private key, the CA's r, the CA's compressed public key, and the
 * certificate of `len` bytes. Private key and compressed public key go to OUT. Refuses: 1 SUITE; 2 what keys/certificate.ts `publicKey`
 * does; 3 PRIVATE_KEY; 4 MISMATCH, this r is not for that request.
 */
export function ecqvReceive(suite: i32, len: i32): i32 {
  if (suite === Suite.ONE) return done(receiveOn<K163>(suite, len));
  return done(suite === Suite.TWO ? receiveOn<K283>(suite, len) : CurveReason.SUITE);
}

/** Wipes what a call was given and what it calculated; its reason, or its whole code, as code. */
function done(reason: i32): i32 {
  wipe(IN, IN_SIZE);
  wipe(CURVE, CURVE_SIZE);
  return reason < 256 ? curveCode(reason) : reason;
}

function keyPairOn<C extends Curve>(): i32 {
  newPrivateKey<C>(PROTOCOL_SCALAR1, PROTOCOL_POINT1, IN, ENTROPY_LEN);
  scalar.write<C>(OUT, PROTOCOL_SCALAR1);
  encode<C>(OUT + lengthOf<C>(), PROTOCOL_POINT1);
  return 0;
}

function publicKeyOn<C extends Curve>(): i32 {
  if (!readPrivate<C>(PROTOCOL_SCALAR1, IN)) return CurveReason.PRIVATE_KEY;
  multiplyBase<C>(PROTOCOL_POINT1, PROTOCOL_SCALAR1);
  encode<C>(OUT, PROTOCOL_POINT1);
  return 0;
}

function signOn<C extends Curve>(hashLen: i32): i32 {
  if (!readPrivate<C>(PROTOCOL_SCALAR1, IN)) return CurveReason.PRIVATE_KEY;
  sign<C>(OUT, PROTOCOL_SCALAR1, IN + lengthOf<C>(), hashLen);
  return 0;
}

function issueOn<C extends Curve>(suite: i32, len: i32): i32 {
  const random = IN + lengthOf<C>();
  const request = random + ENTROPY_LEN;
  const certificate = request + pointLen<C>();
  let reason = wire.check(suite, certificate, len);
  if (reason === 0 && !readPrivate<C>(PROTOCOL_SCALAR1, IN)) reason = CurveReason.PRIVATE_KEY;
  if (reason === 0) reason = decode<C>(PROTOCOL_POINT3, request, pointLen<C>());
  if (reason !== 0) return reason;
  copy(OUT, certificate, len);
  const point = wire.pointOf(suite, OUT);
  const r = PROTOCOL_SCALAR2;
  const issued = issuing.issue<C>(r, PROTOCOL_SCALAR1, PROTOCOL_POINT3, random, ENTROPY_LEN, OUT, len, point);
  scalar.write<C>(OUT + len, r);
  return issued ? 0 : CurveReason.PUBLIC_KEY;
}

function receiveOn<C extends Curve>(suite: i32, len: i32): i32 {
  const r = IN + lengthOf<C>();
  const ca = r + lengthOf<C>();
  const certificate = ca + pointLen<C>();
  const code = certifiedKey<C>(PROTOCOL_POINT3, suite, certificate, len, ca);
  if (code !== 0) return code;
  scalar.read<C>(PROTOCOL_SCALAR2, r);
  if (!readPrivate<C>(PROTOCOL_SCALAR1, IN) || !scalar.isInRange<C>(PROTOCOL_SCALAR2)) return CurveReason.PRIVATE_KEY;
  issuing.receive<C>(PROTOCOL_SCALAR1, PROTOCOL_SCALAR1, PROTOCOL_SCALAR2, certificate, len);
  multiplyBase<C>(PROTOCOL_POINT1, PROTOCOL_SCALAR1);
  const same = field.equal<C>(PROTOCOL_POINT1, PROTOCOL_POINT3) && field.equal<C>(yOf<C>(PROTOCOL_POINT1), yOf<C>(PROTOCOL_POINT3));
  if (!same) return CurveReason.MISMATCH;
  scalar.write<C>(OUT, PROTOCOL_SCALAR1);
  encode<C>(OUT + lengthOf<C>(), PROTOCOL_POINT1);
  return 0;
}

/** Reads a private key; whether it is one. */
function readPrivate<C extends Curve>(d: usize, bytes: usize): bool {
  scalar.read<C>(d, bytes);
  return scalar.isInRange<C>(d);
}
