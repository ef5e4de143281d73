/** Certificates to keys, and key agreement, on the curves' inner parts: published runs, computed ones, infinity. */
import { describe, expect, test } from 'vitest';
import badPoints from '../../../seeds/vectors/bad-points.json' with { type: 'json' };
import runs from '../../../seeds/vectors/cbke.json' with { type: 'json' };
import certificates from '../../../seeds/vectors/implicit-certificates.json' with { type: 'json' };
import { hex, unhex } from '../../../host/model/ids.ts';
import { bytesOf, numberOf, powerModulo, type AffinePoint } from '../../kit/curve-model.ts';
import { curveParts, type CurveParts } from '../../kit/curves.ts';

const parts = await curveParts();
const partOf = (suite: number): CurveParts => parts[suite - 1] as CurveParts;

/** The public key of a certificate, compressed, or the code of the refusal. */
const certified = (part: CurveParts, certificate: Uint8Array, ca: Uint8Array): string | number =>
  part.inRoom(() => {
    const q = part.room(2 * part.size);
    const code = part.call.certificateKey(part.curve.suite, q, part.put(certificate), certificate.length, part.put(ca));
    return code === 0 ? hex(part.model.compress(part.pointAt(q))) : code;
  });

/** The shared secret, undefined for infinity. */
const agree = (part: CurveParts, own: bigint, ephemeral: bigint, peer: AffinePoint, peerEphemeral: AffinePoint): string | undefined =>
  part.inRoom(() => {
    const { suite, length, base } = part.curve;
    const z = part.room(length);
    const x = part.multiply('pointMultiplyBase', ephemeral, base)?.x ?? 0n;
    const [e, d] = [part.scalar(ephemeral), part.scalar(own)];
    const finite = part.call.mqvAgree(suite, z, e, d, part.element(x), part.point(peerEphemeral), part.point(peer));
    return finite === 1 ? hex(part.read(z, length)) : undefined;
  });

describe('published and computed runs', () => {
  test.each(runs.runs)('$name', ({ suite, ca, initiator, responder, secret, macKey, linkKey }) => {
    const part = partOf(suite);
    const { model, curve } = part;
    for (const [own, peer] of [
      [initiator, responder],
      [responder, initiator],
    ] as const) {
      expect(certified(part, unhex(own.certificate), unhex(ca))).toBe(own.publicKey);
      const [d, e] = [numberOf(unhex(own.privateKey)), numberOf(unhex(own.ephemeralPrivate))];
      const q = part.multiply('pointMultiplyBase', d, curve.base) as AffinePoint;
      expect(hex(model.compress(q))).toBe(own.publicKey);
      const ephemeral = part.multiply('pointMultiplyBase', e, curve.base) as AffinePoint;
      expect(hex(model.compress(ephemeral))).toBe(own.ephemeral);
      expect(agree(part, d, e, model.decompress(unhex(peer.publicKey)), model.decompress(unhex(peer.ephemeral)))).toBe(secret);
    }
    const key = (counter: number): string =>
      part.inRoom(() => {
        const at = part.room(16);
        part.call.kdfAgreedKey(part.put(unhex(secret)), curve.length, counter, at);
        return hex(part.read(at, 16));
      });
    expect([key(1), key(2)]).toEqual([macKey, linkKey]);
  });
  test('both published ones and the 12 further ones', () => {
    expect(runs.runs).toHaveLength(14);
    expect(runs.runs.slice(0, 2).every(({ published }) => published.includes('shared_secret_z'))).toBe(true);
  });
});

describe('certificates', () => {
  test.each(certificates.certificates)('$name, suite $suite: private key fits: $consistent', (row) => {
    const part = partOf(row.suite);
    const found = certified(part, unhex(row.certificate), unhex(row.ca));
    // Broken ones may carry a point that is none of the subgroup; they are refused at once.
    if (row.consistent) expect(found).toBe(row.publicKey);
    const q = part.multiply('pointMultiplyBase', numberOf(unhex(row.privateKey)) % part.curve.n, part.curve.base);
    expect(q !== undefined && hex(part.model.compress(q)) === found).toBe(row.consistent);
  });
  test('47 of them, 10 of which are broken', () => {
    expect(certificates.certificates).toHaveLength(47);
    expect(certificates.certificates.filter(({ consistent }) => !consistent)).toHaveLength(10);
  });
});

describe('a shared secret at infinity', () => {
  test.each(badPoints.infinite)('is none, suite $suite', ({ suite, peer, peerEphemeral, own, ownEphemeral }) => {
    const part = partOf(suite);
    const [q, e] = [part.model.decompress(unhex(peer)), part.model.decompress(unhex(peerEphemeral))];
    expect(agree(part, numberOf(unhex(own)), numberOf(unhex(ownEphemeral)), q, e)).toBeUndefined();
  });
  test('is none where one own scalar vanishes', () => {
    for (const part of parts) {
      const { n, base, halfway } = { ...part.curve, halfway: part.curve.suite === 1 ? 82n : 141n };
      const d = n / 11n;
      // e + avf(E)·d = 0 for no e that could be found; with d and e exchanged it can: d = -e / avf(E).
      const e = n / 13n;
      const x = (part.model.multiply(e, base) as AffinePoint).x;
      const factor = (x & ((1n << halfway) - 1n)) | (1n << halfway);
      const own = ((n - e) * powerModulo(factor, n - 2n, n)) % n;
      const peer = part.model.multiply(d, base) as AffinePoint;
      expect(agree(part, own, e, peer, peer)).toBeUndefined();
      expect(agree(part, (own + 1n) % n, e, peer, peer)).toBeDefined();
    }
  });
});

test('leading zeros of a secret are kept', () => {
  expect(runs.runs.some(({ secret }) => secret.startsWith('00'))).toBe(true);
  expect(bytesOf(1n, 21)).toHaveLength(21);
});
