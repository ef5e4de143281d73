/** Verification of upgrade files: the report, check by check. The core's own clauses are tested in test/assembly/image/. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ImageVerification, verifyImage } from '../../../host/core/image.ts';
import { compile } from '../../../host/core/module.ts';
import { digest, eui64 } from '../../../host/model/ids.ts';
import type { ImageCheck, ImageExpectation, ImageReport } from '../../../host/model/image.ts';
import { wasm } from '../../kit/core.ts';
import { bytes, join, le, mmo } from '../../kit/frame-oracle.ts';

let module: WebAssembly.Module;
beforeAll(async () => {
  module = await compile(wasm('core'));
});

interface Parts {
  readonly fieldControl?: number;
  readonly optional?: Uint8Array;
  readonly body?: Uint8Array;
  readonly total?: number;
}

const element = (tag: number, data: Uint8Array): Uint8Array => join(le(tag, 2), le(data.length, 4), data);
const PAYLOAD = element(
  0,
  Uint8Array.from({ length: 40 }, (_, i) => i),
);

/** A file: manufacturer 1234, type 0084, version 00000102. */
function file({ fieldControl = 0, optional = new Uint8Array(0), body = PAYLOAD, total }: Parts = {}): Uint8Array {
  const length = 56 + optional.length;
  const text = new Uint8Array(32);
  text.set(new TextEncoder().encode('PPMID sample'));
  return join(
    bytes('1ef1ee0b 0001'), le(length, 2), le(fieldControl, 2), bytes('3412 8400 02010000 0200'), text, le(total ?? length + body.length, 4),
    optional, body,
  ); // prettier-ignore
}

const verify = (bytes: Uint8Array, expectation: ImageExpectation = {}): ImageReport => verifyImage(module, [bytes], expectation);
const check = (report: ImageReport, name: string): ImageCheck | undefined => report.checks.find((each) => each.name === name);
const sha256 = (bytes: Uint8Array): ReturnType<typeof digest> => digest(Uint8Array.from(createHash('sha256').update(bytes).digest()));

/** The checks of a file itself, in the order of the report. */
const NAMES = [
  ...['magic', 'header', 'total-size', 'elements', 'integrity'],
  ...['signature', 'certificate', 'subject', 'issuer', 'signer', 'key-usage', 'ecdsa'],
];

describe('a good file', () => {
  test('is accepted, with its header, elements and digest', () => {
    const image = file();
    const report = verify(image);
    expect(report).toMatchObject({
      verdict: 'accepted',
      length: 102,
      sha256: sha256(image),
      header: {
        manufacturer: 0x1234,
        imageType: 0x84,
        fileVersion: 0x102,
        headerLength: 56,
        totalSize: 102,
        text: 'PPMID sample',
        headerVersion: 0x100,
      },
      elements: [{ tag: 0, offset: 62, length: 40 }],
    });
    expect(report.code).toBeUndefined();
    expect(report.checks.map((each) => [each.name, each.result])).toEqual([
      ['magic', 'passed'],
      ['header', 'passed'],
      ['total-size', 'passed'],
      ['elements', 'passed'],
      ['integrity', 'not-present'],
      ...NAMES.slice(5).map((name) => [name, 'not-present']),
    ]);
  });

  test('shows every optional field', () => {
    const optional = join(bytes('02'), bytes('aa00000000000002'), bytes('0100 0300'));
    expect(verify(file({ fieldControl: 7, optional })).header).toMatchObject({
      credentialVersion: 2,
      destination: '02000000000000aa',
      hardware: { min: 1, max: 3 },
      headerLength: 69,
    });
  });

  test('with an integrity code says which convention it follows', () => {
    const plain = file({ total: 56 + PAYLOAD.length + 22 });
    const report = verify(join(plain, element(3, mmo(plain))), { integrityRequired: true });
    expect(report.verdict).toBe('accepted');
    expect(check(report, 'integrity')).toMatchObject({
      result: 'passed',
      range: [102, 124],
      found: expect.stringContaining('hashed up to the element') as string,
    });
    const withHeader = join(plain, element(3, mmo(join(plain, bytes('0300 10000000')))));
    expect(check(verify(withHeader), 'integrity')?.found).toContain("with the element's tag and length");
  });

  test('without elements is accepted only when one payload is asked for', () => {
    const raw = file({ body: bytes('45454545 45454545 4545') });
    expect(verify(raw)).toMatchObject({ verdict: 'refused', code: 'raw-body' });
    expect(verify(raw, { body: 'raw' })).toMatchObject({ verdict: 'accepted', elements: [] });
  });
});

