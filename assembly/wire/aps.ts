/**
 * ZigBee APS frames: data, command and acknowledgement (ZigBee specification 2.2.5), with the extended header of fragments.
 *
 * Inter-PAN frames and the indirect addressing of ZigBee 2004 are refused with codes of their own. Security is not a matter
 * of this file: the auxiliary header and what follows it count as payload. Fragments are not put together.
 */
import { ApsReason, At, Layer } from '../abi/code.ts';
import {
  REC,
  REC_APS,
  REC_APS_ACK_BITS,
  REC_APS_BLOCK,
  REC_APS_CLUSTER,
  REC_APS_COMMAND,
  REC_APS_COUNTER,
  REC_APS_EXT,
  REC_APS_FCF,
  REC_APS_GROUP,
  REC_APS_PAYLOAD,
  REC_APS_PROFILE,
  REC_APS_SRC_EP,
  TX,
  TX_APS_ACK_BITS,
  TX_APS_BLOCK,
  TX_APS_CLUSTER,
  TX_APS_COUNTER,
  TX_APS_DST_EP,
  TX_APS_EXT,
  TX_APS_FCF,
  TX_APS_GROUP,
  TX_APS_PROFILE,
  TX_APS_SRC_EP,
} from '../abi/layout.ts';
import { reached, refuse, span } from './refusal.ts';

// ---- offsets -------------------------------------------------------------------------------------------------------

/** Order: frame control, destination endpoint or group, cluster, profile, source endpoint, counter, extended header. */
const FCF_LEN: i32 = 1;
const ENDPOINT_LEN: i32 = 1;
const GROUP_LEN: i32 = 2;
const CLUSTER_LEN: i32 = 2;
const PROFILE_LEN: i32 = 2;
const COUNTER_LEN: i32 = 1;
const EXT_LEN: i32 = 1;
const BLOCK_LEN: i32 = 1;
const ACK_BITS_LEN: i32 = 1;

const TYPE: u32 = 0x03;
const ACK_FORMAT: u32 = 0x10;
const SECURED: u32 = 0x20;
const EXTENDED: u32 = 0x80;

/** Frame type: data. */
export const TYPE_DATA: u32 = 0;
/** Frame type: command. */
export const TYPE_COMMAND: u32 = 1;
const TYPE_ACK: u32 = 2;
const TYPE_INTER_PAN: u32 = 3;

const DELIVERY_INDIRECT: u32 = 1;
const DELIVERY_GROUP: u32 = 3;

/**
 * The usual header: a data frame to an endpoint or to all, without extended header; none of these bits is set. It holds frame
 * control, destination endpoint, cluster, profile, source endpoint and counter.
 */
const UNUSUAL: u32 = 0x87;
const USUAL_LEN: i32 = 8;

/** Fragmentation bits of the extended frame control. */
const FRAGMENTATION: u32 = 0x03;
const FRAGMENTATION_RESERVED: u32 = 3;

/** Frame type of a frame control. */
export function typeOf(fcf: u32): u32 {
  return fcf & TYPE;
}
/** Whether a frame control announces APS security. */
export function isSecured(fcf: u32): bool {
  return (fcf & SECURED) != 0;
}
/** Whether a frame, by its frame control and extended frame control, is a part of a fragmented one. */
export function isFragment(fcf: u32, ext: u32): bool {
  return (fcf & EXTENDED) != 0 && (ext & FRAGMENTATION) != 0;
}
function deliveryOf(fcf: u32): u32 {
  return (fcf >> 2) & 3;
}
/** Commands, and acknowledgements of commands, name neither endpoints nor cluster. */
function isAddressed(fcf: u32): bool {
  return typeOf(fcf) == TYPE_DATA || (typeOf(fcf) == TYPE_ACK && !(fcf & ACK_FORMAT));
}

// ---- check ---------------------------------------------------------------------------------------------------------

/**
 * The length gate for the frame at [start, end). Answers 0 or the first clause that fails: 1 nothing there; 2 inter-PAN;
 * 3 indirect addressing; 4 header truncated; 5 reserved fragmentation; 6 command without identifier.
 */
export function check(frame: usize, start: i32, end: i32): i32 {
  if (end - start < FCF_LEN) return refuse(At.APS, ApsReason.TOO_SHORT, start);
  const fcf: u32 = load<u8>(frame + <usize>start);
  if (!(fcf & UNUSUAL)) return end - start < USUAL_LEN ? refuse(At.APS, ApsReason.TRUNCATED, end) : 0;
  if (typeOf(fcf) == TYPE_INTER_PAN) return refuse(At.APS, ApsReason.FRAME_TYPE, start);
  if (isAddressed(fcf) && deliveryOf(fcf) == DELIVERY_INDIRECT) return refuse(At.APS, ApsReason.INDIRECT, start);
  let header = start + extAt(fcf);
  if (fcf & EXTENDED) {
    if (end < header + EXT_LEN) return refuse(At.APS, ApsReason.TRUNCATED, end);
    const ext: u32 = load<u8>(frame + <usize>header);
    if ((ext & FRAGMENTATION) == FRAGMENTATION_RESERVED) return refuse(At.APS, ApsReason.FRAGMENTATION, header);
    header += extLen(fcf, ext);
  }
  if (end < header) return refuse(At.APS, ApsReason.TRUNCATED, end);
  if (typeOf(fcf) == TYPE_COMMAND && !isSecured(fcf) && end == header) return refuse(At.APS, ApsReason.COMMAND_MISSING, end);
  return 0;
}

