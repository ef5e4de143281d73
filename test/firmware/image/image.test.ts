import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildImage, type ImageSpec } from '../../../firmware/image/build.ts';
import { ELEMENT_HEADER, Tag } from '../../../firmware/image/format.ts';
import { elementData, inspectImage } from '../../../firmware/image/inspect.ts';
import { MUTATIONS, mutation } from '../../../firmware/image/mutate.ts';
import { Fault } from '../../../host/model/fault.ts';
import { hex, parseEui64, unhex, type Eui64 } from '../../../host/model/ids.ts';
import { HARDWARE, image, MANUFACTURER, mmo, verify } from '../kit/bench.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/ota', import.meta.url));

const u16 = fc.integer({ min: 0, max: 0xffff });
const spec: fc.Arbitrary<ImageSpec> = fc
  .record(
    {
      manufacturer: u16,
      imageType: u16,
      fileVersion: fc.integer({ min: 0, max: 0xffffffff }),
      stackVersion: u16,
      text: fc.string({ unit: fc.constantFrom(...'abc XYZ-09'), maxLength: 32 }),
      credentialVersion: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      destination: fc.option(
        fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => parseEui64(hex(bytes)) as Eui64),
        { nil: undefined },
      ),
      hardware: fc.option(fc.record({ min: u16, max: u16 }), { nil: undefined }),
      elements: fc
        .array(fc.record({ tag: fc.integer({ min: 0xf000, max: 0xffff }), data: fc.uint8Array({ maxLength: 300 }) }), { maxLength: 4 })
        .map((others) => [{ tag: Tag.UPGRADE_IMAGE as number, data: Uint8Array.of(1, 2, 3) }, ...others]),
    },
    { requiredKeys: ['manufacturer', 'imageType', 'fileVersion', 'text', 'elements'] },
  )
  .map((value) => Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as unknown as ImageSpec);

describe('building an upgrade file', () => {
  test('and inspecting it gives back what was asked for, with every combination of optional fields', () => {
    fc.assert(
      fc.property(spec, fc.boolean(), (asked, integrity) => {
        const file = buildImage(asked, integrity ? mmo : undefined);
        const { start, header, elements, oddities } = inspectImage(file);
        expect(oddities).toEqual([]);
        expect(start).toBe(0);
        expect(header).toMatchObject({
          manufacturer: asked.manufacturer,
          imageType: asked.imageType,
          fileVersion: asked.fileVersion,
          stackVersion: asked.stackVersion ?? 2,
          text: asked.text,
          totalSize: file.length,
          credentialVersion: asked.credentialVersion,
          destination: asked.destination,
          hardware: asked.hardware,
        });
        const data = elements.map(({ tag, offset, length }) => ({ tag, data: file.slice(offset, offset + length) }));
        expect(data.slice(0, asked.elements.length)).toEqual(asked.elements);
        expect(data.length).toBe(asked.elements.length + (integrity ? 1 : 0));
        expect(elementData(file, { start, header, elements, oddities }, 0)).toEqual(Uint8Array.of(1, 2, 3));
      }),
      { numRuns: 200 },
    );
  });

  test('gives the bytes of the format, byte by byte', () => {
    const file = buildImage({
      manufacturer: 0x1d01,
      imageType: 0x0084,
      fileVersion: 0x01020304,
      text: 'abc',
      credentialVersion: 2,
      destination: parseEui64('0200000000000042') as Eui64,
      hardware: { min: 0x0100, max: 0x01ff },
      elements: [{ tag: 0, data: Uint8Array.of(0xaa, 0xbb) }],
    });
    const expected = [
      '1ef1ee0b',
      '0001',
      '4500',
      '0700',
      '011d',
      '8400',
      '04030201',
      '0200',
      '616263'.padEnd(64, '0'),
      '4d000000',
      '02',
      '4200000000000002',
      '0001',
      'ff01',
      '0000',
      '02000000',
      'aabb',
    ];
    expect(hex(file)).toBe(expected.join(''));
  });

  test('is accepted by the core, its integrity code with short and with long padding', () => {
    for (const length of [16, 8100, 8191, 8192, 20_000]) {
      const file = image(1, { elements: [{ tag: 0, data: new Uint8Array(length).fill(7) }] });
      const expectation = {
        manufacturer: MANUFACTURER,
        imageType: 0x84,
        fileVersion: 0x10000,
        hardwareVersion: HARDWARE,
        integrityRequired: true,
      };
      expect(verify(file, expectation)).toMatchObject({ verdict: 'accepted' });
    }
  });

  test.each([
    ['a manufacturer beyond 16 bits', { manufacturer: 0x10000 }],
    ['a negative version', { fileVersion: -1 }],
    ['a header string of 33 bytes', { text: 'x'.repeat(33) }],
    ['a hardware version that is no integer', { hardware: { min: 0.5, max: 1 } }],
    ['a tag beyond 16 bits', { elements: [{ tag: 0x10000, data: new Uint8Array() }] }],
  ])('refuses %s', (_, change) => {
    expect(() => image(1, change as Partial<ImageSpec>)).toThrow(Fault);
  });
});