describe('an expectation', () => {
  const image = file();
  const met: ImageExpectation = { digest: sha256(image), length: 102, manufacturer: 0x1234, imageType: 0x84, fileVersion: 0x102 };

  test('that is met passes, one check a field', () => {
    const report = verify(image, met);
    expect(report.verdict).toBe('accepted');
    expect(report.checks.slice(NAMES.length).map((each) => each.name)).toEqual([
      'digest',
      'length',
      'manufacturer',
      'image-type',
      'file-version',
    ]);
  });

  test.each([
    ['digest', { digest: sha256(bytes('00')) }],
    ['length', { length: 103 }],
    ['manufacturer', { manufacturer: 0x1235 }],
    ['image-type', { imageType: 0x85 }],
    ['file-version', { fileVersion: 0x103 }],
    ['maximum-size', { maximumSize: 101 }],
    ['integrity', { integrityRequired: true }, 'no-integrity-code'],
    ['signature', { signatureRequired: true }, 'no-signature'],
  ] as const)('that is not met refuses the file: %s', (name, wrong, code: string = name) => {
    const report = verify(image, { ...met, ...wrong });
    expect(report).toMatchObject({ verdict: 'refused', code });
    expect(report.checks.filter((each) => each.result === 'failed').map((each) => each.name)).toEqual([name]);
    const failed = check(report, name);
    expect(failed?.expected).not.toBe(failed?.found);
  });

  test('of a hardware version asks the range, ends included [R-DM-01]', () => {
    const ranged = file({ fieldControl: 4, optional: bytes('0200 0400') });
    for (const [hardwareVersion, result] of [
      [1, 'failed'],
      [2, 'passed'],
      [4, 'passed'],
      [5, 'failed'],
    ] as const) {
      const report = verify(ranged, { hardwareVersion });
      expect(check(report, 'hardware-range')).toMatchObject({ result, found: '0x0002 to 0x0004', range: [56, 60] });
      expect(report.verdict).toBe(result === 'failed' ? 'refused' : 'accepted');
    }
    expect(check(verify(file(), { hardwareVersion: 1 }), 'hardware-range')?.result).toBe('not-present');
  });

  test('of a destination refuses a file for another device', () => {
    const own = file({ fieldControl: 2, optional: bytes('aa00000000000002') });
    expect(verify(own, { destination: eui64('02000000000000aa') }).verdict).toBe('accepted');
    expect(verify(own, { destination: eui64('02000000000000ab') })).toMatchObject({ verdict: 'refused', code: 'destination' });
    expect(check(verify(file(), { destination: eui64('02000000000000ab') }), 'destination')?.result).toBe('not-present');
  });
});

