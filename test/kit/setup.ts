/** Runs once before all tests: what they load from `dist/` must be what the sources say. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds what is out of date; its progress goes to standard error. Throws when the build fails. */
export function setup(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../.ci/setup.mjs', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
