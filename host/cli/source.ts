/** The bytes that a verb is given: a file by its path, or standard input as `-`. What is longer than FILE_LIMIT is refused, whichever it is. */
import { FILE_LIMIT, readFileBytes } from '../compose/files.ts';
import { Fault } from '../model/fault.ts';
import type { Io } from './io.ts';

/** Reads the whole of it. Throws Fault `input` naming the file. */
export const readSource = (io: Io, file: string): Promise<Uint8Array> => (file === '-' ? readInput(io) : readFileBytes(file));

/** As `readSource`, for an upgrade file: nothing at all is no file to be judged, and Fault `input` too. */
export async function readImage(io: Io, file: string): Promise<Uint8Array> {
  const bytes = await readSource(io, file);
  if (bytes.length === 0) throw new Fault('input', `${file === '-' ? INPUT : file}: empty`);
  return bytes;
}

const INPUT = 'standard input';

/** No more of a pipe is kept than of a file: one that does not end must not fill the memory. */
async function readInput(io: Io): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of io.chunks()) {
    total += part.length;
    if (total > FILE_LIMIT) throw new Fault('input', `${INPUT}: longer than ${FILE_LIMIT} bytes`);
    parts.push(part);
  }
  // One piece is given as it came: who wipes a secret in it leaves no copy behind.
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}
