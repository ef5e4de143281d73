/**
 * Builds `dist/`: WebAssembly first (asc, two at a time), then the bundles (esbuild) with the native store beside them, then
 * compiled code, for which they must run.
 *
 *   node .ci/build.mjs            what is out of date
 *   node .ci/build.mjs --build    everything
 *
 * Each step records the digest of what it was made from in dist/.stamp, so that a change in the host costs no asc run.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { bundleSteps } from './bundle.mjs';
import { codeSteps } from './code.mjs';
import { digestOf, place } from './files.mjs';
import { root } from './root.mjs';
import { wasmSteps } from './wasm.mjs';

export { assemble, MODULES, readLayout } from './wasm.mjs';

const STAMP = 'dist/.stamp';
const TOGETHER = 2;

/**
 * Runs each step whose sources or outputs changed, and every step although another failed; then throws what failed.
 * A step is { name, sources: paths, outputs: paths, run }; `run` writes its outputs through `place`.
 */
export async function build({ force = false, say = () => {} } = {}) {
  for (const steps of [[...wasmSteps(), ...bundleSteps()], codeSteps()]) await take(steps, force, say);
}

async function take(steps, force, say) {
  const stamp = readStamp();
  const due = steps.filter((step) => force || stamp[step.name] !== digestOf(step.sources, step.outputs));
  const failures = await inTurn(due, TOGETHER, async (step) => {
    const before = Date.now();
    await step.run();
    stamp[step.name] = digestOf(step.sources, step.outputs);
    say(`built ${step.name} in ${((Date.now() - before) / 1000).toFixed(1)} s`);
  });
  if (due.length > 0) place(STAMP, `${JSON.stringify(stamp, undefined, 2)}\n`);
  if (failures.length > 0) throw new Error(failures.map((failure) => failure.message).join('\n'));
}

/** Works through `items`, `width` at a time; answers what was thrown. */
async function inTurn(items, width, work) {
  const waiting = [...items];
  const failures = [];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await work(item).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return failures;
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(root + STAMP, 'utf8'));
  } catch {
    return {};
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const say = (line) => process.stderr.write(`build: ${line}\n`);
  build({ force: process.argv.includes('--build'), say }).catch((error) => {
    process.stderr.write(`build: ${error.message}\n`);
    process.exitCode = 3;
  });
}
