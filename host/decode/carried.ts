/** What a layer hands to the one above it. */
import type { MacFrame } from './mac.ts';

/** A frame above the MAC, and where it comes from. */
export interface Carried {
  readonly mac: MacFrame;
  readonly bytes: Uint8Array;
  /** Position of its first byte in the frame. */
  readonly offset: number;
  /** Bytes of its end that the capture lacks. */
  readonly missing: number;
  /** The whole frame as received, without its trailer. */
  readonly frame: Uint8Array;
  /** Number of the frame in the capture. */
  readonly number: number;
}
