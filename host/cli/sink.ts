/** Where a verb puts the bytes that it makes: a file that must not be there yet, or standard output as `-`. */
import type { Io } from './io.ts';
import { writeNew } from './new-file.ts';

/** Writes all of it. Throws Fault `input` naming the file. What is said about it must go elsewhere when it goes to standard output. */
export async function writeSink(io: Io, place: string, bytes: Uint8Array): Promise<void> {
  if (place === '-') await io.write(bytes);
  else await writeNew(place, bytes);
}

/** Says what was written: on standard output, or on standard error when the bytes themselves went there. */
export function sayWritten(io: Io, place: string, json: boolean, fields: Readonly<Record<string, unknown>>, text: string): void {
  const line = json ? JSON.stringify({ file: place, ...fields }) : `${place === '-' ? 'standard output' : place}: ${text}`;
  if (place === '-') io.err(line);
  else io.out(line);
}
