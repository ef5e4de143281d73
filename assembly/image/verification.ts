/**
 * Streaming verification of an upgrade file: header, elements, integrity code, signature. Any split of the file gives the same
 * report in IMG, IMG_CHECKS and IMG_ELEMENTS. What follows a failed check is still counted.
 *
 * Whether the file is the one that was asked for (SHA-256, manufacturer, version) is the host's question.
 */
import { At, CallReason, ImageCheck, ImageFlag, ImageReason, Suite } from '../abi/code.ts';
import {
  CURVE,
  CURVE_SIZE,
  IMAGE_STATE,
  IMAGE_STATE_SIZE,
  IMG,
  IMG_CODE,
  IMG_ELEMENT_COUNT,
  IMG_ELEMENT_SIZE,
  IMG_ELEMENTS,
  IMG_HEADER_LEN,
  IMG_INTEGRITY_FOUND,
  IMG_LENGTH,
  IMG_SIZE,
  IMG_TOTAL,
  STATE_AUTHORITIES,
  STATE_FLAGS,
  STATE_HEADER,
  STATE_HELD,
  STATE_LEFT,
  STATE_MMO,
  STATE_NEEDED,
  STATE_PHASE,
  STATE_SIGNERS,
  STATE_START,
  VERIFIER,
  VERIFIER_SIZE,
} from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import { K163, K283 } from '../crypto/curve.ts';
import * as mmo from '../crypto/mmo.ts';
import { baseTable } from '../crypto/multiply.ts';
import * as anchors from './anchors.ts';
import * as checks from './checks.ts';
import * as elements from './elements.ts';
import * as header from './header.ts';
import * as integrity from './integrity.ts';
import * as signature from './signature.ts';

/** What the next byte of the file is. */
const enum Phase {
  IDLE,
  HEADER,
  ELEMENT_HEADER,
  /** Of a signature's data: the signer, which is part of what is signed. */
  SIGNER,
  ELEMENT_DATA,
  RAW_BODY,
  END,
  REFUSED,
}

const WHOLE: usize = IMAGE_STATE + STATE_MMO;
const HEADER: usize = IMAGE_STATE + STATE_HEADER;
const ALL_FLAGS: i32 = ImageFlag.RAW_BODY | ImageFlag.UNSIGNED | ImageFlag.WITHOUT_INTEGRITY | ImageFlag.ANY_SIGNER;

/**
 * Starts a file. `flags` are those of `ImageFlag`; so many entries of IMG_AUTHORITIES and IMG_SIGNERS hold. Refuses: 1 FLAGS,
 * an unknown one; 2 LENGTH, more entries than there are, or one of no suite.
 */
export function begin(flags: i32, authorities: i32, signers: i32): i32 {
  if (flags & ~ALL_FLAGS) return At.CALL * 256 + CallReason.FLAGS;
  if (!anchors.check(authorities, signers)) return At.CALL * 256 + CallReason.LENGTH;
  wipe(IMG, IMG_SIZE);
  wipe(IMG_ELEMENTS, IMG_ELEMENT_SIZE * IMG_ELEMENT_COUNT);
  wipe(IMAGE_STATE, IMAGE_STATE_SIZE);
  checks.begin();
  store<u32>(IMG + IMG_CODE, checks.verdict());
  set(STATE_FLAGS, flags);
  set(STATE_AUTHORITIES, authorities);
  set(STATE_SIGNERS, signers);
  warm(authorities);
  mmo.init(WHOLE);
  awaits(Phase.HEADER, header.FIXED_LEN);
  return 0;
}

/**
 * Makes ready what every signature of the authorities' suites takes, so that none of it is left for when the file has arrived:
 * tables of base points, and the memory itself, whose pages a fresh instance gets when they are first written to.
 */
function warm(authorities: i32): void {
  wipe(VERIFIER, VERIFIER_SIZE);
  wipe(CURVE, CURVE_SIZE);
  for (let i = 0; i < authorities; i++) {
    if (anchors.suiteOf(i) === Suite.ONE) baseTable<K163>();
    else baseTable<K283>();
  }
}

