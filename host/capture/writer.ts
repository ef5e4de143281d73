/** Writes pcap: link type 195 (frames with FCS), microseconds, little-endian: what every tool reads. */
import { LinkType } from './captured.ts';

const SNAP_LENGTH = 65_535;

/** The file header, to be written once. */
export function pcapHeader(): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAP_LENGTH, true);
  view.setUint32(20, LinkType.IEEE802154_WITH_FCS, true);
  return bytes;
}

/** A record: a frame with its FCS, and its time in milliseconds since 1970 (fractions are kept to the microsecond). */
export function pcapRecord(psdu: Uint8Array, timeMs: number): Uint8Array {
  const bytes = new Uint8Array(16 + psdu.length);
  const view = new DataView(bytes.buffer);
  const micros = Math.round(timeMs * 1000);
  view.setUint32(0, Math.floor(micros / 1_000_000), true);
  view.setUint32(4, micros % 1_000_000, true);
  view.setUint32(8, psdu.length, true);
  view.setUint32(12, psdu.length, true);
  bytes.set(psdu, 16);
  return bytes;
}
