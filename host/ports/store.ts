/**
 * Durable storage as a port: ordered tables of byte values.
 *
 * Reads answer what was committed last. A commit is atomic over all tables, and its promise resolves only when a power
 * cut can no longer undo it. Act on what you wrote only after that.
 */

/** Tables; each belongs to one file of `stores/`. A durable store makes them all when it is opened. */
export const TABLES = [
  'meta',
  'devices',
  'members',
  'keys',
  'keystates',
  'orders',
  'counters',
  'marks',
  'images',
  'jobs',
  'outbox',
  'registers',
  'audit',
  'heads',
  'traffic',
  'held',
  'views',
] as const;

/** The name of a table. */
export type Table = (typeof TABLES)[number];

/** One write of a commit; `value` undefined removes the key. */
export interface Write {
  readonly table: Table;
  readonly key: string;
  readonly value: Uint8Array | undefined;
}

/** A store. Keys are at most 400 bytes of ASCII; they order by their bytes. */
export interface Store {
  get(table: Table, key: string): Uint8Array | undefined;
  /** Entries with `from` ≤ key < `to`, in order; a snapshot of the moment of the call. */
  range(table: Table, from: string, to: string): readonly (readonly [key: string, value: Uint8Array])[];
  /** Entry with the greatest key of a table below `to`, or undefined. */
  last(table: Table, to: string): readonly [key: string, value: Uint8Array] | undefined;
  /** Writes all or nothing; resolves when durable. Rejects with Fault `store`. Commits take effect in call order. */
  commit(writes: readonly Write[]): Promise<void>;
  close(): Promise<void>;
}
