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
import * as mac from '../wire/mac.ts';

/** Where each header begins, and where the payload does. */
const NWK: usize = 9;
const APS: usize = 17;
const ZCL: usize = 25;
const PAYLOAD: i32 = 28;
const APS_PROFILE: usize = APS + 4;

/** Bits of NWK's, APS's and ZCL's frame control that make a header unusual, and what they are in the usual one. */
const NWK_BITS: u32 = 0x1f3f;
const NWK_USUAL: u32 = 0x0008;
const APS_BITS: u32 = 0xa7;
const ZCL_BITS: u32 = 0x04;

const PAN_TO_SRC: u64 = 0xffffffffff;
const ZCL_HEADER: u64 = 0xffffff;
const LAYERS: u64 = Layer.MAC | Layer.NWK | Layer.APS | Layer.ZCL;

/**
 * Reads the PSDU of `len` bytes at `frame` into a record's head, every byte of it, when it is of the usual shape and is
 * accepted. Answers false, with the head untouched, for every other. `flags` are those of enum Rx.
 */
export function readUsual(frame: usize, len: i32, flags: i32, head: usize): bool {
  const end = len - mac.trailerLen(flags);
  if (end < PAYLOAD || len > mac.MAX_LEN) return false;
  if (!mac.isUsual(load<u16>(frame)) || (load<u16>(frame + NWK) & NWK_BITS) != NWK_USUAL) return false;
  if (load<u8>(frame + APS) & APS_BITS || load<u8>(frame + ZCL) & ZCL_BITS || load<u16>(frame + APS_PROFILE) == 0) return false;
  const fcs = mac.fcsState(frame, len, flags);
  if (fcs == mac.FCS_WRONG) return false;
  store<u64>(head + REC_CODE, LAYERS << (8 * REC_LAYERS));
  store<u32>(head + REC_PAYLOAD, <u32>(PAYLOAD | ((end - PAYLOAD) << 16)));
  store<u32>(head + REC_MAC_FCF, load<u32>(frame));
  const rest = (load<u64>(frame + 4) & PAN_TO_SRC) | ((<u64>fcs) << (8 * (REC_MAC_FCS_OK - REC_MAC_DST_PAN - 1)));
  store<u64>(head + REC_MAC_DST_PAN + 1, rest);
  store<u64>(head + REC_NWK_FCF, load<u64>(frame + NWK));
  store<u64>(head + REC_APS_FCF, load<u64>(frame + APS));
  store<u64>(head + REC_NWK_AUX, 0);
  store<u64>(head + REC_APS_GROUP, ((load<u64>(frame + ZCL - 1) >> 8) & ZCL_HEADER) << (8 * (REC_ZCL_FC - REC_APS_GROUP)));
  store<u64>(head + REC_APS_AUX, 0);
  return true;
}
