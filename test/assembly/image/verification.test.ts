/** Image verification: one test for each refusal, what is reported, any split, and files of the field. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { At, CallReason, ImageFlag, ImageReason } from '../../../assembly/abi/code.ts';
import * as layout from '../../../assembly/abi/layout.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';
import { pattern } from '../crypto/oracle.ts';
import { element, HEADER, otaFile } from './ota-file.ts';
import type { Element, FileParts } from './ota-file.ts';
import { begin, namesOf, PLAIN, verify } from './report.ts';

const core = await primitives();
const image: Element = { tag: 0, data: pattern(40) };
const sized = (tag: number, length: number): Element => ({ tag, data: pattern(length) });

describe('accepted', () => {
  const files: readonly (readonly [string, FileParts])[] = [
    ['a header and an image', {}],
    ['an empty image', { elements: [sized(0, 0)] }],
    ['all optional fields', { credential: 2, destination: unhex('a1b2c3d4e5f60702'), hardware: [1, 5] }],
    ['one hardware version', { hardware: [3, 3] }],
    ['tags of a manufacturer before and behind the image', { elements: [sized(0xf000, 18), image, sized(0xffff, 3)] }],
    ['certificates of both suites that nothing is signed with', { elements: [image, sized(2, 48), sized(6, 74)] }],
    ['an integrity code', { integrity: 'before-tag' }],
    ['more elements than the list holds', { elements: Array.from({ length: 70 }, (_, i) => sized(0xf000 + i, i)) }],
  ];
  test.each(files)('%s', (_, parts) => {
    const file = otaFile(parts);
    const report = verify(core, file);
    expect([report.verdict, report.length, report.total]).toEqual(['accepted', file.length, file.length]);
    const elements = [...(parts.elements ?? [image]), ...(parts.integrity ? [sized(3, 16)] : [])];
    expect(report.seen).toBe(elements.length);
    expect(report.elements.map(([tag, length]) => [tag, length])).toEqual(elements.slice(0, 64).map(({ tag, data }) => [tag, data.length]));
    for (const [index, [, length, offset]] of report.elements.entries()) {
      if (elements[index]?.tag !== 3) expect(file.subarray(offset, offset + length)).toEqual(Buffer.from(elements[index]?.data ?? []));
    }
  });

  test('and whatever a file holds, nothing is written outside IMG, its list and its state: keys stay as they are', () => {
    const file = otaFile({ elements: Array.from({ length: 400 }, (_, i) => sized(0xf000 + i, 2)), integrity: 'before-tag' });
    core.memory.fill(0xa5, layout.SLOTS, layout.IMAGE_STATE);
    core.memory.fill(0xa5, layout.OUT, layout.IMG);
    core.memory.fill(0xa5, layout.IMG_AUTHORITIES, layout.SLOTS);
    expect(verify(core, file)).toMatchObject({ verdict: 'accepted', seen: 401 });
    for (const [start, end] of [
      [layout.SLOTS, layout.IMAGE_STATE],
      [layout.OUT, layout.IMG],
      [layout.IMG_AUTHORITIES, layout.SLOTS],
    ] as const) {
      expect(core.read(start, end - start).every((byte) => byte === 0xa5)).toBe(true);
    }
  });

  test('a list of elements holds nothing of an earlier file', () => {
    verify(core, otaFile({ elements: [image, sized(0xf000, 2), sized(0xf001, 2)] }));
    verify(core, otaFile());
    const behind = layout.IMG_ELEMENTS + layout.IMG_ELEMENT_SIZE;
    expect(core.read(behind, layout.IMG_AUTHORITIES - behind).every((byte) => byte === 0)).toBe(true);
  });

  test('a body without elements, when that is what was asked for', () => {
    const report = verify(core, otaFile({ elements: [], tail: pattern(333) }), PLAIN | ImageFlag.RAW_BODY);
    expect([report.verdict, report.seen, report.integrity]).toEqual(['accepted', 0, 'ABSENT']);
  });
});

describe('the header', () => {
  const { IMG } = layout;
  test('is reported field by field', () => {
    const destination = unhex('a1b2c3d4e5f60702');
    verify(core, otaFile({ credential: 2, destination, hardware: [0x0102, 0x0305] }));
    const view = new DataView(core.memory.buffer);
    const u16 = (field: number): number => view.getUint16(IMG + field, true);
    expect(u16(layout.IMG_FIELDS)).toBe(7);
    expect(u16(layout.IMG_HEADER_VERSION)).toBe(0x0100);
    expect(u16(layout.IMG_HEADER_LEN)).toBe(69);
    expect(u16(layout.IMG_MANUFACTURER)).toBe(HEADER.manufacturer);
    expect(u16(layout.IMG_TYPE)).toBe(HEADER.type);
    expect(u16(layout.IMG_STACK)).toBe(HEADER.stack);
    expect(view.getUint32(IMG + layout.IMG_FILE_VERSION, true)).toBe(HEADER.fileVersion);
    expect(Buffer.from(core.read(IMG + layout.IMG_STRING, 32)).toString()).toBe(HEADER.text.padEnd(32, '\0'));
    expect(core.memory[IMG + layout.IMG_CREDENTIAL]).toBe(2);
    expect(hex(core.read(IMG + layout.IMG_DESTINATION, 8))).toBe(hex(destination));
    expect([u16(layout.IMG_HW_MIN), u16(layout.IMG_HW_MAX)]).toEqual([0x0102, 0x0305]);
  });

  test('of an earlier file leaves nothing in the report of the next', () => {
    verify(core, otaFile({ credential: 2, hardware: [1, 5], integrity: 'before-tag' }));
    const first = verify(core, otaFile());
    expect(core.memory[IMG + layout.IMG_CREDENTIAL]).toBe(0);
    expect(first.integrity).toBe('ABSENT');
  });
});

describe('refused', () => {
  /** In the order of `ImageReason`; each row: what is wrong, the reason, where it is seen. */
  const rows: readonly (readonly [string, keyof typeof ImageReason, number, Uint8Array])[] = [
    ['another magic', 'MAGIC', 0, otaFile({ magic: 0x0beef11f })],
    ['a file wrapped in another', 'MAGIC', 0, Buffer.concat([pattern(424), otaFile()])],
    ['a newer header version', 'HEADER_VERSION', 4, otaFile({ headerVersion: 0x0200 })],
    ['a reserved bit of the field control', 'FIELD_CONTROL', 8, otaFile({ fieldControl: 8 })],
    ['the highest bit of the field control', 'FIELD_CONTROL', 8, otaFile({ fieldControl: 0x8000 })],
    ['a header length too small', 'HEADER_LENGTH', 6, otaFile({ headerLength: 55 })],
    ['a header length of zero', 'HEADER_LENGTH', 6, otaFile({ headerLength: 0 })],
    ['a field announced but not counted', 'HEADER_LENGTH', 6, otaFile({ fieldControl: 1 })],
    ['a field counted but not announced', 'HEADER_LENGTH', 6, otaFile({ credential: 2, fieldControl: 0 })],
    ['a total size below the header', 'TOTAL_SIZE', 52, otaFile({ total: 55 })],
    ['a total size of 512 MiB', 'TOTAL_SIZE', 52, otaFile({ total: 0x20000000 })],
    ['hardware versions the wrong way round', 'HARDWARE_RANGE', 56, otaFile({ hardware: [5, 4] })],
    [
      'hardware versions the wrong way round behind other fields',
      'HARDWARE_RANGE',
      65,
      otaFile({ credential: 1, destination: pattern(8), hardware: [5, 4] }),
    ],
    ['a header and nothing else', 'EMPTY', 56, otaFile({ elements: [] })],
    ['a body without elements', 'RAW_BODY', 56, otaFile({ elements: [], tail: Uint8Array.of(0x00, 0x40, 0, 0x20, 1, 2, 3, 4, 5, 6) })],
    ['a reserved tag first', 'RAW_BODY', 56, otaFile({ elements: [sized(7, 4)] })],
    ['a reserved tag later', 'TAG', 102, otaFile({ elements: [image, sized(0xefff, 4)] })],
    ['two bytes behind the last element', 'ELEMENT_TRUNCATED', 102, otaFile({ tail: pattern(2) })],
    ['five bytes where an element should be', 'ELEMENT_TRUNCATED', 56, otaFile({ elements: [], tail: new Uint8Array(5) })],
    ['an element longer than the file', 'ELEMENT_OVERRUN', 56, otaFile({ elements: [{ ...image, length: 41 }] })],
    ['an element of 4 GiB', 'ELEMENT_OVERRUN', 56, otaFile({ elements: [{ ...image, length: 0xffffffff }] })],
    ['an element that ends beyond 2^32', 'ELEMENT_OVERRUN', 102, otaFile({ elements: [image, { ...image, length: 0xffffffc0 }] })],
    ['an integrity code of 15 bytes', 'INTEGRITY_SIZE', 102, otaFile({ elements: [image, sized(3, 15)] })],
    ['a signature of suite 1 with 49 bytes', 'SIGNATURE_SIZE', 102, otaFile({ elements: [image, sized(1, 49)] })],
    ['a signature of suite 2 with 50 bytes', 'SIGNATURE_SIZE', 102, otaFile({ elements: [image, sized(5, 50)] })],
    ['a certificate of suite 1 with 47 bytes', 'CERTIFICATE_SIZE', 102, otaFile({ elements: [image, sized(2, 47)] })],
    ['a certificate of suite 2 with 48 bytes', 'CERTIFICATE_SIZE', 102, otaFile({ elements: [image, sized(6, 48)] })],
    [
      'an element behind the integrity code',
      'INTEGRITY_NOT_LAST',
      124,
      otaFile({ integrity: 'before-tag', tail: element(sized(0xf000, 0)) }),
    ],
    ['two integrity codes', 'INTEGRITY_NOT_LAST', 124, otaFile({ integrity: 'before-tag', tail: element(sized(3, 16)) })],
    ['one byte behind the integrity code', 'ELEMENT_TRUNCATED', 124, otaFile({ integrity: 'before-tag', tail: new Uint8Array(1) })],
    ['four bytes behind the total size', 'TOTAL_SIZE', 52, Buffer.concat([otaFile(), pattern(4)])],
    ['a file that lacks its last byte', 'TOTAL_SIZE', 52, otaFile().subarray(0, -1)],
    ['a total size that is one too high', 'TOTAL_SIZE', 52, otaFile({ total: 103 })],
    ['a file that ends within the magic', 'MAGIC', 0, otaFile().subarray(0, 3)],
    ['a file that ends behind the magic', 'HEADER_TRUNCATED', 4, otaFile().subarray(0, 4)],
    ['a file that ends in the header', 'HEADER_TRUNCATED', 4, otaFile().subarray(0, 55)],
    ['a file that ends in the optional fields', 'HEADER_TRUNCATED', 4, otaFile({ hardware: [1, 2] }).subarray(0, 59)],
    ['a file that ends behind the header', 'TOTAL_SIZE', 52, otaFile().subarray(0, 56)],
    ['a file that ends in an element header', 'TOTAL_SIZE', 52, otaFile().subarray(0, 61)],
    ['nothing at all', 'MAGIC', 0, new Uint8Array()],
    ['a wrong element and a missing end: the earlier check', 'TOTAL_SIZE', 52, otaFile({ elements: [sized(7, 4)] }).subarray(0, -1)],
    ['an integrity code of other bytes', 'INTEGRITY_MISMATCH', 102, otaFile({ elements: [image, sized(3, 16)] })],
  ];

  test.each(rows)('%s: %s at %i', (_, reason, offset, file) => {
    const report = verify(core, file);
    expect([report.verdict, report.offset]).toEqual([reason, offset]);
    expect(report.length).toBe(file.length);
  });

  test('every reason up to the integrity code has its row', () => {
    const names = [...namesOf('ImageReason').values()];
    const structural = names
      .slice(names.indexOf('MAGIC'), names.indexOf('SIGNATURE_MISSING'))
      .filter((name) => name !== 'INTEGRITY_MISSING');
    expect(structural).toHaveLength(17);
    expect(new Set(rows.map(([, reason]) => reason))).toEqual(new Set(structural));
  });

  test('when nothing excuses it: a file without integrity code, one without signature, and both by the earlier check', () => {
    const [plain, sealed] = [otaFile(), otaFile({ integrity: 'before-tag' })];
    expect(verify(core, plain, ImageFlag.UNSIGNED)).toMatchObject({ verdict: 'INTEGRITY_MISSING', offset: plain.length });
    expect(verify(core, sealed, ImageFlag.WITHOUT_INTEGRITY)).toMatchObject({ verdict: 'SIGNATURE_MISSING', offset: sealed.length });
    expect(verify(core, plain, 0).checks).toMatchObject({
      INTEGRITY: `INTEGRITY_MISSING ${plain.length}-${plain.length}`,
      SIGNATURE: `SIGNATURE_MISSING ${plain.length}-${plain.length}`,
    });
    expect(verify(core, sealed, ImageFlag.UNSIGNED).verdict).toBe('accepted');
  });

  test('checks behind a failed one of the structure stay open, and those before it say what they saw', () => {
    expect(verify(core, otaFile({ elements: [{ ...image, length: 41 }] })).checks).toEqual({
      MAGIC: 'passed 0-4',
      HEADER: 'passed 4-56',
      TOTAL_SIZE: 'passed 52-56',
      ELEMENTS: 'ELEMENT_OVERRUN 56-62',
    });
    expect(verify(core, otaFile({ headerVersion: 2 })).checks).toEqual({ MAGIC: 'passed 0-4', HEADER: 'HEADER_VERSION 4-6' });
    const fine = { MAGIC: 'passed 0-4', HEADER: 'passed 4-56', TOTAL_SIZE: 'passed 52-56', ELEMENTS: 'passed 56-124' };
    expect(verify(core, otaFile({ integrity: 'before-tag' })).checks).toMatchObject({ ...fine, INTEGRITY: 'passed 102-124' });
  });

  test('nothing is accepted before the end: the report says UNFINISHED', () => {
    begin(core, PLAIN);
    const file = otaFile();
    core.memory.set(file, layout.IN);
    expect(core.call.imageUpdate(file.length)).toBe(0);
    expect(core.int(layout.IMG + layout.IMG_CODE)).toBe(At.IMAGE * 256 + ImageReason.UNFINISHED);
    expect(core.call.imageFinish()).toBe(0);
  });

  test('the answer of an update tells the first failed check early, and stays', () => {
    const { updates } = verify(core, [otaFile({ magic: 1 }).subarray(0, 55), Uint8Array.of(0), pattern(9)]);
    const magic = At.IMAGE * 256 + ImageReason.MAGIC;
    expect(updates).toEqual([0, magic, magic]);
  });

  test('asking for a body without elements does not excuse a wrong size', () => {
    const file = otaFile({ elements: [], tail: pattern(333) });
    expect(verify(core, file.subarray(0, -1), PLAIN | ImageFlag.RAW_BODY).verdict).toBe('TOTAL_SIZE');
    expect(verify(core, Buffer.concat([file, pattern(1)]), PLAIN | ImageFlag.RAW_BODY).verdict).toBe('TOTAL_SIZE');
    expect(verify(core, otaFile({ elements: [] }), PLAIN | ImageFlag.RAW_BODY).verdict).toBe('EMPTY');
  });

  test('any one changed bit of a file with an integrity code, except in the conventions themselves', () => {
    const file = otaFile({ integrity: 'before-tag' });
    for (let bit = 0; bit < 8 * file.length; bit++) {
      const changed = Uint8Array.from(file);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      // A changed tag makes of the code an element that nobody checks: the host asks for the code where it requires one.
      const report = verify(core, changed);
      if (bit >> 3 === 102 || bit >> 3 === 103) expect(report.integrity).toBe('ABSENT');
      else expect(report.verdict).not.toBe('accepted');
      expect(verify(core, changed, ImageFlag.UNSIGNED).verdict).not.toBe('accepted');
    }
  });
});

