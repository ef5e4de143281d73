/** Arithmetic modulo the orders against BigInts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, numberOf } from '../../kit/curve-model.ts';
import { curveParts } from '../../kit/curves.ts';

const parts = await curveParts();

describe.each(parts.map((part) => [part.curve.name, part] as const))('scalars of %s', (_, part) => {
  const { curve, call } = part;
  const { suite, n } = curve;
  const bits = n.toString(2).length;
  const scalar = fc.oneof(
    fc.bigInt({ min: 0n, max: n - 1n }),
    fc.integer({ min: 0, max: bits - 2 }).map((bit) => 1n << BigInt(bit)),
    fc.constantFrom(0n, 1n, 2n, n - 1n, n - 2n, n >> 1n, (n >> 1n) + 1n),
  );
  const binary = (name: 'scalarMul' | 'scalarAdd' | 'scalarSub', x: bigint, y: bigint): bigint =>
    part.inRoom(() => {
      const z = part.room(48);
      call[name](suite, z, part.scalar(x), part.scalar(y));
      return part.scalarAt(z);
    });
  const fromBytes = (name: 'scalarReadWide' | 'scalarReadHash', bytes: Uint8Array): bigint =>
    part.inRoom(() => {
      const z = part.room(48);
      call[name](suite, z, part.put(bytes), bytes.length);
      return part.scalarAt(z);
    });

  test('are multiplied, added and subtracted modulo n', () => {
    fc.assert(
      fc.property(scalar, scalar, (x, y) => {
        expect(binary('scalarMul', x, y)).toBe((x * y) % n);
        expect(binary('scalarAdd', x, y)).toBe((x + y) % n);
        expect(binary('scalarSub', x, y)).toBe((x - y + n) % n);
      }),
      { numRuns: 300 },
    );
  });
  test('are inverted modulo n', () => {
    fc.assert(
      fc.property(
        scalar.filter((x) => x > 0n),
        (x) =>
          part.inRoom(() => {
            const z = part.room(48);
            call.scalarInvert(suite, z, part.scalar(x));
            expect((part.scalarAt(z) * x) % n).toBe(1n);
            expect(part.scalarAt(z) < n).toBe(true);
          }),
      ),
      { numRuns: 300 },
    );
  });
  test('are inverted where they stand', () => {
    part.inRoom(() => {
      const z = part.scalar(3n);
      call.scalarInvert(suite, z, z);
      expect((part.scalarAt(z) * 3n) % n).toBe(1n);
    });
  });
  test('are in range from 1 to n - 1', () => {
    const inRange = (x: bigint): number => part.inRoom(() => call.scalarIsInRange(suite, part.scalar(x)));
    const top = (1n << BigInt(suite === 1 ? 192 : 288)) - 1n;
    expect([0n, n, n + 1n, 2n * n, top].map(inRange)).toEqual([0, 0, 0, 0, 0]);
    expect([1n, 2n, n - 1n, n >> 1n].map(inRange)).toEqual([1, 1, 1, 1]);
  });
  test('come of up to 48 bytes by their remainder', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 48 }), (bytes) => {
        expect(fromBytes('scalarReadWide', bytes)).toBe(numberOf(bytes) % n);
      }),
    );
    for (const value of [n, n - 1n, n + 1n, 2n * n, (1n << 384n) - 1n, (1n << 384n) - ((1n << 384n) % n)]) {
      expect(fromBytes('scalarReadWide', bytesOf(value, 48))).toBe(value % n);
    }
  });
  test('come of a hash by its leftmost bits', () => {
    const expected = (hash: Uint8Array): bigint => (numberOf(hash) >> BigInt(Math.max(8 * hash.length - bits, 0))) % n;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (hash) => {
        expect(fromBytes('scalarReadHash', hash)).toBe(expected(hash));
      }),
      { numRuns: 300 },
    );
    for (let length = 1; length <= 64; length++) {
      const hash = new Uint8Array(length).fill(0xff);
      expect(fromBytes('scalarReadHash', hash)).toBe(expected(hash));
    }
  });
});