/** Offset of the extended header, or the header's length when there is none. */
function extAt(fcf: u32): i32 {
  if (!isAddressed(fcf)) return FCF_LEN + COUNTER_LEN;
  const destination = deliveryOf(fcf) == DELIVERY_GROUP ? GROUP_LEN : ENDPOINT_LEN;
  return FCF_LEN + destination + CLUSTER_LEN + PROFILE_LEN + ENDPOINT_LEN + COUNTER_LEN;
}

/** Length of the extended header: fragments have a block number, their acknowledgements a bit field as well. */
function extLen(fcf: u32, ext: u32): i32 {
  if (!(ext & FRAGMENTATION)) return EXT_LEN;
  return EXT_LEN + BLOCK_LEN + (typeOf(fcf) == TYPE_ACK ? ACK_BITS_LEN : 0);
}

// ---- read ----------------------------------------------------------------------------------------------------------

/** Reads a checked header into the record and gives the position behind it. */
export function read(frame: usize, start: i32, end: i32): i32 {
  const fcf: u32 = load<u8>(frame + <usize>start);
  store<u16>(REC + REC_APS, <u16>start);
  const at = fcf & UNUSUAL ? readFields(frame, start, fcf) : readUsual(frame, start);
  readPayload(at, end);
  return at;
}

/** The usual header has its fields in the record's order. */
function readUsual(frame: usize, start: i32): i32 {
  store<u64>(REC + REC_APS_FCF, load<u64>(frame + <usize>start));
  return start + USUAL_LEN;
}

function readFields(frame: usize, start: i32, fcf: u32): i32 {
  let at = start + extAt(fcf);
  if (isAddressed(fcf) && deliveryOf(fcf) != DELIVERY_GROUP) {
    store<u64>(REC + REC_APS_FCF, load<u64>(frame + <usize>start));
  } else {
    store<u8>(REC + REC_APS_FCF, <u8>fcf);
    if (isAddressed(fcf)) readGroupAddressed(frame, start + FCF_LEN);
    store<u8>(REC + REC_APS_COUNTER, load<u8>(frame + <usize>(start + extAt(fcf) - COUNTER_LEN)));
  }
  if (fcf & EXTENDED) {
    const ext: u32 = load<u8>(frame + <usize>at);
    const len = extLen(fcf, ext);
    store<u8>(REC + REC_APS_EXT, <u8>ext);
    if (len > EXT_LEN) store<u8>(REC + REC_APS_BLOCK, load<u8>(frame + <usize>(at + EXT_LEN)));
    if (len > EXT_LEN + BLOCK_LEN) store<u8>(REC + REC_APS_ACK_BITS, load<u8>(frame + <usize>(at + EXT_LEN + BLOCK_LEN)));
    at += len;
  }
  return at;
}

/** Group, cluster, profile and source endpoint. */
function readGroupAddressed(frame: usize, start: i32): void {
  const cluster = frame + <usize>(start + GROUP_LEN);
  store<u16>(REC + REC_APS_GROUP, load<u16>(frame + <usize>start));
  store<u16>(REC + REC_APS_CLUSTER, load<u16>(cluster));
  store<u16>(REC + REC_APS_PROFILE, load<u16>(cluster + <usize>CLUSTER_LEN));
  store<u8>(REC + REC_APS_SRC_EP, load<u8>(cluster + <usize>(CLUSTER_LEN + PROFILE_LEN)));
}

/** Notes where the payload stands: first as received, again without the security envelope. */
export function readPayload(start: i32, end: i32): void {
  span(REC_APS_PAYLOAD, start, end);
  reached(Layer.APS, start, end);
}

/** Reads the identifier of a command in clear; refuses a command without one. */
export function readCommand(frame: usize, start: i32, end: i32): i32 {
  if (start == end) return refuse(At.APS, ApsReason.COMMAND_MISSING, end);
  store<u8>(REC + REC_APS_COMMAND, load<u8>(frame + <usize>start));
  return 0;
}

// ---- emit ----------------------------------------------------------------------------------------------------------

/** Writes the header of TX at `start` and gives the position behind it. */
export function emit(frame: usize, start: i32): i32 {
  const fcf: u32 = load<u8>(TX + TX_APS_FCF);
  let at = start + FCF_LEN;
  store<u8>(frame + <usize>start, <u8>fcf);
  if (isAddressed(fcf)) {
    if (deliveryOf(fcf) == DELIVERY_GROUP) {
      store<u16>(frame + <usize>at, load<u16>(TX + TX_APS_GROUP));
      at += GROUP_LEN;
    } else {
      store<u8>(frame + <usize>at, load<u8>(TX + TX_APS_DST_EP));
      at += ENDPOINT_LEN;
    }
    store<u16>(frame + <usize>at, load<u16>(TX + TX_APS_CLUSTER));
    at += CLUSTER_LEN;
    store<u16>(frame + <usize>at, load<u16>(TX + TX_APS_PROFILE));
    at += PROFILE_LEN;
    store<u8>(frame + <usize>at, load<u8>(TX + TX_APS_SRC_EP));
    at += ENDPOINT_LEN;
  }
  store<u8>(frame + <usize>at, load<u8>(TX + TX_APS_COUNTER));
  at += COUNTER_LEN;
  if (fcf & EXTENDED) {
    const ext: u32 = load<u8>(TX + TX_APS_EXT);
    const len = extLen(fcf, ext);
    store<u8>(frame + <usize>at, <u8>ext);
    if (len > EXT_LEN) store<u8>(frame + <usize>(at + EXT_LEN), load<u8>(TX + TX_APS_BLOCK));
    if (len > EXT_LEN + BLOCK_LEN) store<u8>(frame + <usize>(at + EXT_LEN + BLOCK_LEN), load<u8>(TX + TX_APS_ACK_BITS));
    at += len;
  }
  return at;
}