describe('the integrity code', () => {
  const conventions = [
    ['before-tag', 'BEFORE_TAG'],
    ['with-tag-header', 'WITH_TAG_HEADER'],
    ['short-padding', 'SHORT_PADDING'],
  ] as const;
  test.each(conventions)('by the convention %s is recognised in a file of more than 8 KiB', (integrity, name) => {
    const report = verify(core, otaFile({ elements: [sized(0, 9000)], integrity }));
    expect([report.verdict, report.integrity]).toEqual(['accepted', name]);
  });

  test('with the short padding is the ordinary one in a file below 8 KiB', () =>
    expect(verify(core, otaFile({ integrity: 'short-padding' })).integrity).toBe('BEFORE_TAG'));

  test('is reported as found and as expected', () => {
    const good = otaFile({ integrity: 'before-tag' });
    const bad = Uint8Array.from(good);
    bad.set(pattern(16), bad.length - 16);
    expect(verify(core, bad).integrity).toBe('MISMATCH');
    expect(hex(core.read(layout.IMG + layout.IMG_INTEGRITY_FOUND, 16))).toBe(hex(pattern(16)));
    expect(hex(core.read(layout.IMG + layout.IMG_INTEGRITY_EXPECTED, 16))).toBe(hex(good.subarray(-16)));
    expect(core.int(layout.IMG + layout.IMG_INTEGRITY_OFFSET)).toBe(good.length - 22);
  });
});

