/** Secrets, anchors and accounts out of their files: what is taken, and which file is named for what is not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  account,
  loadAnchors,
  loadInstallCodes,
  loadKey,
  loadSigningKey,
  loadStatements,
  loadWrappingKey,
} from '../../../host/compose/load.ts';
import { formatPublicKey, formatSigningKey } from '../../../host/messages/keyfile.ts';
import { signingKey } from '../../../host/messages/ed25519.ts';
import { eui64, unhex } from '../../../host/model/ids.ts';
import type { Environment, Role } from '../../../host/model/service-request.ts';

const PARTY = eui64('0200000000000103');
const SEED = new Uint8Array(32).fill(7);
let folder: string;

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function keyFile(role: Role, environment: Environment = 'lab'): { readonly secret: string; readonly open: string } {
  const { kid, publicKey } = signingKey(SEED);
  const owner = { environment, role, party: PARTY, name: `the ${role}` };
  return {
    secret: write(`${environment}-${role}.key`, formatSigningKey(owner, SEED)),
    open: write(`${environment}-${role}.key.pub`, formatPublicKey(environment, { ...owner, kid, key: publicKey })),
  };
}

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hearthgate-load-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a key file', () => {
  test('gives its signer, and the signing key when it holds one', async () => {
    const { secret, open } = keyFile('gateway');
    expect((await loadSigningKey(secret, 'lab', ['gateway'])).key.kid).toBe(signingKey(SEED).kid);
    expect((await loadKey(open, 'lab', ['gateway'])).signing).toBeUndefined();
    await expect(loadSigningKey(open, 'lab', ['gateway'])).rejects.toThrow(`${open}: holds the public key alone`);
  });
  test.each([
    ['lab', 'production'],
    ['production', 'lab'],
  ] as const)('of the %s environment is refused in that of %s, by name [R-SEP-01]', async (own, other) => {
    const { secret } = keyFile('gateway', own);
    const said = `${secret}: the gateway (${signingKey(SEED).kid}) is a ${own} key and is refused in the ${other} environment`;
    await expect(loadKey(secret, other, ['gateway'])).rejects.toMatchObject({ code: 'config', message: said });
  });
  test('of another role is refused, naming both [R-SIGN-04]', async () => {
    const { secret } = keyFile('import-supplier');
    await expect(loadKey(secret, 'lab', ['gateway', 'registration'])).rejects.toThrow(
      `${secret}: a key of the role import-supplier, not gateway or registration`,
    );
  });
  test('that is none is refused by name', async () => {
    const path = write('notes.key', 'not a key');
    await expect(loadKey(path, 'lab', ['gateway'])).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(path) as string,
    });
    await expect(loadKey(join(folder, 'missing.key'), 'lab', ['gateway'])).rejects.toThrow('missing.key: no such file');
  });
  test('is a trust anchor only in the registration role [R-SEP-01]', async () => {
    const { open } = keyFile('registration');
    expect(await loadAnchors([open], 'lab')).toMatchObject([{ role: 'registration', party: PARTY }]);
    await expect(loadAnchors([open, keyFile('gas-supplier').open], 'lab')).rejects.toThrow(
      'a key of the role gas-supplier, not registration',
    );
  });
});

describe('a wrapping key', () => {
  test('is 32 hex digits, with a line end or without', async () => {
    const digits = '00112233445566778899aabbccddeeff';
    for (const text of [digits, `${digits}\n`, digits.toUpperCase()])
      expect(await loadWrappingKey(write('w.key', text))).toEqual(unhex(digits));
  });
  test.each([
    ['short', '0011'],
    ['long', '0'.repeat(34)],
    ['not hexadecimal', 'x'.repeat(32)],
    ['empty', ''],
  ])('that is %s is refused without being shown', async (_name, text) => {
    const path = write('w.key', text);
    await expect(loadWrappingKey(path)).rejects.toMatchObject({ code: 'config', message: `${path}: not 32 hex digits` });
  });
});

describe('install codes', () => {
  const CODE = '83fed3407a932b70';
  test('stand one a line, named by EUI-64, as they are printed; comments and empty lines do not count', async () => {
    const path = write(
      'codes.yaml',
      `# the home\n02-00-00-00-00-00-02-02: "83FE D340 7A93 2B70"\n\n'0200000000000203': 83fe-d340-7a93-2b70\n02:00:00:00:00:00:02:04:\n  ${CODE}\n`,
    );
    expect(await loadInstallCodes(path)).toEqual(
      new Map(['0200000000000202', '0200000000000203', '0200000000000204'].map((device) => [eui64(device), unhex(CODE)])),
    );
  });
  test.each([
    ['without a name', `${CODE}\n`, ':1: no EUI-64 and colon'],
    ['with a wrong name', `ppmid: ${CODE}\n`, ':1: ppmid is not an EUI-64'],
    ['with a code of no length', '"0200000000000203": 12\n', ':1: 0200000000000203: 1 bytes: an install code has 6, 8, 12 or 16 bytes'],
    ['with half a byte', `0200000000000202: ${CODE}\n0200000000000203: "${CODE}0"\n`, ':2: 0200000000000203: 17 digits, not whole bytes'],
    ['with a letter too many', `0200000000000203: ${CODE}x\n`, ':1: 0200000000000203: character 17 of the install code'],
    ['with no code', '0200000000000203:\n', ':1: 0200000000000203: 0 bytes'],
    [
      'with two codes for one device',
      `0200000000000203: ${CODE}\n02-00-00-00-00-00-02-03: ${CODE}\n`,
      ':2: 02-00-00-00-00-00-02-03 has a code already',
    ],
  ])('%s are refused by their line, and no digit of a code is said', async (_name, text, said) => {
    const refused = loadInstallCodes(write('codes.yaml', text));
    await expect(refused).rejects.toMatchObject({ code: 'config', message: expect.stringContaining(said) as string });
    await expect(refused).rejects.not.toThrow(/83fe/i);
  });
});

describe('statements and accounts', () => {
  test('statements are read as they are, in order', async () => {
    const paths = [write('a.cose', Uint8Array.of(1)), write('b.cose', Uint8Array.of(2, 3))];
    expect((await loadStatements(paths)).map((bytes) => [...bytes])).toEqual([[1], [2, 3]]);
  });
  test('a password is its file without the line end', async () => {
    const url = 'mqtts://broker.example.invalid:8883';
    const passwordFile = write('password', 'two words \r\n');
    expect(await account({ url, username: 'hub', passwordFile })).toEqual({ url, username: 'hub', password: 'two words ' });
    expect(await account({ url })).toEqual({ url });
  });
});
