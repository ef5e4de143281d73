/**
 * ZigBee NWK frames: data and command frames of ZigBee PRO, protocol version 2 (ZigBee specification 3.3.1).
 *
 * Green Power, inter-PAN and older protocol versions are refused with codes of their own. Security is not a matter of this
 * file: the auxiliary header and what follows it count as payload. Nor are the commands' bodies.
 */
import { At, Layer, NwkReason } from '../abi/code.ts';
import {
  REC,
  REC_NWK,
  REC_NWK_COMMAND,
  REC_NWK_DST_EUI,
  REC_NWK_FCF,
  REC_NWK_MULTICAST,
  REC_NWK_PAYLOAD,
  REC_NWK_RELAYS,
  REC_NWK_RELAY_COUNT,
  REC_NWK_RELAY_INDEX,
  REC_NWK_SRC_EUI,
  TX,
  TX_NWK_DST,
  TX_NWK_DST_EUI,
  TX_NWK_FCF,
  TX_NWK_MULTICAST,
  TX_NWK_RADIUS,
  TX_NWK_RELAYS,
  TX_NWK_RELAY_COUNT,
  TX_NWK_RELAY_INDEX,
  TX_NWK_SEQ,
  TX_NWK_SRC,
  TX_NWK_SRC_EUI,
} from '../abi/layout.ts';
import { reached, refuse, span } from './refusal.ts';

// ---- offsets -------------------------------------------------------------------------------------------------------

/** Fields that every frame has. Then destination EUI-64, source EUI-64, multicast control, source route. */
const DST: i32 = 2;
const SRC: i32 = 4;
const RADIUS: i32 = 6;
const SEQ: i32 = 7;
const FIXED_LEN: i32 = 8;

const FCF_LEN: i32 = 2;
const EUI_LEN: i32 = 8;
const MULTICAST_LEN: i32 = 1;
/** Relay count and relay index, then the relays. */
const ROUTE_LEN: i32 = 2;
const RELAY_LEN: i32 = 2;

const TYPE: u32 = 0x0003;
const MULTICAST: u32 = 0x0100;
const SECURED: u32 = 0x0200;
const SOURCE_ROUTE: u32 = 0x0400;
const DST_EUI: u32 = 0x0800;
const SRC_EUI: u32 = 0x1000;
/** Bits that announce a field behind the fixed ones. */
const OPTIONAL: u32 = MULTICAST | SOURCE_ROUTE | DST_EUI | SRC_EUI;

/** Frame type: data. */
export const TYPE_DATA: u32 = 0;
/** Frame type: command. */
export const TYPE_COMMAND: u32 = 1;
const TYPE_INTER_PAN: u32 = 3;

const VERSION_PRO: u32 = 2;
const VERSION_GREEN_POWER: u32 = 3;

/** More relays than this fit into no frame. */
export const MAX_RELAYS: i32 = 60;

/** Frame type of a frame control. */
export function typeOf(fcf: u32): u32 {
  return fcf & TYPE;
}
/** Whether a frame control announces NWK security. */
export function isSecured(fcf: u32): bool {
  return (fcf & SECURED) != 0;
}
/** Whether a frame control announces the source's EUI-64. */
export function hasSrcEui(fcf: u32): bool {
  return (fcf & SRC_EUI) != 0;
}
function versionOf(fcf: u32): u32 {
  return (fcf >> 2) & 15;
}

// ---- check ---------------------------------------------------------------------------------------------------------

/**
 * The length gate for the frame at [start, end). Answers 0 or the first clause that fails: 1 no frame control; 2 Green
 * Power; 3 another version than 2; 4 inter-PAN; 5 reserved type; 6 header truncated; 7 command without identifier.
 */
export function check(frame: usize, start: i32, end: i32): i32 {
  if (end - start < FCF_LEN) return refuse(At.NWK, NwkReason.TOO_SHORT, start);
  const fcf: u32 = load<u16>(frame + <usize>start);
  if (versionOf(fcf) != VERSION_PRO) {
    return refuse(At.NWK, versionOf(fcf) == VERSION_GREEN_POWER ? NwkReason.GREEN_POWER : NwkReason.VERSION, start);
  }
  if (typeOf(fcf) > TYPE_COMMAND) {
    return refuse(At.NWK, typeOf(fcf) == TYPE_INTER_PAN ? NwkReason.INTER_PAN : NwkReason.FRAME_TYPE, start);
  }
  let header = start + routeAt(fcf);
  if (fcf & SOURCE_ROUTE) {
    if (end < header + ROUTE_LEN) return refuse(At.NWK, NwkReason.TRUNCATED, end);
    header += ROUTE_LEN + RELAY_LEN * <i32>load<u8>(frame + <usize>header);
  }
  if (end < header) return refuse(At.NWK, NwkReason.TRUNCATED, end);
  if (typeOf(fcf) == TYPE_COMMAND && !isSecured(fcf) && end == header) return refuse(At.NWK, NwkReason.COMMAND_MISSING, end);
  return 0;
}

