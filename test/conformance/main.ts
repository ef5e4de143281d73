/**
 * `npm run conformance -- PATH… [--generate SEED]`: agreement with tshark over captures, per family of fields.
 *
 * Exits 1 when a difference is not on the reviewed list of permitted.ts. With `--generate` a capture of every command with
 * random payloads, and captures of random frames of the layers below, are made from the seed and counted apart: real and
 * generated frames are never added up.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAMILIES } from './families.ts';
import { generateCapture } from './generate.ts';
import { writeLayers } from './generate-layers.ts';
import { findCaptures, runCapture, type Capture, type RunResult } from './run.ts';

const SHOWN = 20;
const PER_COMMAND = 20;
const PER_CAPTURE = 400;

async function main(args: readonly string[]): Promise<number> {
  const wasm = await WebAssembly.compile(readFileSync(fileURLToPath(new URL('../../dist/core.wasm', import.meta.url))));
  const split = args.indexOf('--generate');
  const paths = split < 0 ? args : args.slice(0, split);
  let unexplained = await compare('real frames', paths.flatMap(findCaptures), wasm);
  if (split >= 0) {
    const directory = mkdtempSync(join(tmpdir(), 'hearthgate-conformance-'));
    try {
      const seed = Number(args[split + 1] ?? 1);
      const payloads = join(directory, 'generated.pcap');
      writeFileSync(payloads, generateCapture(seed, PER_COMMAND));
      unexplained += await compare('generated frames', findCaptures(payloads), wasm);
      unexplained += await compare('generated frames of the lower layers', findCaptures(writeLayers(directory, seed, PER_CAPTURE)), wasm);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
  return unexplained === 0 ? 0 : 1;
}

async function compare(title: string, captures: readonly Capture[], wasm: WebAssembly.Module): Promise<number> {
  const results: RunResult[] = [];
  for (const capture of captures) results.push(await runCapture(capture, wasm));
  return results.length === 0 ? 0 : report(title, results);
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