describe('any split equals one shot', () => {
  const withoutUpdates = (file: Uint8Array | readonly Uint8Array[]) => ({ ...verify(core, file), updates: undefined });
  const elements = [sized(0xf000, 0), sized(0xf001, 5), image];
  const small: readonly (readonly [string, Uint8Array])[] = [
    ['accepted', otaFile({ credential: 1, destination: pattern(8), hardware: [1, 2], elements, integrity: 'with-tag-header' })],
    ['refused in the header', otaFile({ hardware: [2, 1] })],
    ['refused at an element', otaFile({ elements: [...elements, sized(5, 3)] })],
    ['refused at the end', Buffer.concat([otaFile({ integrity: 'before-tag' }), pattern(3)])],
  ];

  test.each(small)('in two and three parts at every place: %s', (_, file) => {
    const whole = withoutUpdates(file);
    for (let a = 0; a <= file.length; a++) {
      expect(withoutUpdates([file.subarray(0, a), file.subarray(a)])).toEqual(whole);
      const b = a + Math.floor((file.length - a) / 2);
      expect(withoutUpdates([file.subarray(0, a), file.subarray(a, b), file.subarray(b)])).toEqual(whole);
    }
  });

  test.each([8191, 8192])('in two parts at every place, with %i bytes before the integrity code', (length) => {
    const file = otaFile({ elements: [sized(0, length - 62)], integrity: 'before-tag' });
    const whole = JSON.stringify(withoutUpdates(file));
    for (let at = 0; at <= file.length; at++) {
      if (JSON.stringify(withoutUpdates([file.subarray(0, at), file.subarray(at)])) !== whole) throw new Error(`split at ${at}`);
    }
  });

  test('in any number of parts', () => {
    const file = otaFile({ elements: [...elements, sized(0, 700)], integrity: 'before-tag' });
    const whole = withoutUpdates(file);
    fc.assert(
      fc.property(fc.array(fc.nat(file.length), { maxLength: 30 }), (places) => {
        const cuts = [0, ...places.sort((a, b) => a - b), file.length];
        expect(withoutUpdates(cuts.slice(1).map((end, i) => file.subarray(cuts[i], end)))).toEqual(whole);
      }),
    );
  });
});

