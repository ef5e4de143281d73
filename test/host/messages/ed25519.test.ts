import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import * as noble from '@noble/ed25519';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPublicKey, keyId, newSeed, signingKey, verify } from '../../../host/messages/ed25519.ts';
import { Fault } from '../../../host/model/fault.ts';
import { hex, unhex } from '../../../host/model/ids.ts';

interface Case {
  readonly pk: string;
  readonly msg: string;
  readonly sig: string;
}
const seeds = JSON.parse(readFileSync('seeds/vectors/ed25519.json', 'utf8')) as {
  readonly known: readonly (Case & { readonly name: string; readonly sk: string })[];
  readonly cases: readonly (Case & { readonly id: number; readonly comment: string; readonly valid: boolean })[];
  readonly badKeys: readonly { readonly name: string; readonly pk: string; readonly code: string }[];
};
const corpus = '../shared/corpus/vectors';
const accepts = ({ pk, msg, sig }: Case): boolean => verify(unhex(sig), unhex(msg), unhex(pk));
const nobleAccepts = ({ pk, msg, sig }: Case): Promise<boolean> =>
  noble.verifyAsync(unhex(sig), unhex(msg), unhex(pk), { zip215: false }).catch(() => false);

describe('Ed25519', () => {
  test.each(seeds.known)('gives key and signature of RFC 8032 $name', ({ sk, pk, msg, sig }) => {
    const key = signingKey(unhex(sk));
    expect([hex(key.publicKey), hex(key.sign(unhex(msg)))]).toEqual([pk, sig]);
    expect(accepts({ pk, msg, sig })).toBe(true);
  });

  test.each(seeds.cases)('answers case $id as published: $comment', ({ valid, ...one }) => expect(accepts(one)).toBe(valid));

  test.each(seeds.badKeys)('refuses a public key at loading: $name', ({ pk, code }) => {
    expect(checkPublicKey(unhex(pk))).toMatchObject({ ok: false, code });
    const zero = `${'01'.padEnd(64, '0')}${'0'.repeat(64)}`;
    expect(accepts({ pk, msg: '616e79', sig: zero })).toBe(false);
  });

  test('refuses a key of mixed order at loading: verifiers disagree on what it signs', () => {
    const sound = noble.Point.fromHex(seeds.known[0]?.pk ?? '');
    const torsion = noble.Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');
    expect(checkPublicKey(sound.add(torsion).toBytes())).toMatchObject({ ok: false, code: 'key-mixed-order' });
    expect(checkPublicKey(sound.toBytes())).toEqual({ ok: true, value: sound.toBytes() });
  });

  test('takes nothing that noble refuses with zip215 off, and refuses what only the equation with cofactor takes', async () => {
    // The signer adds a point of order 8 to R: s B = R + k A then holds after multiplication by the cofactor alone.
    const seed = unhex(seeds.known[0]?.sk ?? '');
    const expanded = createHash('sha512').update(seed).digest();
    const scalar = (bytes: Uint8Array): bigint => BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);
    const clamped = (scalar(expanded.subarray(0, 32)) & ((1n << 255n) - 8n)) | (1n << 254n);
    const { n } = noble.Point.CURVE();
    const torsion = noble.Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');
    const r = 12345n;
    const R = noble.Point.BASE.multiply(r).add(torsion).toBytes();
    const pk = signingKey(seed).publicKey;
    const k = scalar(createHash('sha512').update(R).update(pk).update('m').digest()) % n;
    const s = (r + k * clamped) % n;
    const sig = `${hex(R)}${hex(unhex(s.toString(16).padStart(64, '0')).reverse())}`;
    const one = { pk: hex(pk), msg: '6d', sig };
    expect([await nobleAccepts(one), accepts(one)]).toEqual([true, false]);
  });

  test('agrees with noble on signatures that were changed anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 64 }),
        fc.option(fc.nat(511)),
        async (seed, msg, bit) => {
          const key = signingKey(seed);
          const sig = key.sign(msg);
          if (bit !== null) sig[bit >> 3] = (sig[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          const one = { pk: hex(key.publicKey), msg: hex(msg), sig: hex(sig) };
          expect(accepts(one)).toBe(bit === null);
          expect(await nobleAccepts(one)).toBe(bit === null);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('names a key by the first 8 bytes of its SHA-256', () => {
    const { kid, publicKey } = signingKey(new Uint8Array(32));
    expect(kid).toBe(createHash('sha256').update(publicKey).digest('hex').slice(0, 16));
    expect(keyId(publicKey)).toBe(kid);
  });

  test('refuses a signature or a seed of another length', () => {
    const key = signingKey(new Uint8Array(32));
    const signature = key.sign(new Uint8Array());
    expect(verify(signature, new Uint8Array(), key.publicKey)).toBe(true);
    expect(verify(signature.subarray(0, 63), new Uint8Array(), key.publicKey)).toBe(false);
    expect(() => signingKey(new Uint8Array(31))).toThrow(Fault);
  });

  test('takes 32 bytes of entropy for a new key', () => {
    expect(newSeed({ bytes: (length) => new Uint8Array(length).fill(9) })).toEqual(new Uint8Array(32).fill(9));
  });
});

describe.skipIf(!existsSync(corpus))('the corpus of Ed25519 vectors', () => {
  test('of Wycheproof and of small-order keys: node:crypto and noble answer alike, as published', async () => {
    const { tests, small_order } = JSON.parse(readFileSync(`${corpus}/ed25519-wycheproof.json`, 'utf8')) as {
      tests: (Case & { tcId: number; result: string })[];
      small_order: (Case & { name: string })[];
    };
    expect([tests.length, small_order.length]).toEqual([151, 3]);
    for (const one of tests) {
      expect(accepts(one), `case ${one.tcId}`).toBe(one.result === 'valid');
      expect(await nobleAccepts(one), `case ${one.tcId}`).toBe(one.result === 'valid');
    }
    for (const one of small_order) expect([accepts(one), await nobleAccepts(one)], one.name).toEqual([false, false]);
  });

  test('of RFC 8032: signatures are as published', () => {
    const { tests } = JSON.parse(readFileSync(`${corpus}/ed25519-rfc8032.json`, 'utf8')) as { tests: (Case & { sk: string })[] };
    expect(tests).toHaveLength(3);
    for (const { sk, msg, sig } of tests) expect(hex(signingKey(unhex(sk)).sign(unhex(msg)))).toBe(sig);
  });
});
