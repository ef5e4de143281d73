/**
 * Frame counters across restarts (ZigBee specification 4.3.1.1 and 4.3.1.2; a counter used twice under one key breaks
 * CCM*, and a mark that falls lets old frames in).
 *
 * Outgoing: blocks are reserved durably before a counter of them is used. After a restart the next block begins where
 * the last one ended, whether it was used up or not: counters jump ahead and never repeat.
 *
 * Incoming: marks are written behind, up to `delay` milliseconds late, because a write per received frame would wear
 * out a memory card. The danger: frames received in that time before a power cut can be replayed after it.
 */
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

/** Counters from `next` up to, not including, `limit`. */
export interface CounterBlock {
  readonly next: number;
  readonly limit: number;
}

/** The frame counter ffffffff is never used. */
export const LAST_COUNTER = 0xffff_ffff;

/** Outgoing counters, one per name (such as the identity of a key). */
export class OutgoingCounters {
  readonly #store: Store;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Reserves `size` counters (fewer at the end of the range) and resolves when the reservation is durable. Rejects with
   * Fault `store`, and with Fault `internal` when no counter is left: then the key must be replaced.
   */
  reserve(name: string, size: number): Promise<CounterBlock> {
    const done = this.#tail.then(() => this.#reserve(name, size));
    this.#tail = done.catch(() => undefined);
    return done;
  }

  async #reserve(name: string, size: number): Promise<CounterBlock> {
    const key = `out/${name}`;
    const next = readNumber(this.#store.get('counters', key)) ?? 0;
    const limit = Math.min(next + size, LAST_COUNTER);
    if (!Number.isInteger(size) || limit <= next)
      throw new Fault('internal', `no outgoing counter is left for ${name} (at ${next}, ${size} asked)`);
    await this.#store.commit([{ table: 'counters', key, value: new TextEncoder().encode(String(limit)) }]);
    return { next, limit };
  }
}

/** The lowest counter still acceptable from a sender under a key. */
export interface IncomingMark {
  readonly eui: Eui64;
  /** Which key: stable across restarts (a handle is not). */
  readonly keyId: string;
  readonly next: number;
}

/** Incoming counters, one per sender and key. */
export class IncomingCounters {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #delay: number;
  readonly #waiting = new Map<string, number>();
  #timer: Cancel | undefined;

  /** `delay`: how many milliseconds a mark may be behind; longer spares the storage, shorter narrows the window for replay after a power cut. */
  constructor(store: Store, clock: Clock, log: Log, delay = 1_000) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#delay = delay;
  }

  /** Every mark as last stored. */
  all(): readonly IncomingMark[] {
    return this.#store.range('counters', 'in/', 'in0').map(([key, value]) => {
      const [eui = '', ...keyId] = key.slice('in/'.length).split('/');
      return { eui: eui as Eui64, keyId: keyId.join('/'), next: readNumber(value) ?? 0 };
    });
  }

  /** Notes that counters below `next` are used up; a lower value than known changes nothing. Durable `delay` later. */
  save(eui: Eui64, keyId: string, next: number): void {
    const key = `in/${eui}/${keyId}`;
    const known = Math.max(this.#waiting.get(key) ?? 0, readNumber(this.#store.get('counters', key)) ?? 0);
    if (next <= known) return;
    this.#waiting.set(key, next);
    this.#timer ??= this.#clock.after(this.#delay, () => void this.#flushLater());
  }

  /** Makes everything saved durable, as at a stop. Rejects with Fault `store`; what was not written stays waiting. */
  async flush(): Promise<void> {
    this.#timer?.();
    this.#timer = undefined;
    const writes = [...this.#waiting].map(([key, next]) => ({
      table: 'counters' as const,
      key,
      value: new TextEncoder().encode(String(next)),
    }));
    if (writes.length === 0) return;
    await this.#store.commit(writes);
    for (const { key, value } of writes) if (this.#waiting.get(key) === readNumber(value)) this.#waiting.delete(key);
  }

  async #flushLater(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      this.#log.error('incoming-counters-not-stored', { reason: String(error) });
      this.#timer ??= this.#clock.after(this.#delay, () => void this.#flushLater());
    }
  }
}

function readNumber(bytes: Uint8Array | undefined): number | undefined {
  return bytes === undefined ? undefined : Number(new TextDecoder().decode(bytes));
}
