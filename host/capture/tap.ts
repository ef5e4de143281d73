/** IEEE 802.15.4 TAP (link type 283): a header of TLVs before the frame. Known TLVs are read, others passed over. */
import type { LinkFrame, Trailer } from './captured.ts';

const TLV_FCS_TYPE = 0;
const TLV_CHANNEL = 3;
const TLV_LQI = 10;
const HEADER = 4;

/** FCS types of the header; any other is none. */
const TRAILERS: readonly Trailer[] = ['none', 'fcs', 'fcs32'];

/** Removes the TAP header; the capture lacks `missing` bytes of the packet. No frame when the header is not one. */
export function unwrapTap(bytes: Uint8Array, missing: number): LinkFrame {
  let trailer: Trailer | undefined = 'none';
  let channel: number | undefined;
  let lqi: number | undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length >= HEADER ? view.getUint16(2, true) : 0;
  if (length < HEADER || length > bytes.length || bytes[0] !== 0)
    return { psdu: undefined, trailer, missing, header: undefined, channel, lqi };
  for (let at = HEADER; at + 4 <= length;) {
    const type = view.getUint16(at, true);
    const size = view.getUint16(at + 2, true);
    if (at + 4 + size > length) break;
    if (type === TLV_FCS_TYPE && size >= 1) trailer = TRAILERS[view.getUint8(at + 4)];
    if (type === TLV_CHANNEL && size >= 2) channel = view.getUint16(at + 4, true);
    if (type === TLV_LQI && size >= 1) lqi = view.getUint8(at + 4);
    at += 4 + ((size + 3) & ~3);
  }
  const header = { kind: 'tap', bytes: bytes.subarray(0, length), carries: trailer !== undefined } as const;
  const psdu = trailer === undefined ? undefined : bytes.subarray(length);
  return { psdu, trailer: trailer ?? 'none', missing, header, channel, lqi };
}
