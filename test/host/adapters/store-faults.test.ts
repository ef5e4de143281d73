import { describe, expect, test } from 'vitest';
import { FaultyStore } from '../../../host/adapters/store-faults.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { describeStore } from '../../kit/store-conformance.ts';

describeStore('FaultyStore without faults', async () => ({ store: new FaultyStore(new MemoryStore()) }));

const write = (key: string) => [{ table: 'jobs' as const, key, value: Uint8Array.of(1) }];

describe('FaultyStore', () => {
  test('refuses the commit it is told to and goes on', async () => {
    const inner = new MemoryStore();
    const store = new FaultyStore(inner, { failAt: 2 });
    await store.commit(write('a'));
    await expect(store.commit(write('b'))).rejects.toMatchObject({ code: 'store' });
    await store.commit(write('c'));
    expect(inner.range('jobs', '', '~').map(([key]) => key)).toEqual(['a', 'c']);
    expect(store.commits).toBe(3);
  });

  test('loses the commit at which the power is cut before it, and everything after', async () => {
    const inner = new MemoryStore();
    const store = new FaultyStore(inner, { crashAt: 2 });
    await store.commit(write('a'));
    await expect(store.commit(write('b'))).rejects.toMatchObject({ code: 'store' });
    await expect(store.commit(write('c'))).rejects.toMatchObject({ code: 'store' });
    expect(() => store.get('jobs', 'a')).toThrow('the power was cut');
    expect(inner.range('jobs', '', '~').map(([key]) => key)).toEqual(['a']);
  });

  test('keeps the commit at which the power is cut after it, though nobody was told', async () => {
    const inner = new MemoryStore();
    const store = new FaultyStore(inner, { crashAt: 1, crash: 'after' });
    await expect(store.commit(write('a'))).rejects.toMatchObject({ code: 'store' });
    expect(inner.range('jobs', '', '~').map(([key]) => key)).toEqual(['a']);
  });

  test('loses what was asked for but not durable when the power is cut by hand', async () => {
    const inner = new MemoryStore();
    const store = new FaultyStore(inner);
    const done = store.commit(write('a'));
    store.crash();
    await expect(done).rejects.toMatchObject({ code: 'store' });
    expect(inner.get('jobs', 'a')).toBeUndefined();
  });
});
