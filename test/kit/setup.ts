/** Runs once before all tests: what they load from `dist/` is what the sources say, and in CI no oracle is missing. */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Programs that tests use as independent oracles; elsewhere than in CI a test without its oracle is left out by name. */
const ORACLES = [
  ['tshark', '--version'],
  ['mosquitto', '-h'],
  ['openssl', 'version'],
] as const;

/** Builds what is out of date; its progress goes to standard error. Throws when the build fails or, in CI, an oracle is missing. */
export function setup(): void {
  const missing = ORACLES.filter(([name, argument]) => spawnSync(name, [argument]).error !== undefined).map(([name]) => name);
  if (process.env['CI'] && missing.length > 0) throw new Error(`CI needs ${missing.join(', ')}: .ci/run installs them`);
  execFileSync(process.execPath, [fileURLToPath(new URL('../../.ci/setup.mjs', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