describe('calls that make no sense are refused', () => {
  const call = (reason: CallReason): number => At.CALL * 256 + reason;
  test('an unknown flag', () => expect(core.call.imageBegin(16, 0, 0)).toBe(call(CallReason.FLAGS)));
  test('more authorities or signers than there is room for, fewer than none, and an authority of no suite', () => {
    const { AUTHORITY_COUNT, IMG_SIGNER_COUNT } = layout;
    const key = '';
    expect(begin(core, 0, { authorities: Array.from({ length: AUTHORITY_COUNT }, () => ({ suite: 2, key })) })).toBe(0);
    for (const [authorities, signers] of [
      [AUTHORITY_COUNT + 1, 0],
      [-1, 0],
      [0, IMG_SIGNER_COUNT + 1],
      [0, -1],
    ] as const) {
      expect(core.call.imageBegin(0, authorities, signers)).toBe(call(CallReason.LENGTH));
    }
    expect(begin(core, 0, { authorities: [{ suite: 3, key }] })).toBe(call(CallReason.LENGTH));
  });
  test('more than the window, or less than nothing', () => {
    begin(core, PLAIN);
    expect([core.call.imageUpdate(layout.IN_SIZE + 1), core.call.imageUpdate(-1)]).toEqual([
      call(CallReason.LENGTH),
      call(CallReason.LENGTH),
    ]);
    core.call.imageFinish();
  });
  test('update and finish without begin', () => {
    verify(core, otaFile());
    expect([core.call.imageUpdate(1), core.call.imageFinish()]).toEqual([call(CallReason.ORDER), call(CallReason.ORDER)]);
    expect(core.int(layout.IMG + layout.IMG_CODE)).toBe(0); // the finished report stands
  });
});
