/**
 * Entry of dist/hearthgate.mjs. `han decode` stands in pipes and runs over capture after capture: it is a script of its own,
 * compiled when it was built, and starts in half the time that the program with every verb needs. All others are there.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/**
 * How much a function must run until the engine takes pains with it, in bytes of its code: at first eight times as much as usual. Most captures
 * are over by then, and what such pains cost is more than what they save. One that is not over after `LONG_MS` is long, and they are worth
 * it: then twice as much as usual (docs/bench.md).
 */
const PAINS = { first: '--interrupt-budget=540672', later: '--interrupt-budget=135168' } as const;
const LONG_MS = 350;

const [, , group, verb] = process.argv;
if (group === 'han' && verb === 'decode') runScript('han-decode');
else await import('./main.ts');

/** Runs a script of dist/. Its compiled code is that of one version of Node; any other leaves it and compiles anew. */
function runScript(name: string): void {
  const file = new URL(`${name}.js`, import.meta.url);
  const script = new Script(readFileSync(file, 'latin1'), { filename: file.href, ...compiled(name) });
  setFlagsFromString(PAINS.first);
  setTimeout(() => setFlagsFromString(PAINS.later), LONG_MS).unref();
  (script.runInThisContext() as (require: NodeJS.Require, here: string) => void)(createRequire(file), file.href);
}

function compiled(name: string): { readonly cachedData?: Buffer } {
  try {
    return { cachedData: readFileSync(new URL(`${name}.code`, import.meta.url)) };
  } catch {
    return {};
  }
}
