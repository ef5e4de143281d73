/** Scalar multiplication, secret and public, against the model, published vectors and OpenSSL. */
import { createECDH } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import publicKeys from '../../../seeds/vectors/public-keys.json' with { type: 'json' };
import { unhex } from '../../../host/model/ids.ts';
import { bytesOf, numberOf, type AffinePoint, type Point } from '../../kit/curve-model.ts';
import { curveParts, type CurveParts } from '../../kit/curves.ts';

const parts = await curveParts();
const partOf = (suite: number): CurveParts => parts[suite - 1] as CurveParts;
const WAYS = ['pointMultiply', 'pointMultiplyVarTime'] as const;

describe.each(parts.map((part) => [part.curve.name, part] as const))('on %s', (_, part) => {
  const { curve, model, call } = part;
  const { suite, n, base, length, name } = curve;
  const other = model.multiply(0x1234567n, base) as AffinePoint;

  /** Scalars next to 0, to n and to fractions of it, where digits run out and sums meet, and what the model makes of them. */
  function* edges(point: AffinePoint): Generator<readonly [k: bigint, multiple: Point]> {
    for (const from of [0n, n - 60n, n / 2n - 30n, n / 3n - 10n]) {
      let multiple = model.multiply(from, point);
      for (let k = from; k < from + 60n; k++) {
        yield [k, multiple];
        multiple = model.add(multiple, point);
      }
    }
  }

  test('is right at the edges, secret and public', () => {
    for (const [k, expected] of edges(other)) {
      for (const way of WAYS) expect([way, k, part.multiply(way, k, other)]).toEqual([way, k, expected]);
    }
  });
  test('of the base point is right at the edges', () => {
    for (const [k, expected] of edges(base)) expect([k, part.multiply('pointMultiplyBase', k, base)]).toEqual([k, expected]);
  });
  test('every way agrees with OpenSSL, for any scalar and point', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: n - 1n }), fc.bigInt({ min: 1n, max: n - 1n }), (k, l) => {
        const [ours, theirs] = [createECDH(name), createECDH(name)];
        ours.setPrivateKey(bytesOf(k, length));
        theirs.setPrivateKey(bytesOf(l, length));
        const own = uncompressed(ours.getPublicKey());
        const peer = uncompressed(theirs.getPublicKey());
        expect(part.multiply('pointMultiplyBase', k, base)).toEqual(own);
        for (const way of WAYS)
          expect(bytesOf(part.multiply(way, k, peer)?.x ?? 0n, length)).toEqual(plain(ours.computeSecret(theirs.getPublicKey())));
      }),
      { numRuns: 30 },
    );
  });
  test('the sum of two multiples is that of the model, also where either scalar is 0 and where they cancel', () => {
    const sum = (k: bigint, l: bigint) =>
      part.inRoom(() => {
        const q = part.room(2 * part.size);
        const table = part.table(other);
        const finite = call.pointSumVarTime(suite, q, part.scalar(k), part.scalar(l), table, part.room(3 * part.size));
        return finite === 1 ? part.pointAt(q) : undefined;
      });
    const m = 0x1234567n;
    for (const k of [0n, 1n, n - 1n, n - m])
      for (const l of [0n, 1n, 2n, n - 1n]) expect(sum(k, l)).toEqual(model.multiply((k + l * m) % n, base));
    expect(sum(n - m, 1n)).toBeUndefined();
  });
  test('OpenSSL and the model agree with one another', () => {
    const ecdh = createECDH(name);
    ecdh.setPrivateKey(bytesOf(0x1234567n, length));
    expect(uncompressed(ecdh.getPublicKey())).toEqual(other);
  });

  function uncompressed(bytes: Uint8Array): AffinePoint {
    return { x: numberOf(bytes.subarray(1, 1 + length)), y: numberOf(bytes.subarray(1 + length)) };
  }
});

describe('published agreements (NIST CAVP, with cofactor)', () => {
  test.each(publicKeys.agreement.map((row, i) => ({ i, ...row })))(
    '$i, suite $suite',
    ({ suite, x, y, privateKey, ownX, ownY, secret }) => {
      const part = partOf(suite);
      const { n, cofactor, base, length } = part.curve;
      const d = numberOf(unhex(privateKey));
      expect(part.multiply('pointMultiplyBase', d, base)).toEqual({ x: numberOf(unhex(ownX)), y: numberOf(unhex(ownY)) });
      const peer = { x: numberOf(unhex(x)), y: numberOf(unhex(y)) };
      for (const way of WAYS) expect(bytesOf(part.multiply(way, (cofactor * d) % n, peer)?.x ?? 0n, length)).toEqual(unhex(secret));
    },
  );
  test('all 50 of them', () => expect(publicKeys.agreement).toHaveLength(50));
});

describe('published agreements (Wycheproof, sect283k1)', () => {
  const part = partOf(2);
  /** The point of a compressed or uncompressed form, undefined where the core refuses it. */
  const validated = (bytes: Uint8Array): AffinePoint | undefined =>
    part.inRoom(() => {
      const { length, suite } = part.curve;
      const q = part.room(2 * part.size);
      if (bytes[0] !== 4) return part.call.pointDecode(suite, q, part.put(bytes), bytes.length) === 0 ? part.pointAt(q) : undefined;
      const point = { x: numberOf(bytes.subarray(1, 1 + length)), y: numberOf(bytes.subarray(1 + length)) };
      return part.call.pointPlace(suite, part.point(point)) === 2 ? point : undefined;
    });

  test.each(publicKeys.wycheproof)('$id: $comment', ({ point, privateKey, secret, result, flags }) => {
    const peer = validated(unhex(point));
    // Peers of low order are "acceptable" there; here they are refused.
    if (result === 'invalid' || flags.includes('LowOrderPublic')) {
      expect(peer).toBeUndefined();
      return;
    }
    const k = numberOf(unhex(privateKey)) % part.curve.n;
    for (const way of WAYS) {
      expect(bytesOf(part.multiply(way, k, peer as AffinePoint)?.x ?? 0n, part.curve.length)).toEqual(unhex(secret));
    }
  });
  test('76 of them, 10 of which are refused', () => {
    expect(publicKeys.wycheproof).toHaveLength(76);
    expect(publicKeys.wycheproof.filter(({ point }) => validated(unhex(point)) === undefined)).toHaveLength(10);
  });
});

const plain = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);
