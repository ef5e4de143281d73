/** What tests ask of the curves' inner parts: thin exports over the very sources, each for either suite. Addresses are the caller's. */
import { curve, K163, K283 } from '../../assembly/crypto/curve.ts';
import { signWith } from '../../assembly/crypto/ecdsa-sign.ts';
import * as ecdsa from '../../assembly/crypto/ecdsa.ts';
import * as ecmqv from '../../assembly/crypto/ecmqv.ts';
import { decode, encode } from '../../assembly/crypto/encoding.ts';
import * as field from '../../assembly/crypto/field.ts';
import { invert } from '../../assembly/crypto/inverse.ts';
import { agreedKey } from '../../assembly/crypto/kdf.ts';
import { multiply, multiplyBase, multiplyVarTime, sumVarTime } from '../../assembly/crypto/multiply.ts';
import * as nonce from '../../assembly/crypto/nonce.ts';
import * as point from '../../assembly/crypto/point.ts';
import * as scalar from '../../assembly/crypto/scalar.ts';
import * as tau from '../../assembly/crypto/tau.ts';
import * as window from '../../assembly/crypto/window.ts';
import { publicKey } from '../../assembly/keys/certificate.ts';
import { verify } from '../../assembly/keys/certified-signature.ts';

/** First address that nothing in the module uses. */
export const FREE: i32 = <i32>__heap_base;

/** Address of a table of the curve: 0 order, 1 reciprocal, 2 base point, 3 split. */
export function curveTable(suite: i32, which: i32): usize {
  if (which === 0) return suite === 1 ? curve<K163>().order : curve<K283>().order;
  if (which === 1) return suite === 1 ? curve<K163>().reciprocal : curve<K283>().reciprocal;
  if (which === 2) return suite === 1 ? curve<K163>().base : curve<K283>().base;
  return suite === 1 ? curve<K163>().split : curve<K283>().split;
}

export function fieldMul(suite: i32, z: usize, x: usize, y: usize): void {
  if (suite === 1) field.mul<K163>(z, x, y);
  else field.mul<K283>(z, x, y);
}

export function fieldSqr(suite: i32, z: usize, x: usize): void {
  if (suite === 1) field.sqr<K163>(z, x);
  else field.sqr<K283>(z, x);
}

export function fieldInvert(suite: i32, z: usize, x: usize): void {
  if (suite === 1) field.invert<K163>(z, x);
  else field.invert<K283>(z, x);
}

export function fieldHalfTrace(suite: i32, z: usize, x: usize): void {
  if (suite === 1) field.halfTrace<K163>(z, x);
  else field.halfTrace<K283>(z, x);
}

export function fieldTrace(suite: i32, x: usize): u32 {
  return suite === 1 ? curve<K163>().trace(x) : curve<K283>().trace(x);
}

export function scalarMul(suite: i32, z: usize, x: usize, y: usize): void {
  if (suite === 1) scalar.mul<K163>(z, x, y);
  else scalar.mul<K283>(z, x, y);
}

export function scalarAdd(suite: i32, z: usize, x: usize, y: usize): void {
  if (suite === 1) scalar.add<K163>(z, x, y);
  else scalar.add<K283>(z, x, y);
}

export function scalarSub(suite: i32, z: usize, x: usize, y: usize): void {
  if (suite === 1) scalar.sub<K163>(z, x, y);
  else scalar.sub<K283>(z, x, y);
}

export function scalarReadWide(suite: i32, z: usize, bytes: usize, len: i32): void {
  if (suite === 1) scalar.readWide<K163>(z, bytes, len);
  else scalar.readWide<K283>(z, bytes, len);
}

export function scalarReadHash(suite: i32, z: usize, bytes: usize, len: i32): void {
  if (suite === 1) scalar.readHash<K163>(z, bytes, len);
  else scalar.readHash<K283>(z, bytes, len);
}

export function scalarIsInRange(suite: i32, x: usize): i32 {
  return suite === 1 ? i32(scalar.isInRange<K163>(x)) : i32(scalar.isInRange<K283>(x));
}

export function scalarInvert(suite: i32, z: usize, x: usize): void {
  if (suite === 1) invert<K163>(z, x);
  else invert<K283>(z, x);
}

export function tauDescribe(suite: i32, at: usize, width: i32): void {
  if (suite === 1) tau.describe<K163>(at, width);
  else tau.describe<K283>(at, width);
}

export function tauSplit(suite: i32, k: usize): void {
  if (suite === 1) tau.split<K163>(k);
  else tau.split<K283>(k);
}

export function tauSparse(suite: i32, digits: usize, description: usize, width: i32): i32 {
  return suite === 1 ? tau.writeSparseVarTime<K163>(digits, description, width) : tau.writeSparseVarTime<K283>(digits, description, width);
}

export function tauRegular(suite: i32, digits: usize, description: usize, width: i32): i32 {
  if (suite === 1) {
    tau.makeOdd<K163>();
    tau.writeRegular<K163>(digits, description, width);
    return tau.regularCount<K163>(width);
  }
  tau.makeOdd<K283>();
  tau.writeRegular<K283>(digits, description, width);
  return tau.regularCount<K283>(width);
}

export function pointDecode(suite: i32, q: usize, encoded: usize, len: i32): i32 {
  return suite === 1 ? decode<K163>(q, encoded, len) : decode<K283>(q, encoded, len);
}

export function pointEncode(suite: i32, encoded: usize, q: usize): void {
  if (suite === 1) encode<K163>(encoded, q);
  else encode<K283>(encoded, q);
}

