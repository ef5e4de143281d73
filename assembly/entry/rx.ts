/**
 * `rx`: one frame, one crossing. MAC → NWK → NWK security → APS → APS security → ZCL header.
 *
 * Each layer is checked, then read into the record, then opened in PLAIN, where every position is that of the received
 * frame. The first refusal ends the call; what was read before it stays in the record. Acknowledgements, beacons, MAC
 * commands and empty data frames end at the MAC. A frame that says it is not secured is read as such: the record shows it,
 * and the host decides whether it may be.
 */
import { At, CallReason, Layer, Rx } from '../abi/code.ts';
import {
  IN,
  PLAIN,
  REC,
  REC_APS_COMMAND,
  REC_APS_EXT,
  REC_APS_FCF,
  REC_APS_PAYLOAD,
  REC_APS_PAYLOAD_LEN,
  REC_APS_PROFILE,
  REC_CODE,
  REC_LAYERS,
  REC_MAC_FCF,
  REC_MAC_PAYLOAD,
  REC_MAC_PAYLOAD_LEN,
  REC_NWK_FCF,
  REC_NWK_PAYLOAD,
  REC_NWK_PAYLOAD_LEN,
  REC_SIZE,
} from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
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
 * Reads the PSDU of `len` bytes in IN; `flags` are those of enum Rx. Answers REC_CODE: 0 when every layer was accepted.
 * The record and PLAIN hold until the next call.
 */
export function rx(len: i32, flags: i32): i32 {
  wipe(REC, REC_SIZE);
  const code = len < 0 ? refuse(At.CALL, CallReason.LENGTH, 0) : readMac(len, flags);
  store<u32>(REC + REC_CODE, <u32>code);
  return code;
}

function readMac(len: i32, flags: i32): i32 {
  const refused = mac.check(IN, len, flags);
  if (refused) return refused;
  copy(PLAIN, IN, len);
  const unread = mac.read(PLAIN, len, flags);
  if (unread) return unread;
  const start = field(REC_MAC_PAYLOAD);
  const end = start + field(REC_MAC_PAYLOAD_LEN);
  return mac.typeOf(field(REC_MAC_FCF)) == mac.TYPE_DATA && start < end ? readNwk(start, end, flags) : 0;
}

function readNwk(start: i32, end: i32, flags: i32): i32 {
  const refused = nwk.check(PLAIN, start, end);
  if (refused) return refused;
  const body = nwk.read(PLAIN, start, end);
  if (nwk.isSecured(field(REC_NWK_FCF))) {
    const unopened = nwkSecurity.open(PLAIN, body, end, flags);
    if (unopened || !has(Layer.NWK_OPENED)) return unopened;
  }
  const from = field(REC_NWK_PAYLOAD);
  const to = from + field(REC_NWK_PAYLOAD_LEN);
  if (nwk.typeOf(field(REC_NWK_FCF)) == nwk.TYPE_COMMAND) return nwk.readCommand(PLAIN, from, to);
  return readAps(from, to, flags);
}

function readAps(start: i32, end: i32, flags: i32): i32 {
  const refused = aps.check(PLAIN, start, end);
  if (refused) return refused;
  const body = aps.read(PLAIN, start, end);
  const fcf: u32 = load<u8>(REC + REC_APS_FCF);
  if (aps.isSecured(fcf)) {
    const unopened = apsSecurity.open(PLAIN, body, end, flags);
    if (unopened || !has(Layer.APS_OPENED)) return unopened;
  }
  const from = field(REC_APS_PAYLOAD);
  const to = from + field(REC_APS_PAYLOAD_LEN);
  if (aps.typeOf(fcf) == aps.TYPE_COMMAND) return readCommand(from, to, flags);
  const isZcl = aps.typeOf(fcf) == aps.TYPE_DATA && field(REC_APS_PROFILE) != PROFILE_ZDP;
  return isZcl && !aps.isFragment(fcf, load<u8>(REC + REC_APS_EXT)) ? readZcl(from, to) : 0;
}

function readCommand(start: i32, end: i32, flags: i32): i32 {
  const refused = aps.readCommand(PLAIN, start, end);
  if (refused || flags & Rx.PASSIVE || <u32>load<u8>(REC + REC_APS_COMMAND) != TRANSPORT_KEY) return refused;
  return take(PLAIN, start, end);
}

function readZcl(start: i32, end: i32): i32 {
  const refused = zcl.check(PLAIN, start, end);
  if (refused) return refused;
  zcl.read(PLAIN, start, end);
  return 0;
}

function field(offset: i32): i32 {
  return <i32>load<u16>(REC + offset);
}

function has(layer: u32): bool {
  return (load<u32>(REC + REC_LAYERS) & layer) != 0;
}
