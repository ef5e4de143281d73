/** The pcap file format (libpcap savefile): both byte orders, microseconds and nanoseconds. */
import { LinkType, MAX_RECORD, type CaptureError, type Packet } from './captured.ts';
import { want, wantOrEnd, type Parser } from './feed.ts';

/** Bytes of the file header, its magic number included. */
export const PCAP_HEADER = 24;
const RECORD_HEADER = 16;
const RECORD_OR_END = wantOrEnd(RECORD_HEADER);

/** Magic numbers as read little-endian: byte order of the writer and nanoseconds in a unit of the fraction. */
const MAGIC: Readonly<Record<number, { readonly little: boolean; readonly unit: bigint }>> = {
  0xa1b2c3d4: { little: true, unit: 1000n },
  0xa1b23c4d: { little: true, unit: 1n },
  0xd4c3b2a1: { little: false, unit: 1000n },
  0x4d3cb2a1: { little: false, unit: 1n },
};

const KNOWN_LINKS: ReadonlySet<number> = new Set(Object.values(LinkType));

/** True for the first four bytes of a pcap file. */
export const isPcap = (magic: number): boolean => MAGIC[magic] !== undefined;

/** Parses after the magic number, which is given. Gives up at `link-type` for one that carries no IEEE 802.15.4, `too-long`. */
export function* parsePcap(magic: number, emit: (packet: Packet) => void): Parser {
  const { little, unit } = MAGIC[magic] ?? { little: true, unit: 1000n };
  const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The upper 16 bits of the link type field say how long an FCS the packets have; 195 says so itself.
  const linkType = view(yield want(PCAP_HEADER - 4)).getUint32(16, little) & 0xffff;
  if (!isKnownLink(linkType)) return wrongLink(linkType, 20);
  for (let offset = PCAP_HEADER; ;) {
    const header = view(yield RECORD_OR_END);
    const length = header.getUint32(8, little);
    if (length > MAX_RECORD)
      return { code: 'too-long', offset: offset + 8, detail: `a record of ${length} bytes, more than ${MAX_RECORD}` };
    const time = BigInt(header.getUint32(0, little)) * 1_000_000_000n + BigInt(header.getUint32(4, little)) * unit;
    const bytes: Uint8Array = yield want(length);
    emit({ time, linkType, bytes, length: header.getUint32(12, little), offset });
    offset += RECORD_HEADER + length;
  }
}

/** True for link types that this product reads. */
export const isKnownLink = (linkType: number): boolean => KNOWN_LINKS.has(linkType);

/** The error for any other. */
export const wrongLink = (linkType: number, offset: number): CaptureError => ({
  code: 'link-type',
  offset,
  detail: `link type ${linkType} carries no IEEE 802.15.4 (read are 195, 230, 283 and Ethernet with ZEP)`,
});
