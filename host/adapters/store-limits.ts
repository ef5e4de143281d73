/** What every store asks of writes before it takes any of them: the limits of ports/store.ts. */
import { Fault } from '../model/fault.ts';
import type { Write } from '../ports/store.ts';

/** Longest key in bytes. */
export const MAX_KEY = 400;

/** Throws Fault `store` for a key that is empty, too long or not printable ASCII. */
export function checkWrites(writes: readonly Write[]): void {
  for (const { table, key } of writes) {
    if (key.length > MAX_KEY || !/^[\x20-\x7e]+$/.test(key)) {
      throw new Fault('store', `table ${table} takes no key of ${key.length} characters: 1 to ${MAX_KEY} of printable ASCII`);
    }
  }
}
