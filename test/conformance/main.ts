/**
 * `npm run conformance -- PATH… [--generate SEED[,SEED…]] [--per COUNT] [--se 1.1b]`: agreement with tshark over captures,
 * per family of fields.
 *
 * Exits 1 when a difference is not on the reviewed list of permitted.ts, which is shown with what it covered. With `--generate`
 * captures of every command, COUNT payloads each, and of random frames of the layers below are made from the seeds and counted
 * apart: real and generated frames are never added up.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FAMILIES } from './families.ts';
import { generateCapture } from './generate.ts';
import { writeLayers } from './generate-layers.ts';
import { PERMITTED, PERMITTED_VERDICTS, type Permitted } from './permitted.ts';
import { findCaptures, runCapture, type Capture, type RunResult } from './run.ts';

const SHOWN = 20;
/** Frames of each generated capture of the lower layers. */
const PER_CAPTURE = 400;

async function main(args: readonly string[]): Promise<number> {
  const wasm = await WebAssembly.compile(readFileSync(fileURLToPath(new URL('../../dist/core.wasm', import.meta.url))));
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { generate: { type: 'string' }, per: { type: 'string', default: '6' }, se: { type: 'string' } },
  });
  const seeds = values.generate?.split(',').map(Number) ?? [];
  const revised = (captures: readonly Capture[]): Capture[] =>
    captures.map((capture) => (values.se === '1.1b' ? { ...capture, seVersion: '1.1b' } : capture));
  let unexplained = await compare('real frames', revised(positionals.flatMap(findCaptures)), wasm);
  const directory = mkdtempSync(join(tmpdir(), 'hearthgate-conformance-'));
  try {
    for (const seed of seeds) writeFileSync(join(directory, `${seed}.pcap`), generateCapture(seed, Number(values.per)));
    unexplained += await compare('generated payloads', revised(findCaptures(directory)), wasm);
    const layers = seeds.flatMap((seed) => findCaptures(writeLayers(join(directory, `${seed}`), seed, PER_CAPTURE)));
    unexplained += await compare('generated frames of the lower layers', revised(layers), wasm);
  } finally {
    rmSync(directory, { recursive: true });
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
  const found = new Set(results.flatMap(({ scores }) => [...scores.keys()]));
  for (const family of [...FAMILIES, ...[...found].filter((name) => !FAMILIES.includes(name)).sort()]) {
    const sum = { frames: 0, same: 0, permitted: 0 };
    for (const { scores } of results) {
      const score = scores.get(family);
      sum.frames += score?.frames ?? 0;
      sum.same += score?.same ?? 0;
      sum.permitted += score?.permitted ?? 0;
    }
    const share = sum.frames === 0 ? '' : `${((100 * sum.same) / sum.frames).toFixed(2)} %`;
    console.log(
      `  ${family.padEnd(30)} ${String(sum.same).padStart(6)} of ${String(sum.frames).padStart(6)}  ${share}  (${sum.permitted} permitted)`,
    );
  }
  const agreed = results.reduce((sum, { verdictsAgreed }) => sum + verdictsAgreed, 0);
  const verdicts = results.flatMap((result) => result.verdicts);
  console.log(
    `  verdicts  ${String(agreed).padStart(6)} of ${String(total).padStart(6)}  (${verdicts.filter((v) => v.permitted).length} permitted)`,
  );
  showPermitted(
    'fields',
    PERMITTED,
    results.flatMap((result) => result.differences),
  );
  showPermitted('verdicts', PERMITTED_VERDICTS, verdicts);
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

/** The exception list: each rule with the number of differences that it covered. */
function showPermitted(what: string, rules: readonly Permitted[], found: readonly { readonly permitted: Permitted | undefined }[]): void {
  for (const rule of rules) {
    const covered = found.filter(({ permitted }) => permitted === rule).length;
    console.log(`  permitted in ${what}: ${String(covered).padStart(4)}  ${rule.name}: ${rule.reason}`);
  }
}

process.exitCode = await main(process.argv.slice(2));
