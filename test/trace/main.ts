/**
 * `npm run trace`: runs the whole suite and prints one line, what became of every requirement. Why something is not proved goes to standard error; the exit
 * code is then 1. `-- --page` writes docs/requirements.md from the files and runs nothing; `-- --report FILE` reads a report that is there.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../kit/gates/source.ts';
import { readGround } from '../kit/trace/ground.ts';
import { pageOf } from '../kit/trace/page.ts';
import { readReport, type Run } from '../kit/trace/report.ts';
import { summary, trace } from '../kit/trace/trace.ts';

function main(args: readonly string[]): number {
  const ground = readGround();
  if (args[0] === '--page') {
    writeFileSync(`${ROOT}docs/requirements.md`, pageOf(ground));
    return 0;
  }
  const run = args[0] === '--report' ? readReport(readFileSync(args[1] ?? '', 'utf8')) : wholeSuite();
  const found = trace(ground, run.proofs);
  for (const id of found.unknown) console.error(`unknown: ${id} in ${(ground.named.get(id) ?? ['seeds/dispositions.json']).join(', ')}`);
  for (const { id, why } of found.unproved) console.error(`unproved: ${id} ${why}`);
  for (const name of run.failed) console.error(`failed: ${name}`);
  console.error(`${run.passed} passed, ${run.failed.length} failed, ${run.skipped} skipped`);
  console.log(summary(found));
  return found.unknown.length + found.unproved.length + run.failed.length === 0 ? 0 : 1;
}

/** Everything that the suite says of itself goes to standard error: standard output is one line. */
function wholeSuite(): Run {
  const folder = mkdtempSync(join(tmpdir(), 'hearthgate-trace-'));
  try {
    const file = join(folder, 'report.json');
    const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
    const options = ['run', '--config', 'test/vitest.config.ts', '--reporter=json', `--outputFile=${file}`];
    const { error } = spawnSync(process.execPath, [vitest, ...options], { cwd: ROOT, stdio: ['ignore', 2, 2] });
    if (error !== undefined) throw error;
    return readReport(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

process.exitCode = main(process.argv.slice(2));
