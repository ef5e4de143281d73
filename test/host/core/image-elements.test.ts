/** All elements of a file whose list the core cuts short. */
import { describe, expect, test } from 'vitest';
import { IMG_ELEMENT_COUNT } from '../../../assembly/abi/layout.ts';
import { ELEMENTS_LISTED, withElements } from '../../../host/core/image-elements.ts';
import { verifyImage } from '../../../host/core/image.ts';
import { otaFile, type FileParts } from '../../assembly/image/ota-file.ts';
import { wasm } from '../../kit/core.ts';

const module = new WebAssembly.Module(wasm('core'));
const verify = (file: Uint8Array) => verifyImage(module, [file], {});
const many = (count: number, more: Partial<FileParts> = {}): Uint8Array =>
  otaFile({ elements: Array.from({ length: count }, (_, i) => ({ tag: 0xf000 + (i & 0xfff), data: new Uint8Array(i % 3) })), ...more });

describe('the elements of a file', () => {
  test.each([1, 64])('are all in the report of one that has %i', (count) => {
    const report = verify(many(count));
    expect([report.verdict, report.elements.length, report.elementsSeen]).toEqual(['accepted', count, count]);
    expect(withElements(report, many(count))).toEqual(report);
  });

  test.each([65, 700])('are 64 in the report of one that has %i, which says so; the rest is found in the bytes', (count) => {
    const file = many(count);
    const report = verify(file);
    expect([report.elements.length, report.elementsSeen]).toEqual([IMG_ELEMENT_COUNT, count]);
    const all = withElements(report, file);
    expect(all.elements).toHaveLength(count);
    expect(all.elements.slice(0, IMG_ELEMENT_COUNT)).toEqual(report.elements);
    expect(all.elements.map(({ tag, length }) => [tag, length])).toEqual(
      Array.from({ length: count }, (_, i) => [0xf000 + (i & 0xfff), i % 3]),
    );
    const last = all.elements.at(-1);
    expect((last?.offset ?? 0) + (last?.length ?? 0)).toBe(file.length);
    expect({ ...all, elements: [] }).toEqual({ ...report, elements: [] });
  });

  test('end where the walk ended: what the core refused is no element', () => {
    const file = many(100, { tail: Uint8Array.of(1, 2, 3) });
    const report = withElements(verify(file), file);
    expect(report).toMatchObject({ verdict: 'refused', code: 'element-truncated', elementsSeen: 100 });
    expect(report.elements).toHaveLength(100);
    const cut = many(100).subarray(0, -50); // the walk does not get to the last ones
    const short = withElements(verify(cut), cut);
    expect(short.code).toBe('bad-total-size');
    expect(short.elements).toHaveLength(short.elementsSeen);
  });

  test('of a raw body are none', () => {
    const file = otaFile({ elements: [], tail: new Uint8Array(30).fill(7) });
    const report = verifyImage(module, [file], { body: 'raw' });
    expect(withElements(report, file)).toMatchObject({ verdict: 'accepted', elements: [], elementsSeen: 0 });
  });

  test('beyond the longest list are counted and not listed', () => {
    const file = many(ELEMENTS_LISTED + 5);
    const report = withElements(verify(file), file);
    expect([report.elements.length, report.elementsSeen]).toEqual([ELEMENTS_LISTED, ELEMENTS_LISTED + 5]);
  });
});
