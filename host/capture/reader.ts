/**
 * Reads captures of IEEE 802.15.4 traffic as they come, from a file or a pipe: pcap or pcapng, link types 195, 230, 283
 * and Ethernet with ZEP. Any split of the input gives the same packets as one piece.
 */
import { never } from '../model/fault.ts';
import { unwrapEthernet } from './ethernet.ts';
import { LinkType, type Captured, type CaptureError, type LinkFrame, type Packet, type Trailer } from './captured.ts';
import { Feed, want, type Parser } from './feed.ts';
import { isPcap, parsePcap } from './pcap.ts';
import { parsePcapng, SECTION_HEADER } from './pcapng.ts';
import { unwrapTap } from './tap.ts';

/** How a capture is to be read. */
export interface CaptureOptions {
  /** Frames that should end in an FCS end in CC24xx metadata instead: the file cannot say so itself. */
  readonly tiMetadata?: boolean;
}

/** A capture being read. */
export class CaptureReader {
  readonly #feed: Feed;
  readonly #trailer: Trailer;
  #ready: Captured[] = [];
  #count = 0;

  constructor(options: CaptureOptions = {}) {
    this.#trailer = options.tiMetadata === true ? 'ti-metadata' : 'fcs';
    this.#feed = new Feed(parse((packet) => this.#ready.push(this.#captured(packet))));
  }

  /** Takes the next bytes and answers the packets that they complete. Nothing more comes after an error. */
  push(chunk: Uint8Array): readonly Captured[] {
    this.#feed.push(chunk);
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  /** Why reading stopped, if it did; what was readable before has been answered by `push`. */
  get error(): CaptureError | undefined {
    return this.#feed.error;
  }

  /** Says that the input is over. Answers the error, `truncated` when the input ends inside a record. */
  end(): CaptureError | undefined {
    return this.#feed.end();
  }

  #captured(packet: Packet): Captured {
    const { psdu, trailer, missing, header, channel, lqi } = unwrap(packet, this.#trailer);
    return { number: ++this.#count, time: packet.time, psdu, trailer, missing, header, channel, lqi };
  }
}

/** Reads a whole capture. */
export function readCapture(
  bytes: Uint8Array,
  options: CaptureOptions = {},
): { readonly packets: readonly Captured[]; readonly error: CaptureError | undefined } {
  const reader = new CaptureReader(options);
  const packets = reader.push(bytes);
  return { packets, error: reader.end() };
}

function* parse(emit: (packet: Packet) => void): Parser {
  const first: Uint8Array = yield want(4);
  const magic = new DataView(first.buffer, first.byteOffset, 4).getUint32(0, true);
  if (isPcap(magic)) return yield* parsePcap(magic, emit);
  if (magic === SECTION_HEADER) return yield* parsePcapng(emit);
  return { code: 'not-a-capture', offset: 0, detail: 'neither a pcap nor a pcapng file' };
}

function unwrap(packet: Packet, trailer: Trailer): LinkFrame {
  const missing = Math.max(0, packet.length - packet.bytes.length);
  const linkType = packet.linkType as (typeof LinkType)[keyof typeof LinkType];
  switch (linkType) {
    case LinkType.IEEE802154_WITH_FCS:
      return bare(packet.bytes, missing, trailer);
    case LinkType.IEEE802154_NO_FCS:
      return bare(packet.bytes, missing, 'none');
    case LinkType.IEEE802154_TAP:
      return unwrapTap(packet.bytes, missing);
    case LinkType.ETHERNET:
      return unwrapEthernet(packet.bytes, missing, trailer);
    default:
      return never(linkType);
  }
}

/** A frame with nothing before it. */
const bare = (psdu: Uint8Array, missing: number, trailer: Trailer): LinkFrame => ({
  psdu,
  trailer,
  missing,
  header: undefined,
  channel: undefined,
  lqi: undefined,
});
