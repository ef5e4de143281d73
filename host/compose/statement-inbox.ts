/**
 * The inbox of a data directory: signed statements that somebody put there (`register import`) are taken by the process that holds the store, at its
 * start and while it runs, and then removed. What is refused is set aside beside it, so that nothing is tried twice and nothing is lost.
 */
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, type Refusal, type Result } from '../model/fault.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** Where statements for a data directory are put. */
export const inboxOf = (data: string): string => join(data, 'inbox');

/** How often a running process looks. */
const LOOK_MS = 2_000;

/** Names of the statements that wait in the inbox, in the order in which they are taken; none where nothing was ever put in. Rejects with Fault `store` for a folder that cannot be read. */
export async function waitingIn(data: string): Promise<readonly string[]> {
  const names = await readdir(inboxOf(data)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw new Fault('store', `${inboxOf(data)}: ${cause.message}`, { cause });
  });
  return names.filter((name) => name.endsWith('.cose')).toSorted();
}

/** Takes what lies in the inbox; answers how many statements were taken. Names are taken in their order. */
export async function emptyInbox(data: string, take: (bytes: Uint8Array) => Promise<Result<unknown, Refusal>>, log: Log): Promise<number> {
  const folder = inboxOf(data);
  let taken = 0;
  for (const name of await waitingIn(data)) {
    const path = join(folder, name);
    const answer = await take(await readFile(path));
    if (answer.ok) {
      taken++;
      await rm(path);
    } else {
      log.warn('statement-refused', { name, code: answer.code });
      await mkdir(join(folder, 'refused'), { recursive: true });
      await rename(path, join(folder, 'refused', name));
    }
  }
  return taken;
}

/** Looks into the inbox now and then until told to stop. */
export function watchInbox(clock: Clock, look: () => Promise<unknown>, fault: (cause: unknown) => void): () => void {
  let stopped = false;
  const next = (): void => {
    clock.after(LOOK_MS, () => {
      if (stopped) return;
      look().then(next, fault);
    });
  };
  next();
  return () => (stopped = true);
}
