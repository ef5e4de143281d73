/**
 * The value of STREAM_RAW: a PSDU (its FCS included) with what the radio must know or tells about it. The PSDU stands
 * behind a 16-bit length; the metadata after it may end anywhere, and what is left out has its default.
 *
 * To the air: channel u8, CSMA-CA backoffs u8, retries u8, CSMA-CA bool, header updated bool, retransmission bool,
 * security processed bool. From the air: RSSI i8, noise floor i8, flags u16, and a structure (behind a 16-bit length) of
 * channel u8, LQI u8, timestamp u64 in microseconds.
 */
import { u16 } from './spinel-frame.ts';

/** Flag: the frame came with a wrong FCS. */
export const FLAG_BAD_FCS = 0x0004;

/** A frame to send. */
export interface RawTransmit {
  readonly psdu: Uint8Array;
  readonly channel: number;
  /** CSMA-CA backoffs before the channel counts as busy. */
  readonly backoffs: number;
  /** Transmissions after the first that was not acknowledged. */
  readonly retries: number;
}

/** A frame received. */
export interface RawReceive {
  readonly psdu: Uint8Array;
  /** dBm; -128 when not told. */
  readonly rssi: number;
  readonly flags: number;
  /** 0 when not told. */
  readonly lqi: number;
}

/** macMaxCSMABackoffs and macMaxFrameRetries by default (IEEE 802.15.4-2006, table 86). */
const DEFAULT_BACKOFFS = 4;
const DEFAULT_RETRIES = 3;

/** The value that sends a frame with CSMA-CA; security at the MAC is not used by ZigBee and counts as done. */
export function encodeTransmit({ psdu, channel, backoffs, retries }: RawTransmit): Uint8Array {
  return Uint8Array.from([...u16(psdu.length), ...psdu, channel, backoffs, retries, 1, 0, 0, 1]);
}

/** A frame to send from its value; undefined when PSDU or channel are cut short. */
export function decodeTransmit(value: Uint8Array): RawTransmit | undefined {
  const psdu = blob(value, 0);
  if (psdu === undefined) return undefined;
  const [channel, backoffs = DEFAULT_BACKOFFS, retries = DEFAULT_RETRIES] = value.subarray(2 + psdu.length);
  return channel === undefined ? undefined : { psdu, channel, backoffs, retries };
}

/** The value that tells of a received frame. */
export function encodeReceive({ psdu, rssi, flags, lqi }: RawReceive, channel: number, timestampUs: bigint): Uint8Array {
  const physical = new DataView(new ArrayBuffer(10));
  physical.setUint8(0, channel);
  physical.setUint8(1, lqi);
  physical.setBigUint64(2, timestampUs, true);
  return Uint8Array.from([...u16(psdu.length), ...psdu, rssi & 0xff, 0x80, ...u16(flags), ...u16(10), ...new Uint8Array(physical.buffer)]);
}

/** A received frame from its value; undefined when the PSDU is cut short. */
export function decodeReceive(value: Uint8Array): RawReceive | undefined {
  const psdu = blob(value, 0);
  if (psdu === undefined) return undefined;
  const [rssi = 0x80, , low = 0, high = 0] = value.subarray(2 + psdu.length);
  const physical = blob(value, 2 + psdu.length + 4);
  return { psdu, rssi: (rssi << 24) >> 24, flags: low | (high << 8), lqi: physical?.[1] ?? 0 };
}

/** Bytes behind a 16-bit length at `offset`. */
function blob(value: Uint8Array, offset: number): Uint8Array | undefined {
  if (value.length < offset + 2) return undefined;
  const length = value[offset]! | (value[offset + 1]! << 8);
  return value.length < offset + 2 + length ? undefined : value.subarray(offset + 2, offset + 2 + length);
}
