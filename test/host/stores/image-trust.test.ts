import { describe, expect, test } from 'vitest';
import { eui64, unhex } from '../../../host/model/ids.ts';
import type { ImagePolicy } from '../../../host/model/image.ts';
import { DEFAULT_POLICY, ImageTrustStore, type ImageTrustPlan, type TrustedAuthority } from '../../../host/stores/image-trust.ts';

const authority = (change: Partial<TrustedAuthority> = {}): TrustedAuthority => ({
  name: 'maker',
  suite: 2,
  issuer: eui64('0200000000000ca2'),
  key: new Uint8Array(37).fill(2),
  environment: 'production',
  ...change,
});
const strict: ImagePolicy = { ...DEFAULT_POLICY, signatureRequired: true, maximumSize: 1024, signers: [eui64('0200000000000007')] };
const build = (change: Partial<ImageTrustPlan> = {}) =>
  ImageTrustStore.of({
    environment: 'production',
    authorities: [authority()],
    policy: DEFAULT_POLICY,
    manufacturers: new Map([[0x1d01, strict]]),
    ...change,
  });

describe('the trust store of images', () => {
  test('asks of a manufacturer what was chosen for it, and of any other what is asked of all', () => {
    const store = build();
    if (!store.ok) throw new Error(store.detail);
    const { authorities } = store.value.demands(0x1d01).trust;
    expect(authorities.map(({ name }) => name)).toEqual(['maker']);
    expect(store.value.demands(0x1d01)).toMatchObject({
      signatureRequired: true,
      integrityRequired: true,
      body: 'tagged',
      maximumSize: 1024,
      trust: { signers: strict.signers },
    });
    expect(store.value.demands(0x1d02)).toMatchObject({ signatureRequired: false, trust: { authorities, signers: undefined } });
  });

  test.each([
    [1, '0200fde8a7f3d1084224962a4e7c54e69ac3f04da6b8', 'the Smart Energy test CA of suite 1'],
    [2, '0207a445022d9f39f49bdc38380026a27a9e0a1799313ab28c5c1a1c6b605154db1dff6752', 'the Smart Energy test CA of suite 2'],
  ] as const)('refuses the test CA of suite %i in production by name, whatever its file says it is', (suite, key, name) => {
    const test = authority({ name: 'innocent', suite, key: unhex(key) });
    expect(build({ authorities: [authority(), test] })).toMatchObject({
      ok: false,
      code: 'test-authority',
      detail: expect.stringContaining(`innocent is ${name}`) as string,
    });
    expect(build({ environment: 'lab', authorities: [{ ...test, environment: 'lab' }] })).toMatchObject({ ok: true });
  });

  test('refuses an authority of the other environment by name, either way', () => {
    expect(build({ authorities: [authority({ name: 'bench', environment: 'lab' })] })).toMatchObject({
      ok: false,
      code: 'environment',
      detail: 'bench is an authority of the lab environment',
    });
    expect(build({ environment: 'lab' })).toMatchObject({ ok: false, code: 'environment' });
  });

  test('that was given nothing trusts nobody, so that a signed image is refused', () => {
    expect(ImageTrustStore.without('lab').demands(1)).toEqual({
      signatureRequired: false,
      integrityRequired: true,
      body: 'tagged',
      maximumSize: 16 * 1024 * 1024,
      trust: { authorities: [], signers: undefined },
    });
  });
});
