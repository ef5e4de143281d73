import { expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { TrialStore } from '../../../host/adapters/store-trial.ts';
import type { Store, Write } from '../../../host/ports/store.ts';
import { describeStore } from '../../kit/store-conformance.ts';

describeStore('TrialStore', async () => ({ store: new TrialStore(new MemoryStore()) }));

const put = (key: string, value: number): Write => ({ table: 'jobs', key, value: Uint8Array.of(value) });
const remove = (key: string): Write => ({ table: 'jobs', key, value: undefined });
const all = (store: Store) => store.range('jobs', '', '~').map(([key, value]) => `${key}${value[0]}`);

test('writes over another store are seen together with it, and never made in it', async () => {
  const below = new MemoryStore();
  await below.commit([put('a', 1), put('c', 1), put('e', 1)]);
  const trial = new TrialStore(below);
  await trial.commit([put('b', 2), put('c', 2), remove('e')]);
  expect([all(trial), trial.last('jobs', '~')?.[0], trial.last('jobs', 'b')?.[0]]).toEqual([['a1', 'b2', 'c2'], 'c', 'a']);
  expect([trial.get('jobs', 'e'), trial.get('jobs', 'c')]).toEqual([undefined, Uint8Array.of(2)]);
  await trial.commit([put('e', 3), remove('c')]);
  expect([all(trial), trial.last('jobs', '~')?.[0], trial.last('jobs', 'e')?.[0]]).toEqual([['a1', 'b2', 'e3'], 'e', 'b']);
  await trial.close();
  expect(all(below)).toEqual(['a1', 'c1', 'e1']);
});
