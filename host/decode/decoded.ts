/** What decoding a captured frame gives: plain data, ready to be rendered, filtered and counted. */
import type { Shown } from '../clusters/shown.ts';
import type { Field } from '../clusters/read.ts';
import type { Frame } from '../model/frame.ts';
import type { Replay } from './replay.ts';

/**
 * - `ok`: every layer was read and opened;
 * - `closed`: a secured layer found no key; everything above it is unknown;
 * - `refused`: a layer broke its format, or the packet holds no frame.
 */
export type Verdict = 'ok' | 'closed' | 'refused';

/** What a Green Power frame says of itself: its source, where it has a number for it, and its command, once in clear. */
export interface GreenPowerHeader {
  readonly source: number | undefined;
  readonly command: number | undefined;
}

/** The headers of a frame, each as far as it was read to its end. */
export type Headers = Partial<Frame> & { readonly greenPower?: GreenPowerHeader };

/** A decoded frame. */
export interface Decoded {
  /** Position in the capture, from 1. */
  readonly number: number;
  /** Nanoseconds since 1970-01-01T00:00:00Z; 0 where the capture keeps no time. */
  readonly time: bigint;
  readonly verdict: Verdict;
  /** Why it is not `ok`: `closed-…` and the layer, `no-frame`, `truncated-…` for a payload that ends too early, or what its layer refused. */
  readonly code: string | undefined;
  /** One line about the code, fit for a person. */
  readonly detail: string | undefined;
  /** Fields in wire order under Wireshark's display-filter names, in the form of its `show`. */
  readonly fields: readonly Field[];
  /** The same with their JSON. */
  readonly shown: readonly Shown[];
  /** Bytes of the innermost payload that no table describes. */
  readonly unread: Uint8Array;
  /** The outermost opened layer that a receiver would refuse for its frame counter, and why it did not come first. */
  readonly replay?: { readonly layer: 'nwk' | 'aps'; readonly kind: Replay };
  /** The headers that were read. */
  readonly headers: Headers;
}
