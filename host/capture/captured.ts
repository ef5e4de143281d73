/** What a capture file holds, whatever its format: packets, and in them IEEE 802.15.4 frames. */

/** Link types that carry IEEE 802.15.4 (tcpdump.org/linktypes). */
export const LinkType = {
  /** Ethernet: frames inside ZEP over UDP. */
  ETHERNET: 1,
  /** IEEE 802.15.4 with FCS. */
  IEEE802154_WITH_FCS: 195,
  /** IEEE 802.15.4 without FCS. */
  IEEE802154_NO_FCS: 230,
  /** IEEE 802.15.4 behind a pseudo-header of TLVs. */
  IEEE802154_TAP: 283,
} as const;

/**
 * What a PSDU ends in: the ITU-T CRC of 16 bits, CC24xx metadata of two bytes in its place, the CRC of 32 bits of other PHYs
 * than ZigBee's, or nothing but payload.
 */
export type Trailer = 'fcs' | 'ti-metadata' | 'fcs32' | 'none';

/** What a sniffer wrote before a frame, as bytes. */
export interface LinkHeader {
  readonly kind: 'zep' | 'tap';
  readonly bytes: Uint8Array;
  /** Whether a frame follows: acknowledgements of ZEP, and TAP with an FCS type that is not one, carry none. */
  readonly carries: boolean;
}

/** A packet as a capture format stores it, before its link layer is looked at. */
export interface Packet {
  /** Nanoseconds since 1970-01-01T00:00:00Z; 0 where the format keeps no time. */
  readonly time: bigint;
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Bytes that the packet had on the air; more than `bytes` when the capture cut it. */
  readonly length: number;
  /** Offset of the record in the file. */
  readonly offset: number;
}

/** What the link layer says of a frame. */
export interface LinkFrame {
  /** The frame from its frame control field to its trailer; undefined for a packet that holds no 802.15.4 frame. */
  readonly psdu: Uint8Array | undefined;
  readonly trailer: Trailer;
  /** Bytes of the frame's end that the capture lacks. */
  readonly missing: number;
  /** Header of ZEP or TAP before the frame. */
  readonly header: LinkHeader | undefined;
  /** Channel, 11 to 26 at 2.4 GHz, where the link layer tells it. */
  readonly channel: number | undefined;
  /** Link quality 0 to 255, where the link layer tells it. */
  readonly lqi: number | undefined;
}

/** A packet of a capture, its link layer removed. */
export interface Captured extends LinkFrame {
  /** Position in the capture, from 1, packets without a frame counted as well. */
  readonly number: number;
  /** Nanoseconds since 1970-01-01T00:00:00Z; 0 where the format keeps no time. */
  readonly time: bigint;
}

/** Why reading a capture ended before its end. */
export interface CaptureError {
  readonly code: 'not-a-capture' | 'link-type' | 'truncated' | 'malformed' | 'too-long';
  /** Byte of the file or stream at which it went wrong. */
  readonly offset: number;
  /** One line fit for a person. */
  readonly detail: string;
}

/** Longest record accepted: far above any frame, far below what a wrong length field would ask of memory. */
export const MAX_RECORD = 262_144;
