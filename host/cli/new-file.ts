/** Writing a file that must not be there yet. */
import { open } from 'node:fs/promises';
import { Fault } from '../model/fault.ts';

/** Writes `content` with `mode` and makes it durable. Throws Fault `input` naming the path when it exists or cannot be written. */
export async function writeNew(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  try {
    await using file = await open(path, 'wx', mode);
    await file.writeFile(content);
    await file.sync();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Fault('input', `${path}: ${code === 'EEXIST' ? 'exists already, and is left as it is' : message}`, { cause });
  }
}
