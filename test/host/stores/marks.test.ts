import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { Marks } from '../../../host/stores/marks.ts';
import { HUB, PPMID, SUPPLIER } from './material.ts';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

describe('replay marks', () => {
  test('rise per originator and target, and only rise', async () => {
    const marks = new Marks(store);
    expect(marks.highest(SUPPLIER, PPMID)).toBeUndefined();
    await store.commit([marks.accept(SUPPLIER, PPMID, 2n ** 63n)]);
    expect(marks.highest(SUPPLIER, PPMID)).toBe(2n ** 63n);
    expect([marks.highest(PPMID, SUPPLIER), marks.highest(SUPPLIER, HUB)]).toEqual([undefined, undefined]);
    for (const counter of [2n ** 63n, 1n])
      expect(() => marks.accept(SUPPLIER, PPMID, counter)).toThrowError(expect.objectContaining({ code: 'internal' }));
    await store.commit([marks.accept(SUPPLIER, PPMID, 2n ** 63n + 1n)]);
    expect(new Marks(store).highest(SUPPLIER, PPMID)).toBe(2n ** 63n + 1n);
  });
});
