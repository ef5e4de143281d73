/** No time depends on a secret, as far as it can be measured: the planted leaks are found, the core's operations are not. */
import { describe, expect, test } from 'vitest';
import { examine, greatest, THRESHOLD, type Target } from './harness.ts';
import { targets } from './targets.ts';
import { cropped, welch } from './welch.ts';

/** Samples a class and measurement: on a calm machine enough for every planted leak to stand far above the threshold. */
const LEAST = 1000;
const MOST = 4 * LEAST;
/** As many as it took to find the planted leaks here; the core's own operations are looked at with no fewer. */
let samples = LEAST;
const all = await targets();

describe("Welch's t", () => {
  test('is the difference of means over the root of the variances by their counts', () => {
    // Means 3 and 5, variances 2.5 and 10, counts 5 and 5.
    expect(welch([1, 2, 3, 4, 5], [1, 3, 5, 7, 9])).toBeCloseTo(2 / Math.sqrt(0.5 + 2), 12);
    expect(welch([1, 3, 5, 7, 9], [1, 2, 3, 4, 5])).toBeCloseTo(-2 / Math.sqrt(0.5 + 2), 12);
  });
  test('of equal sets is 0, of sets without spread that differ infinite', () => {
    expect(welch([2, 2, 2], [2, 2, 2])).toBe(0);
    expect(welch([2, 2, 2], [3, 3, 3])).toBe(Number.POSITIVE_INFINITY);
  });
  test('of fewer than two values is an error', () => expect(() => welch([1], [1, 2])).toThrow('too few values'));
});

describe('cropping', () => {
  test('keeps what is at most a quantile of all together', () => {
    expect(cropped([1, 5, 9], [2, 3, 100], 0.5)).toEqual([
      [1, 5],
      [2, 3],
    ]);
  });
  test('takes interruptions out, of whichever class', () => {
    const [a, b] = [Array.from({ length: 100 }, (_, i) => 10 + (i % 3)), Array.from({ length: 100 }, (_, i) => 10 + ((i + 1) % 3))];
    expect(Math.abs(greatest([...a, 9000, 9500], b))).toBeLessThan(THRESHOLD);
  });
  test('does not hide two classes that have nothing in common', () => {
    const [a, b] = [Array.from({ length: 100 }, (_, i) => 10 + (i % 3)), Array.from({ length: 100 }, (_, i) => 20 + (i % 3))];
    expect(greatest(a, b)).toBeGreaterThan(THRESHOLD);
  });
});

test('an operation is staged before it is timed, and both classes come equally often', () => {
  const log: string[] = [];
  const target: Target = {
    ...{ name: 'logged', leaks: false, calls: 2 },
    input: (fixed) => Uint8Array.of(fixed ? 1 : 0),
    stage: (input) => void log.push(input[0] === 1 ? 'fixed' : 'random'),
    run: () => void log.push('run'),
  };
  examine(target, 20, Math.random);
  expect(log.filter((_, i) => i % 3 === 0).every((entry) => entry !== 'run')).toBe(true);
  for (const name of ['fixed', 'random']) expect(log.filter((entry) => entry === name)).toHaveLength(300 + 2 * 20);
});

describe('planted leaks', () => {
  test.each(all.filter(({ leaks }) => leaks).map((target) => [target.name, target] as const))('%s: is found', (_, target) => {
    // Beside other work a small leak takes more samples to see.
    while (!examine(target, samples, Math.random).found) {
      samples *= 2;
      expect(samples).toBeLessThanOrEqual(MOST);
    }
  });
});

describe('the time of operations on secrets', () => {
  test.each(all.filter(({ leaks }) => !leaks).map((target) => [target.name, target] as const))('%s: does not tell them', (_, target) => {
    expect(examine(target, samples, Math.random)).toMatchObject({ found: false });
  });
});
