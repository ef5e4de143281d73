/**
 * The walk of a frame through its layers: MAC → NWK → NWK security → APS → APS security → ZCL header.
 *
 * Each layer is checked, then read into the record, then opened where it stands, so that every position is that of the
 * received frame. The first refusal ends the walk; what was read before it stays in the record. Acknowledgements, beacons,
 * MAC commands and empty data frames end at the MAC. A frame that says it is not secured is read as such: the record shows
 * it, and the host decides whether it may be.
 */
import { At, Layer, MacReason, Rx } from '../abi/code.ts';
import {
  REC,
  REC_APS_COMMAND,
  REC_APS_EXT,
  REC_APS_PAYLOAD,
  REC_APS_PAYLOAD_LEN,
  REC_APS_PROFILE,
  REC_LAYERS,
  REC_NWK_PAYLOAD,
  REC_NWK_PAYLOAD_LEN,
} from '../abi/layout.ts';
import * as apsSecurity from '../secure/aps.ts';
import * as nwkSecurity from '../secure/nwk.ts';
import { take } from '../secure/transport-key.ts';
import * as aps from '../wire/aps.ts';
import * as mac from '../wire/mac.ts';
import * as nwk from '../wire/nwk.ts';
import { refuse } from '../wire/refusal.ts';
import { TRANSPORT_KEY } from '../wire/transport-key.ts';
import * as zcl from '../wire/zcl.ts';

/** Profile of the ZigBee Device Profile, whose commands have no ZCL header. */
const PROFILE_ZDP: u16 = 0x0000;

/**
 * Reads the PSDU of `len` bytes at `frame` into the record, whose head must be zero, and opens it in place. `flags` are those
 * of enum Rx. Answers 0, or the code of the first refusal.
 */
export function walk(frame: usize, len: i32, flags: i32): i32 {
  const refused = mac.check(frame, len, flags);
  if (refused) return refused;
  const end = len - mac.trailerLen(flags);
  const body = mac.read(frame, end, flags);
  const fcf: u32 = load<u16>(frame);
  if (mac.isSecured(fcf)) return refuse(At.MAC, MacReason.SECURED, body);
  if (mac.typeOf(fcf) == mac.TYPE_COMMAND) mac.readCommand(frame, body);
  return mac.typeOf(fcf) == mac.TYPE_DATA && body < end ? readNwk(frame, body, end, flags) : 0;
}

function readNwk(frame: usize, start: i32, end: i32, flags: i32): i32 {
  const refused = nwk.check(frame, start, end);
  if (refused) return refused;
  const fcf: u32 = load<u16>(frame + <usize>start);
  let from = nwk.read(frame, start, end);
  let to = end;
  if (nwk.isSecured(fcf)) {
    const unopened = nwkSecurity.open(frame, from, end, flags);
    if (unopened || !has(Layer.NWK_OPENED)) return unopened;
    from = field(REC_NWK_PAYLOAD);
    to = from + field(REC_NWK_PAYLOAD_LEN);
  }
  if (nwk.typeOf(fcf) == nwk.TYPE_COMMAND) return nwk.readCommand(frame, from, to);
  return readAps(frame, from, to, flags);
}

function readAps(frame: usize, start: i32, end: i32, flags: i32): i32 {
  const refused = aps.check(frame, start, end);
  if (refused) return refused;
  const fcf: u32 = load<u8>(frame + <usize>start);
  let from = aps.read(frame, start, end);
  let to = end;
  if (aps.isSecured(fcf)) {
    const unopened = apsSecurity.open(frame, from, end, flags);
    if (unopened || !has(Layer.APS_OPENED)) return unopened;
    from = field(REC_APS_PAYLOAD);
    to = from + field(REC_APS_PAYLOAD_LEN);
  }
  if (aps.typeOf(fcf) == aps.TYPE_COMMAND) return readCommand(frame, from, to, flags);
  const isZcl = aps.typeOf(fcf) == aps.TYPE_DATA && field(REC_APS_PROFILE) != PROFILE_ZDP;
  return isZcl && !aps.isFragment(fcf, load<u8>(REC + REC_APS_EXT)) ? readZcl(frame, from, to) : 0;
}

function readCommand(frame: usize, start: i32, end: i32, flags: i32): i32 {
  const refused = aps.readCommand(frame, start, end);
  if (refused || flags & Rx.PASSIVE || <u32>load<u8>(REC + REC_APS_COMMAND) != TRANSPORT_KEY) return refused;
  return take(frame, start, end);
}

function readZcl(frame: usize, start: i32, end: i32): i32 {
  const refused = zcl.check(frame, start, end);
  if (refused) return refused;
  zcl.read(frame, start, end);
  return 0;
}

function field(offset: i32): i32 {
  return <i32>load<u16>(REC + offset);
}

function has(layer: u32): bool {
  return (load<u32>(REC + REC_LAYERS) & layer) != 0;
}