describe('inspecting bytes', () => {
  test('never throws, whatever they are', () => {
    const small = image(1, { elements: [{ tag: 0, data: new Uint8Array(20) }] });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.uint8Array({ maxLength: 200 }).map((rest) => Uint8Array.of(0x1e, 0xf1, 0xee, 0x0b, ...rest)),
          fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { maxLength: 8 }).map((edits) => {
            const copy = small.slice();
            for (const [at, value] of edits) copy[at] = value;
            return copy;
          }),
        ),
        (bytes) => {
          const { elements, oddities } = inspectImage(bytes);
          for (const element of elements) expect(element.offset).toBeLessThanOrEqual(bytes.length);
          for (const { offset } of oddities) expect(offset).toBeLessThanOrEqual(bytes.length);
        },
      ),
      { numRuns: 2000 },
    );
  });

  const cases = JSON.parse(readFileSync(new URL('../../../seeds/images/inspect.json', import.meta.url), 'utf8')) as {
    readonly name: string;
    readonly hex: string;
    readonly start: number | null;
    readonly totalSize: number | null;
    readonly elements: readonly (readonly [number, number, number])[];
    readonly oddities: readonly (readonly [string, number])[];
  }[];

  test.each(cases.map((each) => [each.name, each] as const))('tells what is odd about %s', (_, expected) => {
    const found = inspectImage(unhex(expected.hex));
    expect({
      start: found.start ?? null,
      totalSize: found.header?.totalSize ?? null,
      elements: found.elements.map(({ tag, offset, length }) => [tag, offset, length]),
      oddities: found.oddities.map(({ code, offset }) => [code, offset]),
    }).toEqual({ start: expected.start, totalSize: expected.totalSize, elements: expected.elements, oddities: expected.oddities });
  });
});

