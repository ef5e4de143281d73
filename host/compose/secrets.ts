/**
 * Files of secrets: opened only when nobody else may read them, read into one buffer, and that buffer wiped as soon as the core has what
 * is in it. No secret becomes a text on this way, since a text stays in memory for as long as the machine likes.
 *
 * A secret may also be a credential that systemd hands to the service (`credential:NAME`, a file of `$CREDENTIALS_DIRECTORY`): who may
 * read it is then systemd's to see to.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { Fault } from '../model/fault.ts';
import { reasonOf } from './files.ts';

/** Largest file of secrets. */
export const SECRET_LIMIT = 64 * 1024;

/** How a configuration names a credential. */
const CREDENTIAL = /^credential:([A-Za-z0-9._-]+)$/;

/** Where systemd puts credentials of this service, or undefined. */
const credentials = (): string | undefined => process.env['CREDENTIALS_DIRECTORY'];

/**
 * The path of a secret as a configuration names it: a path beside `folder`, or `credential:NAME`. Throws Fault `config`, naming `key`,
 * when it is a credential and systemd hands none to this process.
 */
export function secretPath(folder: string, value: string, key: string): string {
  const name = CREDENTIAL.exec(value)?.[1];
  if (name === undefined) return resolve(folder, value);
  const directory = credentials();
  if (directory === undefined || !isAbsolute(directory) || name === '.' || name === '..')
    throw new Fault('config', `${key}: ${value} needs a service of systemd with LoadCredential=${name}:…`);
  return join(directory, name);
}

/**
 * Gives `use` the bytes of a secret file and wipes them when it is done, whatever it answers; it must keep no view of them. Throws Fault
 * `config`, naming the path, when the file is missing, no plain file, longer than `limit` bytes, another user's, or readable by others.
 */
export async function withSecret<T>(path: string, use: (bytes: Uint8Array) => T | Promise<T>, limit = SECRET_LIMIT): Promise<T> {
  const file = await guarded(path, () => open(path, 'r'));
  try {
    await judge(path, file);
    const buffer = new Uint8Array(Math.min(limit, (await file.stat()).size) + 1);
    try {
      return await use(buffer.subarray(0, await fill(path, file, buffer)));
    } finally {
      buffer.fill(0);
    }
  } finally {
    await file.close();
  }
}

/** Requires that a file is fit to hold secrets, without reading it. Throws Fault `config` that begins with `key`. */
export async function requirePrivate(path: string, key: string): Promise<void> {
  try {
    const file = await guarded(path, () => open(path, 'r'));
    await judge(path, file).finally(() => file.close());
  } catch (cause) {
    if (cause instanceof Fault) throw new Fault('config', `${key}: ${cause.message}`, { cause });
    throw cause;
  }
}

/** Refuses an open file that is not private. (Windows has no modes; there this is left to its access lists.) */
async function judge(path: string, file: FileHandle): Promise<void> {
  const found = await guarded(path, () => file.stat());
  if (!found.isFile()) throw new Fault('config', `${path}: is not a plain file`);
  const directory = credentials();
  if (process.platform === 'win32' || (directory !== undefined && path.startsWith(directory + sep))) return;
  const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
  if ((found.mode & (constants.S_IRWXG | constants.S_IRWXO)) !== 0)
    throw new Fault('config', `${path} may be read or changed by others (mode ${mode}): chmod 600 it`);
  const self = process.geteuid?.();
  if (found.uid !== self && found.uid !== 0)
    throw new Fault('config', `${path} belongs to user ${found.uid}, this program runs as ${self}`);
}

async function fill(path: string, file: FileHandle, buffer: Uint8Array): Promise<number> {
  for (let at = 0; ;) {
    const { bytesRead } = await guarded(path, () => file.read(buffer, at, buffer.length - at, null));
    at += bytesRead;
    if (at === buffer.length) throw new Fault('config', `${path}: longer than it may be, or than it was when it was opened`);
    if (bytesRead === 0) return at;
  }
}

async function guarded<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new Fault('config', `${path}: ${reasonOf(cause)}`, { cause });
  }
}
