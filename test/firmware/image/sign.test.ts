/** Signing of upgrade files: what stands where, that OpenSSL agrees, and that every manipulation is refused by its own check. */
import { describe, expect, test } from 'vitest';
import { Usage } from '../../../firmware/image/authority.ts';
import { buildImage, type ImageSpec } from '../../../firmware/image/build.ts';
import { Tag } from '../../../firmware/image/format.ts';
import { elementData, inspectImage } from '../../../firmware/image/inspect.ts';
import { conventionOf, integrityCode, integrityOffset, type Convention } from '../../../firmware/image/integrity.ts';
import { MUTATIONS, mutation } from '../../../firmware/image/mutate.ts';
import { signImage, signingLength } from '../../../firmware/image/sign.ts';
import { Fault } from '../../../host/model/fault.ts';
import { eui64, euiToAir, hex, unhex } from '../../../host/model/ids.ts';
import type { ImageReport } from '../../../host/model/image.ts';
import { opensslVerifies, hasOpenssl } from '../../kit/openssl.ts';
import { mmo, verify } from '../kit/bench.ts';
import { authorities, issued, ISSUERS, OTHER_EUI, signer, SIGNER_EUI, signers, trust } from '../kit/signing.ts';

const SUITES = [1, 2] as const;
const spec = (length = 500): ImageSpec => ({
  manufacturer: 0x1d01,
  imageType: 0x84,
  fileVersion: 2,
  text: 'signed',
  elements: [{ tag: 0, data: Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff) }],
});
const asked = { trust, signatureRequired: true } as const;
const failed = (report: ImageReport): string[] => report.checks.flatMap(({ result, code }) => (result === 'failed' ? [code ?? ''] : []));

