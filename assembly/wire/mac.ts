/**
 * IEEE 802.15.4 MAC frames: beacon, data, acknowledgement and command, of the versions 2003 and 2006 (2006 clause 7.2) and
 * of version 2015 without information elements (2015 clause 7.2).
 *
 * The specimen of all wire files: offsets, check, read, emit. `check` is the only length gate; after it, `read` needs none.
 * Positions are offsets in the frame. A beacon's or command's content, and whatever a MAC-secured frame holds, is its payload
 * and is left to the host.
 */
import { At, Layer, MacField, MacReason, Rx } from '../abi/code.ts';
import {
  REC,
  REC_MAC_COMMAND,
  REC_MAC_DST_EUI,
  REC_MAC_DST_PAN,
  REC_MAC_DST_SHORT,
  REC_MAC_FCF,
  REC_MAC_FCS,
  REC_MAC_FCS_OK,
  REC_MAC_FIELDS,
  REC_MAC_PAYLOAD,
  REC_MAC_SEQ,
  REC_MAC_SRC_EUI,
  REC_MAC_SRC_PAN,
  REC_MAC_SRC_SHORT,
  TX,
  TX_MAC_DST_EUI,
  TX_MAC_DST_PAN,
  TX_MAC_DST_SHORT,
  TX_MAC_FCF,
  TX_MAC_SEQ,
  TX_MAC_SRC_EUI,
  TX_MAC_SRC_PAN,
  TX_MAC_SRC_SHORT,
} from '../abi/layout.ts';
import { FCS_LEN, fcs, VERDICT_WRONG, verdict } from './fcs.ts';
import { reached, refuse, span } from './refusal.ts';

// ---- offsets -------------------------------------------------------------------------------------------------------

/** Longest PSDU (aMaxPHYPacketSize). */
export const MAX_LEN: i32 = 127;

/** Frame control: two bytes, always first. Then sequence number, destination PAN and address, source PAN and address. */
const FCF_LEN: i32 = 2;
const SEQ_LEN: i32 = 1;
const PAN_LEN: i32 = 2;
const SHORT_LEN: i32 = 2;
const EUI_LEN: i32 = 8;

const TYPE: u32 = 0x0007;
const SECURED: u32 = 0x0008;
const COMPRESSION: u32 = 0x0040;
const SEQ_SUPPRESSED: u32 = 0x0100; // version 2015 only
const ELEMENTS: u32 = 0x0200; // version 2015 only

/** Frame type: data. */
export const TYPE_DATA: u32 = 1;
/** Frame type: MAC command, the highest that is understood. */
export const TYPE_COMMAND: u32 = 3;

const VERSION_2015: u32 = 2;

const MODE_NONE: u32 = 0;
const MODE_RESERVED: u32 = 1;
/** Addressing mode: a short address. */
export const MODE_SHORT: u32 = 2;
const MODE_EXTENDED: u32 = 3;

/**
 * The usual header: a data frame of 2003 or 2006 between short addresses of one PAN, not secured; these bits say so. It
 * holds frame control, sequence number, PAN, destination and source.
 */
const USUAL: u32 = 0x8841;
const USUAL_BITS: u32 = 0xec4f;
const USUAL_LEN: i32 = 9;

/** Whether a frame control announces the usual header. */
export function isUsual(fcf: u32): bool {
  return (fcf & USUAL_BITS) == USUAL;
}
/** Frame type of a frame control. */
export function typeOf(fcf: u32): u32 {
  return fcf & TYPE;
}
/** Whether a frame control announces MAC security. */
export function isSecured(fcf: u32): bool {
  return (fcf & SECURED) != 0;
}
/** Destination addressing mode of a frame control. */
export function dstModeOf(fcf: u32): u32 {
  return (fcf >> 10) & 3;
}
/** Source addressing mode of a frame control. */
export function srcModeOf(fcf: u32): u32 {
  return fcf >> 14;
}
function versionOf(fcf: u32): u32 {
  return (fcf >> 12) & 3;
}

// ---- check ---------------------------------------------------------------------------------------------------------

/**
 * The length gate for a PSDU of `len` bytes; `flags` are those of `rx`. Answers 0 or the first clause that fails:
 * 1 too long; 2 no room for frame control and FCS; 3 FCS wrong; 4 frame type; 5 version; 6 information elements;
 * 7 reserved addressing mode; 8 compression without both addresses; 9 header truncated; 10 command without identifier.
 * (11, MAC security, is asked after `read`, so that the addresses are known.) Notes in the record whether the FCS is right.
 */
