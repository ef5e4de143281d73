/** Upgrade files of the field and signed ones, as the corpus has them: each verdict as its README says. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ImageFlag } from '../../../assembly/abi/code.ts';
import { nameOf } from '../../../host/core/codes.ts';
import { hex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';
import { PLAIN, verify } from './report.ts';

const core = await primitives();

const field = new URL('../../../../shared/corpus/ota/', import.meta.url);
describe.skipIf(!existsSync(field))('ten files of the field (corpus ota/)', () => {
  const names = existsSync(field) ? readdirSync(field) : [];
  const load = (number: string): Uint8Array => readFileSync(new URL(names.find((name) => name.startsWith(number)) ?? '', field));
  /** File, verdict, offset of the refusal, convention of the integrity code, elements. */
  const rows: readonly (readonly [string, string, number, string, readonly (readonly [number, number])[]])[] = [
    [
      '01',
      'accepted',
      0,
      'WITH_TAG_HEADER',
      [
        [0, 30848],
        [3, 16],
      ],
    ],
    ['02', 'accepted', 0, 'ABSENT', [[0, 27100]]],
    [
      '03',
      'accepted',
      0,
      'BEFORE_TAG',
      [
        [0xf7bd, 160],
        [0, 112896],
        [3, 16],
      ],
    ],
    [
      '06',
      'accepted',
      0,
      'SHORT_PADDING',
      [
        [0xf000, 18],
        [0, 181032],
        [0xf001, 18],
        [3, 16],
      ],
    ],
    ['08', 'MAGIC', 0, 'ABSENT', []],
    ['10', 'TOTAL_SIZE', 52, 'ABSENT', [[0, 278768]]],
    ['13', 'ELEMENT_TRUNCATED', 110094, 'ABSENT', [[0xf000, 110032]]],
    [
      '14',
      'accepted',
      0,
      'ABSENT',
      [
        [0, 135408],
        [0xff01, 516],
        [0xff3e, 504],
        [0xff46, 8],
        [0xff52, 4028],
      ],
    ],
    ['16', 'TOTAL_SIZE', 52, 'ABSENT', [[0, 152704]]],
    ['91', 'accepted', 0, 'ABSENT', [[0, 16]]],
  ];

  test.each(rows)('%s: %s', (number, verdict, offset, integrity, elements) => {
    const file = load(number);
    const report = verify(core, file);
    expect([report.verdict, report.offset, report.integrity]).toEqual([verdict, offset, integrity]);
    expect(report.elements.map(([tag, length]) => [tag, length])).toEqual(elements);
    expect(report.length).toBe(file.length);
  });

  test('every one of them has its row', () =>
    expect(
      names
        .filter((name) => /^\d\d_/.test(name))
        .map((name) => name.slice(0, 2))
        .sort(),
    ).toEqual(rows.map(([number]) => number)));

  test('one of them read as a body without elements is accepted by its size alone', () =>
    expect(verify(core, load('02'), PLAIN | ImageFlag.RAW_BODY).verdict).toBe('accepted'));
});

interface Signed {
  readonly name: string;
  readonly code: string;
  readonly file: string;
  readonly sha256?: string;
  readonly signed_bytes?: number;
  readonly digest_mmo?: string;
}
/** Issuers of the public test certificates: the text TESTSECA in suite 1. */
const [ISSUER_1, ISSUER_2] = ['5445535453454341', '1112131415161718'];

const signed = new URL('../../../../shared/corpus/vectors/ota-signed-images.json', import.meta.url);
describe.skipIf(!existsSync(signed))('signed files (corpus vectors/ota-signed-images.json)', () => {
  const images = existsSync(signed) ? (JSON.parse(readFileSync(signed, 'utf8')) as { readonly images: readonly Signed[] }).images : [];
  const load = ({ file }: Signed): Uint8Array => readFileSync(new URL(file, signed));
  const trust = {
    authorities: [
      { suite: 1, issuer: ISSUER_1, key: '0200fde8a7f3d1084224962a4e7c54e69ac3f04da6b8' },
      { suite: 2, issuer: ISSUER_2, key: '0207a445022d9f39f49bdc38380026a27a9e0a1799313ab28c5c1a1c6b605154db1dff6752' },
    ],
  };

  test.each(images)('$name: $code', (image) => {
    const report = verify(core, load(image), ImageFlag.WITHOUT_INTEGRITY | ImageFlag.ANY_SIGNER, trust);
    expect(report.code === 0 ? 'ok' : nameOf(report.code).name).toBe(image.code);
  });

  test.each(images.filter((image) => image.digest_mmo !== undefined && image.signed_bytes !== undefined))(
    '$name: the digest that was signed is the AES-MMO of its first $signed_bytes bytes',
    (image) => {
      const message = load(image).subarray(0, image.signed_bytes);
      const pieces = Array.from({ length: Math.ceil(message.length / 4096) }, (_, i) => message.subarray(4096 * i, 4096 * (i + 1)));
      expect(hex(core.mmo(pieces))).toBe(image.digest_mmo);
    },
  );
});
