/**
 * Signature and signing certificate of an upgrade file (Smart Energy, ZCL specification 11.4.5 to 11.7.1).
 *
 * One signature, the last element, by the subject of a certificate of the same suite that stands in the file; signed is the
 * AES-MMO digest, in both suites, of everything before r and s. The certificate is implicit (ECQV): it and the key of an
 * authority yield the signer's key, so that nothing but the signature shows who issued it. Signatures name the signer least
 * significant byte first, certificates theirs the other way round.
 */
import { At, CurveReason, ImageCheck, ImageFlag, ImageReason, KeyUsage, Suite } from '../abi/code.ts';
import {
  CERTIFICATE1_ISSUER,
  CERTIFICATE2_ISSUER,
  CERTIFICATE2_USAGE,
  FIELD1_LEN,
  FIELD2_LEN,
  IMAGE_STATE,
  IMG,
  IMG_AUTHORITY,
  IMG_ISSUER,
  IMG_PUBLIC_KEY,
  IMG_SIGNED_BY,
  IMG_SIGNED_DIGEST,
  IMG_SIGNED_LEN,
  IMG_SUBJECT,
  IMG_SUITE,
  IMG_USAGE,
  STATE_CERTIFICATE1,
  STATE_CERTIFICATE2,
  STATE_CERTIFICATES,
  STATE_CERTIFICATES_AT,
  STATE_FLAGS,
  STATE_MMO,
  STATE_MMO_SIGNED,
  STATE_SIGNATURE,
  STATE_SIGNATURE_AT,
  STATE_SIGNATURES,
} from '../abi/layout.ts';
import { DIGEST_LEN, final, fork } from '../crypto/mmo.ts';
import { verify } from '../keys/certified-signature.ts';
import * as wire from '../wire/certificate.ts';
import * as anchors from './anchors.ts';
import * as checks from './checks.ts';
import { HEADER_LEN, SIGNER_LEN } from './elements.ts';

const WHOLE: usize = IMAGE_STATE + STATE_MMO;
const SIGNED: usize = IMAGE_STATE + STATE_MMO_SIGNED;
const EUI_LEN: i32 = 8;

/** Where the data of the signature is kept. */
export const DATA: usize = IMAGE_STATE + STATE_SIGNATURE;

/** Notes the signature element of `suite` that begins at `start` of the file; the next byte of the file is the first of r. */
export function meet(suite: i32, start: u32): void {
  set(STATE_SIGNATURES, get(STATE_SIGNATURES) + 1);
  set(STATE_SIGNATURE_AT, start);
  store<u8>(IMG + IMG_SUITE, <u8>suite);
  store<u32>(IMG + IMG_SIGNED_LEN, start + HEADER_LEN + SIGNER_LEN);
  fork(SIGNED, WHOLE);
}

/** Notes the certificate element of `suite` that begins at `start` of the file. */
export function meetCertificate(suite: i32, start: u32): void {
  const slot: usize = 4 * (suite - Suite.ONE);
  set(STATE_CERTIFICATES + slot, get(STATE_CERTIFICATES + slot) + 1);
  set(STATE_CERTIFICATES_AT + slot, start);
}

/** Where the data of the certificate of `suite` is kept. */
export function certificateData(suite: i32): usize {
  return IMAGE_STATE + (suite === Suite.ONE ? STATE_CERTIFICATE1 : STATE_CERTIFICATE2);
}

/** Ends the checks from SIGNATURE to ECDSA of a file of `len` bytes; each names its reasons. */
export function judge(len: u32): void {
  if (get(STATE_SIGNATURES) === 0) return unsigned(len);
  final(SIGNED, IMG + IMG_SIGNED_DIGEST);
  store<u64>(IMG, load<u64>(DATA), IMG_SIGNED_BY);
  if (!judgeSignature(len)) return;
  const suite = <i32>load<u8>(IMG + IMG_SUITE);
  if (!judgeCertificate(suite, len)) return;
  judgeSubject();
  const fit = judgeIssuer(suite);
  judgeSigner();
  // A key that may not sign verifies nothing: ECDSA is not asked then, nor without an authority.
  if (judgeUsage(suite) && fit !== anchors.Fit.NONE) judgeEcdsa(suite, fit);
}

/** SIGNATURE fails for 1 SIGNATURE_MISSING, unless excused; there is nothing else to look at. */
function unsigned(len: u32): void {
  if (!(get(STATE_FLAGS) & ImageFlag.UNSIGNED)) checks.note(ImageCheck.SIGNATURE, ImageReason.SIGNATURE_MISSING, len, len);
  for (let check: i32 = ImageCheck.SIGNATURE; check <= ImageCheck.ECDSA; check++) checks.absent(check, len);
}

/** SIGNATURE fails for 1 SIGNATURES; 2 SIGNATURE_NOT_LAST. */
function judgeSignature(len: u32): bool {
  const start = <u32>get(STATE_SIGNATURE_AT);
  const end = start + HEADER_LEN + SIGNER_LEN + 2 * fieldLen(<i32>load<u8>(IMG + IMG_SUITE));
  let reason: i32 = 0;
  if (get(STATE_SIGNATURES) > 1) reason = ImageReason.SIGNATURES;
  else if (end !== len) reason = ImageReason.SIGNATURE_NOT_LAST;
  checks.note(ImageCheck.SIGNATURE, reason, start, end);
  return reason === 0;
}