describe.skipIf(!existsSync(CORPUS))('inspecting files of vendors (corpus)', () => {
  const read = (prefix: string): Uint8Array => {
    const name = readdirSync(CORPUS).find((each) => each.startsWith(prefix)) ?? '';
    return new Uint8Array(readFileSync(`${CORPUS}/${name}`));
  };

  test.each([
    [
      '01',
      0x128b,
      0x0109,
      0x00010300,
      0,
      [
        [0, 30848],
        [3, 16],
      ],
      [],
    ],
    ['02', 0x128b, 0x0102, 0x00010101, 0, [[0, 27100]], []],
    [
      '03',
      0x10f2,
      0x7b2a,
      0x02000230,
      0,
      [
        [0xf7bd, 160],
        [0, 112896],
        [3, 16],
      ],
      [],
    ],
    [
      '06',
      0x1015,
      0x02e0,
      0x00030c10,
      0,
      [
        [0xf000, 18],
        [0, 181032],
        [0xf001, 18],
        [3, 16],
      ],
      [],
    ],
    ['08', 0x117c, 0x11c8, 0x20022623, 424, [[0, 186752]], ['wrapper-prefix', 'trailing-bytes']],
    ['10', 0x4703, 0x22f1, 0x00000014, 0, [[0, 278768]], ['truncated']],
    ['13', 0x1286, 0x0815, 0x00001102, 0, [[0xf000, 110032]], ['rest-too-short', 'no-upgrade-image']],
    [
      '14',
      0x110c,
      0x0005,
      0x01020510,
      0,
      [
        [0, 135408],
        [0xff01, 516],
        [0xff3e, 504],
        [0xff46, 8],
        [0xff52, 4028],
      ],
      [],
    ],
    ['16', 0x1078, 0x0012, 0x20230222, 0, [[0, 152704]], ['trailing-bytes']],
    ['91', 0x1234, 0x0006, 0x12345678, 0, [[0, 16]], []],
  ] as const)('file %s reads as its catalogue says', (prefix, manufacturer, imageType, fileVersion, start, elements, odd) => {
    const found = inspectImage(read(prefix));
    expect(found.start).toBe(start);
    expect(found.header).toMatchObject({ manufacturer, imageType, fileVersion });
    expect(found.elements.map(({ tag, length }) => [tag, length])).toEqual(elements);
    const codes = found.oddities.map(({ code }) => code).filter((code) => code !== 'text-not-printable');
    expect(codes).toEqual(odd);
  });

  test('file 03 carries the hardware range 0x0000 to 0x0005, and its integrity code is the one that build makes', () => {
    const file = read('03');
    const { header, elements } = inspectImage(file);
    expect(header?.hardware).toEqual({ min: 0, max: 5 });
    const code = elements.at(-1);
    expect(code?.tag).toBe(Tag.INTEGRITY_CODE);
    const offset = code?.offset ?? 0;
    expect(hex(mmo(file.subarray(0, offset - ELEMENT_HEADER)))).toBe(hex(file.slice(offset, offset + 16)));
  });
});

describe('manipulating an upgrade file', () => {
  const good = image(2);
  const expectation = {
    manufacturer: MANUFACTURER,
    imageType: 0x84,
    fileVersion: 0x20000,
    hardwareVersion: HARDWARE,
    integrityRequired: true,
  };
  const caught: Record<string, readonly string[]> = {
    structure: ['magic', 'header', 'total-size', 'elements'],
    integrity: ['integrity'],
    digest: ['integrity'],
    authorised: ['manufacturer', 'image-type', 'file-version'],
  };

  // Those of signatures have tests of their own: sign.test.ts.
  const unsigned = MUTATIONS.filter((each) => each.caughtBy !== 'signature');
  test.each(unsigned.map((each) => [each.name, each] as const))('%s is refused by the part that it names', (_, { apply, caughtBy }) => {
    const before = hex(good);
    const bad = apply(good, mmo);
    expect(hex(good)).toBe(before);
    expect(hex(bad) === before).toBe(false);
    const report = verify(bad, expectation);
    expect(report.verdict).toBe('refused');
    expect(caught[caughtBy]).toContain(report.checks.find(({ result }) => result === 'failed')?.name);
  });

  test('what only the digest catches passes when nothing but the format is asked', () => {
    expect(verify(mutation('without-integrity').apply(good, mmo), {})).toMatchObject({ verdict: 'accepted' });
  });

  test('names are listed when one is unknown, and missing elements are named', () => {
    expect(() => mutation('nonsense')).toThrow(/payload-bit/);
    const bare = image(1, { elements: [] });
    expect(() => mutation('payload-bit').apply(bare, mmo)).toThrow(/0x0000/);
  });
});
