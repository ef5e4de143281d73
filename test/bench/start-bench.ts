/** The program of a hub from nothing to its version and the end, beside a Node that does nothing: what its bundle costs to read. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { race, type Bench } from './race.ts';

const GATEWAY = fileURLToPath(new URL('../../dist/gateway.mjs', import.meta.url));

/** Starts of the built gateway. */
export const start: Bench = {
  name: 'start',
  versus: 'node -e 0',
  unit: 'starts/s',
  measure: () => race(1, { run: () => run([GATEWAY, '--version']) }, { run: () => run(['-e', '0']) }),
};

function run(argv: readonly string[]): string {
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${argv.join(' ')}: code ${status}: ${stderr}`);
  return 'done';
}
