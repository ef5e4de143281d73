/** Public keys through the host's object: points, certificates, signatures, with the names of their refusals. */
import { describe, expect, test } from 'vitest';
import badPoints from '../../../seeds/vectors/bad-points.json' with { type: 'json' };
import certificates from '../../../seeds/vectors/implicit-certificates.json' with { type: 'json' };
import images from '../../../seeds/vectors/image-signatures.json' with { type: 'json' };
import published from '../../../seeds/vectors/ecdsa-verify.json' with { type: 'json' };
import { sizesOf, type SuiteNumber } from '../../../host/core/curves.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { freshCore } from '../../kit/core.ts';
import { CurveModel, CURVES, numberOf, type CurveParameters } from '../../kit/curve-model.ts';

const core = await freshCore();
const codeOf = (result: { readonly ok: boolean; readonly code?: string }): string | null => (result.ok ? null : (result.code ?? ''));
const modelOf = (suite: number): CurveModel => new CurveModel(CURVES[suite - 1] as CurveParameters);

describe('a compressed point', () => {
  test.each(badPoints.points)('of suite $suite: $why', ({ suite, point, code }) => {
    expect(codeOf(core.curves.checkPoint(suite as SuiteNumber, unhex(point)))).toBe(code);
  });
  test('that is good is answered as x and y', () => {
    for (const suite of [1, 2] as const) {
      const { base, length } = modelOf(suite).curve;
      const found = core.curves.checkPoint(suite, modelOf(suite).compress(base));
      if (!found.ok) throw new Error(found.code);
      expect([numberOf(found.value.subarray(0, length)), numberOf(found.value.subarray(length))]).toEqual([base.x, base.y]);
    }
  });
  test('of another suite has another length', () => {
    expect(codeOf(core.curves.checkPoint(1, modelOf(2).compress(CURVES[1]!.base)))).toBe('curve-point-length');
    expect(codeOf(core.curves.checkPoint(3 as SuiteNumber, new Uint8Array(22)))).toBe('curve-suite');
  });
});

describe('a certificate', () => {
  const good = certificates.certificates.filter(({ consistent }) => consistent);

  test.each(good)('$name yields its public key and subject', ({ suite, certificate, ca, publicKey }) => {
    const found = core.curves.certificateKey(suite as SuiteNumber, unhex(certificate), unhex(ca));
    if (!found.ok) throw new Error(found.code);
    const subject = suite === 1 ? certificate.slice(44, 60) : certificate.slice(56, 72);
    expect(found.value).toEqual({ subject, publicKey: unhex(publicKey ?? '') });
  });
  test('yields another key when any bit is another, or none', () => {
    for (const suite of [1, 2] as const) {
      const { certificate, ca, publicKey } = good.find((each) => each.suite === suite) as (typeof good)[number];
      for (let bit = 0; bit < 4 * certificate.length; bit++) {
        const changed = unhex(certificate);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        const found = core.curves.certificateKey(suite, changed, unhex(ca));
        if (found.ok) expect(hex(found.value.publicKey)).not.toBe(publicKey);
      }
    }
  });
  test('of another length, or under no CA, is refused', () => {
    const { certificate, ca } = good[0] as (typeof good)[number];
    expect(codeOf(core.curves.certificateKey(1, unhex(certificate).subarray(1), unhex(ca)))).toBe('curve-certificate-length');
    expect(codeOf(core.curves.certificateKey(1, unhex(certificate), unhex(ca).subarray(1)))).toBe('curve-point-length');
    expect(codeOf(core.curves.certificateKey(1, new Uint8Array(4096 - 22), unhex(ca)))).toBe('curve-certificate-length');
  });
});

describe('a signature', () => {
  test('needs a key that was made ready', async () => {
    const fresh = await freshCore();
    expect(codeOf(fresh.curves.verify(new Uint8Array(16), new Uint8Array(42)))).toBe('call-order');
    expect(codeOf(fresh.curves.prepare(1, modelOf(1).compress(CURVES[0]!.base)))).toBeNull();
    expect(codeOf(fresh.curves.prepare(1, new Uint8Array(22)))).toBe('curve-point-prefix');
    expect(codeOf(fresh.curves.verify(new Uint8Array(16), new Uint8Array(42)))).toBe('call-order');
  });
  test('of NIST is verified, or not, through keys of both suites in turns', () => {
    const rows = published.cases.filter((_, i) => i % 5 === 0);
    for (const { suite, publicKey, digest, signature, valid } of rows) {
      const { scalar } = sizesOf(suite as SuiteNumber);
      const [x, y] = [unhex(publicKey).subarray(1, 1 + scalar), unhex(publicKey).subarray(1 + scalar)];
      const key = modelOf(suite).compress({ x: numberOf(x), y: numberOf(y) });
      expect(codeOf(core.curves.prepare(suite as SuiteNumber, key))).toBeNull();
      expect(core.curves.verify(unhex(digest), unhex(signature)).ok).toBe(valid);
    }
  });
  test.each(images.signatures)('of an upgrade file: $name', ({ suite, certificate, digest, signature, code }) => {
    const ca = unhex(suite === 1 ? images.ca1 : images.ca2);
    const key = core.curves.certificateKey(suite as SuiteNumber, unhex(certificate), ca);
    if (!key.ok) throw new Error(key.code);
    expect(codeOf(core.curves.prepare(suite as SuiteNumber, key.value.publicKey))).toBeNull();
    expect(codeOf(core.curves.verify(unhex(digest), unhex(signature)))).toBe(code);
  });
  test('of 74 upgrade files 49 reach the curves, 17 of which are good', () => {
    expect(images.signatures).toHaveLength(49);
    expect(images.signatures.filter(({ code }) => code === null)).toHaveLength(17);
  });
  test('has the lengths of its suite', () => {
    core.curves.prepare(2, modelOf(2).compress(CURVES[1]!.base));
    for (const [hash, signature] of [
      [0, 72],
      [65, 72],
      [16, 42],
      [16, 71],
      [16, 73],
    ] as const) {
      expect(codeOf(core.curves.verify(new Uint8Array(hash), new Uint8Array(signature)))).toBe('call-length');
    }
  });
  test('is forgotten with everything else', () => {
    core.curves.prepare(2, modelOf(2).compress(CURVES[1]!.base));
    core.wipe();
    expect(codeOf(core.curves.verify(new Uint8Array(16), new Uint8Array(72)))).toBe('call-order');
    expect(codeOf(core.curves.prepare(2, modelOf(2).compress(CURVES[1]!.base)))).toBeNull();
    expect(codeOf(core.curves.verify(new Uint8Array(16).fill(1), new Uint8Array(72).fill(1)))).toBe('curve-signature');
  });
});
