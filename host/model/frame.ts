/**
 * HAN frames as the core read them. Objects are frozen; numbers are as on the air, EUI-64s are in host form.
 * Fields that the frame does not carry are undefined. Offsets count from the first byte of the frame.
 *
 * Payload spans of command frames (MAC, NWK, APS) begin with the command identifier, when received and when emitted. A
 * payload that was not opened is the ciphertext, without auxiliary header and MIC. Fragments have no ZCL header.
 */
import type { Eui64 } from './ids.ts';

/** Position and length of a part of the frame in `Frame.bytes`. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** IEEE 802.15.4 MAC header. */
export interface MacHeader {
  readonly fcf: number;
  readonly seq: number | undefined;
  readonly dstPan: number | undefined;
  readonly srcPan: number | undefined;
  readonly dst: number | Eui64 | undefined;
  readonly src: number | Eui64 | undefined;
  /** Command identifier of a MAC command frame. */
  readonly command: number | undefined;
  /** The two last bytes as received and whether they are the right FCS; undefined when the frame has none. */
  readonly fcs: { readonly value: number; readonly good: boolean } | undefined;
  readonly payload: Span;
}

/** ZigBee auxiliary security header together with what came of it. */
export interface SecurityHeader {
  readonly offset: number;
  /** Control byte as received: level bits are zero on the air. */
  readonly control: number;
  readonly counter: number;
  readonly keySeq: number | undefined;
  /** Source that the nonce was built with; undefined when the frame has none and none was known. */
  readonly source: Eui64 | undefined;
  readonly mic: Uint8Array;
  /** True when the MIC verified and the payload stands in clear. */
  readonly opened: boolean;
  /** Handle of the key that opened it. */
  readonly key: number | undefined;
  /** In passive reception: the counter was one that a receiver must refuse. */
  readonly replay: boolean;
}

/** ZigBee NWK header. */
export interface NwkHeader {
  readonly offset: number;
  readonly fcf: number;
  readonly dst: number;
  readonly src: number;
  readonly radius: number;
  readonly seq: number;
  readonly dstEui: Eui64 | undefined;
  readonly srcEui: Eui64 | undefined;
  readonly multicast: number | undefined;
  readonly sourceRoute: { readonly index: number; readonly relays: readonly number[] } | undefined;
  readonly security: SecurityHeader | undefined;
  /** Command identifier of an opened NWK command frame. */
  readonly command: number | undefined;
  readonly payload: Span;
}

/** ZigBee APS header. */
export interface ApsHeader {
  readonly offset: number;
  readonly fcf: number;
  readonly dstEndpoint: number | undefined;
  readonly group: number | undefined;
  readonly cluster: number | undefined;
  readonly profile: number | undefined;
  readonly srcEndpoint: number | undefined;
  readonly counter: number;
  readonly extended: { readonly control: number; readonly block: number | undefined; readonly ackBits: number | undefined } | undefined;
  readonly security: SecurityHeader | undefined;
  /** Command identifier of an opened APS command frame. */
  readonly command: number | undefined;
  readonly payload: Span;
}

/** ZCL header. */
export interface ZclHeader {
  readonly offset: number;
  readonly control: number;
  readonly manufacturer: number | undefined;
  readonly seq: number;
  readonly command: number;
}

/** A received frame, every opened layer in clear. */
export interface Frame {
  readonly mac: MacHeader;
  readonly nwk: NwkHeader | undefined;
  readonly aps: ApsHeader | undefined;
  readonly zcl: ZclHeader | undefined;
  /** The whole frame; opened parts are in clear, positions are those of the received frame. */
  readonly bytes: Uint8Array;
  /** The innermost payload that was reached (a view of `bytes`). */
  readonly payload: Uint8Array;
  /** Handle of the key that a Transport-Key command brought; its bytes are blank in `bytes`. */
  readonly carried: KeyHandle | undefined;
}

/** Handle of a key in the core: generation * 256 + slot. Never the key. */
export type KeyHandle = number;

/** A frame to be emitted: headers as they shall stand on the air, security applied by the core. */
export interface TxFrame {
  /** The sender's own EUI-64, used in nonces. */
  readonly self: Eui64;
  readonly mac: {
    readonly fcf: number;
    readonly seq: number;
    readonly dstPan?: number;
    readonly srcPan?: number;
    readonly dst?: number | Eui64;
    readonly src?: number | Eui64;
  };
  readonly nwk?: {
    readonly fcf: number;
    readonly dst: number;
    readonly src: number;
    readonly radius: number;
    readonly seq: number;
    readonly dstEui?: Eui64;
    readonly srcEui?: Eui64;
    readonly multicast?: number;
    readonly sourceRoute?: { readonly index: number; readonly relays: readonly number[] };
    /** Network key: the frame is secured when given (the security bit of `fcf` must agree). */
    readonly key?: KeyHandle;
  };
  readonly aps?: {
    readonly fcf: number;
    readonly dstEndpoint?: number;
    readonly group?: number;
    readonly cluster?: number;
    readonly profile?: number;
    readonly srcEndpoint?: number;
    readonly counter: number;
    readonly extended?: { readonly control: number; readonly block?: number; readonly ackBits?: number };
    /** Secured when given: key identifier 0 link, 2 key-transport, 3 key-load (derived from the link key of the handle). */
    readonly security?: { readonly key: KeyHandle; readonly keyId: 0 | 2 | 3; readonly extendedNonce: boolean };
  };
  readonly zcl?: { readonly control: number; readonly manufacturer?: number; readonly seq: number; readonly command: number };
  /** What follows the innermost header. */
  readonly payload: Uint8Array;
  /** A key of a slot to be written over 16 payload bytes at `offset` inside the core (Transport-Key). */
  readonly carry?: { readonly key: KeyHandle; readonly offset: number };
}

/** Why the core refused a frame: `code` = layer * 256 + reason, `name` its kebab-case name, `offset` where. */
export interface FrameRefusal {
  readonly ok: false;
  readonly number: number;
  readonly code: string;
  readonly offset: number;
  readonly detail: string;
  /** What was read before the refusal: each layer that was complete. */
  readonly frame: Partial<Frame>;
}
