/**
 * Builds `dist/`: WebAssembly first (asc), then the bundles (esbuild).
 *
 * The end of the memory map is read from assembly/abi/layout.ts, so that map and build cannot disagree.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build as bundle } from 'esbuild';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));

/** WebAssembly modules: entry file → output, relative to the root. */
export const MODULES = [
  ['assembly/index.ts', 'dist/core.wasm'],
  ['assembly/lab.ts', 'dist/lab.wasm'],
  ['assembly/signer.ts', 'dist/signer.wasm'],
];

/** MAP_END and MEMORY_PAGES of the memory map. */
export async function readLayout() {
  const result = await bundle({ entryPoints: [`${root}assembly/abi/layout.ts`], bundle: true, format: 'esm', write: false });
  const { MAP_END, MEMORY_PAGES } = await import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString('base64')}`);
  return { memoryBase: MAP_END, pages: MEMORY_PAGES };
}

/** Compiles one entry with the options of asconfig.json. Prints asc's own messages when it fails. */
export async function assemble(entry, out, { memoryBase, pages }) {
  await mkdir(dirname(root + out), { recursive: true });
  const args = [entry, '--config', 'asconfig.json', '--outFile', out, '--memoryBase', `${memoryBase}`];
  args.push('--initialMemory', `${pages}`, '--maximumMemory', `${pages}`);
  try {
    await run(process.execPath, [`${root}node_modules/assemblyscript/bin/asc.js`, ...args], { cwd: root });
  } catch (error) {
    throw new Error(`asc ${entry} failed\n${error.stderr || error.stdout}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const layout = await readLayout();
  for (const [entry, out] of MODULES) await assemble(entry, out, layout);
}