describe.each(SUITES)('a file signed in suite %i', (suite) => {
  const built = buildImage(spec(), mmo);
  const file = signImage(built, signers[suite], signer);

  test('has certificate and signature as its last elements, and a total size and an integrity code that know of them', () => {
    const { header, elements, oddities } = inspectImage(file);
    expect(oddities).toEqual([]);
    expect(elements.map(({ tag }) => tag)).toEqual([0, 3, ...(suite === 1 ? [2, 1] : [6, 5])]);
    expect([header?.totalSize, file.length]).toEqual([file.length, built.length + signingLength(suite)]);
    expect(verify(file, { ...asked, integrityRequired: true })).toMatchObject({
      verdict: 'accepted',
      signature: { suite, signer: SIGNER_EUI, subject: SIGNER_EUI, issuer: ISSUERS[suite], authority: `test authority ${suite}` },
    });
  });

  test.skipIf(!hasOpenssl)('verifies under OpenSSL, over the digest of everything before r and s, and a changed one does not', () => {
    const data = elementData(file, inspectImage(file), suite === 1 ? Tag.SIGNATURE_163 : Tag.SIGNATURE_283) ?? new Uint8Array();
    const signature = data.subarray(8);
    const digest = mmo(file.subarray(0, file.length - signature.length));
    const point = unhex(verify(file, asked).signature?.publicKey ?? '');
    expect(opensslVerifies(suite, point, digest, signature)).toBe(true);
    expect(
      opensslVerifies(
        suite,
        point,
        digest.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
        signature,
      ),
    ).toBe(false);
  });

  test('is signed alike each time, and anew when it was signed before', () => {
    expect(hex(signImage(built, signers[suite], signer))).toBe(hex(file));
    expect(hex(signImage(file, signers[suite], signer))).toBe(hex(file));
    const again = signImage(file, signers[suite === 1 ? 2 : 1], signer);
    expect(inspectImage(again).elements.map(({ tag }) => tag)).toEqual([0, 3, ...(suite === 1 ? [6, 5] : [2, 1])]);
    expect(verify(again, asked).verdict).toBe('accepted');
  });

  const signatures = MUTATIONS.filter(({ caughtBy, name }) => caughtBy === 'signature' && !(suite === 1 && name === 'certificate-usage'));
  test.each(signatures.map((each) => [each.name, each] as const))(
    'spoilt by %s is refused with the code that it names',
    (_, { apply, code }) => {
      const before = hex(file);
      const spoilt = apply(file, mmo);
      expect(hex(file)).toBe(before);
      const report = verify(spoilt, { ...asked, trust: { ...trust, signers: undefined }, integrityRequired: true });
      expect(report).toMatchObject({ verdict: 'refused', code });
      expect(report.checks.find(({ name }) => name === 'integrity')?.result).toBe('passed'); // nothing else caught it
    },
  );

  test('is refused when the authority, its issuer, the signer or the usage is another', () => {
    const [authority] = trust.authorities.filter((each) => each.suite === suite) as [(typeof trust.authorities)[number]];
    const under = (change: Partial<typeof authority>, list = trust.signers): string[] =>
      failed(verify(file, { signatureRequired: true, trust: { authorities: [{ ...authority, ...change }], signers: list } }));
    expect(under({})).toEqual([]);
    expect(under({ issuer: undefined }, undefined)).toEqual([]);
    expect(under({ issuer: eui64('0200000000000caf') })).toEqual(['issuer-not-trusted']);
    expect(under({}, [OTHER_EUI])).toEqual(['signer-not-allowed']);
    expect(under({}, [])).toEqual(['signer-not-allowed']);
    const key = signer.keyPair(suite, new Uint8Array(48).fill(9)).publicKey;
    expect(under({ key })).toEqual(['bad-signature']);
    expect(failed(verify(file, {}))).toEqual(['issuer-not-trusted']);
  });

  test('of another signer of the same authority is refused unless it is listed', () => {
    const other = signImage(built, issued(suite, OTHER_EUI), signer);
    expect(failed(verify(other, asked))).toEqual(['signer-not-allowed']);
    expect(failed(verify(other, { ...asked, trust: { ...trust, signers: undefined } }))).toEqual([]);
    expect(failed(verify(other, { ...asked, trust: { ...trust, signers: [SIGNER_EUI, OTHER_EUI] } }))).toEqual([]);
  });

  test('is tried under every authority of its issuer, a pinned one before one that may have any', () => {
    const [authority] = trust.authorities.filter((each) => each.suite === suite) as [(typeof trust.authorities)[number]];
    const wrong = { ...authority, name: 'rolled over', key: signer.keyPair(suite, new Uint8Array(48).fill(5)).publicKey };
    const found = (authoritiesGiven: readonly (typeof authority)[]) =>
      verify(file, { signatureRequired: true, trust: { authorities: authoritiesGiven, signers: undefined } });
    expect(found([wrong, authority])).toMatchObject({ verdict: 'accepted', signature: { authority: authority.name } });
    expect(failed(found([wrong, { ...authority, issuer: undefined }]))).toEqual(['bad-signature']);
    expect(
      found([
        { ...wrong, issuer: undefined },
        { ...authority, issuer: undefined },
      ]),
    ).toMatchObject({ verdict: 'accepted' });
  });
});

describe('an integrity code', () => {
  const built = buildImage(spec(9000), mmo); // long enough for the two paddings to differ
  const sealed = (convention: Convention): Uint8Array => {
    const copy = built.slice();
    const offset = integrityOffset(copy) ?? 0;
    copy.set(integrityCode(copy, offset, convention, mmo), offset);
    return copy;
  };
  const found = (file: Uint8Array): string | undefined => verify(file, asked).checks.find(({ name }) => name === 'integrity')?.found;

  test.each([
    ['before-tag', 'hashed up to the element'],
    ['with-tag', "hashed with the element's tag and length"],
    ['short-padding', 'hashed up to the element, padded with a 16-bit length'],
  ] as const)('that follows the convention %s is made anew by the same, which the core finds', (convention, said) => {
    const file = sealed(convention);
    expect(conventionOf(file, mmo)).toBe(convention);
    const signed = signImage(file, signers[2], signer);
    expect(conventionOf(signed, mmo)).toBe(convention);
    expect(verify(signed, { ...asked, integrityRequired: true }).verdict).toBe('accepted');
    expect(found(signed)).toMatch(new RegExp(`, ${said}$`));
  });

  test('that fits none is made anew up to its tag, and a file without one gets none', () => {
    const spoilt = sealed('with-tag');
    spoilt[spoilt.length - 1]! ^= 1;
    expect(conventionOf(spoilt, mmo)).toBeUndefined();
    expect(found(signImage(spoilt, signers[1], signer))).toMatch(/, hashed up to the element$/);
    const bare = signImage(buildImage(spec()), signers[1], signer);
    expect([conventionOf(bare, mmo), integrityOffset(bare)]).toEqual([undefined, undefined]);
    expect(verify(bare, asked).verdict).toBe('accepted');
  });
});

