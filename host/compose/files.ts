/**
 * Reading files named on a command line or in a configuration, with errors that say which file, why, and what to do.
 * Where the program's own artefacts (core.wasm and the like) stand is said here too, once.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Fault } from '../model/fault.ts';
import type { FaultCode } from '../model/fault.ts';

/** Largest file that is read whole: an upgrade image is far below, an endless device file must not fill the memory. */
export const FILE_LIMIT = 64 * 1024 * 1024;

/**
 * Reads a whole file. Throws Fault `code` (`input` unless said otherwise) naming the path when it does not exist, is not
 * allowed, is a directory, or is longer than `limit` bytes.
 */
export async function readFileBytes(path: string | URL, limit = FILE_LIMIT, code: FaultCode = 'input'): Promise<Uint8Array<ArrayBuffer>> {
  return withFile(path, code, async (file) => {
    const bytes = Buffer.alloc(Math.min(limit, Math.max((await file.stat()).size, 4096)) + 1);
    const parts: Uint8Array[] = [];
    for (let total = 0; ;) {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, null);
      if (bytesRead === 0) return Buffer.concat(parts);
      total += bytesRead;
      if (total > limit) throw new Fault(code, `${path}: longer than ${limit} bytes`);
      parts.push(Uint8Array.prototype.slice.call(bytes, 0, bytesRead));
    }
  });
}

/** As `readFileBytes`, as text. Refuses what is not UTF-8, naming the offset of the first wrong byte. */
export async function readFileText(path: string, limit = FILE_LIMIT, code: FaultCode = 'input'): Promise<string> {
  const bytes = await readFileBytes(path, limit, code);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Fault(code, `${path}: not UTF-8 at byte ${firstNonUtf8(bytes)}`, { cause });
  }
}

/** Where an artefact of the build stands: beside the bundle, or in `dist/` when running from source. */
export function artefact(name: string, here: string = import.meta.url): URL {
  return new URL(here.endsWith('/host/compose/files.ts') ? `../../dist/${name}` : name, here);
}

async function withFile<T>(place: string | URL, code: FaultCode, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const path = place instanceof URL ? fileURLToPath(place) : place;
  try {
    await using file = await open(path, 'r');
    return await use(file);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault(code, `${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** One line about a failed file operation, fit for a person. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'not allowed to read it';
  if (code === 'EISDIR') return 'is a directory';
  return error instanceof Error ? error.message : String(error);
}

function firstNonUtf8(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8').decode(bytes);
  const whole = new TextEncoder().encode(text);
  const at = whole.findIndex((byte, index) => byte !== bytes[index]);
  return at < 0 ? bytes.length : at;
}
