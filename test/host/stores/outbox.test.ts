import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { Outbox } from '../../../host/stores/outbox.ts';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

describe('the outbox', () => {
  const report = (sequence: number): Uint8Array => Uint8Array.of(sequence);

  test('numbers reports from 1 without gaps, also several at once and after all were delivered', async () => {
    const outbox = new Outbox(store);
    await store.commit(outbox.enqueue(report));
    await store.commit(outbox.enqueue(report, report));
    expect(outbox.pending()).toEqual([1, 2, 3].map((sequence) => ({ sequence, bytes: report(sequence) })));
    for (const { sequence } of outbox.pending()) await store.commit([outbox.done(sequence)]);
    expect(outbox.pending()).toEqual([]);
    await store.commit(new Outbox(store).enqueue(report));
    expect(outbox.pending().map(({ sequence }) => sequence)).toEqual([4]);
  });

  test('answers what waits in order of numbers and not of letters, at most so many', async () => {
    const outbox = new Outbox(store);
    for (let number = 0; number < 12; number++) await store.commit(outbox.enqueue(report));
    expect(outbox.pending(11).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await store.commit([outbox.done(2)]);
    expect(outbox.pending(2).map(({ sequence }) => sequence)).toEqual([1, 3]);
  });

  test('knows no report that it never numbered', async () => {
    const outbox = new Outbox(store);
    await store.commit(outbox.enqueue(report));
    for (const sequence of [0, 2, 1.5, Number.NaN])
      expect(() => outbox.done(sequence)).toThrowError(expect.objectContaining({ code: 'internal' }));
  });
});
