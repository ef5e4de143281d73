/**
 * The engine in a thread of its own, so that an input that never ends can be told and stopped. The input that is being run
 * stands in shared memory: beat, target, length, bytes.
 */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { Engine, runOnce, type Failure, type Progress } from './engine.ts';
import type { FuzzOptions } from './options.ts';
import { RxTarget } from './rx-target.ts';
import { readSeed } from './seed-file.ts';
import { BEAT, INPUT, LENGTH, TARGET, type Shared } from './shared.ts';
import type { Target } from './target.ts';
import { targetsOf } from './targets.ts';

/** How far a run has come. */
export interface Report {
  readonly inputs: number;
  /** Calls of `rx`: two an input at least. */
  readonly rxCalls: number;
  readonly seconds: number;
  readonly heapMiB: number;
  readonly targets: readonly Progress[];
}

/** What the thread says: its targets, then a report every few seconds, the last one with what it ended by. */
export type Message =
  | { readonly kind: 'targets'; readonly names: readonly string[] }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'end'; readonly report: Report; readonly failure: Failure | undefined };

const REPORT_EVERY = 3000;
/** JS heap that may be in use after a collection, above what was in use in the first periods. */
const HEAP_GROWTH_MIB = 96;
const FIRST_PERIODS = 3;

async function main(options: FuzzOptions, shared: Shared, say: (message: Message) => void): Promise<void> {
  const module = new WebAssembly.Module(readFileSync(new URL('../../dist/core.wasm', import.meta.url)));
  const targets: Target[] = [];
  for (const group of options.groups) targets.push(...(await targetsOf(group, module, options.corpus)));
  say({ kind: 'targets', names: targets.map(({ name }) => name) });
  const beat = new Int32Array(shared.buffer, 0, INPUT >> 2);
  const window = new Uint8Array(shared.buffer, INPUT);
  const engine = new Engine(targets, options.seed, (target, input) => {
    window.set(input);
    beat[TARGET] = target;
    beat[LENGTH] = input.length;
    Atomics.add(beat, BEAT, 1);
  });
  const start = performance.now();
  const collect = collector();
  const lows: number[] = [];
  const report = (): Report => ({
    inputs: engine.inputs,
    rxCalls: targets.reduce((sum, target) => sum + (target instanceof RxTarget ? target.calls : 0), 0),
    seconds: Math.round((performance.now() - start) / 100) / 10,
    heapMiB: Math.round(process.memoryUsage().heapUsed / 104_857.6) / 10,
    targets: engine.progress(),
  });
  if (options.replay !== undefined) return say({ kind: 'end', report: report(), failure: replay(targets, options.replay) });
  const end = start + 1000 * options.seconds;
  let failure: Failure | undefined;
  while (failure === undefined && performance.now() < end && engine.inputs < options.frames) {
    failure = engine.run(Math.min(end, performance.now() + REPORT_EVERY), options.frames);
    collect();
    lows.push(process.memoryUsage().heapUsed / 1_048_576);
    failure ??= growth(lows);
    say({ kind: 'report', report: report() });
  }
  say({ kind: 'end', report: report(), failure });
}

function replay(targets: readonly Target[], path: string): Failure | undefined {
  const seed = readSeed(path);
  const target = targets.find(({ name }) => name === seed.target);
  if (target === undefined) throw new Error(`${path}: no target ${seed.target}`);
  return runOnce(target, seed.input);
}

/** Heap that only rises is kept by something that should let go; what the inputs themselves need is bounded. */
function growth(lows: readonly number[]): Failure | undefined {
  if (lows.length <= 2 * FIRST_PERIODS) return undefined;
  const first = Math.max(...lows.slice(0, FIRST_PERIODS));
  const last = Math.min(...lows.slice(-FIRST_PERIODS));
  if (last - first <= HEAP_GROWTH_MIB) return undefined;
  const message = `the heap in use grew from ${first.toFixed(0)} to ${last.toFixed(0)} MiB`;
  return { target: 'all', kind: 'memory', message, input: new Uint8Array(0) };
}

/** The engine's own collector, so that what is measured is in use and not only uncollected. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

const { options, shared } = workerData as { readonly options: FuzzOptions; readonly shared: Shared };
await main(options, shared, (message) => parentPort?.postMessage(message));
