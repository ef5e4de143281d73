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

/** What the last two bytes of a PSDU are: the ITU-T CRC of the standard, CC24xx metadata in its place, or payload. */
export type Trailer = 'fcs' | 'ti-metadata' | 'none';

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
  /** True when the capture holds fewer bytes than the frame had. */
  readonly cut: boolean;
  /** Channel 11 to 26, where the link layer tells it. */
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
