/**
 * The loop: takes a kept input, changes it, runs it, and keeps it when it went a way that no input went before. Each target
 * has numbers and inputs of its own, so that what it is given depends on the seed alone and not on how time was shared.
 */
import { minimise } from './minimise.ts';
import { Mutator } from './mutate.ts';
import { Random } from './random.ts';
import { Broken, type Target } from './target.ts';

/** Inputs of one target between two looks at the clock. */
const TURN = 64;
/** Inputs kept for one target; a new one takes the place of any. */
const MOST_KEPT = 8192;
/** Of so many changes one begins with an input kept lately. */
const LATE_CHANCE = 2;
const LATELY = 64;
/** An input that took too long is run again so often; the shortest time counts, as the machine has other work too. */
const AGAIN = 5;

/** An input that breaks an invariant of a target. */
export interface Failure {
  readonly target: string;
  readonly kind: string;
  readonly message: string;
  readonly input: Uint8Array;
}

/** How far a target has come. */
export interface Progress {
  readonly target: string;
  readonly inputs: number;
  readonly kept: number;
  readonly signatures: number;
  readonly slowestMs: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

/** Told of each input before it is run, so that one that never ends is known. */
export type Watch = (target: number, input: Uint8Array) => void;

interface Lane {
  readonly target: Target;
  readonly seeds: readonly Uint8Array[];
  readonly random: Random;
  readonly mutator: Mutator;
  readonly kept: Uint8Array[];
  readonly seen: Set<number>;
  seeded: number;
  inputs: number;
  spent: number;
  slowest: number;
}

/** Fuzzes targets in turns that take them equal time. */
export class Engine {
  readonly #lanes: readonly Lane[];
  readonly #watch: Watch;

  constructor(targets: readonly Target[], seed: number, watch: Watch = () => {}) {
    this.#watch = watch;
    this.#lanes = targets.map((target) => {
      const random = new Random(seed, target.name);
      const mutator = new Mutator(target.head, target.limit, random);
      return { target, seeds: target.seeds(), random, mutator, kept: [], seen: new Set(), seeded: 0, inputs: 0, spent: 0, slowest: 0 };
    });
  }

  /** Inputs so far. */
  get inputs(): number {
    return this.#lanes.reduce((sum, { inputs }) => sum + inputs, 0);
  }

  /** How far each target has come. */
  progress(): readonly Progress[] {
    return this.#lanes.map(({ target, inputs, kept, seen, slowest }) => ({
      target: target.name,
      inputs,
      kept: kept.length,
      signatures: seen.size,
      slowestMs: Math.round(slowest * 1000) / 1000,
      outcomes: Object.fromEntries([...target.outcomes()].sort(([, a], [, b]) => b - a)),
    }));
  }

  /** Runs until `until` (of `performance.now()`) or until `most` inputs were run in all; answers the first failure, made small. */
  run(until: number, most = Infinity): Failure | undefined {
    while (performance.now() < until && this.inputs < most) {
      const [first, ...others] = this.#lanes;
      if (first === undefined) return undefined;
      const lane = others.reduce((least, next) => (next.spent < least.spent ? next : least), first);
      const failure = this.#turn(lane, Math.min(TURN, most - this.inputs));
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  #turn(lane: Lane, count: number): Failure | undefined {
    const start = performance.now();
    let before = start;
    for (let i = 0; i < count; i++) {
      const input = next(lane);
      const failure = this.#run(lane, input);
      if (failure !== undefined) return failure;
      const now = performance.now();
      if (now - before > lane.target.patience) {
        const slow = this.#slow(lane, input);
        if (slow !== undefined) return slow;
      } else if (now - before > lane.slowest) lane.slowest = now - before;
      before = now;
    }
    lane.spent += before - start;
    return undefined;
  }

  #run(lane: Lane, input: Uint8Array): Failure | undefined {
    lane.inputs++;
    this.#watch(this.#lanes.indexOf(lane), input);
    try {
      keep(lane, lane.target.check(input), input);
      return undefined;
    } catch (error) {
      return failureOf(lane.target, input, error);
    }
  }

  #slow(lane: Lane, input: Uint8Array): Failure | undefined {
    const took = Math.min(...Array.from({ length: AGAIN }, () => timeOf(lane.target, input)));
    if (took > lane.slowest) lane.slowest = took;
    if (took <= lane.target.patience) return undefined;
    const { patience, name } = lane.target;
    const message = `${took.toFixed(0)} ms for ${input.length} bytes, where ${patience} are allowed`;
    return {
      target: name,
      kind: 'time',
      message,
      input: minimise(input, lane.target.head, (tried) => timeOf(lane.target, tried) > patience),
    };
  }
}

/** Runs an input once; the failure as it is, or undefined. */
export function runOnce(target: Target, input: Uint8Array): Failure | undefined {
  const start = performance.now();
  try {
    target.check(input);
  } catch (error) {
    return { target: target.name, ...described(error), input };
  }
  const took = performance.now() - start;
  return took > target.patience ? { target: target.name, kind: 'time', message: `${took.toFixed(0)} ms`, input } : undefined;
}

function next(lane: Lane): Uint8Array {
  const { target, seeds, random, kept } = lane;
  const seed = seeds[lane.seeded];
  if (seed !== undefined) {
    lane.seeded++;
    return seed.subarray(0, target.limit);
  }
  if (kept.length === 0) return new Uint8Array(target.head);
  const lately = kept.length > LATELY && random.below(LATE_CHANCE) === 0;
  const base = lately ? kept[kept.length - 1 - random.below(LATELY)] : random.of(kept);
  return lane.mutator.next(base ?? new Uint8Array(target.head), random.of(kept));
}

function keep(lane: Lane, signature: number, input: Uint8Array): void {
  if (lane.seen.has(signature)) return;
  lane.seen.add(signature);
  if (lane.kept.length < MOST_KEPT) lane.kept.push(input.slice());
  else lane.kept[lane.random.below(MOST_KEPT)] = input.slice();
}

function failureOf(target: Target, input: Uint8Array, error: unknown): Failure {
  const { kind } = described(error);
  const again = (tried: Uint8Array): ReturnType<typeof described> | undefined => {
    try {
      target.check(tried);
      return undefined;
    } catch (other) {
      return described(other);
    }
  };
  const small = minimise(input, target.head, (tried) => again(tried)?.kind === kind);
  return { target: target.name, ...(again(small) ?? described(error)), input: small };
}

function described(error: unknown): { readonly kind: string; readonly message: string } {
  if (error instanceof Broken) return { kind: error.kind, message: error.message };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: 'exception', message };
}

function timeOf(target: Target, input: Uint8Array): number {
  const start = performance.now();
  target.check(input);
  return performance.now() - start;
}
