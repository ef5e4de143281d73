/**
 * `npm run fuzz`: runs the fuzzer for a while, says how far it has come, and ends with a summary (docs/fuzzing.md).
 * Exit code 0: nothing was found; 1: an invariant does not hold, and the input that shows it was written; 2: wrong usage.
 */
import { parseOptions, USAGE, type FuzzOptions } from './options.ts';
import { writeSeed } from './seed-file.ts';
import { supervise, type Outcome } from './supervise.ts';
import type { Report } from './worker.ts';

/** An input that has run for so long never ends. */
const PATIENCE = { hangMs: 20_000, lookMs: 1000 };
const SHOWN_CODES = 6;

function fuzz(options: FuzzOptions): Promise<Outcome> {
  // A thread does not inherit the reader of TypeScript: it gets one of its own before anything else.
  const [reader, entry] = [import.meta.resolve('tsx/esm/api'), new URL('./worker.ts', import.meta.url).href];
  const script = `import(${JSON.stringify(reader)}).then(({ tsImport }) => tsImport(${JSON.stringify(entry)}, ${JSON.stringify(entry)}))`;
  return supervise(script, options, PATIENCE, (report) => {
    if (!options.json) console.log(line(report));
  });
}

function line({ inputs, seconds, heapMiB, rxCalls, targets }: Report): string {
  const kept = targets.reduce((sum, target) => sum + target.kept, 0);
  const codes = new Map<string, number>();
  for (const { outcomes } of targets) for (const [code, count] of Object.entries(outcomes)) codes.set(code, (codes.get(code) ?? 0) + count);
  const shown = [...codes].sort(([, a], [, b]) => b - a).slice(0, SHOWN_CODES);
  const rate = seconds === 0 ? 0 : Math.round(inputs / seconds);
  const rest = codes.size > SHOWN_CODES ? `, ${codes.size - SHOWN_CODES} more` : '';
  return `${seconds} s  ${inputs} inputs  ${rate}/s  ${rxCalls} rx calls  ${kept} kept  ${heapMiB} MiB  ${shown.map(([code, count]) => `${code} ${count}`).join(', ')}${rest}`;
}

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (typeof options === 'string') {
    console.error(`fuzz: ${options}\n${USAGE}`);
    return 2;
  }
  const { report, failure } = await fuzz(options);
  const path = failure === undefined || options.replay !== undefined ? undefined : writeSeed(options.out, failure);
  if (failure !== undefined)
    console.error(`fuzz: ${failure.target}: ${failure.message}${path === undefined ? '' : `\nfuzz: npm run fuzz -- --replay ${path}`}`);
  if (options.replay !== undefined && failure === undefined) console.log(`fuzz: ${options.replay} breaks nothing`);
  const found = failure && { target: failure.target, kind: failure.kind, message: failure.message, file: path };
  if (options.replay === undefined)
    console.log(JSON.stringify({ seed: options.seed, ...report, failure: found }, undefined, options.json ? 2 : undefined));
  return failure === undefined ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
