/** The verbs of the bench: an image flashed, its report written, printed, verified and spoilt. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildImage } from '../../firmware/image/build.ts';
import * as flash from '../../host/cli/bench-flash.ts';
import * as report from '../../host/cli/bench-report.ts';
import * as keysNew from '../../host/cli/keys-new.ts';
import { call, type Outcome } from './terminal.ts';

const run = (...argv: readonly string[]): Promise<Outcome> => call([flash, report, keysNew].map(({ register }) => register), argv); // prettier-ignore
const image = buildImage({
  manufacturer: 0x1ab3,
  imageType: 0x0101,
  fileVersion: 7,
  text: '<b>bench</b>',
  elements: [{ tag: 0, data: new Uint8Array(900) }],
});

let folder: string;
const at = (name: string): string => join(folder, name);
const flashing = (...more: readonly string[]): Promise<Outcome> => run('bench', 'flash', at('<i>.ota'), '--radio', 'air', ...more);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-bench-cli-'));
  writeFileSync(at('<i>.ota'), image);
  const owner = ['--role', 'gateway', '--party', '02-00-00-00-00-00-02-01', '--environment', 'lab'];
  for (const name of ['lab', 'other']) await run('keys', 'new', ...owner, '--name', `the ${name} bench`, '--out', at(`${name}.key`));
  expect(await flashing('--report', at('own.json'), '--key', at('lab.key'), '--repeat', '2')).toMatchObject({ code: 0, err: '' });
  expect(await flashing('--report', at('run.json'), '--json')).toMatchObject({ code: 0, err: '' });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('bench flash', () => {
  test('tells each device and closes with a table of them', async () => {
    const { code, out } = await flashing('--repeat', '2');
    expect(code).toBe(0);
    expect(out).toContain('Device 2 of 2: 0200000000000212');
    const table = out.slice(out.indexOf('No.  device'));
    expect(table).toMatch(
      /^No\. +device +outcome.*\n1 +0200000000000202 +passed +0x00000007.*\n2 +0200000000000212 +passed .*\n2 passed, 0 failed$/,
    );
  });

  test('writes a page to print beside the report, in which nothing of the file is markup', () => {
    const page = readFileSync(at('own.json.html'), 'utf8');
    for (const told of ['the lab bench', '0200000000000212', 'magic', 'transferring', 'Authority asked', '&lt;b&gt;bench', '0x0000 (900 bytes)']) expect(page).toContain(told); // prettier-ignore
    expect(page).not.toContain('<i>');
  });

  test.each([
    [['--radio', 'usb'], '--radio usb is neither "air" nor a radio'],
    [['--radio', 'tcp://127.0.0.1:1'], '--device is missing'],
    [['--install-code', '83fed3407a939723a5c639b26916d505c3b5'], '1 codes for 0 devices'],
    [['--device', 'x'], '--device x is not an EUI-64'],
    [['--device', '0200000000000202', '--install-code', '83fe'], '--install-code: 2 bytes: an install code has'],
    [['--repeat', '2', '--data', 'somewhere'], '--data keeps the store of one gateway'],
    [['--key', 'lab.key'], '--key signs a report: name --report too'],
    [['--repeat', '0'], '--repeat 0 is not a whole number'],
  ])('cannot use %j: code 2', async (argv, line) => {
    expect(await flashing(...argv)).toMatchObject({ code: 2, err: expect.stringContaining(line) as string });
  });

  test('does not write over a report', async () => {
    expect(await flashing('--report', at('own.json'))).toMatchObject({ code: 2, err: expect.stringContaining('exists already') as string });
  });
});

describe('bench verify', () => {
  test('holds a report to the key of the lab, and prints its page anew', async () => {
    const verified = await run('bench', 'verify', at('own.json'), '--key', at('lab.key.pub'), '--page', at('again.html'), '--json');
    expect(verified).toMatchObject({
      code: 0,
      json: { ok: true, code: 'ok', signer: { name: 'the lab bench' }, report: { passed: 2, failed: 0 } },
    });
    expect(readFileSync(at('again.html'), 'utf8')).toBe(readFileSync(at('own.json.html'), 'utf8'));
    expect(await run('bench', 'verify', at('own.json'), '--key', at('other.key.pub'))).toMatchObject({
      code: 1,
      out: expect.stringContaining('refused (other-signer)') as string,
    });
  });

  test('of a key that was made for the run says that it is not pinned; its public half is there to pin it', async () => {
    expect(existsSync(at('own.json.pub'))).toBe(false);
    expect((await run('bench', 'verify', at('run.json'))).out).toContain('a key made for this run');
    expect((await run('bench', 'verify', at('run.json'))).out).toContain('not pinned');
    expect((await run('bench', 'verify', at('run.json'), '--key', at('run.json.pub'))).code).toBe(0);
  });

  test('refuses a report in which one device more has passed, and writes no page of it', async () => {
    writeFileSync(at('spoilt.json'), readFileSync(at('own.json'), 'utf8').replace('"passed": 2', '"passed": 3'));
    expect(await run('bench', 'verify', at('spoilt.json'), '--page', at('spoilt.html'), '--json')).toMatchObject({
      code: 1,
      json: { ok: false, code: 'bad-signature' },
    });
    expect(existsSync(at('spoilt.html'))).toBe(false);
    expect(await run('bench', 'verify', at('<i>.ota'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('not a signed report') as string,
    });
  });
});