test('a signed file keeps certificate and signature when its integrity code is cut out', () => {
  const file = signImage(buildImage(spec(), mmo), signers[2], signer);
  const cut = mutation('without-integrity').apply(file, mmo);
  const { header, elements, oddities } = inspectImage(cut);
  expect(elements.map(({ tag }) => tag)).toEqual([Tag.UPGRADE_IMAGE, Tag.CERTIFICATE_283, Tag.SIGNATURE_283]);
  expect([header?.totalSize, cut.length, oddities]).toEqual([cut.length, file.length - 22, []]);
  expect(failed(verify(cut, asked))).toEqual(['bad-signature']);
});

test('a certificate that is missing is missed at the end of the file, as a signature is', () => {
  const file = mutation('without-certificate').apply(signImage(buildImage(spec(), mmo), signers[1], signer), mmo);
  expect(verify(file, asked).checks.find(({ name }) => name === 'certificate')).toMatchObject({
    code: 'no-certificate-of-the-suite',
    range: [file.length, file.length],
  });
});

test('a signed file without any program is accepted: there is nothing in it to be refused, and inspection says so', () => {
  const empty = signImage(buildImage({ ...spec(), elements: [{ tag: 0xf001, data: Uint8Array.of(1) }] }, mmo), signers[2], signer);
  expect(verify(empty, asked).verdict).toBe('accepted');
  expect(inspectImage(empty).oddities).toMatchObject([{ code: 'no-upgrade-image', detail: 'no upgrade image element (tag 0x0000)' }]);
});

test('a certificate of the other suite is accepted unread, and inspection says so', () => {
  const { certificate, privateKey } = signers[2];
  const unread = { tag: Tag.CERTIFICATE_163, data: new Uint8Array(48).fill(0xff) };
  const signature = { tag: Tag.SIGNATURE_283, data: Uint8Array.of(...euiToAir(SIGNER_EUI), ...new Uint8Array(72)) };
  const file = buildImage({
    ...spec(),
    elements: [...spec().elements, unread, { tag: Tag.CERTIFICATE_283, data: certificate }, signature],
  });
  const made = signer.sign(2, privateKey, mmo(file.subarray(0, -72)));
  file.set(made.ok ? made.value : [], file.length - 72);
  expect(verify(file, asked).verdict).toBe('accepted');
  expect(inspectImage(file).oddities).toEqual([
    {
      code: 'certificate-not-read',
      offset: inspectImage(file).elements[1]!.offset - 6,
      detail: 'a certificate of suite 1, in which nothing is signed: it is never looked at',
    },
  ]);
  expect(inspectImage(signImage(file, signers[1], signer)).elements.map(({ tag }) => tag)).toEqual([0, 2, 1]); // both give way
});

test('a certificate for key agreement alone signs nothing that is believed', () => {
  const file = signImage(buildImage(spec(), mmo), issued(2, SIGNER_EUI, Usage.AGREEMENT), signer);
  expect(failed(verify(file, asked))).toEqual(['key-usage-no-signature']);
});

test('a certificate of another authority of the same name is not believed: proof is in the signature alone', () => {
  const impostor = { ...authorities[2], ...signer.keyPair(2, new Uint8Array(48).fill(3)) };
  const theirs = issued(2, SIGNER_EUI, Usage.SIGNING, { ...impostor, key: impostor.publicKey });
  expect(failed(verify(signImage(buildImage(spec(), mmo), theirs, signer), asked))).toEqual(['bad-signature']);
});

test('what cannot be signed is refused by name', () => {
  for (const file of [new Uint8Array(3), buildImage(spec(), mmo).subarray(0, 200), Uint8Array.of(...buildImage(spec(), mmo), 1)]) {
    expect(() => signImage(file, signers[2], signer)).toThrow(Fault);
  }
  const raw = buildImage({ ...spec(), elements: [{ tag: 0x4242, data: new Uint8Array(9) }] });
  expect(verify(signImage(raw, signers[2], signer), asked)).toMatchObject({ verdict: 'refused', code: 'raw-body' });
});
