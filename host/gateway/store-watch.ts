/** A store whose failures nobody can overlook: whoever waits for a commit hears of it, and the gateway hears of it too. */
import type { Store } from '../ports/store.ts';

/**
 * The same store; every commit that fails is told to `fault` before it rejects. Much of a gateway goes on without waiting for the disk
 * (offsets, counters, reports), and none of it may go on over a disk that no longer takes anything.
 */
export function watchStore(store: Store, fault: (cause: unknown) => void): Store {
  return {
    get: (table, key) => store.get(table, key),
    range: (table, from, to) => store.range(table, from, to),
    last: (table, to) => store.last(table, to),
    async commit(writes) {
      try {
        await store.commit(writes);
      } catch (cause) {
        fault(cause);
        throw cause;
      }
    },
    close: () => store.close(),
  };
}