/** 1 on the curve, 2 in the subgroup too. */
export function pointPlace(suite: i32, q: usize): i32 {
  if (suite === 1) return point.isOnCurve<K163>(q) ? 1 + i32(point.isInSubgroup<K163>(q)) : 0;
  return point.isOnCurve<K283>(q) ? 1 + i32(point.isInSubgroup<K283>(q)) : 0;
}

/** q = p + q, affine, through the additions of public (kind 0) and of secret points (kind 1). 0 for infinity. */
export function pointAdd(suite: i32, kind: i32, q: usize, p: usize, work: usize): i32 {
  if (suite === 1) {
    point.lift<K163>(work, p);
    if (kind === 0) point.addVarTime<K163>(work, q);
    else point.addComplete<K163>(work, q);
    return i32(point.toAffine<K163>(q, work));
  }
  point.lift<K283>(work, p);
  if (kind === 0) point.addVarTime<K283>(work, q);
  else point.addComplete<K283>(work, q);
  return i32(point.toAffine<K283>(q, work));
}

export function pointMultiply(suite: i32, q: usize, k: usize, p: usize): i32 {
  return suite === 1 ? i32(multiply<K163>(q, k, p)) : i32(multiply<K283>(q, k, p));
}

export function pointMultiplyBase(suite: i32, q: usize, k: usize): i32 {
  return suite === 1 ? i32(multiplyBase<K163>(q, k)) : i32(multiplyBase<K283>(q, k));
}

export function pointMultiplyVarTime(suite: i32, q: usize, k: usize, p: usize, work: usize): i32 {
  if (suite === 1) {
    multiplyVarTime<K163>(work, k, p);
    return i32(point.toAffine<K163>(q, work));
  }
  multiplyVarTime<K283>(work, k, p);
  return i32(point.toAffine<K283>(q, work));
}

export function pointSumVarTime(suite: i32, q: usize, k: usize, l: usize, table: usize, work: usize): i32 {
  if (suite === 1) {
    sumVarTime<K163>(work, k, l, table);
    return i32(point.toAffine<K163>(q, work));
  }
  sumVarTime<K283>(work, k, l, table);
  return i32(point.toAffine<K283>(q, work));
}

export function tableBuild(suite: i32, table: usize, p: usize): void {
  if (suite === 1) window.buildVarTime<K163>(table, p, 6);
  else window.buildVarTime<K283>(table, p, 6);
}

/** The `index`th nonce of a private scalar and a hash. */
export function nonceAt(suite: i32, k: usize, index: i32, d: usize, hash: usize, len: i32): void {
  if (suite === 1) nonce.begin<K163>(d, hash, len, k);
  else nonce.begin<K283>(d, hash, len, k);
  for (let i = 0; i <= index; i++) {
    if (suite === 1) nonce.next<K163>(k);
    else nonce.next<K283>(k);
  }
}

export function ecdsaSignWith(suite: i32, signature: usize, d: usize, k: usize, hash: usize, len: i32): i32 {
  return suite === 1 ? i32(signWith<K163>(signature, d, k, hash, len)) : i32(signWith<K283>(signature, d, k, hash, len));
}

export function ecdsaVerify(suite: i32, table: usize, hash: usize, len: i32, signature: usize): i32 {
  return suite === 1 ? ecdsa.verifyVarTime<K163>(table, hash, len, signature) : ecdsa.verifyVarTime<K283>(table, hash, len, signature);
}

export function certificateKey(suite: i32, q: usize, certificate: usize, len: i32, ca: usize): i32 {
  return suite === 1 ? publicKey<K163>(q, suite, certificate, len, ca) : publicKey<K283>(q, suite, certificate, len, ca);
}

export function certifiedVerify(suite: i32, hash: usize, hashLen: i32, signature: usize, certificate: usize, len: i32, ca: usize): i32 {
  return verify(suite, hash, hashLen, signature, certificate, len, ca);
}

export function mqvAgree(suite: i32, z: usize, ephemeral: usize, own: usize, ownX: usize, peerEphemeral: usize, peer: usize): i32 {
  return suite === 1
    ? i32(ecmqv.agree<K163>(z, ephemeral, own, ownX, peerEphemeral, peer))
    : i32(ecmqv.agree<K283>(z, ephemeral, own, ownX, peerEphemeral, peer));
}

export function kdfAgreedKey(secret: usize, len: i32, counter: i32, key: usize): void {
  agreedKey(secret, len, counter, key);
}

/** Runs an operation many times: for figures. */
export function repeat(kind: i32, suite: i32, count: i32, q: usize, k: usize, p: usize, work: usize): void {
  for (let i = 0; i < count; i++) {
    if (kind === 0) fieldMul(suite, q, q, p);
    else if (kind === 1) fieldSqr(suite, q, q);
    else if (kind === 2) fieldInvert(suite, q, q);
    else if (kind === 3) pointMultiply(suite, q, k, p);
    else if (kind === 4) pointMultiplyBase(suite, q, k);
    else if (kind === 5) pointMultiplyVarTime(suite, q, k, p, work);
    else if (kind === 6) pointSumVarTime(suite, q, k, k, work + 256, work);
    else if (kind === 7) scalarInvert(suite, q, k);
    else if (kind === 8) scalarMul(suite, q, k, k);
    else if (kind === 9) tauSplit(suite, k);
    else if (kind === 10) tauSparse(suite, q, work + 256, 6);
    else if (kind === 11) tableBuild(suite, work + 256, p);
    else if (kind === 12) fieldHalfTrace(suite, q, q);
  }
}
