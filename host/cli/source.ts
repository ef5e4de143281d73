/** The bytes that a verb is given: a file by its path, or standard input as `-`. */
import { readFileBytes } from '../compose/files.ts';
import type { Io } from './io.ts';

/** Reads the whole of it. Throws Fault `input` naming the file. */
export async function readSource(io: Io, file: string): Promise<Uint8Array> {
  return file === '-' ? io.input() : readFileBytes(file);
}
