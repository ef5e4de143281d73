/**
 * The Store port over LMDB: one environment in a data directory, one named database a table, keys and values as bytes.
 *
 * A commit is one transaction and counts once it is on the disk. LMDB's own synchronous order is kept (no overlapping of
 * commit and fsync): so a failing disk rejects the commit instead of leaving it open for ever.
 */
import { mkdirSync } from 'node:fs';
import { open, type Database, type RootDatabase } from 'lmdb';
import { Fault } from '../model/fault.ts';
import { TABLES, type Store, type Table, type Write } from '../ports/store.ts';
import { checkWrites } from './store-limits.ts';

type Bytes = Database<Buffer, Buffer>;

/** A store in a directory of its own. One process at a time opens it. */
export class LmdbStore implements Store {
  readonly #path: string;
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #tables: ReadonlyMap<Table, Bytes>;

  /** Opens the directory and makes it when it is not there (readable by its owner alone). Throws Fault `store` with the path. */
  constructor(path: string) {
    this.#path = path;
    this.#root = this.#guard(() => {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      return open<Buffer, Buffer>({ path, maxDbs: TABLES.length, overlappingSync: false, noSubdir: false, ...FORM });
    });
    this.#tables = new Map(TABLES.map((table) => [table, this.#guard(() => this.#root.openDB<Buffer, Buffer>(table, FORM))]));
  }

  get(table: Table, key: string): Uint8Array | undefined {
    return this.#guard(() => {
      const value = this.#table(table).get(toBytes(key));
      return value === undefined ? undefined : new Uint8Array(value);
    });
  }

  range(table: Table, from: string, to: string): readonly (readonly [string, Uint8Array])[] {
    return this.#guard(() => entries(this.#table(table).getRange({ start: toBytes(from), end: toBytes(to) })));
  }

  last(table: Table, to: string): readonly [string, Uint8Array] | undefined {
    return this.#guard(
      () => entries(this.#table(table).getRange({ start: toBytes(to), exclusiveStart: true, reverse: true, limit: 1 }))[0],
    );
  }

  async commit(writes: readonly Write[]): Promise<void> {
    checkWrites(writes);
    try {
      await this.#root.batch(() => writes.forEach((write) => this.#queue(write)));
      await this.#root.flushed;
    } catch (cause) {
      throw this.#fault(cause);
    }
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  /** LMDB reads a value when its own thread writes it: it gets a copy that nobody changes meanwhile. */
  #queue({ table, key, value }: Write): void {
    if (value === undefined) void this.#table(table).remove(toBytes(key));
    else void this.#table(table).put(toBytes(key), Buffer.from(value));
  }

  #table(table: Table): Bytes {
    return this.#tables.get(table)!;
  }

  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (cause) {
      throw this.#fault(cause);
    }
  }

  #fault(cause: unknown): Fault {
    return new Fault('store', `${this.#path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

const FORM = { encoding: 'binary', keyEncoding: 'binary', cache: false } as const;

const toBytes = (key: string): Buffer => Buffer.from(key, 'latin1');

/** Entries as the port has them; the values are copies. */
function entries(found: Iterable<{ key: Buffer; value: Buffer }>): (readonly [string, Uint8Array])[] {
  return Array.from(found, ({ key, value }) => [key.toString('latin1'), new Uint8Array(value)] as const);
}
