/**
 * The shortest mean time in which one block of an image can cross the air, from the physical layer up, for one hop without
 * loss or other traffic: unslotted CSMA-CA of IEEE 802.15.4-2006 at 2.4 GHz (clauses 6.5, 7.5.1.4) around two unicast frames,
 * the request and the response, each acknowledged by the MAC and by nothing else, under NWK and APS security.
 *
 * Written apart from firmware/air/timing.ts, so that a slip of the virtual air shows as a ratio above 1.
 */

/** 250 kbit/s. */
const US_PER_BYTE = 32;
/** Preamble 4, start of frame 1, length 1. */
const PHY_HEADER = 6;
/** Mean of 0 to 7 backoff periods of 20 symbols of 16 µs. */
const MEAN_BACKOFF_US = 3.5 * 20 * 16;
/** Clear channel assessment, 8 symbols. */
const CCA_US = 8 * 16;
/** From receiving to sending, 12 symbols; twice a frame: before it and before its acknowledgement. */
const TURNAROUND_US = 12 * 16;
const ACKNOWLEDGEMENT = 5;

/** Bytes around a ZCL payload: short addresses in one PAN, no optional NWK or APS field. */
const AROUND = {
  mac: 9,
  fcs: 2,
  nwk: 8,
  nwkAuxiliary: 14,
  aps: 8,
  apsAuxiliary: 5,
  mics: 4 + 4,
  zcl: 3,
};
/** Field control, manufacturer, type, version, offset, size. */
const BLOCK_REQUEST = 14;
/** Status, manufacturer, type, version, offset, size; the data follow. */
const BLOCK_RESPONSE = 14;
const LONGEST_PSDU = 127;

const around = Object.values(AROUND).reduce((sum, length) => sum + length, 0);

/** Bytes of the frame that asks for a block. */
export const REQUEST_PSDU = around + BLOCK_REQUEST;
/** Most bytes of an image in one response. */
export const BLOCK = LONGEST_PSDU - around - BLOCK_RESPONSE;

const onAir = (psdu: number): number => (PHY_HEADER + psdu) * US_PER_BYTE;

/** Mean microseconds from handing over a frame to the end of its acknowledgement. */
const exchange = (psdu: number): number => MEAN_BACKOFF_US + CCA_US + TURNAROUND_US + onAir(psdu) + TURNAROUND_US + onAir(ACKNOWLEDGEMENT);

/** Mean bytes of image per second at most. */
export const BOUND = (BLOCK * 1e6) / (exchange(REQUEST_PSDU) + exchange(LONGEST_PSDU));
