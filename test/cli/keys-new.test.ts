/** `keys new`: what it writes, for whom, and what it leaves alone. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { register } from '../../host/cli/keys-new.ts';
import { parseKeyFile } from '../../host/messages/keyfile.ts';
import { call } from './terminal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const keys = (...argv: string[]) => call([register], ['keys', 'new', ...argv]);
const signing = (file: string, ...more: string[]) =>
  keys('--role', 'gateway', '--party', '02-00-00-00-00-00-00-01', '--name', 'Gateway 1', '--environment', 'lab', '--out', file, ...more);
const read = (path: string) => {
  const file = parseKeyFile(readFileSync(path, 'utf8'));
  if (!file.ok) throw new Error(file.detail);
  return file.value;
};

describe('a signing key', () => {
  test('is written for its owner alone, its public half beside it', async () => {
    const file = join(folder, 'gateway.key');
    const { code, json } = await signing(file, '--json');
    expect(code).toBe(0);
    const [secret, open] = [read(file), read(`${file}.pub`)];
    expect(secret.signing?.kid).toBe(secret.signer.kid);
    expect(open).toEqual({ environment: 'lab', signer: secret.signer, signing: undefined });
    expect(json).toEqual({ file, public: `${file}.pub`, kid: secret.signer.kid, role: 'gateway', party: '0200000000000001' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${file}.pub`, 'utf8')).not.toContain('private');
  });
  test('is another each time', async () => {
    await signing(join(folder, 'a'));
    await signing(join(folder, 'b'));
    expect(read(join(folder, 'a')).signer.kid).not.toBe(read(join(folder, 'b')).signer.kid);
  });
  test('is never written over a file', async () => {
    const file = join(folder, 'taken');
    writeFileSync(file, 'mine');
    expect(await signing(file)).toMatchObject({ code: 2, err: `hearthgate: ${file}: exists already, and is left as it is` });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(existsSync(`${file}.pub`)).toBe(false);
  });
  test('never shows itself', async () => {
    const { out, err } = await signing(join(folder, 'a'));
    const secret = (JSON.parse(readFileSync(join(folder, 'a'), 'utf8')) as { private: string }).private;
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(out + err).not.toContain(secret);
  });
  test.each([
    [['--role', 'king', '--environment', 'lab'], '--role king is not one of import-supplier, '],
    [['--role', 'gateway', '--environment', 'home'], '--environment home is not one of lab, production'],
    [['--role', 'gateway', '--environment', 'lab', '--name', 'x', '--party', '1'], '--party 1 is not an EUI-64'],
    [['--role', 'gateway', '--environment', 'lab', '--name', 'x'], '--party is missing'],
    [['--role', 'gateway'], '--environment is missing'],
    [[], '--role is missing'],
  ])('is refused for %j', async (argv, line) => {
    const { code, err } = await keys(...argv, '--out', join(folder, 'k'));
    expect(code).toBe(2);
    expect(err).toContain(line);
    expect(existsSync(join(folder, 'k'))).toBe(false);
  });
});

describe('a wrapping key', () => {
  test('is 16 random bytes as hex digits, for its owner alone', async () => {
    const file = join(folder, 'wrapping.key');
    expect((await keys('--wrapping', '--out', file)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{32}\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