/** Takes the next `len` bytes. Answers 0, or the code of the first failed check so far. */
export function update(data: usize, len: i32): i32 {
  if (get(STATE_PHASE) === Phase.IDLE) return At.CALL * 256 + CallReason.ORDER;
  if (received() + <u32>len < received()) return At.CALL * 256 + CallReason.LENGTH;
  for (let at = 0; at < len;) at += take(data + at, len - at);
  return checks.failure();
}

/** Ends the file. Answers the verdict, which also stands in IMG_CODE: 0, or the code of the first failed check. */
export function finish(): i32 {
  if (get(STATE_PHASE) === Phase.IDLE) return At.CALL * 256 + CallReason.ORDER;
  if (get(STATE_PHASE) === Phase.HEADER) header.cutShort(HEADER, get(STATE_HELD));
  if (checks.passed(ImageCheck.HEADER)) judge();
  const verdict = checks.verdict();
  store<u32>(IMG + IMG_CODE, verdict);
  set(STATE_PHASE, Phase.IDLE);
  return verdict;
}

/** What can be told at the end alone. */
function judge(): void {
  const len = received();
  const reason = len === total() ? 0 : ImageReason.TOTAL_SIZE;
  checks.note(ImageCheck.TOTAL_SIZE, reason, header.TOTAL_AT, header.TOTAL_BEHIND);
  if (!checks.passed(ImageCheck.TOTAL_SIZE) || !checks.passed(ImageCheck.ELEMENTS)) return;
  integrity.judge(len, (get(STATE_FLAGS) & ImageFlag.WITHOUT_INTEGRITY) !== 0);
  signature.judge(len);
}

/** Takes the bytes that belong to one thing, at least one and at most `len`, and tells how many. */
function take(data: usize, len: i32): i32 {
  const phase = get(STATE_PHASE);
  if (phase === Phase.END) checks.note(ImageCheck.TOTAL_SIZE, ImageReason.TOTAL_SIZE, header.TOTAL_AT, header.TOTAL_BEHIND);
  const room = phase >= Phase.END ? len : min(len, wanted(phase));
  if (phase < Phase.END) mmo.update(WHOLE, data, room);
  store<u32>(IMG + IMG_LENGTH, received() + <u32>room);
  if (phase < Phase.ELEMENT_DATA) hold(data, room);
  else if (phase < Phase.END) pass(data, room);
  return room;
}

/** Bytes until the thing that is being read is complete. */
function wanted(phase: i32): i32 {
  return phase < Phase.ELEMENT_DATA ? get(STATE_NEEDED) - get(STATE_HELD) : get(STATE_LEFT);
}

/** Collects bytes of a header, or of a signer. */
function hold(data: usize, len: i32): void {
  const held = get(STATE_HELD) + len;
  copy(HEADER + held - len, data, len);
  set(STATE_HELD, held);
  if (held < get(STATE_NEEDED)) return;
  const phase = get(STATE_PHASE);
  if (phase === Phase.SIGNER) signer();
  else if (phase === Phase.ELEMENT_HEADER) elementHeader();
  else if (held === header.FIXED_LEN) fixedHeader();
  else optionalHeader();
}

function fixedHeader(): void {
  if (!header.readFixed(HEADER)) return set(STATE_PHASE, Phase.REFUSED);
  const len = <i32>load<u16>(IMG + IMG_HEADER_LEN);
  set(STATE_NEEDED, len);
  if (len === header.FIXED_LEN) optionalHeader();
}

function optionalHeader(): void {
  if (!header.readOptional(HEADER)) return set(STATE_PHASE, Phase.REFUSED);
  set(STATE_START, received());
  if (remaining() === 0) return refuse(ImageReason.EMPTY, 0);
  if (get(STATE_FLAGS) & ImageFlag.RAW_BODY) data(Phase.RAW_BODY, remaining());
  else nextElement();
}

