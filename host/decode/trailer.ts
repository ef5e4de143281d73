/** The end of a captured frame: its FCS, or what a sniffer wrote in its place. */
import type { Captured, Trailer } from '../capture/captured.ts';
import type { Field } from '../clusters/read.ts';
import { showHex } from '../clusters/show.ts';
import type { MacHeader } from '../model/frame.ts';
import { fcs16, fcs32 } from './fcs.ts';

const LENGTHS: Readonly<Record<Trailer, number>> = { fcs: 2, fcs32: 4, 'ti-metadata': 2, none: 0 };

/** A frame without its trailer. */
export interface Framed {
  readonly frame: Uint8Array;
  /** Bytes that the frame had on the air, trailer included. */
  readonly length: number;
  /** Bytes that the capture lacks before the trailer. */
  readonly missing: number;
  /** The trailer as a number, and whether it says that the frame is whole; undefined where the capture has none. */
  readonly fcs: MacHeader['fcs'];
}

/** Takes the trailer off. A frame shorter than its trailer has none. */
export function splitTrailer({ psdu, missing, trailer }: Captured & { readonly psdu: Uint8Array }): Framed {
  const length = psdu.length + missing;
  const size = LENGTHS[trailer];
  if (length < size || size === 0) return { frame: psdu, length, missing, fcs: undefined };
  const frame = psdu.subarray(0, Math.min(psdu.length, length - size));
  if (missing > 0) return { frame, length, missing: length - size - frame.length, fcs: undefined };
  let value = 0;
  for (let at = length - 1; at >= length - size; at--) value = value * 256 + (psdu[at] as number);
  return { frame, length, missing, fcs: { value, good: isGood(frame, value, trailer) } };
}

function isGood(frame: Uint8Array, value: number, trailer: Trailer): boolean {
  if (trailer === 'ti-metadata') return (value & 0x8000) !== 0;
  return value === (trailer === 'fcs32' ? fcs32(frame) : fcs16(frame));
}

/** Fields of a trailer; of a frame without one it is taken to be right, as in Wireshark. */
export function trailerFields(trailer: Trailer, fcs: MacHeader['fcs']): Field[] {
  const good: Field = ['wpan.fcs_ok', fcs?.good === false ? '0' : '1'];
  if (fcs === undefined) return [good];
  if (trailer === 'fcs') return [['wpan.fcs', showHex(fcs.value, 2)], good];
  if (trailer === 'fcs32') return [['wpan.fcs32', showHex(fcs.value, 4)], good];
  // CC24xx metadata: RSSI as a signed byte, then the FCS verdict in bit 7 and the correlation in the rest.
  const rssi = (fcs.value << 24) >> 24;
  return [good, ['wpan.rssi', rssi.toString()], ['wpan.correlation', ((fcs.value >> 8) & 0x7f).toString()]];
}
