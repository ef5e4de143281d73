/** ECDSA against published vectors, OpenSSL, and what the definition says at the edges. */
import { createHash, generateKeyPairSync, sign as opensslSign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import signed from '../../../seeds/vectors/ecdsa-sign.json' with { type: 'json' };
import published from '../../../seeds/vectors/ecdsa-verify.json' with { type: 'json' };
import { CurveReason } from '../../../assembly/abi/code.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { bytesOf, numberOf, powerModulo, type AffinePoint } from '../../kit/curve-model.ts';
import { curveParts, type CurveParts } from '../../kit/curves.ts';

const parts = await curveParts();
const partOf = (suite: number): CurveParts => parts[suite - 1] as CurveParts;
const pointOf = (uncompressed: Uint8Array): AffinePoint => {
  const length = (uncompressed.length - 1) / 2;
  return { x: numberOf(uncompressed.subarray(1, 1 + length)), y: numberOf(uncompressed.subarray(1 + length)) };
};
const verify = (part: CurveParts, key: AffinePoint, hash: Uint8Array, signature: Uint8Array): number =>
  part.inRoom(() => part.call.ecdsaVerify(part.curve.suite, part.table(key), part.put(hash), hash.length, part.put(signature)));
const signWith = (part: CurveParts, d: bigint, k: bigint, hash: Uint8Array): Uint8Array | undefined =>
  part.inRoom(() => {
    const signature = part.room(2 * part.curve.length);
    const made = part.call.ecdsaSignWith(part.curve.suite, signature, part.scalar(d), part.scalar(k), part.put(hash), hash.length);
    return made === 1 ? part.read(signature, 2 * part.curve.length) : undefined;
  });
const nonce = (part: CurveParts, index: number, d: bigint, hash: Uint8Array): bigint =>
  part.inRoom(() => {
    const k = part.room(48);
    part.call.nonceAt(part.curve.suite, k, index, part.scalar(d), part.put(hash), hash.length);
    return part.scalarAt(k);
  });

describe('verification of published signatures (NIST CAVP SigVer)', () => {
  test.each(published.cases.map((row, i) => ({ i, ...row })))('$i, suite $suite, $hash: $reason', (row) => {
    const answer = verify(partOf(row.suite), pointOf(unhex(row.publicKey)), unhex(row.digest), unhex(row.signature));
    expect(answer === 0).toBe(row.valid);
  });
  test('all 150 of them, good and bad', () => {
    expect(published.cases).toHaveLength(150);
    expect(new Set(published.cases.map(({ valid }) => valid)).size).toBe(2);
  });
});

describe('signatures with given nonces (NIST CAVP SigGen)', () => {
  test.each(signed.cases.map((row, i) => ({ i, ...row })))('$i, suite $suite, $hash', (row) => {
    const part = partOf(row.suite);
    const [d, k] = [numberOf(unhex(row.privateKey)), numberOf(unhex(row.nonce))];
    expect(part.multiply('pointMultiplyBase', d, part.curve.base)).toEqual(pointOf(unhex(row.publicKey)));
    expect(hex(signWith(part, d, k, unhex(row.digest)) ?? new Uint8Array())).toBe(row.signature);
  });
  test('all 30 of them', () => expect(signed.cases).toHaveLength(30));
});

describe('deterministic nonces', () => {
  test.each(signed.deterministic)('are those of RFC 6979, suite $suite, message $message', (row) => {
    const part = partOf(row.suite);
    const digest = createHash('sha256').update(row.message).digest();
    const d = numberOf(unhex(row.privateKey));
    const k = nonce(part, 0, d, digest);
    expect(hex(bytesOf(k, part.curve.length))).toBe(row.nonce);
    if (row.signature !== null) expect(hex(signWith(part, d, k, digest) ?? new Uint8Array())).toBe(row.signature);
  });
  test('are in range and differ, however often another is asked for', () => {
    for (const part of parts) {
      const ks = Array.from({ length: 12 }, (_, i) => nonce(part, i, 5n, new Uint8Array(16)));
      expect(ks.every((k) => k > 0n && k < part.curve.n)).toBe(true);
      expect(new Set(ks).size).toBe(12);
    }
  });
});

describe.each(parts.map((part) => [part.curve.name, part] as const))('on %s', (name, part) => {
  const { curve, model } = part;
  const { n, length, base, m, cofactor } = curve;
  const d = n / 5n;
  const key = model.multiply(d, base) as AffinePoint;
  const hash = unhex('00112233445566778899aabbccddeeff');
  const good = signWith(part, d, n / 7n, hash) as Uint8Array;
  const halves = (r: bigint, s: bigint): Uint8Array => Uint8Array.of(...bytesOf(r, length), ...bytesOf(s, length));
  const [r, s] = [numberOf(good.subarray(0, length)), numberOf(good.subarray(length))];

  test.each(['sha1', 'sha256', 'sha384', 'sha512'])("OpenSSL's signatures over %s are verified, and nothing else", (algorithm) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: name });
    const { x, y } = publicPoint(publicKey.export({ format: 'der', type: 'spki' }));
    for (let i = 0; i < 10; i++) {
      const message = Uint8Array.of(i);
      const signature = opensslSign(algorithm, message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const digest = createHash(algorithm).update(message).digest();
      expect(verify(part, { x, y }, digest, signature)).toBe(0);
      digest[0] = (digest[0] as number) ^ 0x80;
      expect(verify(part, { x, y }, digest, signature)).toBe(CurveReason.SIGNATURE);
    }
  });
  test('a signature is verified, and no longer when any bit of it or of the hash is another', () => {
    expect(verify(part, key, hash, good)).toBe(0);
    for (let bit = 0; bit < 8 * good.length; bit++) {
      const changed = good.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(verify(part, key, hash, changed)).not.toBe(0);
    }
    for (let bit = 0; bit < 128; bit++) {
      const changed = hash.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(verify(part, key, changed, good)).toBe(CurveReason.SIGNATURE);
    }
  });
  test('r and s are from 1 to n - 1', () => {
    const top = (1n << BigInt(8 * length)) - 1n;
    for (const bad of [0n, n, n + 1n, n + s, top]) {
      expect(verify(part, key, hash, halves(r, bad))).toBe(CurveReason.SIGNATURE_RANGE);
      expect(verify(part, key, hash, halves(bad, s))).toBe(CurveReason.SIGNATURE_RANGE);
    }
    expect(verify(part, key, hash, halves(s, r))).toBe(CurveReason.SIGNATURE);
    expect(verify(part, key, hash, good.slice().reverse())).not.toBe(0);
  });
  test('n - s verifies as s does: a signature is no identity', () => {
    expect(verify(part, key, hash, halves(r, n - s))).toBe(0);
  });
  test('r is found wherever x lies between multiples of n', () => {
    // With the key itself as R: e = 0 and s = r give 0·G + 1·Q, whose x is known. The uppermost range has less than 2^143 places of 2^283.
    const ranges = Array.from({ length: Number(cofactor) + 1 }, (_, i) => BigInt(i)).filter((i) => i * n < 1n << BigInt(m));
    expect(ranges).toHaveLength(curve.suite === 1 ? 2 : 5);
    for (const i of ranges) {
      const q = firstInSubgroup(i * n + 1n);
      expect(q.x / n).toBe(i);
      const residue = q.x % n;
      expect(verify(part, q, new Uint8Array(16), halves(residue, residue))).toBe(0);
      expect(verify(part, q, new Uint8Array(16), halves((residue + 1n) % n, (residue + 1n) % n))).toBe(CurveReason.SIGNATURE);
    }
  });
  test('infinity is refused', () => {
    // u1·G + u2·Q with Q = G, e = n - r: u1 = -r/s, u2 = r/s.
    expect(verify(part, base, bytesOf((n - r) << BigInt(8 * length - n.toString(2).length), length), halves(r, s))).toBe(
      CurveReason.SIGNATURE,
    );
  });
  test('no signature comes of a nonce that gives s = 0', () => {
    // s = (e + r·d) / k is 0 for d = -e/r.
    const k = n / 3n;
    const x = (model.multiply(k, base) as AffinePoint).x % n;
    const e = numberOf(hash);
    const bad = ((n - e) * powerModulo(x, n - 2n, n)) % n;
    expect(signWith(part, bad, k, hash)).toBeUndefined();
  });

  function firstInSubgroup(from: bigint): AffinePoint {
    for (let x = from; ; x++) {
      const point = model.lift(x);
      if (point !== undefined && model.isInSubgroup(point)) return point;
    }
  }
  /** The point at the end of a subjectPublicKeyInfo. */
  function publicPoint(der: Uint8Array): AffinePoint {
    return pointOf(der.subarray(der.length - 2 * length - 1));
  }
});
