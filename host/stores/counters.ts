/**
 * Frame counters across restarts (ZigBee specification 4.3.1.1 and 4.3.1.2; a counter used twice under one key breaks
 * CCM*, and a mark that falls lets old frames in). Both are kept by the fingerprint of the key: a key that comes back, by
 * whatever way, finds its counters, and a new one never meets another's.
 *
 * Outgoing: blocks are reserved durably before a counter of them is used. After a restart the next block begins where
 * the last one ended, whether it was used up or not: counters jump ahead and never repeat.
 *
 * Incoming: marks are written behind, up to `delay` milliseconds late, because a write per received frame would wear
 * out a memory card. The danger: frames received in that time before a power cut can be replayed after it.
 */
import { Fault } from '../model/fault.ts';
import type { Eui64, Fingerprint } from '../model/ids.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store, Write } from '../ports/store.ts';

/** Counters from `next` up to, not including, `limit`. */
export interface CounterBlock {
  readonly next: number;
  readonly limit: number;
}

/** The frame counter ffffffff is never used. */
export const LAST_COUNTER = 0xffff_ffff;

/** Outgoing counters, one per key. */
export class OutgoingCounters {
  readonly #store: Store;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Reserves `size` counters (fewer at the end of the range) and resolves when the reservation is durable. A key that has
   * none yet begins at `first`. Rejects with Fault `store`, and with Fault `internal` when no counter is left: then the key
   * must be replaced.
   */
  reserve(key: Fingerprint, size: number, first = 0): Promise<CounterBlock> {
    const done = this.#tail.then(() => this.#reserve(key, size, first));
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** The first counter of a key that no block holds yet; undefined for a key that has used none. */
  next(key: Fingerprint): number | undefined {
    return readNumber(this.#store.get('counters', outgoing(key)));
  }

  /** Every key's first counter that no block holds yet. */
  all(): ReadonlyMap<Fingerprint, number> {
    const found = this.#store.range('counters', OUTGOING, `${OUTGOING}~`);
    return new Map(found.map(([key, value]) => [key.slice(OUTGOING.length) as Fingerprint, readNumber(value) ?? 0]));
  }

  /** The write that lets a key go on at `next`, or at a higher counter that it has come to already. */
  raise(key: Fingerprint, next: number): Write {
    return number(outgoing(key), Math.min(Math.max(next, this.next(key) ?? 0), LAST_COUNTER));
  }

  async #reserve(key: Fingerprint, size: number, first: number): Promise<CounterBlock> {
    const next = this.next(key) ?? first;
    const limit = Math.min(next + size, LAST_COUNTER);
    if (!Number.isInteger(size) || limit <= next)
      throw new Fault('internal', `no outgoing counter is left for the key ${key} (at ${next}, ${size} asked)`);
    await this.#store.commit([number(outgoing(key), limit)]);
    return { next, limit };
  }
}

/** The lowest counter still acceptable from a sender under a key. */
export interface IncomingMark {
  readonly eui: Eui64;
  readonly key: Fingerprint;
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
    return this.#store.range('counters', INCOMING, `${INCOMING}~`).map(([name, value]) => {
      const [eui = '', key = ''] = name.slice(INCOMING.length).split('/');
      return { eui: eui as Eui64, key: key as Fingerprint, next: readNumber(value) ?? 0 };
    });
  }

  /** Notes that counters below `next` are used up; a lower value than known changes nothing. Durable `delay` later. */
  save(eui: Eui64, key: Fingerprint, next: number): void {
    const name = incoming(eui, key);
    const known = Math.max(this.#waiting.get(name) ?? 0, readNumber(this.#store.get('counters', name)) ?? 0);
    if (next <= known) return;
    this.#waiting.set(name, next);
    this.#timer ??= this.#clock.after(this.#delay, () => void this.#flushLater());
  }

  /** The write that accepts nothing below `next`, or below a higher counter that is known already. */
  raise({ eui, key, next }: IncomingMark): Write {
    const name = incoming(eui, key);
    return number(name, Math.max(next, readNumber(this.#store.get('counters', name)) ?? 0));
  }

  /** Makes everything saved durable, as at a stop. Rejects with Fault `store`; what was not written stays waiting. */
  async flush(): Promise<void> {
    this.#timer?.();
    this.#timer = undefined;
    const writes = [...this.#waiting].map(([name, next]) => number(name, next));
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

/** Prefixes of the table; a fingerprint and an EUI-64 hold no slash. */
const OUTGOING = 'out/';
const INCOMING = 'in/';

const outgoing = (key: Fingerprint): string => `${OUTGOING}${key}`;
const incoming = (eui: Eui64, key: Fingerprint): string => `${INCOMING}${eui}/${key}`;

const number = (key: string, value: number): Write => ({ table: 'counters', key, value: new TextEncoder().encode(String(value)) });

function readNumber(bytes: Uint8Array | undefined): number | undefined {
  return bytes === undefined ? undefined : Number(new TextDecoder().decode(bytes));
}