describe('a broken file', () => {
  const image = file();
  const changed = (at: number, value: number): Uint8Array => image.map((byte, i) => (i === at ? value : byte));

  test.each([
    ['magic', 'bad-magic', changed(0, 0)],
    ['header', 'bad-header-version', changed(4, 1)],
    ['header', 'bad-header-length', changed(6, 57)],
    ['header', 'bad-field-control', changed(9, 1)],
    ['total-size', 'bad-total-size', join(image, bytes('00'))],
    ['total-size', 'bad-total-size', image.slice(0, -1)],
    ['elements', 'raw-body', changed(56, 8)],
    ['elements', 'element-overruns', changed(58, 41)],
    ['integrity', 'integrity-mismatch', join(file({ total: 124 }), element(3, new Uint8Array(16)))],
    ['magic', 'bad-magic', image.slice(0, 3)],
    ['magic', 'bad-magic', new Uint8Array(0)],
    ['header', 'header-truncated', image.slice(0, 20)],
  ] as const)('fails at %s with %s, and has a record of every check', (name, code, bytes) => {
    const report = verify(bytes);
    expect(report).toMatchObject({ verdict: 'refused', code, sha256: sha256(bytes), length: bytes.length });
    expect(report.checks.map((each) => each.name)).toEqual(NAMES);
    expect(report.checks.filter(({ result }) => result === 'failed')).toMatchObject([{ name, code }]);
  });

  test('has nothing said of what comes behind its failed check', () => {
    const behind = verify(changed(4, 1)).checks.slice(2);
    expect(behind.map(({ result }) => result)).toEqual(behind.map(() => 'not-present'));
    expect(new Set(behind.map(({ found }) => found))).toEqual(new Set(['not looked at']));
  });

  test('whose header was not read fails every question about it', () => {
    const report = verify(image.slice(0, 20), { manufacturer: 0x1234, hardwareVersion: 1, destination: eui64('02000000000000aa') });
    expect(report.header).toBeUndefined();
    expect(report.checks.filter((each) => each.result === 'failed').map((each) => each.name)).toEqual([
      'header',
      'manufacturer',
      'hardware-range',
      'destination',
    ]);
  });

  test('shows control bytes of its text, never sends them', () => {
    const report = verify(changed(20, 0x1b));
    expect(report.header?.text).toBe('\\x1bPMID sample');
  });
});

describe('streaming', () => {
  test('in any split gives the report of one piece', () => {
    const plain = file({ fieldControl: 4, optional: bytes('0200 0400'), total: 60 + PAYLOAD.length + 22 });
    const image = join(plain, element(3, mmo(plain)));
    const whole = verify(image);
    for (let at = 0; at <= image.length; at++) expect(verifyImage(module, [image.subarray(0, at), image.subarray(at)], {})).toEqual(whole);
    const cuts = fc.array(fc.nat(image.length), { maxLength: 6 }).map((each) => [0, ...each.sort((a, b) => a - b), image.length]);
    const property = fc.property(cuts, (at) => {
      const parts = at.slice(1).map((end, i) => image.subarray(at[i], end));
      expect(verifyImage(module, parts, {})).toEqual(whole);
    });
    fc.assert(property, { numRuns: 30 });
  });

  test('takes chunks longer than the window', () => {
    const image = file({ body: element(0, new Uint8Array(20_000)) });
    expect(verify(image)).toMatchObject({ verdict: 'accepted', sha256: sha256(image) });
  });

  test('ends once', () => {
    const verification = new ImageVerification(module, {});
    verification.update(file());
    verification.finish();
    expect(() => verification.finish()).toThrow('finished');
    expect(() => verification.update(file())).toThrow('finished');
  });
});

const CORPUS = new URL('../../../../shared/corpus/ota/', import.meta.url);

describe.skipIf(!existsSync(CORPUS))('files of the field (../shared/corpus/ota)', () => {
  /** What is known of each file, by the number its name begins with. */
  const known: Readonly<Record<string, { readonly code?: string; readonly integrity?: string }>> = {
    '01': { integrity: "with the element's tag and length" },
    '02': {},
    '03': { integrity: 'hashed up to the element' },
    '06': { integrity: '16-bit length' },
    '08': { code: 'bad-magic' },
    '10': { code: 'bad-total-size' },
    '13': { code: 'element-truncated' },
    '14': {},
    '16': { code: 'bad-total-size' },
    '91': {},
  };

  test.each(existsSync(CORPUS) ? readdirSync(CORPUS).filter((name) => /^\d\d_/.test(name)) : [])('%s', (name) => {
    const report = verify(Uint8Array.from(readFileSync(new URL(name, CORPUS))));
    const expected = known[name.slice(0, 2)];
    expect(expected).toBeDefined();
    expect(report.code).toBe(expected?.code);
    expect(report.verdict).toBe(expected?.code === undefined ? 'accepted' : 'refused');
    if (expected?.integrity) expect(check(report, 'integrity')?.found).toContain(expected.integrity);
  });
});
