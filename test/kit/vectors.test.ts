/**
 * How many vectors there are, file by file: a row that is lost is missed here. That each is run is for the tests that read these files, and
 * that they are those of the sources is compared where the corpus is at hand.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const SEEDS = new URL('../../seeds/', import.meta.url);
const CORPUS = new URL('../../../shared/corpus/vectors/', import.meta.url);

const rows: readonly (readonly [file: string, counts: Readonly<Record<string, number>>, corpus: string, fields: readonly string[]])[] = [
  [
    'vectors/zigbee-primitives.json',
    { aes_mmo: 29, hmac_mmo: 9, derived_keys: 4, crc16_x25: 2, install_codes: 9, install_codes_invalid: 6, ccm_star: 15 },
    'zigbee-primitives.json',
    ['hash', 'mac', 'key_transport_key', 'key_load_key', 'verify_key_hash', 'code_with_crc', 'nonce', 'output'],
  ],
  ['vectors/cbke.json', { runs: 14 }, 'zse-cbke.json', ['cert', 'private_key', 'ephemeral_private', 'shared_secret_z', 'macu', 'macv']],
  ['vectors/implicit-certificates.json', { certificates: 47 }, 'zse-implicit-certs.json', ['cert', 'private_key', 'ca_public_key']],
  ['vectors/ecqv-issue.json', { certificates: 6 }, 'ecqv-issue-own-ca.json', ['cert', 'private_key', 'ca_k']],
  ['vectors/ecdsa-verify.json', { cases: 150 }, 'ecdsa-k163-k283-cavp-sigver.json', ['digest', 'sig']],
  ['vectors/ecdsa-sign.json', { cases: 30, deterministic: 4 }, 'ecdsa-k163-k283-cavp-siggen.json', ['digest', 'priv', 'k', 'sig']],
  ['vectors/public-keys.json', { validation: 24, agreement: 50, wycheproof: 76 }, 'ecdh-cofactor-k163-k283.json', ['z']],
  ['vectors/public-keys.json', {}, 'pubkey-validation-k163-k283.json', ['qx', 'qy']],
  ['vectors/public-keys.json', {}, 'ecdh-sect283k1-wycheproof.json', ['point', 'private', 'shared']],
  ['vectors/bad-points.json', { points: 48, infinite: 2 }, 'ec-bad-points.json', ['encoding', 'peer_public', 'own_private']],
  ['vectors/aes-ccm-128-13-wycheproof.json', { tests: 6 }, 'aes-ccm-128-13-wycheproof.json', ['iv', 'tag']],
  ['frames/secured.json', {}, 'zigbee-secured-frames.json', ['frame', 'nonce', 'aad']],
];

const read = (url: URL): string => readFileSync(url, 'utf8');

test.each(rows)('%s has every row', (file, counts) => {
  const found = JSON.parse(read(new URL(file, SEEDS))) as Readonly<Record<string, readonly unknown[]>>;
  expect(Object.fromEntries(Object.keys(counts).map((name) => [name, found[name]?.length]))).toEqual(counts);
});

test('seeds/frames/secured.json has 14 frames made for it and those that were captured, each with a verdict', () => {
  const frames = JSON.parse(read(new URL('frames/secured.json', SEEDS))) as readonly { layer: string; valid: boolean | string }[];
  const of = (layer: string) => frames.filter((each) => each.layer === layer).map(({ valid }) => valid);
  expect(of('aps')).toEqual([true, true, true, true]);
  expect(of('nwk')).toEqual([true, true, true, true, true, false, false, false, false, 'implementation-defined']);
});

describe.skipIf(!existsSync(CORPUS))('against the corpus (../shared/corpus/vectors)', () => {
  test.each(rows.map(([file, , corpus, fields]) => [corpus, file, fields] as const))('%s is in %s as a whole', (corpus, file, fields) => {
    const seeds = read(new URL(file, SEEDS)).toLowerCase();
    const values = [...valuesOf(JSON.parse(read(new URL(corpus, CORPUS))), new Set(fields))];
    expect(values.length).toBeGreaterThan(5);
    expect(values.filter((value) => !seeds.includes(value.toLowerCase()))).toEqual([]);
  });
});

const HEX = /^[0-9a-f]+$/i;

/** Every hexadecimal text that stands under one of some names, at any depth. */
function* valuesOf(value: unknown, names: ReadonlySet<string>): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string' && names.has(name) && HEX.test(member)) yield member;
    else yield* valuesOf(member, names);
  }
}
