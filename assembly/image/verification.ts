/**
 * Streaming verification of an upgrade file: header, elements, integrity code, SHA-256. Any split of the file gives the same
 * report in IMG. The first failed check is the verdict; what follows is still counted and hashed by SHA-256.
 *
 * Signatures and certificates are walked and sized, not verified. Whether the file is the one that was asked for (digest,
 * manufacturer, version, an integrity code at all) is the host's question.
 */
import { At, CallReason, ImageFlag, ImageReason } from '../abi/code.ts';
import {
  IMAGE_STATE,
  IMAGE_STATE_SIZE,
  IMG,
  IMG_CODE,
  IMG_ELEMENT_COUNT,
  IMG_ELEMENT_SIZE,
  IMG_ELEMENTS,
  IMG_HEADER_LEN,
  IMG_INTEGRITY_FOUND,
  IMG_INTEGRITY_OFFSET,
  IMG_LENGTH,
  IMG_OFFSET,
  IMG_SHA256,
  IMG_SIZE,
  IMG_TOTAL,
  STATE_FAILURE,
  STATE_FLAGS,
  STATE_HEADER,
  STATE_HELD,
  STATE_LEFT,
  STATE_NEEDED,
  STATE_PHASE,
  STATE_SHA256,
} from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import * as sha256 from '../crypto/sha256.ts';
import * as elements from './elements.ts';
import * as header from './header.ts';
import * as integrity from './integrity.ts';

/** What the next byte of the file is. */
const enum Phase {
  IDLE,
  HEADER,
  ELEMENT_HEADER,
  ELEMENT_DATA,
  RAW_BODY,
  END,
  REFUSED,
}

const SHA256: usize = IMAGE_STATE + STATE_SHA256;
const HEADER: usize = IMAGE_STATE + STATE_HEADER;

/** Starts a file. `flags` are those of `ImageFlag`; an unknown one is refused (CallReason.FLAGS). */
export function begin(flags: i32): i32 {
  if (flags & ~ImageFlag.RAW_BODY) return At.CALL * 256 + CallReason.FLAGS;
  wipe(IMG, IMG_SIZE);
  wipe(IMG_ELEMENTS, IMG_ELEMENT_SIZE * IMG_ELEMENT_COUNT);
  wipe(IMAGE_STATE, IMAGE_STATE_SIZE);
  store<u32>(IMG + IMG_CODE, code(ImageReason.UNFINISHED));
  set(STATE_FLAGS, flags);
  integrity.begin();
  sha256.init(SHA256);
  awaits(Phase.HEADER, header.FIXED_LEN);
  return 0;
}

/** Takes the next `len` bytes. Answers 0, or the code of the first failed check so far. */
export function update(data: usize, len: i32): i32 {
  if (get(STATE_PHASE) === Phase.IDLE) return At.CALL * 256 + CallReason.ORDER;
  if (received() + <u32>len < received()) return At.CALL * 256 + CallReason.LENGTH;
  sha256.update(SHA256, data, len);
  for (let at = 0; at < len;) at += take(data + at, len - at);
  return get(STATE_FAILURE);
}

/** Ends the file. Answers the verdict, which also stands in IMG_CODE: 0, or the code of the first failed check. */
export function finish(): i32 {
  if (get(STATE_PHASE) === Phase.IDLE) return At.CALL * 256 + CallReason.ORDER;
  sha256.final(SHA256, IMG + IMG_SHA256);
  if (get(STATE_PHASE) !== Phase.END) refuse(ImageReason.TRUNCATED, received());
  else if (hasIntegrity() && !integrity.judge()) refuse(ImageReason.INTEGRITY_MISMATCH, load<u32>(IMG + IMG_INTEGRITY_OFFSET));
  const verdict = get(STATE_FAILURE);
  store<u32>(IMG + IMG_CODE, verdict); // the one place where a file becomes accepted
  set(STATE_PHASE, Phase.IDLE);
  return verdict;
}

