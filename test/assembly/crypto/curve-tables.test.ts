/** The curves' numbers: those of SEC 2 are what they should be, and all others are derived from them here. */
import { describe, expect, test } from 'vitest';
import { powerModulo } from '../../kit/curve-model.ts';
import { curveParts } from '../../kit/curves.ts';

/** An element a + b·τ of Z[τ], where τ² = μτ - 2. */
type Element = readonly [a: bigint, b: bigint];

const parts = await curveParts();
const sign = (x: bigint): bigint => (x < 0n ? -1n : 1n);
const abs = (x: bigint): bigint => x * sign(x);
const rounded = (x: bigint, y: bigint): bigint => (2n * x + y) / (2n * y);

describe.each(parts.map((part) => [part.curve.name, part] as const))('%s', (_, part) => {
  const { curve, model, call } = part;
  const { suite, n, m, cofactor, base } = curve;
  const mu = curve.a === 1n ? 1n : -1n;
  const words = suite === 1 ? 6 : 9;
  const norm = ([a, b]: Element): bigint => a * a + mu * a * b + 2n * b * b;

  /** (τ^m - 1) / (τ - 1): the sum of the powers of τ below m. */
  function delta(): Element {
    let [sumA, sumB, a, b] = [0n, 0n, 1n, 0n];
    for (let i = 0; i < m; i++) {
      [sumA, sumB] = [sumA + a, sumB + b];
      [a, b] = [-2n * b, a + mu * b];
    }
    return [sumA, sumB];
  }

  test('the base point is on the curve and of order n, which is prime', () => {
    expect(model.isOnCurve(base)).toBe(true);
    expect(model.multiply(n - 1n, base)).toEqual(model.negate(base));
    for (const witness of [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n]) expect(powerModulo(witness, n - 1n, n)).toBe(1n);
  });
  test('the order times the cofactor is the number of points, which follows from those over GF(2)', () => {
    // Points over GF(2^m): 2^m + 1 - (τ^m + conjugate), with trace t(i + 1) = μ·t(i) - 2·t(i - 1).
    let [before, trace] = [2n, mu];
    for (let i = 1; i < m; i++) [before, trace] = [trace, mu * trace - 2n * before];
    expect(n * cofactor).toBe((1n << BigInt(m)) + 1n - trace);
  });
  test('order and base point are those of the core', () => {
    expect(part.numberAt(call.curveTable(suite, 0), 4 * (words + 1))).toBe(n);
    expect(part.pointAt(call.curveTable(suite, 2))).toEqual(base);
  });
  test("the reciprocal is Barrett's", () => {
    expect(part.numberAt(call.curveTable(suite, 1), 4 * (words + 1))).toBe((1n << BigInt(64 * words)) / n);
  });
  test('the split is by an element of norm n', () => {
    const [d0, d1] = delta();
    expect(norm([d0, d1])).toBe(n);
    const [s0, s1] = [d0 + mu * d1, -d1];
    const scaled = (s: bigint): bigint => rounded(abs(s) << BigInt(32 * words), n);
    const rows = [scaled(s0), scaled(s1), -d0 * sign(s0), 2n * d1 * sign(s1), -d1 * sign(s0), -s0 * sign(s1)];
    const found = rows.map((__, i) => part.numberAt(call.curveTable(suite, 3) + 24 * i, 24));
    expect(found).toEqual(rows.map((row) => BigInt.asUintN(192, row)));
  });
});
