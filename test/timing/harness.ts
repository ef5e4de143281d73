/**
 * Does the time of an operation depend on a secret? The same operation runs on a fixed secret and on random ones, in an order drawn by lot,
 * and Welch's t tells whether their times are of one kind (Reparaz, Balasch, Verbauwhede, "Dude, is my code constant time?", 2017).
 *
 * Inputs of both classes are made and laid out alike before anything is timed, so that caches see no difference. Times above a quantile are
 * left out, at several quantiles, and the greatest |t| counts. A finding must come back in a second measurement: what a busy machine did at the
 * wrong moment does not, a leak does.
 */
import { cropped, welch } from './welch.ts';

/** An operation on a secret. */
export interface Target {
  readonly name: string;
  /** Whether it is a planted leak, which must be found. */
  readonly leaks: boolean;
  /** Calls that are timed together, so that the clock's own grain does not matter. */
  readonly calls: number;
  /** An input of the fixed class, or of the random one. */
  readonly input: (fixed: boolean) => Uint8Array;
  /** Puts an input where `run` finds it; not timed. */
  readonly stage: (input: Uint8Array) => void;
  readonly run: () => void;
}

/** What was measured. */
export interface Finding {
  readonly name: string;
  readonly leaks: boolean;
  /** t of each measurement: the greatest of all croppings. */
  readonly ts: readonly number[];
  readonly found: boolean;
}

/** |t| from which a difference is one, as leakage assessment commonly has it. By chance alone it comes once in some 10^5, twice never. */
export const THRESHOLD = 4.5;
/** Shares of the times that are kept. */
const SHARES = [0.2, 0.4, 0.6, 0.8, 0.95];
/** Values of a class that a cropping must leave. */
const LEAST = 10;
const MEASUREMENTS = 2;
const WARM_UP = 300;

/** Measures a target, `samples` times each class and measurement. `lot` gives numbers from 0 up to, not including, 1. */
export function examine(target: Target, samples: number, lot: () => number): Finding {
  const ts: number[] = [];
  measure(target, WARM_UP, lot);
  for (let i = 0; i < MEASUREMENTS; i++) {
    const [fixed, random] = measure(target, samples, lot);
    ts.push(greatest(fixed, random));
  }
  return { name: target.name, leaks: target.leaks, ts, found: ts.every((t) => Math.abs(t) > THRESHOLD) };
}

/** The greatest t of all croppings. One that leaves too little of a class is no evidence; the widest leaves something of any two. */
export function greatest(fixed: readonly number[], random: readonly number[]): number {
  const sets = SHARES.map((share) => cropped(fixed, random, share)).filter((each) => each.every(({ length }) => length >= LEAST));
  return sets.map(([a, b]) => welch(a, b)).reduce((worst, t) => (Math.abs(t) > Math.abs(worst) ? t : worst), 0);
}

/** Times of the fixed and of the random class. */
function measure(target: Target, samples: number, lot: () => number): readonly [number[], number[]] {
  const fixed = Array.from({ length: samples }, () => target.input(true));
  const random = Array.from({ length: samples }, () => target.input(false));
  const times: readonly [number[], number[]] = [[], []];
  while (fixed.length + random.length > 0) {
    const isRandom = lot() * (fixed.length + random.length) >= fixed.length;
    target.stage((isRandom ? random : fixed).pop() as Uint8Array);
    const start = performance.now();
    for (let i = 0; i < target.calls; i++) target.run();
    times[isRandom ? 1 : 0].push(performance.now() - start);
  }
  return times;
}
