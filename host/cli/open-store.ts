/** Opening the store of a gateway that may be running: for reading alone. */
import { existsSync } from 'node:fs';
import { Fault } from '../model/fault.ts';
import type { Store } from '../ports/store.ts';

/** Lets `use` read a data directory. Throws Fault `input` when there is no store in it. */
export async function readingStore<T>(path: string, use: (store: Store) => T | Promise<T>): Promise<T> {
  if (!isStore(path)) throw new Fault('input', `${path}: there is no store`);
  const { LmdbStore } = await import('../adapters/store-lmdb.ts');
  const store = new LmdbStore(path);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** As `readingStore`; a data directory in which nobody has run yet reads as an empty store. */
export async function readingStoreOrNone<T>(path: string, use: (store: Store) => T | Promise<T>): Promise<T> {
  if (isStore(path)) return readingStore(path, use);
  const { MemoryStore } = await import('../adapters/store-memory.ts');
  return use(new MemoryStore());
}

const isStore = (path: string): boolean => existsSync(`${path}/data.mdb`);
