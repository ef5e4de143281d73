/** Points of both curves against the model: additions of every kind, encodings, the subgroup. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import badPoints from '../../../seeds/vectors/bad-points.json' with { type: 'json' };
import publicKeys from '../../../seeds/vectors/public-keys.json' with { type: 'json' };
import { At, CurveReason } from '../../../assembly/abi/code.ts';
import { unhex } from '../../../host/model/ids.ts';
import { nameOf } from '../../../host/core/codes.ts';
import type { AffinePoint, Point } from '../../kit/curve-model.ts';
import { curveParts, type CurveParts } from '../../kit/curves.ts';

const parts = await curveParts();
const partOf = (suite: number): CurveParts => parts[suite - 1] as CurveParts;
const decode = (part: CurveParts, encoded: Uint8Array): AffinePoint | number =>
  part.inRoom(() => {
    const q = part.room(2 * part.size);
    const reason = part.call.pointDecode(part.curve.suite, q, part.put(encoded), encoded.length);
    return reason === 0 ? part.pointAt(q) : reason;
  });
const PUBLIC = 0;
const SECRET = 1;

describe.each(parts.map((part) => [part.curve.name, part] as const))('points of %s', (_, part) => {
  const { curve, model, call } = part;
  const { suite, m, base } = curve;
  const known = Array.from({ length: 12 }, (__, i) => model.multiply(BigInt(i + 1) ** 7n, base) as AffinePoint);
  const point = fc.constantFrom(...known);
  const two: AffinePoint = { x: 0n, y: 1n };
  const add = (kind: number, p: AffinePoint, q: AffinePoint): Point =>
    part.inRoom(() => {
      const at = part.point(q);
      return call.pointAdd(suite, kind, at, part.point(p), part.room(3 * part.size)) === 1 ? part.pointAt(at) : undefined;
    });
  const place = (p: AffinePoint): number => part.inRoom(() => call.pointPlace(suite, part.point(p)));

  test.each([
    ['public', PUBLIC],
    ['secret', SECRET],
  ])('are added as defined, %s ones: different, equal, opposite', (__, kind) => {
    fc.assert(
      fc.property(point, point, (p, q) => {
        expect(add(kind, p, q)).toEqual(model.add(p, q));
        expect(add(kind, p, p)).toEqual(model.add(p, p));
        expect(add(kind, p, model.negate(p) as AffinePoint)).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });
  test('are encoded as defined, and decoded again', () => {
    for (const p of [...known, ...known.map((each) => model.negate(each) as AffinePoint)]) {
      const encoded = part.inRoom(() => {
        const at = part.room(curve.length + 1);
        call.pointEncode(suite, at, part.point(p));
        return part.read(at, curve.length + 1);
      });
      expect(encoded).toEqual(model.compress(p));
      expect(decode(part, encoded)).toEqual(p);
    }
  });
  test('of any x are decoded or refused as the model finds them', () => {
    const codes = new Set<number>();
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: (1n << BigInt(m)) - 1n }), fc.boolean(), (x, odd) => {
        const lifted = model.lift(x);
        const encoded = model.compress({ x, y: 0n });
        encoded[0] = odd ? 3 : 2;
        const found = decode(part, encoded);
        if (lifted === undefined) expect(found).toBe(CurveReason.POINT_CURVE);
        else if (model.isInSubgroup(lifted)) expect(found).toEqual(model.decompress(encoded));
        else expect(found).toBe(CurveReason.POINT_ORDER);
        codes.add(typeof found === 'number' ? found : 0);
      }),
      { numRuns: 40 },
    );
    expect(codes).toEqual(new Set([0, CurveReason.POINT_CURVE, CurveReason.POINT_ORDER]));
  });
  test('outside the subgroup are told, though they are on the curve', () => {
    // Every element of small order added to a point of order n: all cosets but the subgroup itself.
    const small = suite === 1 ? [two] : [two, { x: 1n, y: 0n }, { x: 1n, y: 1n }];
    for (const t of small) expect([model.isOnCurve(t), model.isInSubgroup(t), place(t)]).toEqual([true, false, 1]);
    for (const p of known) {
      expect(place(p)).toBe(2);
      for (const t of small) expect(place(model.add(p, t) as AffinePoint)).toBe(1);
    }
  });
  test('off the curve are told', () => {
    for (const { x, y } of known) expect(place({ x, y: y ^ 1n })).toBe(0);
  });
});

describe('compressed points', () => {
  test.each(badPoints.points)('$suite: $why', ({ suite, point, code }) => {
    const found = decode(partOf(suite), unhex(point));
    expect(typeof found === 'number' ? nameOf(At.CURVE * 256 + found).name : null).toBe(code);
  });
});

describe('published public keys are valid or not (NIST CAVP)', () => {
  test.each(publicKeys.validation)('$curve $x: $reason', ({ curve, x, y, valid }) => {
    const part = partOf(curve === 'sect163k1' ? 1 : 2);
    const coordinates = { x: BigInt(`0x${x}`), y: BigInt(`0x${y}`) };
    const inRange = [coordinates.x, coordinates.y].every((each) => each >> BigInt(part.curve.m) === 0n);
    const found = inRange && part.inRoom(() => part.call.pointPlace(part.curve.suite, part.point(coordinates))) === 2;
    expect(found).toBe(valid);
  });
  test('all 24 of them', () => expect(publicKeys.validation).toHaveLength(24));
});