function elementHeader(): void {
  const start = received() - elements.HEADER_LEN;
  set(STATE_START, start);
  const reason = elements.check(HEADER, remaining());
  if (reason) return refuse(reason, elements.HEADER_LEN);
  if (integrity.met() && !mayFollowIntegrity()) return refuse(ImageReason.INTEGRITY_NOT_LAST, elements.HEADER_LEN);
  const suite = elements.certificateSuite(HEADER);
  if (suite) signature.meetCertificate(suite, start);
  if (elements.tagOf(HEADER) === elements.TAG_INTEGRITY) integrity.markWith(start);
  elements.list(HEADER, received());
  if (!elements.signatureSuite(HEADER)) return data(Phase.ELEMENT_DATA, elements.lengthOf(HEADER));
  set(STATE_PHASE, Phase.SIGNER); // held behind the element's header
  set(STATE_NEEDED, elements.HEADER_LEN + elements.SIGNER_LEN);
}

function mayFollowIntegrity(): bool {
  return elements.certificateSuite(HEADER) !== 0 || elements.signatureSuite(HEADER) !== 0;
}

function signer(): void {
  copy(signature.DATA, HEADER + elements.HEADER_LEN, elements.SIGNER_LEN);
  signature.meet(elements.signatureSuite(HEADER), get(STATE_START));
  data(Phase.ELEMENT_DATA, elements.lengthOf(HEADER) - elements.SIGNER_LEN);
}

function data(phase: i32, len: i32): void {
  set(STATE_PHASE, phase);
  set(STATE_LEFT, len);
  if (len === 0) nextElement();
}

/** Passes over data; that of integrity code, certificates and signature is kept. */
function pass(bytes: usize, len: i32): void {
  const left = get(STATE_LEFT);
  if (get(STATE_PHASE) === Phase.ELEMENT_DATA) {
    const place = placeOf();
    if (place) copy(place + elements.lengthOf(HEADER) - left, bytes, len);
  }
  set(STATE_LEFT, left - len);
  if (left === len) nextElement();
}

/** Where the data of the element is kept, 0 for nowhere. Each has the size of its place: `elements.check` saw to it. */
function placeOf(): usize {
  if (elements.tagOf(HEADER) === elements.TAG_INTEGRITY) return IMG + IMG_INTEGRITY_FOUND;
  if (elements.signatureSuite(HEADER)) return signature.DATA;
  const suite = elements.certificateSuite(HEADER);
  return suite ? signature.certificateData(suite) : 0;
}

function nextElement(): void {
  const left = remaining();
  set(STATE_START, received());
  if (left === 0) {
    checks.note(ImageCheck.ELEMENTS, 0, load<u16>(IMG + IMG_HEADER_LEN), total());
    set(STATE_PHASE, Phase.END);
  } else if (left < elements.HEADER_LEN) refuse(ImageReason.ELEMENT_TRUNCATED, left);
  else {
    integrity.markBefore();
    awaits(Phase.ELEMENT_HEADER, elements.HEADER_LEN);
  }
}

function awaits(phase: i32, needed: i32): void {
  set(STATE_PHASE, phase);
  set(STATE_HELD, 0);
  set(STATE_NEEDED, needed);
}

/** Ends the walk: the `len` bytes from STATE_START on are no element that can be gone on with. */
function refuse(reason: i32, len: u32): void {
  const start = <u32>get(STATE_START);
  checks.note(ImageCheck.ELEMENTS, reason, start, start + len);
  set(STATE_PHASE, Phase.REFUSED);
}

function received(): u32 {
  return load<u32>(IMG + IMG_LENGTH);
}

function total(): u32 {
  return load<u32>(IMG + IMG_TOTAL);
}

/** Bytes between what was received and the total size; asked only while there are any. */
function remaining(): i32 {
  return <i32>(total() - received());
}

function get(field: usize): i32 {
  return load<i32>(IMAGE_STATE + field);
}

function set(field: usize, value: i32): void {
  store<i32>(IMAGE_STATE + field, value);
}
