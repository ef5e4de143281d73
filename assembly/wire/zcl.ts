/**
 * The header of ZigBee Cluster Library frames (ZCL specification 2.4.1). Commands and attributes are the host's.
 */
import { At, Layer, ZclReason } from '../abi/code.ts';
import {
  REC,
  REC_ZCL,
  REC_ZCL_COMMAND,
  REC_ZCL_FC,
  REC_ZCL_MANUFACTURER,
  REC_ZCL_SEQ,
  TX,
  TX_ZCL_COMMAND,
  TX_ZCL_FC,
  TX_ZCL_MANUFACTURER,
  TX_ZCL_SEQ,
} from '../abi/layout.ts';
import { reached, refuse } from './refusal.ts';

// ---- offsets -------------------------------------------------------------------------------------------------------

/** Order: frame control, manufacturer code when its bit is set, sequence number, command. */
const FC_LEN: i32 = 1;
const MANUFACTURER_LEN: i32 = 2;
const SEQ_LEN: i32 = 1;
const COMMAND_LEN: i32 = 1;

const MANUFACTURER_SPECIFIC: u32 = 0x04;

// ---- check ---------------------------------------------------------------------------------------------------------

/** The length gate for the frame at [start, end). Answers 0 or its one clause: 1 header truncated. */
export function check(frame: usize, start: i32, end: i32): i32 {
  if (end - start < FC_LEN) return refuse(At.ZCL, ZclReason.TRUNCATED, end);
  if (end - start < headerLen(load<u8>(frame + <usize>start))) return refuse(At.ZCL, ZclReason.TRUNCATED, end);
  return 0;
}

function headerLen(fc: u32): i32 {
  return FC_LEN + (fc & MANUFACTURER_SPECIFIC ? MANUFACTURER_LEN : 0) + SEQ_LEN + COMMAND_LEN;
}

// ---- read ----------------------------------------------------------------------------------------------------------

/** Reads a checked header into the record. */
export function read(frame: usize, start: i32, end: i32): void {
  const fc: u32 = load<u8>(frame + <usize>start);
  let at = start + FC_LEN;
  store<u16>(REC + REC_ZCL, <u16>start);
  store<u8>(REC + REC_ZCL_FC, <u8>fc);
  if (fc & MANUFACTURER_SPECIFIC) {
    store<u16>(REC + REC_ZCL_MANUFACTURER, load<u16>(frame + <usize>at));
    at += MANUFACTURER_LEN;
  }
  store<u8>(REC + REC_ZCL_SEQ, load<u8>(frame + <usize>at));
  store<u8>(REC + REC_ZCL_COMMAND, load<u8>(frame + <usize>(at + SEQ_LEN)));
  reached(Layer.ZCL, at + SEQ_LEN + COMMAND_LEN, end);
}

// ---- emit ----------------------------------------------------------------------------------------------------------

/** Writes the header of TX at `start` and gives the position behind it. */
export function emit(frame: usize, start: i32): i32 {
  const fc: u32 = load<u8>(TX + TX_ZCL_FC);
  let at = start + FC_LEN;
  store<u8>(frame + <usize>start, <u8>fc);
  if (fc & MANUFACTURER_SPECIFIC) {
    store<u16>(frame + <usize>at, load<u16>(TX + TX_ZCL_MANUFACTURER));
    at += MANUFACTURER_LEN;
  }
  store<u8>(frame + <usize>at, load<u8>(TX + TX_ZCL_SEQ));
  store<u8>(frame + <usize>(at + SEQ_LEN), load<u8>(TX + TX_ZCL_COMMAND));
  return at + SEQ_LEN + COMMAND_LEN;
}
