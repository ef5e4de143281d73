/**
 * One process at a time on a data directory. Two gateways over one store would draw from the same blocks of frame counters, and a counter
 * used twice under one key gives the key stream away.
 *
 * On Linux the lock is a socket in the abstract namespace, named by the directory's real path: the kernel takes it back at the very end of
 * the process, however it ends, so nothing is ever left to clean up. It holds within one network namespace: containers that share a
 * directory and not the network are not kept apart. Elsewhere the lock is a file with the number of the process, taken over when that
 * process is gone.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Fault } from '../model/fault.ts';
import type { Store } from '../ports/store.ts';
import { LmdbStore } from './store-lmdb.ts';

/** A directory that is ours; gives it back. */
export type Release = () => Promise<void>;

/** How a lock is held: `socket` where the system has abstract sockets, `file` elsewhere. */
export type LockKind = 'socket' | 'file';

/**
 * Opens the LMDB store of a directory for this process alone; closing it gives the directory back. Rejects with Fault `store`, naming the
 * directory, when another process has it.
 */
export async function openLockedStore(path: string): Promise<Store> {
  const release = await lockDirectory(path);
  try {
    const store = new LmdbStore(path);
    return {
      get: (table, key) => store.get(table, key),
      range: (table, from, to) => store.range(table, from, to),
      last: (table, to) => store.last(table, to),
      commit: (writes) => store.commit(writes),
      close: () => store.close().finally(release),
    };
  } catch (cause) {
    await release();
    throw cause;
  }
}

/** Takes a directory, and makes it when it is not there. Rejects with Fault `store` when another process, or this one, has it. */
export async function lockDirectory(path: string, kind: LockKind = process.platform === 'linux' ? 'socket' : 'file'): Promise<Release> {
  const real = guarded(path, () => {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return realpathSync(path);
  });
  return kind === 'socket' ? lockBySocket(path, real) : lockByFile(path, join(real, 'lock'));
}

async function lockBySocket(path: string, real: string): Promise<Release> {
  const name = createHash('sha256').update(real).digest('hex');
  const server = createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((done, failed) => server.once('error', failed).listen(`\0hearthgate-${name}`, done));
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? taken(path, cause) : unusable(path, cause);
  }
  server.unref();
  return () => new Promise((done) => void server.close(() => done()));
}

async function lockByFile(path: string, file: string): Promise<Release> {
  for (let attempt = 1; ; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return async () => rmSync(file, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, cause);
      if (attempt > 1 || isAlive(holderOf(path, file))) throw taken(path, cause);
      rmSync(file, { force: true });
    }
  }
}

/** Number of the process that a lock file names; NaN for a file cut short by the end of its process. */
const holderOf = (path: string, file: string): number => guarded(path, () => Number.parseInt(readFileSync(file, 'utf8'), 10));

/** Whether a process is there; one that we may not signal is. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw unusable(path, cause);
  }
}

const taken = (path: string, cause: unknown): Fault =>
  new Fault('store', `${path} is in use by another process: stop that one first, or give this one a data directory of its own`, { cause });

const unusable = (path: string, cause: unknown): Fault =>
  new Fault('store', `${path} cannot be used as a data directory: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
