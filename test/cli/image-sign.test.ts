/** The verbs around signed images, from a new authority to a verdict, and those that take files apart. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elementData, inspectImage } from '../../firmware/image/inspect.ts';
import { MUTATIONS } from '../../firmware/image/mutate.ts';
import * as build from '../../host/cli/image-build.ts';
import * as ca from '../../host/cli/image-ca.ts';
import * as diff from '../../host/cli/image-diff.ts';
import * as extract from '../../host/cli/image-extract.ts';
import * as inspect from '../../host/cli/image-inspect.ts';
import * as mutate from '../../host/cli/image-mutate.ts';
import * as sign from '../../host/cli/image-sign.ts';
import * as verify from '../../host/cli/image-verify.ts';
import { hex, unhex } from '../../host/model/ids.ts';
import type { ImageReport } from '../../host/model/image.ts';
import { hasOpenssl, opensslVerifies } from '../kit/openssl.ts';
import { mmo } from '../firmware/kit/bench.ts';
import { call, type Outcome } from './terminal.ts';

const VERBS = [build, ca, diff, extract, inspect, mutate, sign, verify].map(({ register }) => register);
const PROGRAM = Uint8Array.from({ length: 9000 }, (_, i) => (i * 13) & 0xff);
const SIGNER = '0200000000000007';

let folder: string;
const at = (name: string): string => join(folder, name);
const bytes = (name: string): Uint8Array => Uint8Array.from(readFileSync(at(name)));
const image = (words: readonly string[], input?: Uint8Array): Promise<Outcome> =>
  call(VERBS, ['image', ...words], input === undefined ? {} : { input });
const made = async (words: readonly string[], input?: Uint8Array): Promise<Outcome> => {
  const outcome = await image(words, input);
  expect(outcome).toMatchObject({ code: 0, err: '' });
  return outcome;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-sign-'));
  const given = ['--manufacturer', '0x1d01', '--type', '0x84', '--file-version', '2'];
  await made(['build', '-', ...given, '--out', at('bare.ota')], PROGRAM);
  for (const suite of ['1', '2']) {
    const lab = ['--name', `lab ${suite}`, '--environment', 'lab'];
    await made(['ca', 'new', '--suite', suite, '--issuer', `02-00-00-00-00-00-0c-a${suite}`, ...lab, '--out', at(`ca${suite}.key`)]);
    await made(['ca', 'issue', '--ca', at(`ca${suite}.key`), '--subject', SIGNER, '--out', at(`signer${suite}.key`)]);
    await made(['sign', at('bare.ota'), '--key', at(`signer${suite}.key`), '--out', at(`signed${suite}.ota`)]);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(['1', '2'])('suite %s', (suite) => {
  test('signs what verification accepts under the public file of the authority, which pins its issuer', async () => {
    const trusted = ['--ca', at(`ca${suite}.key.pub`), '--signer', SIGNER, '--integrity'];
    const { code, json } = await image(['verify', at(`signed${suite}.ota`), ...trusted, '--json']);
    expect(code).toBe(0);
    const report = json as ImageReport;
    expect(report).toMatchObject({
      verdict: 'accepted',
      signature: { signer: SIGNER, issuer: `0200000000000ca${suite}`, authority: `lab ${suite}` },
    });
    expect(report.checks.every(({ result, name }) => result === 'passed' || (suite === '1' && name === 'key-usage'))).toBe(true);
    const other = await image(['verify', at(`signed${suite}.ota`), '--ca', at(`ca${suite === '1' ? 2 : 1}.key.pub`), '--json']);
    expect(other).toMatchObject({ code: 1, json: { code: 'issuer-not-trusted' } });
  });

  test.skipIf(!hasOpenssl)('signs what `openssl pkeyutl` verifies', async () => {
    const file = bytes(`signed${suite}.ota`);
    const signature = elementData(file, inspectImage(file), suite === '1' ? 1 : 5)?.subarray(8) ?? new Uint8Array();
    const { json } = await image(['verify', at(`signed${suite}.ota`), '--ca', at(`ca${suite}.key`), '--json']);
    const { publicKey = '' } = (json as ImageReport).signature ?? {};
    expect(opensslVerifies(suite === '1' ? 1 : 2, unhex(publicKey), mmo(file.subarray(0, -signature.length)), signature)).toBe(true);
  });

  test('signs alike by the key file, by certificate and private key, and over a pipe', async () => {
    const keys = JSON.parse(readFileSync(at(`signer${suite}.key`), 'utf8')) as { certificate: string; private: string };
    writeFileSync(at(`private${suite}.hex`), `${keys.private}\n`);
    const parts = ['--certificate', keys.certificate, '--private', at(`private${suite}.hex`)];
    const piped = await image(['sign', '-', ...parts, '--out', '-'], bytes('bare.ota'));
    expect(piped.code).toBe(0);
    expect(Buffer.from(piped.out, 'latin1')).toEqual(Buffer.from(bytes(`signed${suite}.ota`)));
    expect(piped.err).toContain(`signed by ${SIGNER}, suite ${suite}`);
    expect(piped.err).toMatch(/, integrity code before-tag$/);
  });

  test('signs by an authority that certifies the signer on the spot', async () => {
    const out = at(`spot${suite}.ota`);
    await made(['sign', at('bare.ota'), '--ca', at(`ca${suite}.key`), '--signer', '02-00-00-00-00-00-00-09', '--out', out]);
    expect(await image(['verify', out, '--ca', at(`ca${suite}.key.pub`), '--json'])).toMatchObject({
      code: 0,
      json: { signature: { signer: '0200000000000009' } },
    });
  });
});

describe('image ca', () => {
  test.skipIf(process.platform === 'win32')('keeps private keys for their owner alone, and out of the public files', () => {
    for (const name of ['ca2.key', 'signer2.key']) {
      expect(statSync(at(name)).mode & 0o777).toBe(0o600);
      const secret = (JSON.parse(readFileSync(at(name), 'utf8')) as { private: string }).private;
      expect(readFileSync(at(`${name}.pub`), 'utf8')).not.toContain(secret);
    }
  });
  test('certifies for key agreement alone when told to, and such a signer is not believed', async () => {
    await made(['ca', 'issue', '--ca', at('ca2.key'), '--subject', SIGNER, '--usage', 'agreement', '--out', at('agree.key')]);
    await made(['sign', at('bare.ota'), '--key', at('agree.key'), '--out', at('agree.ota')]);
    expect(await image(['verify', at('agree.ota'), '--ca', at('ca2.key.pub'), '--json'])).toMatchObject({
      code: 1,
      json: { code: 'key-usage-no-signature' },
    });
  });
  test.each([
    [['ca', 'new', '--suite', '3', '--issuer', SIGNER, '--name', 'x', '--environment', 'lab'], '--suite 3 is not one of 1, 2'],
    [['ca', 'new', '--suite', '2', '--issuer', 'x', '--name', 'x', '--environment', 'lab'], '--issuer x is not an EUI-64'],
    [['ca', 'issue', '--ca', 'nowhere', '--subject', SIGNER], 'nowhere: no such file'],
  ])('cannot use %j: code 2', async (words, line) => {
    expect(await image([...words, '--out', at('none.key')])).toMatchObject({ code: 2, err: expect.stringContaining(line) as string });
  });
  test('needs the private key of the authority, and says so', async () => {
    const words = ['ca', 'issue', '--ca', at('ca2.key.pub'), '--subject', SIGNER, '--out', at('none.key')];
    expect(await image(words)).toMatchObject({ code: 2, err: expect.stringContaining('holds no private key') as string });
  });
});

describe('image sign', () => {
  test.each([
    [[], 'name either --key, or --certificate and --private, or --ca and --signer'],
    [['--key', 'a', '--ca', 'b'], 'name either --key'],
    [['--certificate', '00'], '--certificate and --private belong together'],
    [['--certificate', '0011', '--private', '00'], '00: no such file'],
    [['--key', 'nowhere'], 'nowhere: no such file'],
  ])('cannot use %j: code 2', async (argv, line) => {
    expect(await image(['sign', at('bare.ota'), ...argv, '--out', at('none.ota')])).toMatchObject({
      code: 2,
      err: expect.stringContaining(line) as string,
    });
  });
  test('refuses what is no upgrade file, and does not write over a file', async () => {
    const key = ['--key', at('signer2.key')];
    expect(await image(['sign', '-', ...key, '--out', at('none.ota')], Uint8Array.of(1, 2, 3))).toMatchObject({ code: 2 });
    expect(await image(['sign', at('bare.ota'), ...key, '--out', at('signed2.ota')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('exists already') as string,
    });
  });
});

describe('image extract', () => {
  test('gives the program bit for bit, an element by its tag, and the file out of a wrapper', async () => {
    await made(['extract', at('signed2.ota'), '--out', at('program.bin')]);
    expect(bytes('program.bin')).toEqual(PROGRAM);
    const certificate = await image(['extract', at('signed2.ota'), '--tag', '0x0006', '--out', '-']);
    const keys = JSON.parse(readFileSync(at('signer2.key'), 'utf8')) as { certificate: string };
    expect(hex(Buffer.from(certificate.out, 'latin1'))).toBe(keys.certificate);
    writeFileSync(at('wrapped'), Uint8Array.of(9, 9, 9, ...bytes('signed2.ota'), 7));
    await made(['extract', at('wrapped'), '--file', '--out', at('inner.ota')]);
    expect(bytes('inner.ota')).toEqual(bytes('signed2.ota'));
    expect(await image(['verify', at('wrapped'), '--ca', at('ca2.key.pub'), '--unwrap', '--json'])).toMatchObject({
      code: 0,
      json: { wrapper: { before: 3, behind: 1 } },
    });
  });
  test('says when there is no such element, or no upgrade file', async () => {
    expect(await image(['extract', at('bare.ota'), '--tag', '5', '--out', at('none')])).toMatchObject({ code: 1 });
    expect(await image(['extract', '-', '--out', at('none')], new Uint8Array(9))).toMatchObject({ code: 2 });
  });
});

describe('image mutate', () => {
  test('lists every manipulation', async () => {
    const { json } = await image(['mutate', '--list', '--json']);
    expect((json as { name: string }[]).map(({ name }) => name)).toEqual(MUTATIONS.map(({ name }) => name));
    expect((await image(['mutate', '--list'])).out.split('\n')).toHaveLength(MUTATIONS.length);
  });
  test.each(MUTATIONS.filter(({ caughtBy }) => caughtBy === 'signature').map(({ name, code = '' }) => [name, code]))(
    '%s makes a file that is refused: %s',
    async (name, code) => {
      const spoilt = await image(['mutate', at('signed2.ota'), '--name', name, '--out', '-']);
      expect(spoilt).toMatchObject({ code: 0, err: expect.stringContaining(name) as string });
      const verdict = await image(['verify', '-', '--ca', at('ca2.key.pub'), '--integrity', '--json'], Buffer.from(spoilt.out, 'latin1'));
      expect(verdict).toMatchObject({ code: 1, json: { code } });
    },
  );
  test('of an unknown name lists those that there are; of a file without what it spoils says so', async () => {
    expect(await image(['mutate', at('bare.ota'), '--name', 'x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('payload-bit') as string,
    });
    expect(await image(['mutate', at('bare.ota'), '--name', 'r-zero'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no signature') as string,
    });
    expect(await image(['mutate'])).toMatchObject({ code: 2 });
  });
});

describe('image diff', () => {
  test('of nothing is no comparison: code 2', async () => {
    expect(await image(['diff', at('signed1.ota'), '-'], new Uint8Array())).toMatchObject({
      code: 2,
      err: 'hearthgate: standard input: empty',
    });
  });
  test('of a file with itself finds nothing: code 0', async () => {
    expect(await image(['diff', at('signed1.ota'), at('signed1.ota'), '--json'])).toMatchObject({
      code: 0,
      json: { differences: [], bytes: 0 },
    });
  });
  test('tells fields, elements and bytes that differ: code 1', async () => {
    const { code, json } = await image(['diff', at('bare.ota'), '-', '--json'], bytes('signed2.ota'));
    expect(code).toBe(1);
    const { differences } = json as { differences: { what: string; a: string; b: string }[] };
    expect(differences.map(({ what }) => what)).toEqual(['length', 'totalSize', 'data of element 1', 'element 2', 'element 3']);
    expect(differences.at(-1)).toMatchObject({ a: 'none', b: '0x0005 signature, suite 2, 80 bytes' });
    const flipped = bytes('bare.ota');
    flipped[500]! ^= 1;
    expect((await image(['diff', at('bare.ota'), '-'], flipped)).out).toContain('1 bytes differ, the first at 500');
  });
});
