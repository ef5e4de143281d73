/**
 * The WebAssembly modules, compiled by asc with the options of asconfig.json.
 *
 * The end of the memory map is read from assembly/abi/layout.ts, so that map and build cannot disagree.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { place } from './files.mjs';
import { root } from './root.mjs';

const run = promisify(execFile);

/** Entry file → output, relative to the root. */
export const MODULES = [
  ['assembly/index.ts', 'dist/core.wasm'],
  ['assembly/lab.ts', 'dist/lab.wasm'],
  ['assembly/signer.ts', 'dist/signer.wasm'],
  ['firmware/payload/v1/index.ts', 'dist/firmware/ppmid-v1.wasm'],
  ['firmware/payload/v2/index.ts', 'dist/firmware/ppmid-v2.wasm'],
];

/** One step per module. */
export function wasmSteps() {
  return MODULES.map(([entry, out]) => ({
    name: out,
    sources: [...sourcesOf(entry), 'asconfig.json', 'package-lock.json', '.ci/wasm.mjs'],
    outputs: [out],
    run: async () => assemble(entry, out, await readLayout()),
  }));
}

/** What an entry is compiled from: its own tree, and the memory map that every module is linked by. */
const sourcesOf = (entry) => (entry.startsWith('assembly/') ? ['assembly'] : ['firmware/payload', 'assembly/abi/layout.ts']);

/** MAP_END and MEMORY_PAGES of the memory map. */
export async function readLayout() {
  const { build } = await import('esbuild');
  const result = await build({ entryPoints: [`${root}assembly/abi/layout.ts`], bundle: true, format: 'esm', write: false });
  const { MAP_END, MEMORY_PAGES } = await import(
    `data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString('base64')}`
  );
  return { memoryBase: MAP_END, pages: MEMORY_PAGES };
}

/** Compiles one entry to `out`. Rejects with asc's own messages. */
export async function assemble(entry, out, { memoryBase, pages }) {
  const beside = `${out}.${process.pid}.asc.wasm`;
  const args = [entry, '--config', 'asconfig.json', '--outFile', beside, '--memoryBase', `${memoryBase}`];
  args.push('--initialMemory', `${pages}`, '--maximumMemory', `${pages}`);
  mkdirSync(dirname(root + beside), { recursive: true });
  try {
    await run(process.execPath, [`${root}node_modules/assemblyscript/bin/asc.js`, ...args], { cwd: root });
    place(out, readFileSync(root + beside));
  } catch (error) {
    throw new Error(`asc ${entry} failed\n${error.stderr || error.stdout || error.message}`, { cause: error });
  } finally {
    rmSync(root + beside, { force: true });
  }
}
