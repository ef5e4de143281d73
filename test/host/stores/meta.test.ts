import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { FORMAT, openMeta } from '../../../host/stores/meta.ts';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

describe('the data directory', () => {
  test('belongs to the environment it was first opened for', async () => {
    expect(await openMeta(store, 'production', '/data')).toEqual({ environment: 'production', boot: 1 });
    await expect(openMeta(store, 'lab', '/data')).rejects.toMatchObject({
      code: 'config',
      message: '/data is a production data directory; it is not opened for lab',
    });
    const lab = new MemoryStore();
    await openMeta(lab, 'lab', '/lab');
    await expect(openMeta(lab, 'production', '/lab')).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('/lab is a lab'),
    });
  });

  test('counts its starts, refused ones not among them', async () => {
    for (const boot of [1, 2, 3]) expect((await openMeta(store, 'lab', '/data')).boot).toBe(boot);
    await openMeta(store, 'production', '/data').catch(() => undefined);
    expect((await openMeta(store, 'lab', '/data')).boot).toBe(4);
  });

  test('of a newer program is refused, and left as it is', async () => {
    await openMeta(store, 'lab', '/data');
    await store.commit([{ table: 'meta', key: 'format', value: new TextEncoder().encode(String(FORMAT + 1)) }]);
    const before = store.range('meta', '', '~');
    await expect(openMeta(store, 'lab', '/data')).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(`format ${FORMAT + 1}`),
    });
    expect(store.range('meta', '', '~')).toEqual(before);
  });
});