/** Offset of the source route in the header, or the header's length when there is none. */
function routeAt(fcf: u32): i32 {
  return FIXED_LEN + (fcf & DST_EUI ? EUI_LEN : 0) + (fcf & SRC_EUI ? EUI_LEN : 0) + (fcf & MULTICAST ? MULTICAST_LEN : 0);
}

// ---- read ----------------------------------------------------------------------------------------------------------

/** Reads a checked header into the record and gives the position behind it. */
export function read(frame: usize, start: i32, end: i32): i32 {
  const header = frame + <usize>start;
  const fcf: u32 = load<u16>(header);
  store<u16>(REC + REC_NWK, <u16>start);
  store<u64>(REC + REC_NWK_FCF, load<u64>(header)); // the fixed fields, in the order of the air
  const at = fcf & OPTIONAL ? readOptional(frame, start + FIXED_LEN, fcf) : start + FIXED_LEN;
  readPayload(at, end);
  return at;
}

function readOptional(frame: usize, start: i32, fcf: u32): i32 {
  let at = start;
  if (fcf & DST_EUI) {
    store<u64>(REC + REC_NWK_DST_EUI, load<u64>(frame + <usize>at));
    at += EUI_LEN;
  }
  if (fcf & SRC_EUI) {
    store<u64>(REC + REC_NWK_SRC_EUI, load<u64>(frame + <usize>at));
    at += EUI_LEN;
  }
  if (fcf & MULTICAST) {
    store<u8>(REC + REC_NWK_MULTICAST, load<u8>(frame + <usize>at));
    at += MULTICAST_LEN;
  }
  if (fcf & SOURCE_ROUTE) {
    const count = <i32>load<u8>(frame + <usize>at);
    store<u8>(REC + REC_NWK_RELAY_COUNT, <u8>count);
    store<u8>(REC + REC_NWK_RELAY_INDEX, load<u8>(frame + <usize>(at + 1)));
    store<u16>(REC + REC_NWK_RELAYS, <u16>(at + ROUTE_LEN));
    at += ROUTE_LEN + RELAY_LEN * count;
  }
  return at;
}

/** Notes where the payload stands: first as received, again without the security envelope. */
export function readPayload(start: i32, end: i32): void {
  span(REC_NWK_PAYLOAD, start, end);
  reached(Layer.NWK, start, end);
}

/** Reads the identifier of a command in clear; refuses a command without one. */
export function readCommand(frame: usize, start: i32, end: i32): i32 {
  if (start == end) return refuse(At.NWK, NwkReason.COMMAND_MISSING, end);
  store<u8>(REC + REC_NWK_COMMAND, load<u8>(frame + <usize>start));
  return 0;
}

// ---- emit ----------------------------------------------------------------------------------------------------------

/** Writes the header of TX at `start` and gives the position behind it. A count above MAX_RELAYS must not come here. */
export function emit(frame: usize, start: i32): i32 {
  const header = frame + <usize>start;
  const fcf: u32 = load<u16>(TX + TX_NWK_FCF);
  store<u16>(header, <u16>fcf);
  store<u16>(header + <usize>DST, load<u16>(TX + TX_NWK_DST));
  store<u16>(header + <usize>SRC, load<u16>(TX + TX_NWK_SRC));
  store<u8>(header + <usize>RADIUS, load<u8>(TX + TX_NWK_RADIUS));
  store<u8>(header + <usize>SEQ, load<u8>(TX + TX_NWK_SEQ));
  let at = start + FIXED_LEN;
  if (fcf & DST_EUI) {
    store<u64>(frame + <usize>at, load<u64>(TX + TX_NWK_DST_EUI));
    at += EUI_LEN;
  }
  if (fcf & SRC_EUI) {
    store<u64>(frame + <usize>at, load<u64>(TX + TX_NWK_SRC_EUI));
    at += EUI_LEN;
  }
  if (fcf & MULTICAST) {
    store<u8>(frame + <usize>at, load<u8>(TX + TX_NWK_MULTICAST));
    at += MULTICAST_LEN;
  }
  if (fcf & SOURCE_ROUTE) {
    const count = <i32>load<u8>(TX + TX_NWK_RELAY_COUNT);
    store<u8>(frame + <usize>at, <u8>count);
    store<u8>(frame + <usize>(at + 1), load<u8>(TX + TX_NWK_RELAY_INDEX));
    memory.copy(frame + <usize>(at + ROUTE_LEN), TX + TX_NWK_RELAYS, <usize>(RELAY_LEN * count));
    at += ROUTE_LEN + RELAY_LEN * count;
  }
  return at;
}
