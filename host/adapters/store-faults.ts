/**
 * A store that fails on purpose, around any other: for tests of what a power cut leaves behind.
 *
 * A crash at a commit leaves it whole or not at all, as the port promises, and afterwards nothing answers any more, as
 * after a power cut. What is left is read through the inner store, as by the next run.
 */
import { Fault } from '../model/fault.ts';
import type { Store, Table, Write } from '../ports/store.ts';

/** What shall go wrong, by the number of the commit, from 1. */
export interface StoreFaults {
  /** This commit is refused; the store goes on. */
  readonly failAt?: number;
  /** The power is cut at this commit. */
  readonly crashAt?: number;
  /** Whether that commit was on the disk already. */
  readonly crash?: 'before' | 'after';
}

/** A store around `inner` that counts commits and fails as told. */
export class FaultyStore implements Store {
  readonly #inner: Store;
  readonly #faults: StoreFaults;
  #commits = 0;
  #crashed = false;

  constructor(inner: Store, faults: StoreFaults = {}) {
    this.#inner = inner;
    this.#faults = faults;
  }

  /** Commits asked for so far. */
  get commits(): number {
    return this.#commits;
  }

  /** Cuts the power now: what is not durable yet is lost, nothing answers from here on. */
  crash(): void {
    this.#crashed = true;
  }

  get(table: Table, key: string): Uint8Array | undefined {
    this.#refuseCrashed();
    return this.#inner.get(table, key);
  }

  range(table: Table, from: string, to: string): readonly (readonly [string, Uint8Array])[] {
    this.#refuseCrashed();
    return this.#inner.range(table, from, to);
  }

  last(table: Table, to: string): readonly [string, Uint8Array] | undefined {
    this.#refuseCrashed();
    return this.#inner.last(table, to);
  }

  async commit(writes: readonly Write[]): Promise<void> {
    this.#refuseCrashed();
    const copies = writes.map((write) => ({ ...write, value: write.value?.slice() }));
    const number = ++this.#commits;
    const { failAt, crashAt, crash = 'before' } = this.#faults;
    if (number === failAt) throw new Fault('store', `commit ${number} fails as ordered`);
    if (number === crashAt && crash === 'before') this.#crashed = true;
    await Promise.resolve(); // a crash in the same turn catches what was only asked for
    this.#refuseCrashed();
    await this.#inner.commit(copies);
    if (number === crashAt) this.#crashed = true;
    this.#refuseCrashed();
  }

  async close(): Promise<void> {
    if (!this.#crashed) await this.#inner.close();
  }

  #refuseCrashed(): void {
    if (this.#crashed) throw new Fault('store', 'the power was cut');
  }
}