export function check(frame: usize, len: i32, flags: i32): i32 {
  if (len > MAX_LEN) return refuse(At.MAC, MacReason.TOO_LONG, MAX_LEN);
  const end = len - trailerLen(flags);
  if (end < FCF_LEN) return refuse(At.MAC, MacReason.TOO_SHORT, 0);
  const fcsOk = verdict(frame, len, flags);
  store<u8>(REC + REC_MAC_FCS_OK, fcsOk);
  if (fcsOk == VERDICT_WRONG && !(flags & Rx.PASSIVE)) return refuse(At.MAC, MacReason.FCS, end);
  const fcf: u32 = load<u16>(frame);
  if (isUsual(fcf)) return end < USUAL_LEN ? refuse(At.MAC, MacReason.TRUNCATED, end) : 0;
  if (typeOf(fcf) > TYPE_COMMAND) return refuse(At.MAC, MacReason.FRAME_TYPE, 0);
  if (versionOf(fcf) > VERSION_2015) return refuse(At.MAC, MacReason.VERSION, 1);
  if (versionOf(fcf) == VERSION_2015 && fcf & ELEMENTS) return refuse(At.MAC, MacReason.INFORMATION_ELEMENTS, 1);
  if (dstModeOf(fcf) == MODE_RESERVED || srcModeOf(fcf) == MODE_RESERVED) return refuse(At.MAC, MacReason.ADDRESS_MODE, 1);
  if (fcf & COMPRESSION && versionOf(fcf) < VERSION_2015 && (dstModeOf(fcf) == MODE_NONE || srcModeOf(fcf) == MODE_NONE)) {
    return refuse(At.MAC, MacReason.COMPRESSION, 0);
  }
  const header = headerLen(fcf);
  if (end < header) return refuse(At.MAC, MacReason.TRUNCATED, end);
  if (typeOf(fcf) == TYPE_COMMAND && !isSecured(fcf) && end == header) return refuse(At.MAC, MacReason.COMMAND_MISSING, end);
  return 0;
}

/** Length of the header that a frame control announces. */
export function headerLen(fcf: u32): i32 {
  return (
    FCF_LEN +
    (hasSeq(fcf) ? SEQ_LEN : 0) +
    (hasDstPan(fcf) ? PAN_LEN : 0) +
    addressLen(dstModeOf(fcf)) +
    (hasSrcPan(fcf) ? PAN_LEN : 0) +
    addressLen(srcModeOf(fcf))
  );
}

/** Bytes behind the payload: an FCS, metadata in its place, or nothing. */
export function trailerLen(flags: i32): i32 {
  return flags & Rx.NO_FCS ? 0 : FCS_LEN;
}

function hasSeq(fcf: u32): bool {
  return versionOf(fcf) < VERSION_2015 || !(fcf & SEQ_SUPPRESSED);
}

/** 2006 clause 7.2.1.1.5; 2015 table 7-2, where compression of a lone address, or of two extended ones, drops its PAN identifier. */
function hasDstPan(fcf: u32): bool {
  const dst = dstModeOf(fcf);
  const src = srcModeOf(fcf);
  if (versionOf(fcf) < VERSION_2015) return dst != MODE_NONE;
  const compressed = (fcf & COMPRESSION) != 0;
  if (dst == MODE_NONE) return src == MODE_NONE && compressed;
  if (src == MODE_NONE || (dst == MODE_EXTENDED && src == MODE_EXTENDED)) return !compressed;
  return true;
}

/** Whether a frame control announces the source PAN identifier; 2015 never writes it between two extended addresses. */
export function hasSrcPan(fcf: u32): bool {
  const src = srcModeOf(fcf);
  if (src == MODE_NONE || fcf & COMPRESSION) return false;
  return versionOf(fcf) < VERSION_2015 || src != MODE_EXTENDED || dstModeOf(fcf) != MODE_EXTENDED;
}

/** None 0, short 2, extended 8: a nibble a mode. */
function addressLen(mode: u32): i32 {
  return (((EUI_LEN << (4 * MODE_EXTENDED)) | (SHORT_LEN << (4 * MODE_SHORT))) >> (4 * mode)) & 15;
}

// ---- read ----------------------------------------------------------------------------------------------------------

