/**
 * Where a client's firmware departs from the cluster's text. Each hook stands for what a kind of real device does; a client
 * without habits does none of it. The named collections of them are in profiles/.
 */

/** A block as it is asked for. */
export interface BlockWish {
  readonly fileOffset: number;
  readonly maxDataSize: number;
}

/** Departures of a client; what is left out is done as it should be. */
export interface Habits {
  /** What goes out when the block `right` is due, in this order; the client goes on when `right` is answered. */
  readonly requests?: (right: BlockWish) => readonly BlockWish[];
  /** Whether the client, which has everything below `offset`, forgets it and begins anew. */
  readonly restarts?: (offset: number, size: number) => boolean;
  /** Milliseconds for which it sleeps before it asks for the block at `offset`. */
  readonly sleep?: (offset: number, size: number) => number;
  /** The status with which it ends a transfer instead of `status`; undefined sends no end at all. */
  readonly end?: (status: number) => number | undefined;
  /** The file version that it says it runs, whatever runs. */
  readonly version?: (running: number) => number;
}
