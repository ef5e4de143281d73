/** Types of lock.mjs for its test. */

/** Runs `work` while holding the lock file at `path`. */
export function withLock<T>(work: () => Promise<T>, path: string): Promise<T>;
