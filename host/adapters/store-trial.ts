/**
 * A store over another one: what is written stays in memory, and the store below is only read. It answers what would be there if the writes
 * had been made.
 */
import type { Store, Table, Write } from '../ports/store.ts';
import { MemoryStore } from './store-memory.ts';

/** A store whose writes are never made. Closing it leaves the one below open. */
export class TrialStore implements Store {
  readonly #below: Pick<Store, 'get' | 'range' | 'last'>;
  readonly #written = new MemoryStore();
  readonly #removed = new Map<Table, Set<string>>();

  constructor(below: Pick<Store, 'get' | 'range' | 'last'>) {
    this.#below = below;
  }

  get(table: Table, key: string): Uint8Array | undefined {
    return this.#written.get(table, key) ?? (this.#isRemoved(table, key) ? undefined : this.#below.get(table, key));
  }

  range(table: Table, from: string, to: string): readonly (readonly [string, Uint8Array])[] {
    const under = this.#below.range(table, from, to).filter(([key]) => !this.#isRemoved(table, key));
    const entries = new Map([...under, ...this.#written.range(table, from, to)]);
    return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  last(table: Table, to: string): readonly [string, Uint8Array] | undefined {
    const own = this.#written.last(table, to);
    let under = this.#below.last(table, to);
    while (under !== undefined && this.#isRemoved(table, under[0])) under = this.#below.last(table, under[0]);
    if (own === undefined || under === undefined) return own ?? under;
    return own[0] >= under[0] ? own : under;
  }

  async commit(writes: readonly Write[]): Promise<void> {
    await this.#written.commit(writes);
    for (const { table, key, value } of writes) {
      const removed = this.#removed.get(table) ?? new Set<string>();
      this.#removed.set(table, removed);
      if (value === undefined) removed.add(key);
      else removed.delete(key);
    }
  }

  close(): Promise<void> {
    return this.#written.close();
  }

  #isRemoved(table: Table, key: string): boolean {
    return this.#removed.get(table)?.has(key) === true;
  }
}
