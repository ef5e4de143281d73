/** `image verify`, `image inspect` and `image build` over files of our own; signing and the rest have files of their own. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildImage } from '../../firmware/image/build.ts';
import * as build from '../../host/cli/image-build.ts';
import * as inspect from '../../host/cli/image-inspect.ts';
import * as verify from '../../host/cli/image-verify.ts';
import type { ImageReport } from '../../host/model/image.ts';
import { call } from './terminal.ts';

const image = buildImage({
  manufacturer: 0x1234,
  imageType: 0x0084,
  fileVersion: 0x00000102,
  text: 'PPMID sample',
  hardware: { min: 1, max: 3 },
  elements: [{ tag: 0x0000, data: new Uint8Array(300).fill(7) }],
});
const sha256 = createHash('sha256').update(image).digest('hex');

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-image-'));
  file = join(folder, 'ppmid.ota');
  writeFileSync(file, image);
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (verb: string, path: string, argv: readonly string[] = [], input?: Uint8Array) =>
  call([verify.register, inspect.register], ['image', verb, path, ...argv], input === undefined ? {} : { input });

describe('image verify', () => {
  test('accepts a file that is what was asked for, with code 0', async () => {
    const asked = [
      '--sha256',
      sha256,
      '--manufacturer',
      '0x1234',
      '--type',
      '132',
      '--file-version',
      '0x102',
      '--hardware',
      '2',
      '--length',
      `${image.length}`,
    ];
    const { code, json } = await run('verify', file, [...asked, '--json']);
    expect(code).toBe(0);
    const report = json as ImageReport;
    expect(report).toMatchObject({ verdict: 'accepted', code: 'ok', sha256, length: image.length, header: { text: 'PPMID sample' } });
    expect(report.elements).toEqual([{ tag: 0, offset: 66, length: 300 }]);
    expect(report.checks.map((check) => check.name)).toEqual(
      expect.arrayContaining(['magic', 'digest', 'length', 'manufacturer', 'image-type', 'file-version', 'hardware-range']),
    );
  });

  test.each([
    [['--sha256', '0'.repeat(64)], 'digest'],
    [['--manufacturer', '0x1235'], 'manufacturer'],
    [['--type', '0x0085'], 'image-type'],
    [['--file-version', '0x103'], 'file-version'],
    [['--hardware', '4'], 'hardware-range'],
    [['--length', '1'], 'length'],
    [['--integrity'], 'no-integrity-code'],
  ])('refuses it for %j with code 1 and names the check', async (argv, name) => {
    const { code, json } = await run('verify', file, [...argv, '--json']);
    expect(code).toBe(1);
    expect(json).toMatchObject({ verdict: 'refused', code: name });
    expect((await run('verify', file, argv)).out).toContain(`refused (${name})`);
  });

  test('refuses what is no image: code 1', async () => {
    const input = Uint8Array.of(1, 2, 3, 4, 5);
    expect(await run('verify', '-', ['--json'], input)).toMatchObject({ code: 1, json: { verdict: 'refused', code: 'bad-magic' } });
  });
  test('of an empty file judges nothing: code 2, as every verb that takes an image', async () => {
    const empty = join(folder, 'empty.ota');
    writeFileSync(empty, '');
    for (const verb of ['verify', 'inspect']) {
      expect(await run(verb, empty)).toMatchObject({ code: 2, out: '', err: `hearthgate: ${empty}: empty` });
      expect(await run(verb, '-', ['--json'], new Uint8Array())).toMatchObject({
        code: 2,
        json: { error: { code: 'input', message: 'standard input: empty' } },
      });
    }
  });
  test('asks for a code and a length as a gateway does, when it is told to', async () => {
    const longest = ['--maximum-size', `${image.length}`];
    expect(await run('verify', file, [...longest, '--json'])).toMatchObject({ code: 0 });
    expect(await run('verify', file, ['--maximum-size', `${image.length - 1}`, '--json'])).toMatchObject({
      code: 1,
      json: { code: 'maximum-size' },
    });
    expect(await run('verify', file, ['--require-integrity', '--json'])).toMatchObject({ code: 1, json: { code: 'no-integrity-code' } });
  });
  test('of a file inside another refuses the whole, and says where it stands', async () => {
    const [before, behind] = [new Uint8Array(424).fill(0xca), new Uint8Array(512)];
    for (const [input, code, said] of [
      [Uint8Array.of(...before, ...image, ...behind), 'bad-magic', 'at byte 424, with 512 bytes behind its end: --unwrap'],
      [Uint8Array.of(...image, 1, 2, 3, 4), 'bad-total-size', 'at byte 0, with 4 bytes behind its end: --unwrap'],
    ] as const) {
      const hint = expect.stringContaining(said) as string;
      expect(await run('verify', '-', ['--json'], input)).toMatchObject({ code: 1, json: { code, hint } });
      expect((await run('verify', '-', [], input)).out).toContain(`  hint: an upgrade file stands ${said}`);
      expect((await run('verify', '-', ['--unwrap', '--json'], input)).json).not.toHaveProperty('hint');
    }
  });
  test('hints at nothing where no whole file is inside, and at a raw body where no element begins', async () => {
    for (const input of [image.subarray(0, -1), Uint8Array.of(9, ...image.subarray(0, -1)), new Uint8Array(99)]) {
      expect((await run('verify', '-', ['--json'], input)).json).not.toHaveProperty('hint');
    }
    const raw = buildImage({
      manufacturer: 1,
      imageType: 2,
      fileVersion: 3,
      text: '',
      elements: [{ tag: 0x0aaa, data: new Uint8Array(20) }],
    });
    expect((await run('verify', '-', ['--json'], raw)).json).toMatchObject({
      code: 'raw-body',
      hint: expect.stringContaining('--body raw') as string,
    });
    expect((await run('verify', '-', ['--body', 'raw'], raw)).code).toBe(0);
  });
  test.each([65, 700])('lists all of %i elements, as `image inspect` does', async (count) => {
    const data = (i: number): Uint8Array => new Uint8Array(i % 5).fill(i);
    const elements = Array.from({ length: count }, (_, i) => ({ tag: i === count - 1 ? 0 : 0xf000 + i, data: data(i) }));
    const many = buildImage({ manufacturer: 1, imageType: 2, fileVersion: 3, text: 'many', elements });
    const [verified, inspected] = [await run('verify', '-', ['--json'], many), await run('inspect', '-', ['--json'], many)];
    const report = verified.json as ImageReport;
    expect([verified.code, report.elementsSeen]).toEqual([0, count]);
    expect(report.elements.map(({ tag, length }) => [tag, length])).toEqual(elements.map((each) => [each.tag, each.data.length]));
    expect((inspected.json as ImageReport).elements).toEqual(report.elements);
    expect(report.checks.find(({ name }) => name === 'elements')?.found).toBe(`${count} elements`);
  });
  test('counts one element as one', async () => {
    expect((await run('verify', file)).out).toMatch(/elements {8}\d+-\d+ +1 element$/m);
  });
  test('says that code 0 is "accepted", and each exit code once', async () => {
    const { out } = await run('verify', '--help');
    expect(out).toContain('Code 0: accepted.');
    expect(out).toContain('Further exit codes: 3 environment fault, 130 interrupted.');
    expect(out).not.toContain('0 done');
    expect(out.replaceAll(/\s+/g, ' ')).toContain('SHA-256 that the whole file must have; with --unwrap: the file inside');
  });
  test('has the same members in JSON whatever the file is, and an id of a requirement in every check', async () => {
    const check = {
      name: expect.any(String),
      result: expect.any(String),
      expected: expect.any(String),
      found: expect.any(String),
    } as const;
    for (const input of [image, Uint8Array.of(1, 2, 3)]) {
      const asked = ['--destination', '0200000000000001', '--hardware', '1', '--sha256', '0'.repeat(64)];
      const report = (await run('verify', '-', [...asked, '--json'], input)).json as Record<string, unknown>;
      expect(Object.keys(report)).toEqual(['verdict', 'code', 'checks', 'sha256', 'length', 'header', 'elements', 'elementsSeen']);
      expect(report['header']).toEqual(input === image ? expect.objectContaining({ manufacturer: 0x1234 }) : null);
      for (const each of report['checks'] as Record<string, unknown>[]) {
        expect(each).toMatchObject({ ...check, range: [expect.any(Number), expect.any(Number)] });
        expect(each['requirements']).toContainEqual(expect.stringMatching(/^R-[A-Z]+-\d\d$/));
      }
    }
  });
  test('reads standard input as the same file', async () => {
    expect((await run('verify', '-', ['--json'], image)).json).toEqual((await run('verify', file, ['--json'])).json);
  });
  test.each([
    [['nowhere.ota'], 'nowhere.ota: no such file'],
    [['.'], '.: is a directory'],
    [['x', '--sha256', 'abc'], '--sha256 is not a SHA-256 of 64 hex digits'],
    [['x', '--type', '0x10000'], '--type 0x10000 is not a whole number from 0 to 65535'],
    [['x', '--type', '1e3'], '--type 1e3 is not a whole number'],
    [['x', '--destination', '12'], '--destination 12 is not an EUI-64'],
    [['x', '--body', 'bare'], '--body bare is not one of tagged, raw'],
    [['x', '--ca', 'nowhere.pub'], 'nowhere.pub: no such file'],
    [['x', '--ca', '11-22=0200fde8a7f3d1084224962a4e7c54e69ac3f04da6b8'], '11-22 is not an EUI-64'],
    [['x', '--maximum-size', '-1'], '--maximum-size -1 is not a whole number'],
    [['x', '--ca', '0102'], 'a key has 22 bytes (sect163k1) or 37 (sect283k1), not 2'],
    [['x', '--ca', `02${'00'.repeat(21)}`], 'no key of its curve'],
    [['x', '--signer', '0200000000000001'], '--signer needs a --ca that certified it'],
    [['x', '--ca', '0200fde8a7f3d1084224962a4e7c54e69ac3f04da6b8', '--signer', '7'], '--signer 7 is not an EUI-64'],
  ])('cannot use %j: code 2', async (argv, line) => {
    const { code, err } = await call([verify.register], ['image', 'verify', ...argv]);
    expect(code).toBe(2);
    expect(err).toContain(line);
  });
});

describe('image inspect', () => {
  test('shows header, elements and oddities', async () => {
    const { code, out } = await run('inspect', '-', [], Uint8Array.of(...image, 0));
    expect(code).toBe(0);
    for (const part of ['manufacturer: 0x1234', '"PPMID sample"', 'highest hardware version: 3', 'element 0x0000', 'trailing-bytes']) {
      expect(out).toContain(part);
    }
    expect(out).toContain('00000000  1e f1 ee 0b');
    expect(out).toContain('wrapper behind the file');
    expect(out).toMatch(/more bytes, up to \d+/);
  });
  test('of a file inside another says what becomes of the whole', async () => {
    const wrapped = Uint8Array.of(7, 7, ...image, 0);
    const { out } = await run('inspect', '-', [], wrapped);
    expect(out).toContain(`checks of ${image.length} bytes, counted from byte 2: accepted`);
    expect(out).toContain(
      `the whole of ${wrapped.length} bytes: refused (bad-magic); \`image verify --unwrap\` takes the file inside alone`,
    );
    expect((await run('inspect', '-', ['--json'], wrapped)).json).toMatchObject({
      verdict: 'accepted',
      whole: { verdict: 'refused', code: 'bad-magic' },
    });
    expect((await run('inspect', file)).out).not.toContain('the whole of');
  });
  test('of what is no image is code 1', async () => {
    const { code, json } = await run('inspect', '-', ['--json'], Uint8Array.of(1, 2, 3));
    expect(code).toBe(1);
    expect(json).toMatchObject({ length: 3, oddities: [{ code: 'no-file-identifier' }] });
  });
});

describe('image build', () => {
  const make = (name: string, ...argv: string[]) =>
    call([build.register, verify.register], ['image', 'build', '-', '--out', join(folder, name), ...argv], {
      input: new Uint8Array(9000).fill(5),
    });
  const given = ['--manufacturer', '0x1234', '--type', '0x0084', '--file-version', '0x102'];

  test('makes a file that verification accepts, integrity code included', async () => {
    writeFileSync(join(folder, 'notes'), 'notes');
    const more = [
      '--text',
      'PPMID',
      '--hardware',
      '0x1-3',
      '--destination',
      '02-00-00-00-00-00-00-07',
      '--element',
      `0xf000=${join(folder, 'notes')}`,
    ];
    const { code, json } = await make('built.ota', ...given, ...more, '--json');
    expect(code).toBe(0);
    const { length, sha256: digest } = json as { length: number; sha256: string };
    const verdict = await run('verify', join(folder, 'built.ota'), ['--integrity', '--sha256', digest, '--hardware', '3', '--json']);
    expect(verdict).toMatchObject({ code: 0, json: { length, header: { text: 'PPMID', destination: '0200000000000007' } } });
    expect((verdict.json as ImageReport).elements.map(({ tag }) => tag)).toEqual([0x0000, 0xf000, 0x0003]);
  });
  test('leaves the integrity code out when told to', async () => {
    expect((await make('plain.ota', ...given, '--no-integrity')).code).toBe(0);
    expect((await run('verify', join(folder, 'plain.ota'), ['--integrity', '--json'])).json).toMatchObject({ code: 'no-integrity-code' });
  });
  test('does not write over a file', async () => {
    expect(await make('ppmid.ota', ...given)).toMatchObject({ code: 2, err: expect.stringContaining('exists already') as string });
    expect(Uint8Array.from(readFileSync(file))).toEqual(image);
  });
  test.each([
    [given.slice(2), "required option '--manufacturer <code>' not specified"],
    [[...given, '--hardware', '3-1'], '--hardware 3-1 is not MIN-MAX'],
    [[...given, '--hardware', '7'], '--hardware 7 is not MIN-MAX'],
    [[...given, '--element', 'notes'], '--element notes is not TAG=FILE'],
    [[...given, '--element', '0x1=nowhere'], 'nowhere: no such file'],
    [[...given, '--text', 'x'.repeat(33)], 'at most 32 fit'],
  ])('cannot use %j: code 2, and writes nothing', async (argv, line) => {
    const { code, err } = await make('wrong.ota', ...argv);
    expect(code).toBe(2);
    expect(err).toContain(line);
    expect(existsSync(join(folder, 'wrong.ota'))).toBe(false);
  });
});
