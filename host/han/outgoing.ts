/**
 * Outgoing frame counters: no frame is emitted before the block that its counter stands in is durable, so that a crash loses the rest of
 * a block and never repeats a counter (ZigBee specification 4.3.1.1).
 */
import type { Core } from '../core/core.ts';
import { Fault } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import type { Log } from '../ports/log.ts';

/** Where counters come from: used only out of blocks that are durable. */
export interface CounterBlocks {
  /** The next block of `size` counters of a key; resolves when the reservation is durable. */
  reserve(key: KeyHandle, size: number): Promise<{ readonly next: number; readonly limit: number }>;
}

/** Counters in a block: what a crash loses at most. */
export const BLOCK = 1024;
/** A new block is reserved while so many counters are still left, so that sending seldom waits for the store. */
const LOW_WATER = 128;
/**
 * From here on a key should be changed (ZigBee specification 4.3.1.2 asks a trust centre to act from the middle of the range): at the
 * rate of a full air, 34 days before the last counter.
 */
export const WORN = 0x8000_0000;

/** What it is made of. */
export interface OutgoingParts {
  readonly core: Core;
  readonly blocks: CounterBlocks;
  readonly log: Log;
  /** Told at each block of a key whose counters are beyond WORN. */
  readonly worn: (key: KeyHandle, next: number) => void;
}

/** The outgoing counters of one core. */
export class Outgoing {
  readonly #parts: OutgoingParts;
  readonly #reserving = new Map<KeyHandle, Promise<void>>();

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
  }

  /** Reserves counters for a frame under each of these keys, if they have none left. Rejects with Fault `store` when none could be. */
  async prepare(keys: readonly KeyHandle[]): Promise<void> {
    for (const key of keys) await this.#ensure(key);
  }

  /** Frames that may be emitted at once under all of these keys: 0 when others used the counters up, undefined when a key is gone. */
  left(keys: readonly KeyHandle[]): number | undefined {
    const left = keys.map((key) => this.#left(key));
    return left.some((each) => each === undefined) ? undefined : Math.min(Infinity, ...(left as number[]));
  }

  async #ensure(key: KeyHandle): Promise<void> {
    for (;;) {
      const left = this.#left(key);
      if (left === undefined || left > LOW_WATER) return;
      let reserving = this.#reserving.get(key);
      if (reserving === undefined) {
        reserving = this.#reserve(key).finally(() => this.#reserving.delete(key));
        this.#reserving.set(key, reserving);
      }
      if (left > 0) {
        reserving.catch((cause: unknown) => this.#parts.log.error('counter-block-failed', { reason: String(cause) }));
        return;
      }
      await reserving;
    }
  }

  async #reserve(key: KeyHandle): Promise<void> {
    const { core, blocks, worn } = this.#parts;
    const block = await blocks.reserve(key, BLOCK);
    const now = core.keys.outgoing(key);
    if (!now.ok) return; // erased meanwhile: its counters are nobody's
    const { next, limit } = now.value;
    const taken = core.keys.reserve(key, block.next === limit ? next : block.next, block.limit);
    if (!taken.ok) throw new Fault('internal', `the core refused a block of counters: ${taken.code}`);
    if (block.limit > WORN) worn(key, block.limit);
  }

  /** Counters of a key that are durable and not used; undefined for a key that is gone. */
  #left(key: KeyHandle): number | undefined {
    const outgoing = this.#parts.core.keys.outgoing(key);
    return outgoing.ok ? outgoing.value.limit - outgoing.value.next : undefined;
  }
}
