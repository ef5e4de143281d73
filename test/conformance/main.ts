/**
 * `npm run conformance -- [--generated] PATH…`: agreement with tshark over captures, per family of fields.
 *
 * Exits 1 when a difference is not on the reviewed list of permitted.ts. Real and generated frames are never added up:
 * paths after `--generated` are counted apart.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FAMILIES } from './families.ts';
import { findCaptures, runCapture, type RunResult } from './run.ts';

const SHOWN = 20;

async function main(paths: readonly string[]): Promise<number> {
  const wasm = await WebAssembly.compile(readFileSync(fileURLToPath(new URL('../../dist/core.wasm', import.meta.url))));
  const split = paths.indexOf('--generated');
  const groups = [
    ['real frames', split < 0 ? paths : paths.slice(0, split)],
    ['generated frames', split < 0 ? [] : paths.slice(split + 1)],
  ] as const;
  let unexplained = 0;
  for (const [title, group] of groups) {
    const results: RunResult[] = [];
    for (const capture of group.flatMap(findCaptures)) results.push(await runCapture(capture, wasm));
    if (results.length > 0) unexplained += report(title, results);
  }
  return unexplained === 0 ? 0 : 1;
}

function report(title: string, results: readonly RunResult[]): number {
  const total = results.reduce((sum, { frames }) => sum + frames, 0);
  console.log(`\n${title}: ${total} in ${results.length} captures`);
  for (const family of FAMILIES) {
    const sum = { frames: 0, same: 0, permitted: 0 };
    for (const { scores } of results) {
      const score = scores.get(family);
      sum.frames += score?.frames ?? 0;
      sum.same += score?.same ?? 0;
      sum.permitted += score?.permitted ?? 0;
    }
    const share = sum.frames === 0 ? '' : `${((100 * sum.same) / sum.frames).toFixed(2)} %`;
    console.log(
      `  ${family.padEnd(9)} ${String(sum.same).padStart(6)} of ${String(sum.frames).padStart(6)}  ${share}  (${sum.permitted} permitted)`,
    );
  }
  const agreed = results.reduce((sum, { verdictsAgreed }) => sum + verdictsAgreed, 0);
  const verdicts = results.flatMap((result) => result.verdicts);
  console.log(
    `  verdicts  ${String(agreed).padStart(6)} of ${String(total).padStart(6)}  (${verdicts.filter((v) => v.permitted).length} permitted)`,
  );
  const differences = results.flatMap((result) => result.differences).filter((difference) => difference.permitted === undefined);
  for (const { capture, frame, family, oracle, ours } of differences.slice(0, SHOWN)) {
    console.log(
      `  ! ${capture} frame ${frame} ${family}: tshark ${oracle?.join(' = ') ?? 'nothing'}, we ${ours?.join(' = ') ?? 'nothing'}`,
    );
  }
  const unpermitted = verdicts.filter((verdict) => verdict.permitted === undefined);
  for (const verdict of unpermitted.slice(0, SHOWN)) {
    console.log(`  ! ${verdict.capture} frame ${verdict.frame} verdict: tshark ${verdict.oracle}, we ${verdict.ours}`);
  }
  return differences.length + unpermitted.length;
}

process.exitCode = await main(process.argv.slice(2));
