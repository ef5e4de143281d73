import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { SealedKeys } from '../../../host/stores/keys.ts';
import { HUB, PPMID } from './material.ts';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

describe('sealed keys [R-KEYMAT-01]', () => {
  test('are found by purpose and identity', async () => {
    const keys = new SealedKeys(store);
    const sealed = (value: number): Uint8Array => Uint8Array.of(1, value);
    await store.commit([
      keys.put('link', PPMID, sealed(1)),
      keys.put('link', HUB, sealed(2)),
      keys.put('network', '7', sealed(3)),
      keys.put('link-old', PPMID, sealed(4)),
    ]);
    expect(keys.get('link', PPMID)).toEqual(sealed(1));
    expect(keys.get('network', PPMID)).toBeUndefined();
    expect(keys.all('link').map(({ identity, sealed: [, value] }) => [identity, value])).toEqual([
      [PPMID, 1],
      [HUB, 2],
    ]);
    await store.commit([keys.erase('link', PPMID)]);
    expect(keys.get('link', PPMID)).toBeUndefined();
  });

  test('take no purpose that could be taken for another key', () => {
    for (const purpose of ['', 'a/b', 'A', 'a b'])
      expect(() => new SealedKeys(store).get(purpose, 'x')).toThrowError(expect.objectContaining({ code: 'internal' }));
  });
});
