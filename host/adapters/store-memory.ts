/**
 * A store in memory: for tests, simulations and short runs. It forgets everything when the process ends.
 *
 * Like a real one it takes effect later than `commit` is called, and in call order, so that code that reads too early
 * fails here as well.
 */
import { Fault } from '../model/fault.ts';
import type { Store, Table, Write } from '../ports/store.ts';
import { checkWrites } from './store-limits.ts';

/** A store in memory. Values are copied in and out. */
export class MemoryStore implements Store {
  readonly #tables = new Map<Table, Map<string, Uint8Array>>();
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  get(table: Table, key: string): Uint8Array | undefined {
    return this.#entries(table).get(key)?.slice();
  }

  range(table: Table, from: string, to: string): readonly (readonly [string, Uint8Array])[] {
    const within = [...this.#entries(table)].filter(([key]) => key >= from && key < to);
    return within.sort(byKey).map(([key, value]) => [key, value.slice()] as const);
  }

  last(table: Table, to: string): readonly [string, Uint8Array] | undefined {
    return this.range(table, '', to).at(-1);
  }

  commit(writes: readonly Write[]): Promise<void> {
    const copies = writes.map((write) => ({ ...write, value: write.value?.slice() }));
    const done = this.#tail.then(() => this.#apply(copies));
    this.#tail = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    await this.#tail;
    this.#closed = true;
  }

  #apply(writes: readonly Write[]): void {
    checkWrites(writes);
    this.#refuseClosed();
    for (const { table, key, value } of writes) {
      if (value === undefined) this.#entries(table).delete(key);
      else this.#entries(table).set(key, value);
    }
  }

  #entries(table: Table): Map<string, Uint8Array> {
    this.#refuseClosed();
    const entries = this.#tables.get(table) ?? new Map<string, Uint8Array>();
    this.#tables.set(table, entries);
    return entries;
  }

  #refuseClosed(): void {
    if (this.#closed) throw new Fault('store', 'the store in memory is closed');
  }
}

/** ASCII strings order by UTF-16 code units as they do by bytes. */
const byKey = ([a]: readonly [string, Uint8Array], [b]: readonly [string, Uint8Array]): number => (a < b ? -1 : 1);
