/** What every adapter of the Store port must do; each adapter's test runs this suite. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Store, Write } from '../../host/ports/store.ts';

/** A store under test. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Another store over the same data, for stores that outlive their process. */
  readonly reopen?: () => Promise<Store>;
  /** Removes what the store left behind. */
  readonly remove?: () => Promise<void>;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const put = (table: Write['table'], key: string, value: Uint8Array): Write => ({ table, key, value });
const remove = (table: Write['table'], key: string): Write => ({ table, key, value: undefined });

/** Describes the Store port for one adapter; a durable one has `reopen`. */
export function describeStore(name: string, make: () => Promise<StoreUnderTest>, durable = false): void {
  describe(`${name} as a store`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      under = await make();
      store = under.store;
    });
    afterEach(async () => {
      await store.close();
      await under.remove?.();
    });

    test('answers nothing before anything was written', () => {
      expect(store.get('jobs', 'a')).toBeUndefined();
      expect(store.range('jobs', '', '~')).toEqual([]);
      expect(store.last('jobs', '~')).toBeUndefined();
    });

    test('answers what was committed, empty values included', async () => {
      await store.commit([put('jobs', 'a', bytes(1, 2, 0, 255)), put('jobs', 'b', bytes())]);
      expect(store.get('jobs', 'a')).toEqual(bytes(1, 2, 0, 255));
      expect(store.get('jobs', 'b')).toEqual(bytes());
    });

    test('keeps tables apart', async () => {
      await store.commit([put('jobs', 'a', bytes(1)), put('marks', 'a', bytes(2))]);
      expect([store.get('jobs', 'a'), store.get('marks', 'a'), store.get('meta', 'a')]).toEqual([bytes(1), bytes(2), undefined]);
      await store.commit([remove('jobs', 'a')]);
      expect([store.get('jobs', 'a'), store.get('marks', 'a')]).toEqual([undefined, bytes(2)]);
    });

    test('removes what is there and takes the removal of what is not', async () => {
      await store.commit([put('jobs', 'a', bytes(1))]);
      await store.commit([remove('jobs', 'a'), remove('jobs', 'never')]);
      expect(store.get('jobs', 'a')).toBeUndefined();
    });

    test('applies the writes of one commit in their order', async () => {
      await store.commit([put('jobs', 'a', bytes(1)), put('jobs', 'a', bytes(2)), put('jobs', 'b', bytes(1)), remove('jobs', 'b')]);
      expect([store.get('jobs', 'a'), store.get('jobs', 'b')]).toEqual([bytes(2), undefined]);
    });

    test('applies commits in call order, whoever awaits them', async () => {
      await Promise.all(Array.from({ length: 50 }, (_, index) => store.commit([put('jobs', 'a', bytes(index))])));
      expect(store.get('jobs', 'a')).toEqual(bytes(49));
    });

    test('does not see a commit before its promise resolved', async () => {
      const done = store.commit([put('jobs', 'a', bytes(1))]);
      expect(store.get('jobs', 'a')).toBeUndefined();
      await done;
      expect(store.get('jobs', 'a')).toEqual(bytes(1));
    });

    test('refuses a key of a wrong form with Fault store and then writes nothing of that commit', async () => {
      for (const key of ['', 'x'.repeat(401), 'ä', 'a\nb', 'a\0']) {
        await expect(store.commit([put('jobs', 'good', bytes(1)), put('jobs', key, bytes(1))])).rejects.toMatchObject({ code: 'store' });
      }
      expect(store.get('jobs', 'good')).toBeUndefined();
      await store.commit([put('jobs', 'x'.repeat(400), bytes(1))]);
      expect(store.get('jobs', 'x'.repeat(400))).toEqual(bytes(1));
    });

    test('takes a copy of a value and gives copies away', async () => {
      const value = bytes(1, 2, 3);
      const done = store.commit([put('jobs', 'a', value)]);
      value.fill(9);
      await done;
      store.get('jobs', 'a')!.fill(8);
      store.range('jobs', 'a', 'b')[0]![1].fill(7);
      expect(store.get('jobs', 'a')).toEqual(bytes(1, 2, 3));
    });

    test('answers a range from its first key up to, not including, its last, ordered by bytes', async () => {
      const keys = ['a', 'a/', 'a/1', 'a/10', 'a/2', 'a0', 'B', 'b'];
      await store.commit(keys.map((key, index) => put('jobs', key, bytes(index))));
      const names = (from: string, to: string): string[] => store.range('jobs', from, to).map(([key]) => key);
      expect(names('', '~')).toEqual(['B', 'a', 'a/', 'a/1', 'a/10', 'a/2', 'a0', 'b']);
      expect(names('a/', 'a0')).toEqual(['a/', 'a/1', 'a/10', 'a/2']);
      expect(names('a/1', 'a/1')).toEqual([]);
      expect(names('b', 'a')).toEqual([]);
      expect(names('c', '~')).toEqual([]);
    });

    test('answers the greatest key below a bound', async () => {
      await store.commit(['a', 'b', 'c'].map((key, index) => put('jobs', key, bytes(index))));
      expect(store.last('jobs', 'c')).toEqual(['b', bytes(1)]);
      expect(store.last('jobs', 'bb')).toEqual(['b', bytes(1)]);
      expect(store.last('jobs', '~')).toEqual(['c', bytes(2)]);
      expect(store.last('jobs', 'a')).toBeUndefined();
      expect(store.last('marks', '~')).toBeUndefined();
    });

    test('keeps values of a megabyte', async () => {
      const value = Uint8Array.from({ length: 1 << 20 }, (_, index) => index % 251);
      await store.commit([put('images', 'big', value)]);
      expect(Buffer.compare(store.get('images', 'big')!, value)).toBe(0);
    });

    test('agrees with a plain map after any commits', async () => {
      const key = fc.constantFrom('a', 'b', 'a/1', 'a/2', 'z');
      const write = fc.record({
        table: fc.constantFrom('jobs' as const, 'marks' as const),
        key,
        value: fc.option(fc.uint8Array({ maxLength: 4 }), { nil: undefined }),
      });
      const model = new Map<string, Uint8Array>();
      await fc.assert(
        fc.asyncProperty(fc.array(write, { maxLength: 6 }), key, key, async (writes, from, to) => {
          await store.commit(writes);
          for (const { table, key: name, value } of writes) {
            if (value === undefined) model.delete(`${table}:${name}`);
            else model.set(`${table}:${name}`, value);
          }
          const expected = [...model].filter(([name]) => name.startsWith('jobs:') && name.slice(5) >= from && name.slice(5) < to);
          expect(store.range('jobs', from, to)).toEqual(
            expected.map(([name, value]) => [name.slice(5), value]).sort(([a], [b]) => (a! < b! ? -1 : 1)),
          );
          expect(store.get('marks', from)).toEqual(model.get(`marks:${from}`));
        }),
        { numRuns: 40 },
      );
    });

    test('faults with code store after it was closed', async () => {
      await store.close();
      expect(() => store.get('jobs', 'a')).toThrowError(expect.objectContaining({ code: 'store' }));
      await expect(store.commit([put('jobs', 'a', bytes(1))])).rejects.toMatchObject({ code: 'store' });
      store = (await under.reopen?.()) ?? store;
    });

    if (!durable) return;
    test('still has what it committed when it is opened again', async () => {
      await store.commit([put('jobs', 'a', bytes(1)), put('audit', 'b', bytes(2))]);
      await store.close();
      store = await under.reopen!();
      expect([store.get('jobs', 'a'), store.get('audit', 'b')]).toEqual([bytes(1), bytes(2)]);
    });
  });
}