/** Reads a checked frame into the record and gives the position behind its header; the payload ends at `end`. */
export function read(frame: usize, end: i32, flags: i32): i32 {
  const fcf: u32 = load<u16>(frame);
  if (!(flags & Rx.NO_FCS)) store<u16>(REC + REC_MAC_FCS, load<u16>(frame + <usize>end));
  const body = isUsual(fcf) ? readUsual(frame) : readFields(frame, fcf);
  span(REC_MAC_PAYLOAD, body, end);
  reached(Layer.MAC, body, end);
  return body;
}

/** The usual header has its fields in the record's order. */
function readUsual(frame: usize): i32 {
  store<u64>(REC + REC_MAC_FCF, load<u64>(frame));
  store<u16>(REC + REC_MAC_SRC_SHORT, load<u16>(frame + <usize>(USUAL_LEN - SHORT_LEN)));
  store<u8>(REC + REC_MAC_FIELDS, MacField.SEQ | MacField.DST_PAN);
  return USUAL_LEN;
}

function readFields(frame: usize, fcf: u32): i32 {
  let at = FCF_LEN;
  let fields: u32 = 0;
  store<u16>(REC + REC_MAC_FCF, <u16>fcf);
  if (hasSeq(fcf)) {
    store<u8>(REC + REC_MAC_SEQ, load<u8>(frame + <usize>at));
    fields |= MacField.SEQ;
    at += SEQ_LEN;
  }
  if (hasDstPan(fcf)) {
    store<u16>(REC + REC_MAC_DST_PAN, load<u16>(frame + <usize>at));
    fields |= MacField.DST_PAN;
    at += PAN_LEN;
  }
  at = readAddress(frame, at, dstModeOf(fcf), REC + REC_MAC_DST_SHORT, REC + REC_MAC_DST_EUI);
  if (hasSrcPan(fcf)) {
    store<u16>(REC + REC_MAC_SRC_PAN, load<u16>(frame + <usize>at));
    fields |= MacField.SRC_PAN;
    at += PAN_LEN;
  }
  at = readAddress(frame, at, srcModeOf(fcf), REC + REC_MAC_SRC_SHORT, REC + REC_MAC_SRC_EUI);
  store<u8>(REC + REC_MAC_FIELDS, <u8>fields);
  return at;
}

/** Reads the identifier of a command that is not secured. */
export function readCommand(frame: usize, start: i32): void {
  store<u8>(REC + REC_MAC_COMMAND, load<u8>(frame + <usize>start));
}

function readAddress(frame: usize, at: i32, mode: u32, short: usize, eui: usize): i32 {
  if (mode == MODE_SHORT) store<u16>(short, load<u16>(frame + <usize>at));
  else if (mode == MODE_EXTENDED) store<u64>(eui, load<u64>(frame + <usize>at));
  return at + addressLen(mode);
}

// ---- emit ----------------------------------------------------------------------------------------------------------

/** Writes the header of TX and gives its length, at most 23. */
export function emit(frame: usize): i32 {
  const fcf: u32 = load<u16>(TX + TX_MAC_FCF);
  let at = FCF_LEN;
  store<u16>(frame, <u16>fcf);
  if (hasSeq(fcf)) {
    store<u8>(frame + <usize>at, load<u8>(TX + TX_MAC_SEQ));
    at += SEQ_LEN;
  }
  at = emitPan(frame, at, hasDstPan(fcf), TX + TX_MAC_DST_PAN);
  at = emitAddress(frame, at, dstModeOf(fcf), TX + TX_MAC_DST_SHORT, TX + TX_MAC_DST_EUI);
  at = emitPan(frame, at, hasSrcPan(fcf), TX + TX_MAC_SRC_PAN);
  return emitAddress(frame, at, srcModeOf(fcf), TX + TX_MAC_SRC_SHORT, TX + TX_MAC_SRC_EUI);
}

/** Writes the FCS behind the first `len` bytes and gives the length of the whole. */
export function emitFcs(frame: usize, len: i32): i32 {
  store<u16>(frame + <usize>len, fcs(frame, len));
  return len + FCS_LEN;
}

function emitPan(frame: usize, at: i32, present: bool, field: usize): i32 {
  if (!present) return at;
  store<u16>(frame + <usize>at, load<u16>(field));
  return at + PAN_LEN;
}

function emitAddress(frame: usize, at: i32, mode: u32, short: usize, eui: usize): i32 {
  if (mode == MODE_SHORT) store<u16>(frame + <usize>at, load<u16>(short));
  else if (mode == MODE_EXTENDED) store<u64>(frame + <usize>at, load<u64>(eui));
  return at + addressLen(mode);
}