/** Takes the bytes that belong to one thing, at least one and at most `len`, and tells how many. */
function take(data: usize, len: i32): i32 {
  const phase = get(STATE_PHASE);
  if (phase === Phase.END) refuse(ImageReason.TRAILING, received());
  const room = phase === Phase.END || phase === Phase.REFUSED ? len : min(len, wanted(phase));
  if (phase !== Phase.END && phase !== Phase.REFUSED) integrity.absorb(data, room);
  store<u32>(IMG + IMG_LENGTH, received() + <u32>room);
  if (phase === Phase.HEADER || phase === Phase.ELEMENT_HEADER) hold(data, room);
  else if (phase === Phase.ELEMENT_DATA || phase === Phase.RAW_BODY) skip(data, room);
  return room;
}

/** Bytes until the thing that is being read is complete. */
function wanted(phase: i32): i32 {
  if (phase === Phase.HEADER || phase === Phase.ELEMENT_HEADER) return get(STATE_NEEDED) - get(STATE_HELD);
  return get(STATE_LEFT);
}

/** Collects bytes of a header. */
function hold(data: usize, len: i32): void {
  const held = get(STATE_HELD);
  copy(HEADER + held, data, len);
  set(STATE_HELD, held + len);
  if (held + len < get(STATE_NEEDED)) return;
  if (get(STATE_PHASE) === Phase.ELEMENT_HEADER) elementHeader();
  else if (held + len === header.FIXED_LEN) fixedHeader();
  else optionalHeader();
}

function fixedHeader(): void {
  const reason = header.readFixed(HEADER);
  if (reason) return refuse(reason, load<u32>(IMG + IMG_OFFSET));
  const len = <i32>load<u16>(IMG + IMG_HEADER_LEN);
  set(STATE_NEEDED, len);
  if (len === header.FIXED_LEN) optionalHeader();
}

function optionalHeader(): void {
  const reason = header.readOptional(HEADER);
  if (reason) return refuse(reason, load<u32>(IMG + IMG_OFFSET));
  if (remaining() === 0) return refuse(ImageReason.EMPTY, received());
  if (get(STATE_FLAGS) & ImageFlag.RAW_BODY) {
    set(STATE_PHASE, Phase.RAW_BODY);
    set(STATE_LEFT, remaining());
  } else nextElement();
}

function elementHeader(): void {
  const start = received() - elements.HEADER_LEN;
  const reason = elements.check(HEADER, remaining());
  if (reason) return refuse(reason, start);
  if (elements.tagOf(HEADER) === elements.TAG_INTEGRITY) integrity.markWith(start);
  elements.list(HEADER, received());
  set(STATE_PHASE, Phase.ELEMENT_DATA);
  set(STATE_LEFT, elements.lengthOf(HEADER));
  if (get(STATE_LEFT) === 0) nextElement();
}

/** Passes over data; that of the integrity code is kept. */
function skip(data: usize, len: i32): void {
  const left = get(STATE_LEFT);
  if (hasIntegrity()) copy(IMG + IMG_INTEGRITY_FOUND + elements.INTEGRITY_LEN - left, data, len);
  set(STATE_LEFT, left - len);
  if (left === len) nextElement();
}

function nextElement(): void {
  if (remaining() === 0) set(STATE_PHASE, Phase.END);
  else if (hasIntegrity()) refuse(ImageReason.INTEGRITY_NOT_LAST, received());
  else if (remaining() < elements.HEADER_LEN) refuse(ImageReason.ELEMENT_TRUNCATED, received());
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

/** Notes a failed check; the first one stays. */
function refuse(reason: i32, offset: u32): void {
  if (get(STATE_FAILURE) === 0) {
    set(STATE_FAILURE, code(reason));
    store<u32>(IMG + IMG_OFFSET, offset);
  }
  set(STATE_PHASE, Phase.REFUSED);
}

function code(reason: i32): i32 {
  return At.IMAGE * 256 + reason;
}

function received(): u32 {
  return load<u32>(IMG + IMG_LENGTH);
}

/** Bytes between what was received and the total size; asked only while there are any. */
function remaining(): i32 {
  return <i32>(load<u32>(IMG + IMG_TOTAL) - received());
}

function hasIntegrity(): bool {
  return load<u32>(IMG + IMG_INTEGRITY_OFFSET) !== 0;
}

function get(field: usize): i32 {
  return load<i32>(IMAGE_STATE + field);
}

function set(field: usize, value: i32): void {
  store<i32>(IMAGE_STATE + field, value);
}
