/**
 * The pcapng file format (draft-ietf-opsawg-pcapng): sections of either byte order, interfaces with their time resolution
 * and offset, enhanced and simple packet blocks. Other blocks are passed over.
 */
import { MAX_RECORD, type CaptureError, type Packet } from './captured.ts';
import { want, wantOrEnd, type Parser } from './feed.ts';
import { isKnownLink, wrongLink } from './pcap.ts';

/** Block type of a section header, the same in both byte orders: the first four bytes of a pcapng file. */
export const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;

/** Type and length of a block, or the end of the file. */
const BLOCK_OR_END = wantOrEnd(8);

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OPTION_TIME_RESOLUTION = 9;
const OPTION_TIME_OFFSET = 14;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Units of time in a second. */
  readonly resolution: bigint;
  /** Seconds to be added. */
  readonly timeOffset: bigint;
}

/** Parses after the first block type, which is given by the caller. Gives up at `link-type`, `malformed`, `too-long`. */
export function* parsePcapng(emit: (packet: Packet) => void): Parser {
  let interfaces: Interface[] = [];
  let little = true;
  let type = SECTION_HEADER;
  // What the length of a block stands at the end of; it is read once the byte order is known.
  let head = viewOf(yield want(4));
  for (let offset = 0; ;) {
    let taken = 8;
    if (type === SECTION_HEADER) {
      const magic = viewOf(yield want(4));
      taken = 12;
      little = magic.getUint32(0, true) === BYTE_ORDER_MAGIC;
      if (!little && magic.getUint32(0, false) !== BYTE_ORDER_MAGIC) return malformed(offset + 8, 'a section without byte-order magic');
      interfaces = [];
    }
    const length = head.getUint32(head.byteLength - 4, little);
    if (length > MAX_RECORD) return { code: 'too-long', offset: offset + 4, detail: `a block of ${length} bytes, more than ${MAX_RECORD}` };
    if (length < taken + 4 || length % 4 !== 0) return malformed(offset + 4, `a block of ${length} bytes`);
    const block = viewOf(yield want(length - taken));
    if (block.getUint32(block.byteLength - 4, little) !== length)
      return malformed(offset + length - 4, 'the two lengths of a block differ');
    if (type === INTERFACE_DESCRIPTION) {
      const body = new DataView(block.buffer, block.byteOffset, block.byteLength - 4);
      if (body.byteLength < 8) return malformed(offset, 'an interface description of fewer than 8 bytes');
      interfaces.push(interfaceOf(body, little));
    } else if (type === ENHANCED_PACKET || type === SIMPLE_PACKET) {
      const packet = packetOf(type, block, little, interfaces, offset);
      if ('code' in packet) return packet;
      emit(packet);
    }
    offset += length;
    // The next type is read in the section's order; a section header reads the same in both.
    head = viewOf(yield BLOCK_OR_END);
    type = head.getUint32(0, little);
  }
}

/** The packet of a block that ends in its length. */
function packetOf(type: number, body: DataView, little: boolean, interfaces: readonly Interface[], offset: number): Packet | CaptureError {
  const enhanced = type === ENHANCED_PACKET;
  const start = enhanced ? 20 : 4;
  const size = body.byteLength - 4;
  if (size < start) return malformed(offset, 'a packet block that ends in its header');
  const from = interfaces[enhanced ? body.getUint32(0, little) : 0];
  if (from === undefined) return malformed(offset + 8, 'a packet of an interface that was not described');
  if (!isKnownLink(from.linkType)) return wrongLink(from.linkType, offset);
  const length = body.getUint32(start - 4, little);
  const captured = enhanced ? body.getUint32(12, little) : Math.min(length, from.snapLength === 0 ? length : from.snapLength);
  if (captured > size - start) return malformed(offset, `a packet of ${captured} bytes in a block of ${size}`);
  const units = enhanced ? (BigInt(body.getUint32(4, little)) << 32n) | BigInt(body.getUint32(8, little)) : 0n;
  const time = enhanced ? (units * 1_000_000_000n) / from.resolution + from.timeOffset * 1_000_000_000n : 0n;
  const bytes = new Uint8Array(body.buffer, body.byteOffset + start, captured);
  return { time, linkType: from.linkType, bytes, length, offset };
}

function interfaceOf(body: DataView, little: boolean): Interface {
  let resolution = 1_000_000n;
  let timeOffset = 0n;
  for (let at = 8; at + 4 <= body.byteLength;) {
    const option = body.getUint16(at, little);
    const length = body.getUint16(at + 2, little);
    if (option === 0 || at + 4 + length > body.byteLength) break;
    if (option === OPTION_TIME_RESOLUTION && length >= 1) resolution = resolutionOf(body.getUint8(at + 4));
    if (option === OPTION_TIME_OFFSET && length === 8) timeOffset = body.getBigInt64(at + 4, little);
    at += 4 + ((length + 3) & ~3);
  }
  return { linkType: body.getUint16(0, little), snapLength: body.getUint32(4, little), resolution, timeOffset };
}

/** if_tsresol: a power of two when its top bit is set, else of ten. */
const resolutionOf = (code: number): bigint => (code & 0x80 ? 2n ** BigInt(code & 0x7f) : 10n ** BigInt(code));

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const malformed = (offset: number, detail: string): CaptureError => ({ code: 'malformed', offset, detail });
