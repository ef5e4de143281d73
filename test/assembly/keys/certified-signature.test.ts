/** Signatures by certified keys, in one call: those of upgrade files, and every clause of its refusals. */
import { describe, expect, test } from 'vitest';
import images from '../../../seeds/vectors/image-signatures.json' with { type: 'json' };
import { At, CurveReason } from '../../../assembly/abi/code.ts';
import { CERTIFICATE2_CURVE, CERTIFICATE2_POINT, CERTIFICATE2_USAGE } from '../../../assembly/abi/layout.ts';
import { nameOf } from '../../../host/core/codes.ts';
import { unhex } from '../../../host/model/ids.ts';
import { curveParts, type CurveParts } from '../../kit/curves.ts';

const parts = await curveParts();
const caOf = (suite: number): Uint8Array => unhex(suite === 1 ? images.ca1 : images.ca2);

function verify(suite: number, digest: Uint8Array, signature: Uint8Array, certificate: Uint8Array, ca: Uint8Array): number {
  const part = (parts[suite - 1] ?? parts[0]) as CurveParts;
  return part.inRoom(() => {
    const [hash, rs, cert] = [part.put(digest), part.put(signature), part.put(certificate)];
    return part.call.certifiedVerify(suite, hash, digest.length, rs, cert, certificate.length, part.put(ca));
  });
}

test.each(images.signatures)('the signature of an upgrade file: $name', ({ suite, certificate, digest, signature, code }) => {
  const number = verify(suite, unhex(digest), unhex(signature), unhex(certificate), caOf(suite));
  expect(number === 0 ? null : nameOf(number).name).toBe(code);
});

describe('a good signature', () => {
  const good = images.signatures.find(({ name }) => name === 's2-small') as (typeof images.signatures)[number];
  const [digest, signature, certificate] = [unhex(good.digest), unhex(good.signature), unhex(good.certificate)];
  const changed = (at: number, value: number): Uint8Array => certificate.with(at, value);
  const answer = (cert: Uint8Array, ca = caOf(2)): number => verify(2, digest, signature, cert, ca);
  const curve = (reason: CurveReason): number => At.CURVE * 256 + reason;

  test('is one', () => expect(answer(certificate)).toBe(0));
  test.each([0, 3])('1: is refused for suite %i', (suite) =>
    expect(verify(suite, digest, signature, certificate, caOf(2))).toBe(curve(CurveReason.SUITE)),
  );
  test('2: is refused under a certificate or a CA that is none', () => {
    expect(answer(certificate.slice(1))).toBe(curve(CurveReason.CERTIFICATE_LENGTH));
    expect(answer(changed(CERTIFICATE2_CURVE, 12))).toBe(curve(CurveReason.CERTIFICATE_FORMAT));
    expect(answer(changed(CERTIFICATE2_POINT, 4))).toBe(curve(CurveReason.POINT_PREFIX));
    expect(answer(certificate, caOf(2).with(1, 0x80))).toBe(curve(CurveReason.POINT_RANGE));
  });
  test('3: is refused under a certificate for key agreement alone', () =>
    expect(answer(changed(CERTIFICATE2_USAGE, 0x08))).toBe(curve(CurveReason.CERTIFICATE_USAGE)));
  test('5: is refused under the certificate of another, and under another CA', () => {
    expect(answer(changed(CERTIFICATE2_USAGE, 0x80))).toBe(curve(CurveReason.SIGNATURE));
    expect(answer(certificate, caOf(2).with(0, 3))).toBe(curve(CurveReason.SIGNATURE));
  });
});
