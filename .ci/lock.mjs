/**
 * One setup at a time. The lock spares double work; it is not what keeps `dist/` whole: every file is written beside its
 * place and renamed, so that a reader sees the old one or the new one.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './root.mjs';

const LOCK = `${root}dist/.lock`;
const POLL_MS = 200;

/** Runs `work` while holding the lock; waits for whoever holds it, and takes it over from a process that is gone. */
export async function withLock(work, path = LOCK) {
  mkdirSync(new URL('.', `file://${path}`).pathname, { recursive: true });
  while (!take(path)) {
    if (isGone(path)) rmSync(path, { force: true });
    else await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path) {
  try {
    writeFileSync(path, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isGone(path) {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    if (!Number.isInteger(holder) || holder <= 0) return false;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
