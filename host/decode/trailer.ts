/** The end of a captured frame: its FCS, or what a sniffer wrote in its place. */
import type { Captured, Trailer } from '../capture/captured.ts';
import { dec, flag, signed } from '../clusters/item.ts';
import { showHex } from '../clusters/show.ts';
import { shownField } from '../clusters/shown.ts';
import type { MacHeader } from '../model/frame.ts';
import { fcs16, fcs32 } from './fcs.ts';
import type { Finding } from './finding.ts';

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

const FCS_OK = flag('wpan.fcs_ok');
const RSSI = signed(1, 'wpan.rssi');
const CORRELATION = dec(1, 'wpan.correlation');

/** Shows a trailer; of a frame without one it is taken to be right, as in Wireshark. */
export function showTrailer(trailer: Trailer, fcs: MacHeader['fcs'], finding: Finding): void {
  if (fcs !== undefined && trailer === 'fcs') finding.showAgain(shownField('wpan.fcs', showHex(fcs.value, 2)));
  if (fcs !== undefined && trailer === 'fcs32') finding.showAgain(shownField('wpan.fcs32', showHex(fcs.value, 4)));
  finding.number(FCS_OK, fcs?.good === false ? 0 : 1);
  if (fcs !== undefined && trailer === 'ti-metadata') {
    // CC24xx metadata: RSSI as a signed byte, then the FCS verdict in bit 7 and the correlation in the rest.
    finding.number(RSSI, (fcs.value << 24) >> 24);
    finding.number(CORRELATION, (fcs.value >> 8) & 0x7f);
  }
  if (fcs?.good === false) finding.remark('wpan.fcs.bad');
}
