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
      return open<Buffer, Buffer>({ path, maxDbs: TABLES.length, ...MODE, ...FORM });
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
      throw this.#fault(await diskError(cause));
    }
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  /**
   * LMDB reads a value when its own thread writes it: it gets a copy that nobody changes meanwhile. Each write has a
   * promise of its own; that of the batch tells of a failure once.
   */
  #queue({ table, key, value }: Write): void {
    const name = toBytes(key);
    const written = value === undefined ? this.#table(table).remove(name) : this.#table(table).put(name, Buffer.from(value));
    written.catch(() => undefined);
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

/** Every commit is a batch of its own here; the package's batching by turns would reject a promise that nobody can hold. */
const MODE = { overlappingSync: false, eventTurnBatching: false, noSubdir: false } as const;

const FORM = { encoding: 'binary', keyEncoding: 'binary', cache: false } as const;

const toBytes = (key: string): Buffer => Buffer.from(key, 'latin1');

/** What stands behind a failed commit: the package tells it in a promise of its own, settled with the failure. */
async function diskError(cause: unknown): Promise<unknown> {
  const { commitError } = cause as { readonly commitError?: Promise<never> };
  const next = new Promise<unknown>((done) => setImmediate(done, cause));
  return commitError === undefined ? cause : Promise.race([commitError.catch((error: unknown) => error), next]);
}

/** Entries as the port has them; the values are copies. */
function entries(found: Iterable<{ key: Buffer; value: Buffer }>): (readonly [string, Uint8Array])[] {
  return Array.from(found, ({ key, value }) => [key.toString('latin1'), new Uint8Array(value)] as const);
}
