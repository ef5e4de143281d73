import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { Images } from '../../../host/stores/images.ts';
import { IMAGE, OTHER_IMAGE } from './material.ts';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

describe('images', () => {
  const BLOCK = 64;
  const file = Uint8Array.from({ length: 200 }, (_, index) => index);
  const block = (index: number): Uint8Array => file.subarray(index * BLOCK, (index + 1) * BLOCK);

  test('are complete when every block of the right size is there, in whatever order they came', async () => {
    const images = new Images(store, BLOCK);
    for (const index of [3, 0, 2]) await images.put(IMAGE, index, block(index));
    expect([images.indexes(IMAGE), images.complete(IMAGE, 200)]).toEqual([[0, 2, 3], false]);
    await images.put(IMAGE, 1, block(1));
    expect([images.indexes(IMAGE), images.complete(IMAGE, 200)]).toEqual([[0, 1, 2, 3], true]);
    expect(images.complete(IMAGE, 201)).toBe(false);
    expect(images.complete(IMAGE, 192)).toBe(false);
    expect(images.complete(OTHER_IMAGE, 200)).toBe(false);
    await images.put(IMAGE, 1, block(1).subarray(1));
    expect(images.complete(IMAGE, 200)).toBe(false);
  });

  test('are streamed in order, and fault at the first block that is missing', async () => {
    const images = new Images(store, BLOCK);
    for (const index of [0, 1, 2, 3]) await images.put(IMAGE, index, block(index));
    expect(Uint8Array.from([...images.stream(IMAGE, 200)].flatMap((part) => [...part]))).toEqual(file);
    expect(() => [...images.stream(OTHER_IMAGE, 200)]).toThrowError(expect.objectContaining({ code: 'store' }));
  });

  test('are read from any offset, across blocks', async () => {
    const images = new Images(store, BLOCK);
    for (const index of [0, 1, 2, 3]) await images.put(IMAGE, index, block(index));
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (offset, length) => {
        const end = Math.min(200, offset + length);
        expect(images.read(IMAGE, offset, end - offset)).toEqual(file.slice(offset, end));
      }),
    );
    expect(() => images.read(IMAGE, 199, 2)).toThrowError(expect.objectContaining({ code: 'store' }));
    expect(() => images.read(IMAGE, 500, 1)).toThrowError(expect.objectContaining({ code: 'store' }));
  });

  test('are dropped whole, and no other with them', async () => {
    const images = new Images(store, BLOCK);
    for (const image of [IMAGE, OTHER_IMAGE]) for (const index of [0, 1]) await images.put(image, index, block(index));
    await store.commit(images.drop(IMAGE));
    expect([images.indexes(IMAGE), images.indexes(OTHER_IMAGE)]).toEqual([[], [0, 1]]);
  });
});