/** CERTIFICATE fails for 1 CERTIFICATE_MISSING, at the end of the file; 2 CERTIFICATES; 3 CERTIFICATE_FIELDS. */
function judgeCertificate(suite: i32, len: u32): bool {
  const slot: usize = 4 * (suite - Suite.ONE);
  const count = get(STATE_CERTIFICATES + slot);
  const start = count ? <u32>get(STATE_CERTIFICATES_AT + slot) : len;
  const data = certificateData(suite);
  let reason: i32 = 0;
  if (count === 0) reason = ImageReason.CERTIFICATE_MISSING;
  else if (count > 1) reason = ImageReason.CERTIFICATES;
  else if (wire.check(suite, data, wire.lengthOf(suite))) reason = ImageReason.CERTIFICATE_FIELDS;
  checks.note(ImageCheck.CERTIFICATE, reason, start, count ? start + HEADER_LEN + wire.lengthOf(suite) : start);
  if (reason) return false;
  store<u64>(IMG, wire.subjectOf(suite, data), IMG_SUBJECT);
  store<u64>(IMG, wire.issuerOf(suite, data), IMG_ISSUER);
  if (suite === Suite.TWO) store<u8>(IMG + IMG_USAGE, load<u8>(data + CERTIFICATE2_USAGE));
  return true;
}

/** SUBJECT fails for 1 SUBJECT. */
function judgeSubject(): void {
  const same = load<u64>(IMG, IMG_SIGNED_BY) === load<u64>(IMG, IMG_SUBJECT);
  const start = signerAt();
  checks.note(ImageCheck.SUBJECT, same ? 0 : ImageReason.SUBJECT, start, start + EUI_LEN);
}

/** ISSUER fails for 1 ISSUER; it is absent when only an authority that was given without an issuer will do. Answers how the best does. */
function judgeIssuer(suite: i32): i32 {
  const start = certificateAt(suite) + <u32>issuerAt(suite);
  const best = anchors.best(suite);
  if (best === anchors.Fit.ANY) checks.absent(ImageCheck.ISSUER, start);
  else checks.note(ImageCheck.ISSUER, best === anchors.Fit.NONE ? ImageReason.ISSUER : 0, start, start + EUI_LEN);
  return best;
}

/** SIGNER fails for 1 SIGNER; it is absent when any signer is allowed. */
function judgeSigner(): void {
  const start = signerAt();
  if (get(STATE_FLAGS) & ImageFlag.ANY_SIGNER) return checks.absent(ImageCheck.SIGNER, start);
  checks.note(ImageCheck.SIGNER, anchors.isListed() ? 0 : ImageReason.SIGNER, start, start + EUI_LEN);
}

/** KEY_USAGE fails for 1 KEY_USAGE; suite 1 knows no usages. Answers whether the key may sign. */
function judgeUsage(suite: i32): bool {
  const start = certificateAt(suite) + CERTIFICATE2_USAGE;
  if (suite !== Suite.TWO) {
    checks.absent(ImageCheck.KEY_USAGE, certificateAt(suite));
    return true;
  }
  const signs = ((<i32>load<u8>(IMG + IMG_USAGE)) & KeyUsage.SIGNATURE) !== 0;
  checks.note(ImageCheck.KEY_USAGE, signs ? 0 : ImageReason.KEY_USAGE, start, start + 1);
  return signs;
}

/** ECDSA fails for 1 PUBLIC_KEY; 2 SIGNATURE_RANGE; 3 SIGNATURE: those of the last authority, when under none it verifies. */
function judgeEcdsa(suite: i32, fit: i32): void {
  const start = signerAt() + SIGNER_LEN;
  let reason: i32 = ImageReason.SIGNATURE;
  for (let i = 0; i < anchors.count() && reason; i++) {
    if (anchors.fit(i, suite) !== fit) continue;
    reason = verifiesBy(suite, anchors.keyOf(i));
    if (reason === 0) store<u8>(IMG + IMG_AUTHORITY, <u8>(i + 1));
  }
  checks.note(ImageCheck.ECDSA, reason, start, start + 2 * fieldLen(suite));
}

/** Verifies the signature under the key that the certificate and an authority's compressed key yield; that key goes to IMG_PUBLIC_KEY. */
function verifiesBy(suite: i32, authorityKey: usize): i32 {
  const digest: usize = IMG + IMG_SIGNED_DIGEST;
  const certificate = certificateData(suite);
  const len = wire.lengthOf(suite);
  const code = verify(suite, digest, DIGEST_LEN, DATA + SIGNER_LEN, certificate, len, authorityKey, IMG + IMG_PUBLIC_KEY);
  if (code === 0) return 0;
  if (code === At.CURVE * 256 + CurveReason.SIGNATURE) return ImageReason.SIGNATURE;
  return code === At.CURVE * 256 + CurveReason.SIGNATURE_RANGE ? ImageReason.SIGNATURE_RANGE : ImageReason.PUBLIC_KEY;
}

/** Where the signer stands in the file. */
function signerAt(): u32 {
  return <u32>get(STATE_SIGNATURE_AT) + HEADER_LEN;
}

/** Where the data of the certificate stands in the file. */
function certificateAt(suite: i32): u32 {
  return <u32>get(STATE_CERTIFICATES_AT + 4 * (suite - Suite.ONE)) + HEADER_LEN;
}

function fieldLen(suite: i32): i32 {
  return suite === Suite.ONE ? FIELD1_LEN : FIELD2_LEN;
}

function issuerAt(suite: i32): usize {
  return suite === Suite.ONE ? CERTIFICATE1_ISSUER : CERTIFICATE2_ISSUER;
}

function get(field: usize): i32 {
  return load<i32>(IMAGE_STATE + field);
}

function set(field: usize, value: i32): void {
  store<i32>(IMAGE_STATE + field, value);
}
