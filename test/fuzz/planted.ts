/** The core with a fault planted in it: a copy of assembly/ in a folder of its own, one line changed, compiled as the core is. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A change to one source file. */
export interface Plant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** What we use of the build. */
interface Build {
  assemble(entry: string, out: string, layout: unknown): Promise<void>;
  readLayout(): Promise<unknown>;
}

/** Compiles the core with a fault in it. Throws when the line to be changed is not there exactly once. */
export async function planted({ file, from, to }: Plant): Promise<WebAssembly.Module> {
  const folder = mkdtempSync(join(tmpdir(), 'hearthgate-planted-'));
  try {
    cpSync(join(ROOT, 'assembly'), join(folder, 'assembly'), { recursive: true });
    const path = join(folder, 'assembly', file);
    const parts = readFileSync(path, 'utf8').split(from);
    if (parts.length !== 2) throw new Error(`${file} has the line ${parts.length - 1} times: ${from}`);
    writeFileSync(path, parts.join(to));
    const { assemble, readLayout } = (await import(new URL('../../.ci/wasm.mjs', import.meta.url).href)) as Build;
    const beside = (name: string): string => relative(ROOT, join(folder, name));
    await assemble(beside('assembly/index.ts'), beside('core.wasm'), await readLayout());
    return await WebAssembly.compile(Uint8Array.from(readFileSync(join(folder, 'core.wasm'))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
