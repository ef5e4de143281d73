import { describe, expect, test } from 'vitest';
import { formatPublicKey, formatSigningKey, parseKeyFile } from '../../../host/messages/keyfile.ts';
import { signingKey } from '../../../host/messages/ed25519.ts';
import { hex } from '../../../host/model/ids.ts';
import { GAS, LEAD, must } from './parties.ts';

const SEED = new Uint8Array(32).fill(0x5a);
const OWNER = { environment: 'lab', role: 'import-supplier', party: LEAD.signer.party, name: 'Lead Supplier' } as const;
const TEXT = formatSigningKey(OWNER, SEED);
const changed = (fields: Record<string, unknown>, text = TEXT): string => JSON.stringify({ ...(JSON.parse(text) as object), ...fields });

describe('a key file', () => {
  test('with a signing key is read as it was written', () => {
    const { environment, signer, signing } = must(parseKeyFile(TEXT));
    const key = signingKey(SEED, 'import-supplier');
    expect(environment).toBe('lab');
    expect(signer).toEqual({ kid: key.kid, key: key.publicKey, role: 'import-supplier', party: LEAD.signer.party, name: 'Lead Supplier' });
    expect([signing?.kid, signing?.role]).toEqual([key.kid, 'import-supplier']);
    expect(signing?.sign(SEED)).toEqual(key.sign(SEED));
  });

  test('with a public key alone is read as it was written, and signs nothing', () => {
    const file = must(parseKeyFile(formatPublicKey('production', GAS.signer)));
    expect(file).toEqual({ environment: 'production', signer: GAS.signer, signing: undefined });
  });

  test('is JSON with its fields in a fixed order and a line end', () => {
    expect(Object.keys(JSON.parse(TEXT) as object)).toEqual([
      'hearthgate',
      'environment',
      'role',
      'party',
      'name',
      'kid',
      'public',
      'private',
    ]);
    expect(TEXT.endsWith('}\n')).toBe(true);
  });

  test.each([
    ['no JSON', '{', 'not-json', 'JSON'],
    ['an array', '[]', 'not-json', 'object'],
    ['null', 'null', 'not-json', 'object'],
    ['no role', changed({ role: undefined }), 'missing-field', 'role'],
    ['another role', changed({ role: 'dco' }), 'out-of-range', 'role'],
    ['another kind of file', changed({ hearthgate: 'certificate' }), 'out-of-range', 'hearthgate'],
    ['another environment', changed({ environment: 'test' }), 'out-of-range', 'environment'],
    ['a party that is no EUI-64', changed({ party: '02' }), 'out-of-range', 'party'],
    ['a party that is a number', changed({ party: 2 }), 'wrong-type', 'party'],
    ['an empty name', changed({ name: '' }), 'out-of-range', 'name'],
    ['upper-case digits', changed({ public: hex(LEAD.signer.key).toUpperCase() }), 'out-of-range', 'public'],
    ['an unknown field', changed({ comment: 'x' }), 'unknown-field', 'comment'],
    ['a public key of small order', changed({ public: '01'.padEnd(64, '0') }), 'key-small-order', 'small order'],
    ['the identifier of another key', changed({ kid: GAS.signer.kid }), 'key-mismatch', 'kid'],
    ['the private key of another', changed({ private: '11'.repeat(32) }), 'key-mismatch', 'private'],
    ['a signing key without private', changed({ private: undefined }), 'key-kind', 'private'],
    ['a public key with private', changed({ hearthgate: 'public-key' }), 'key-kind', 'private'],
    ['a short private key', changed({ private: '5a' }), 'out-of-range', 'private'],
  ])('is refused: %s', (_, text, code, named) => {
    const refused = parseKeyFile(text);
    expect(refused).toMatchObject({ ok: false, code });
    expect(!refused.ok && refused.detail).toContain(named);
    expect(!refused.ok && refused.detail).not.toContain('5a5a');
  });
});
