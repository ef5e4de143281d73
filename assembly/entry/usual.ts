/**
 * The usual frame of a fleet, read in one piece: a data frame between short addresses of one PAN, a NWK and an APS data frame
 * with nothing optional and nothing secured, and a ZCL header without manufacturer code. Its headers always have the same
 * length, and the head of a record has their fields in their order, so that a handful of words copies all of them. Whatever is
 * not of this shape, or must be refused, is left to the walk; tests hold both to the same heads.
 */
import { Layer } from '../abi/code.ts';
import {
  REC_APS_AUX,
  REC_APS_FCF,
  REC_APS_GROUP,
  REC_CODE,
  REC_LAYERS,
  REC_MAC_DST_PAN,
  REC_MAC_FCF,
  REC_MAC_FCS_OK,
  REC_NWK_AUX,
  REC_NWK_FCF,
  REC_PAYLOAD,
  REC_ZCL_FC,
} from '../abi/layout.ts';
import { VERDICT_WRONG, verdict } from '../wire/fcs.ts';
import * as mac from '../wire/mac.ts';

/** Where each header begins, and where the payload does. */
const NWK: usize = 9;
const APS: usize = 17;
const ZCL: usize = 25;
const PAYLOAD: i32 = 28;

/** Bits of NWK's, APS's and ZCL's frame control that make a header unusual, and what they are in the usual one. */
const NWK_BITS: u64 = 0x1f3f;
const NWK_USUAL: u64 = 0x0008;
const APS_BITS: u64 = 0xa7;
const ZCL_BITS: u64 = 0x04;

/** The profile, in the word that begins with APS's frame control; 0 is unusual. */
const PROFILE: u64 = 0xffff << 32;
const PAN_TO_SRC: u64 = 0xffffffffff;
const LAYERS: u64 = Layer.MAC | Layer.NWK | Layer.APS | Layer.ZCL;

/**
 * Reads the PSDU of `len` bytes at `frame` into a record's head, every byte of it, when it is of the usual shape and is
 * accepted. Answers false, with the head untouched, for every other. `flags` are those of enum Rx.
 */
export function readUsual(frame: usize, len: i32, flags: i32, head: usize): bool {
  const end = len - mac.trailerLen(flags);
  if (end < PAYLOAD || len > mac.MAX_LEN) return false;
  // ZCL's three bytes are read with the one before them: a word that begins at ZCL would end behind the shortest frame.
  const nwk = load<u64>(frame, NWK);
  const aps = load<u64>(frame, APS);
  const zcl: u64 = load<u32>(frame, ZCL - 1) >> 8;
  const unusual = ((nwk & NWK_BITS) ^ NWK_USUAL) | (aps & APS_BITS) | (zcl & ZCL_BITS);
  if (!mac.isUsual(load<u16>(frame)) || unusual || !(aps & PROFILE)) return false;
  const fcsOk = verdict(frame, len, flags);
  if (fcsOk == VERDICT_WRONG) return false;
  const macHead = (<u64>(PAYLOAD | ((end - PAYLOAD) << 16))) | ((<u64>load<u32>(frame)) << (8 * (REC_MAC_FCF - REC_PAYLOAD)));
  const macRest = (load<u64>(frame, 4) & PAN_TO_SRC) | ((<u64>fcsOk) << (8 * (REC_MAC_FCS_OK - REC_MAC_DST_PAN - 1)));
  store<u64>(head, LAYERS << (8 * REC_LAYERS), REC_CODE);
  store<u64>(head, macHead, REC_PAYLOAD);
  store<u64>(head, macRest, REC_MAC_DST_PAN + 1);
  store<u64>(head, nwk, REC_NWK_FCF);
  store<u64>(head, aps, REC_APS_FCF);
  store<u64>(head, 0, REC_NWK_AUX);
  store<u64>(head, zcl << (8 * (REC_ZCL_FC - REC_APS_GROUP)), REC_APS_GROUP);
  store<u64>(head, 0, REC_APS_AUX);
  return true;
}
