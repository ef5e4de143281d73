/**
 * Installs and builds what is missing, one process at a time: a second run waits for the first and then finds its work
 * done. Uses Node's own modules only until the dependencies are there.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { withLock } from './lock.mjs';
import { root } from './root.mjs';

/** Brings dependencies and `dist/` up to date. Rejects with a one-line message; npm's own words stand before it. */
export async function prepare({ force = false } = {}) {
  await withLock(async () => {
    const difference = dependenciesDiffer(read('package-lock.json'), read('node_modules/.package-lock.json'));
    if (difference !== undefined) {
      say(`installing dependencies (${difference})`);
      await npm('ci', '--ignore-scripts', '--no-audit', '--no-fund');
    }
    const { build } = await import('./build.mjs');
    await build({ force, say });
  });
}

/** Why the installed packages are not those of the lockfile, or undefined when they are. Optional ones may be absent. */
export function dependenciesDiffer(locked, installed) {
  if (locked === undefined) throw new Error('package-lock.json is missing');
  if (installed === undefined) return 'none are installed';
  for (const [path, wanted] of Object.entries(locked.packages)) {
    if (path === '') continue;
    const found = installed.packages[path];
    if (found === undefined && !wanted.optional) return `${path} is missing`;
    if (found !== undefined && found.version !== wanted.version) return `${path} is ${found.version}, not ${wanted.version}`;
  }
  return undefined;
}

function read(name) {
  try {
    return JSON.parse(readFileSync(root + name, 'utf8'));
  } catch {
    return undefined;
  }
}

function npm(...args) {
  return new Promise((done, fail) => {
    const child = spawn('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
    child.on('error', (error) => fail(new Error(`npm cannot be run: ${error.message}`)));
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`npm ${args.join(' ')} ended with code ${code}`))));
  });
}

function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}
