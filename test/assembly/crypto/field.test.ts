/** Field arithmetic of both curves against the definition: polynomials as BigInts, reduced bit by bit. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CURVE, GF2_NIBBLES, GF2_ROWS } from '../../../assembly/abi/layout.ts';
import { curveParts } from '../../kit/curves.ts';

const parts = await curveParts();

describe.each(parts.map((part) => [part.curve.name, part] as const))('the field of %s', (_, part) => {
  const { curve, model, call } = part;
  const { suite, m } = curve;
  const ones = (1n << BigInt(m)) - 1n;
  /** Any element; often one with few bits, or few bits missing, or at the seams of limbs and vectors. */
  const element = fc.oneof(
    fc.bigInt({ min: 0n, max: ones }),
    fc.integer({ min: 0, max: m - 1 }).map((bit) => 1n << BigInt(bit)),
    fc.integer({ min: 0, max: m - 1 }).map((bit) => ones ^ (1n << BigInt(bit))),
    fc.constantFrom(0n, 1n, ones),
  );
  /** What an operation makes of elements, in fresh memory, scratch full of rubbish. */
  const unary = (name: 'fieldSqr' | 'fieldInvert' | 'fieldHalfTrace', x: bigint): bigint =>
    part.inRoom(() => {
      part.memory.fill(0xa5, CURVE, GF2_NIBBLES + 240);
      const z = part.room(part.size);
      call[name](suite, z, part.element(x));
      return part.elementAt(z);
    });
  const product = (x: bigint, y: bigint): bigint =>
    part.inRoom(() => {
      part.memory.fill(0xa5, GF2_ROWS, GF2_NIBBLES + 240);
      const z = part.room(part.size);
      call.fieldMul(suite, z, part.element(x), part.element(y));
      return part.elementAt(z);
    });

  test('multiplies as defined', () => {
    fc.assert(
      fc.property(element, element, (x, y) => {
        expect(product(x, y)).toBe(model.mul(x, y));
      }),
      { numRuns: 400 },
    );
  });
  test('multiplies every pair of single bits of the seams as defined', () => {
    const seams = Array.from({ length: m }, (__, bit) => bit).filter((bit) => bit % 8 < 2 || bit % 8 === 7 || bit > m - 4);
    for (const i of seams) {
      for (const j of [0, 3, 4, 63, 64, 127, 128, m - 1]) {
        const [x, y] = [1n << BigInt(i), 1n << BigInt(j)];
        if (product(x, y) !== model.mul(x, y) || product(y, x) !== model.mul(x, y)) throw new Error(`x^${i} · x^${j}`);
      }
    }
  });
  test('a result may stand where either operand stood', () => {
    fc.assert(
      fc.property(element, element, (x, y) =>
        part.inRoom(() => {
          const [a, b, c] = [part.element(x), part.element(y), part.element(x)];
          call.fieldMul(suite, a, a, b);
          expect(part.elementAt(a)).toBe(model.mul(x, y));
          call.fieldMul(suite, b, c, b);
          expect(part.elementAt(b)).toBe(model.mul(x, y));
          call.fieldMul(suite, c, c, c);
          expect(part.elementAt(c)).toBe(model.mul(x, x));
        }),
      ),
      { numRuns: 50 },
    );
  });
  test('squares as defined', () => {
    fc.assert(
      fc.property(element, (x) => {
        expect(unary('fieldSqr', x)).toBe(model.mul(x, x));
      }),
      { numRuns: 300 },
    );
  });
  test('inverts as defined, 0 to 0', () => {
    fc.assert(
      fc.property(element, (x) => {
        expect(unary('fieldInvert', x)).toBe(x === 0n ? 0n : model.inverse(x));
      }),
      { numRuns: 100 },
    );
  });
  test('half-traces as defined', () => {
    fc.assert(
      fc.property(element, (x) => {
        expect(unary('fieldHalfTrace', x)).toBe(model.halfTrace(x));
      }),
      { numRuns: 20 },
    );
  });
  test('has the trace of the definition, of every power of its variable', () => {
    for (let bit = 0; bit < m; bit++) {
      const x = 1n << BigInt(bit);
      expect(part.inRoom(() => call.fieldTrace(suite, part.element(x)))).toBe(Number(model.trace(x)));
    }
  });
  test('has the trace of the definition, of any element', () => {
    fc.assert(
      fc.property(element, (x) => {
        expect(part.inRoom(() => call.fieldTrace(suite, part.element(x)))).toBe(Number(model.trace(x)));
      }),
      { numRuns: 20 },
    );
  });
});
