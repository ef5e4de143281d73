/** `image verify` over files that others made: 74 signed vectors and ten files of makers, where the corpus is at hand. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as inspect from '../../host/cli/image-inspect.ts';
import * as verify from '../../host/cli/image-verify.ts';
import { ROOT } from '../kit/gates/source.ts';
import { call, type Outcome } from './terminal.ts';

const run = (verb: string, path: string, ...argv: readonly string[]): Promise<Outcome> =>
  call([verify.register, inspect.register], ['image', verb, path, ...argv, '--json']);

interface Vector {
  readonly name: string;
  readonly valid: boolean;
  readonly code: string;
  readonly file: string;
}

const vectors = `${ROOT}../shared/corpus/vectors/`;
describe.skipIf(!existsSync(vectors))('74 signed images (../shared/corpus/vectors/ota-signed-images.json)', () => {
  const { images } = existsSync(vectors)
    ? (JSON.parse(readFileSync(`${vectors}ota-signed-images.json`, 'utf8')) as { readonly images: readonly Vector[] })
    : { images: [] };
  const keys = [
    '0200fde8a7f3d1084224962a4e7c54e69ac3f04da6b8',
    '0207a445022d9f39f49bdc38380026a27a9e0a1799313ab28c5c1a1c6b605154db1dff6752',
  ];
  const issuers = ['5445535453454341', '11-12-13-14-15-16-17-18'];
  const anyIssuer = keys.flatMap((key) => ['--ca', key]);
  const pinned = keys.flatMap((key, i) => ['--ca', `${issuers[i]}=${key}`]);

  test('are all there', () => expect([images.length, images.filter(({ valid }) => valid).length]).toEqual([74, 17]));

  test.each(images.map((each) => [each.name, each] as const))(
    '%s gets its verdict and code, issuer pinned or not',
    async (_, { valid, code, file }) => {
      for (const ca of [anyIssuer, pinned]) {
        const found = await run('verify', vectors + file, ...ca);
        expect(found.code).toBe(valid ? 0 : 1);
        expect(found.json).toMatchObject({ verdict: valid ? 'accepted' : 'refused', code });
      }
    },
  );

  test('say "not pinned" where neither issuer nor signer was given, and pass both checks where they were', async () => {
    const [file, signer] = [`${vectors}ota/s2-small.ota`, '0a0b0c0d0e0f1011'];
    const checks = async (...argv: readonly string[]): Promise<readonly unknown[]> =>
      ((await run('verify', file, ...argv)).json as { checks: { name: string }[] }).checks.filter(({ name }) =>
        ['issuer', 'signer'].includes(name),
      );
    const open = { result: 'not-present', expected: 'not pinned' };
    expect(await checks(...anyIssuer)).toMatchObject([open, open]);
    expect(await checks(...pinned, '--signer', signer)).toMatchObject([{ result: 'passed' }, { result: 'passed' }]);
    expect(await run('verify', file, ...pinned, '--signer', '0a0b0c0d0e0f1012')).toMatchObject({
      code: 1,
      json: { code: 'signer-not-allowed' },
    });
    expect(await run('verify', file, '--ca', `0200000000000ca2=${keys[1]}`)).toMatchObject({
      code: 1,
      json: { code: 'issuer-not-trusted' },
    });
    expect(await run('verify', file, '--ca', keys[0] ?? '')).toMatchObject({ code: 1, json: { code: 'issuer-not-trusted' } });
    expect(await run('verify', file)).toMatchObject({ code: 1, json: { code: 'issuer-not-trusted' } });
  });
});

const makers = `${ROOT}../shared/corpus/ota/`;
describe.skipIf(!existsSync(makers))('ten files of makers (../shared/corpus/ota)', () => {
  const files = existsSync(makers) ? readdirSync(makers).filter((name) => /^\d\d_/.test(name)) : [];
  const path = (number: string): string => makers + (files.find((name) => name.startsWith(number)) ?? '');

  interface Known {
    /** What is said of the file as it is, and of the one inside it. */
    readonly code: string;
    readonly unwrapped: string;
    readonly integrity?: string;
    readonly wrapper?: readonly [before: number, behind: number];
    readonly header: readonly [manufacturer: number, type: number, version: number];
    readonly elements: readonly (readonly [tag: number, length: number])[];
  }
  /** As their README has them. */
  const known: Readonly<Record<string, Known>> = {
    '01': { code: 'ok', unwrapped: 'ok', integrity: "with the element's tag", header: [0x128b, 0x0109, 0x10300], elements: [[0, 30848], [3, 16]] },
    '02': { code: 'ok', unwrapped: 'ok', header: [0x128b, 0x0102, 0x10101], elements: [[0, 27100]] },
    '03': {
      code: 'ok',
      unwrapped: 'ok',
      integrity: 'hashed up to the element',
      header: [0x10f2, 0x7b2a, 0x2000230],
      elements: [[0xf7bd, 160], [0, 112896], [3, 16]],
    },
    '06': {
      code: 'ok',
      unwrapped: 'ok',
      integrity: '16-bit length',
      header: [0x1015, 0x02e0, 0x30c10],
      elements: [[0xf000, 18], [0, 181032], [0xf001, 18], [3, 16]],
    },
    '08': { code: 'bad-magic', unwrapped: 'ok', wrapper: [424, 512], header: [0x117c, 0x11c8, 0x20022623], elements: [[0, 186752]] },
    '10': { code: 'bad-total-size', unwrapped: 'bad-total-size', header: [0x4703, 0x22f1, 0x14], elements: [[0, 278768]] },
    '13': { code: 'element-truncated', unwrapped: 'element-truncated', header: [0x1286, 0x0815, 0x1102], elements: [[0xf000, 110032]] },
    '14': {
      code: 'ok',
      unwrapped: 'ok',
      header: [0x110c, 0x0005, 0x1020510],
      elements: [[0, 135408], [0xff01, 516], [0xff3e, 504], [0xff46, 8], [0xff52, 4028]],
    },
    '16': { code: 'bad-total-size', unwrapped: 'ok', wrapper: [0, 4], header: [0x1078, 0x0012, 0x20230222], elements: [[0, 152704]] },
    '91': { code: 'ok', unwrapped: 'ok', header: [0x1234, 0x0006, 0x12345678], elements: [[0, 16]] },
  }; // prettier-ignore

  test('are all known', () => expect(files.map((name) => name.slice(0, 2))).toEqual(Object.keys(known).toSorted()));

  test.each(Object.entries(known))('%s: header, elements and verdict, as it is and unwrapped', async (number, expected) => {
    const inspected = await run('inspect', path(number));
    const [manufacturer, imageType, fileVersion] = expected.header;
    expect(inspected.json).toMatchObject({ header: { manufacturer, imageType, fileVersion } });
    expect((inspected.json as { elements: { tag: number; length: number }[] }).elements.map(({ tag, length }) => [tag, length])).toEqual(
      expected.elements,
    );

    const asIs = await run('verify', path(number));
    expect(asIs).toMatchObject({ code: expected.code === 'ok' ? 0 : 1, json: { code: expected.code } });
    const unwrapped = await run('verify', path(number), '--unwrap');
    const [before, behind] = expected.wrapper ?? [0, 0];
    expect(unwrapped).toMatchObject({
      code: expected.unwrapped === 'ok' ? 0 : 1,
      json: { code: expected.unwrapped, wrapper: { before, behind } },
    });
    const { checks } = unwrapped.json as { checks: readonly { name: string; result: string; found: string }[] };
    const integrity = checks.find(({ name }) => name === 'integrity');
    if (expected.integrity === undefined) expect(integrity?.result).toBe('not-present');
    else expect(integrity).toMatchObject({ result: 'passed', found: expect.stringContaining(expected.integrity) as string });
  });

  test('are refused as raw bodies that must be signed, and taken as raw bodies that need not', async () => {
    expect(await run('verify', path('02'), '--body', 'raw')).toMatchObject({ code: 0, json: { elements: [] } });
    expect(await run('verify', path('02'), '--body', 'raw', '--ca', '0200fde8a7f3d1084224962a4e7c54e69ac3f04da6b8')).toMatchObject({
      code: 1,
      json: { code: 'no-signature' },
    });
  });

  test('that are wrapped are shown with what stands around them', async () => {
    const { json } = await run('inspect', path('08'));
    const { ranges, oddities } = json as { ranges: { start: number; end: number; name: string }[]; oddities: { code: string }[] };
    expect(ranges[0]).toMatchObject({ start: 0, end: 424, name: 'wrapper before the file' });
    expect(ranges.at(-1)).toMatchObject({ end: 187750, name: 'wrapper behind the file' });
    expect(oddities.map(({ code }) => code)).toEqual(expect.arrayContaining(['wrapper-prefix', 'trailing-bytes']));
  });
});
