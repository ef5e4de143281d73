/** Scalars in powers of τ, against the ring Z[τ] in BigInts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TAU_A, TAU_B } from '../../../assembly/abi/layout.ts';
import { curveParts } from '../../kit/curves.ts';

/** An element a + b·τ. */
type Element = readonly [a: bigint, b: bigint];

const parts = await curveParts();
const WIDTHS = [5, 6];

describe.each(parts.map((part) => [part.curve.name, part] as const))('τ of %s', (_, part) => {
  const { curve, call } = part;
  const { suite, n, m } = curve;
  const mu = curve.a === 1n ? 1n : -1n;
  const norm = ([a, b]: Element): bigint => a * a + mu * a * b + 2n * b * b;
  const times = ([a, b]: Element, [c, d]: Element): Element => [a * c - 2n * b * d, a * d + b * c + mu * b * d];
  const minus = ([a, b]: Element, [c, d]: Element): Element => [a - c, b - d];
  const power = (exponent: number): Element => {
    let result: Element = [1n, 0n];
    for (let i = 0; i < exponent; i++) result = times(result, [0n, 1n]);
    return result;
  };
  /** Whether x is divisible by y: x times the conjugate of y by the norm of y. */
  const divides = (y: Element, x: Element): boolean => times(x, [y[0] + mu * y[1], -y[1]]).every((each) => each % norm(y) === 0n);
  const delta = Array.from({ length: m }, (__, i) => i).reduce<{ sum: Element; term: Element }>(
    ({ sum, term }) => ({ sum: [sum[0] + term[0], sum[1] + term[1]], term: times(term, [0n, 1n]) }),
    { sum: [0n, 0n], term: [1n, 0n] },
  ).sum;

  const scalar = fc.oneof(
    fc.bigInt({ min: 0n, max: n - 1n }),
    fc.constantFrom(...Array.from({ length: 40 }, (__, i) => BigInt(i)), ...Array.from({ length: 40 }, (__, i) => n - 1n - BigInt(i))),
    fc.integer({ min: 0, max: 279 }).map((bit) => (1n << BigInt(bit)) % n),
  );
  const left = (): Element => [BigInt.asIntN(192, part.numberAt(TAU_A, 24)), BigInt.asIntN(192, part.numberAt(TAU_B, 24))];
  const split = (k: bigint): Element => {
    part.inRoom(() => call.tauSplit(suite, part.scalar(k)));
    return left();
  };
  const describeDigits = (width: number): number => {
    const at = part.room(32);
    call.tauDescribe(suite, at, width);
    return at;
  };
  const signed = (byte: number): number => (byte << 24) >> 24;
  const elementOf = (description: number, digit: number): Element => {
    const entry = description + (Math.abs(digit) >> 1);
    const sign = BigInt(Math.sign(digit));
    return [sign * BigInt(signed(part.memory[entry] ?? 0)), sign * BigInt(signed(part.memory[entry + 16] ?? 0))];
  };
  /** What digits stand for, `step` powers of τ apart. */
  const valueOf = (digits: readonly number[], description: number, step: number): Element =>
    digits.toReversed().reduce<Element>(
      (sum, digit) => {
        const shifted = times(sum, power(step));
        const [a, b] = digit === 0 ? ([0n, 0n] as const) : elementOf(description, digit);
        return [shifted[0] + a, shifted[1] + b];
      },
      [0n, 0n],
    );

  test.each(WIDTHS)('has elements of smallest norm for the digits of a window of %i bits', (width) => {
    part.inRoom(() => {
      const description = describeDigits(width);
      const modulus = power(width);
      for (let digit = 1; digit < 1 << (width - 1); digit += 2) {
        const element = elementOf(description, digit);
        expect(divides(modulus, minus(element, [BigInt(digit), 0n]))).toBe(true);
        for (let i = -4n; i <= 4n; i++) {
          for (let j = -4n; j <= 4n; j++) {
            const [a, b] = times([i, j], modulus);
            expect(norm([element[0] + a, element[1] + b])).toBeGreaterThanOrEqual(norm(element));
          }
        }
      }
    });
  });

  test('splits a scalar into something congruent and small', () => {
    fc.assert(
      fc.property(scalar, (k) => {
        const r = split(k);
        expect(divides(delta, minus(r, [k, 0n]))).toBe(true);
        expect(norm(r) * 100n).toBeLessThanOrEqual(n * 101n);
      }),
      { numRuns: 500 },
    );
  });

  test.each(WIDTHS)('writes sparse digits of %i bits that add up, never two within a window', (width) => {
    fc.assert(
      fc.property(scalar, (k) =>
        part.inRoom(() => {
          const description = describeDigits(width);
          const r = split(k);
          const at = part.room(304);
          const count = call.tauSparse(suite, at, description, width);
          const digits = Array.from(part.read(at, count), signed);
          expect(valueOf(digits, description, 1)).toEqual(r);
          const places = digits.flatMap((digit, i) => (digit === 0 ? [] : [i]));
          expect(digits.every((digit) => digit === 0 || (digit % 2 !== 0 && Math.abs(digit) < 1 << (width - 1)))).toBe(true);
          expect(places.every((place, i) => i === 0 || place - (places[i - 1] as number) >= width)).toBe(true);
        }),
      ),
      { numRuns: 200 },
    );
  });

  test.each(WIDTHS)('writes regular digits of %i bits that add up, none of them 0, always as many', (width) => {
    const counts = new Set<number>();
    fc.assert(
      fc.property(scalar, (k) =>
        part.inRoom(() => {
          const description = describeDigits(width);
          split(k);
          const at = part.room(304);
          const count = call.tauRegular(suite, at, description, width);
          const r = left();
          counts.add(count);
          expect(r[0] & 1n).toBe(1n);
          expect(divides(delta, minus(r, [k, 0n]))).toBe(true);
          const digits = Array.from(part.read(at, count), signed);
          expect(digits.every((digit) => digit % 2 !== 0 && Math.abs(digit) < 1 << (width - 1))).toBe(true);
          expect(valueOf(digits, description, width - 1)).toEqual(r);
        }),
      ),
      { numRuns: 1000 },
    );
    expect([...counts]).toEqual([Math.ceil((m + 1) / (width - 1)) + 1]);
  });
});
