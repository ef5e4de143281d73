/** Compiles AssemblyScript of the tests over the very sources, once per state of the sources. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What .ci/wasm.mjs offers. `assemble` puts its output in place in one step, so that several workers may ask at once. */
interface Builder {
  assemble(entry: string, out: string, layout: unknown): Promise<void>;
  readLayout(): Promise<unknown>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Path of the module compiled from `entry`, a path within the project. */
export async function compiledFile(entry: string): Promise<string> {
  const out = `node_modules/.cache/hearthgate/${basename(entry, '.as.ts')}-${sourcesHash(entry)}.wasm`;
  if (!existsSync(ROOT + out)) {
    const { assemble, readLayout } = (await import(new URL('../../.ci/wasm.mjs', import.meta.url).href)) as Builder;
    await assemble(entry, out, await readLayout());
  }
  return ROOT + out;
}

/** Names the state of everything the module is made from. */
function sourcesHash(entry: string): string {
  const assembly = readdirSync(`${ROOT}assembly`, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const hash = createHash('sha256');
  for (const path of [entry, 'asconfig.json', 'package-lock.json', ...assembly.sort().map((each) => `assembly/${each}`)]) {
    hash.update(`${path}\0`).update(readFileSync(ROOT + path));
  }
  return hash.digest('hex').slice(0, 16);
}
