import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { FaultyStore } from '../../../host/adapters/store-faults.ts';
import type { Log } from '../../../host/ports/log.ts';
import { silent } from '../../../host/ports/log.ts';
import { IncomingCounters, LAST_COUNTER, OutgoingCounters } from '../../../host/stores/counters.ts';
import type { Fingerprint } from '../../../host/model/ids.ts';
import { ManualClock } from '../../kit/clock.ts';
import { HUB, PPMID } from './material.ts';

const NETWORK = '0011223344556677' as Fingerprint;
const LINK = '8899aabbccddeeff' as Fingerprint;

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

describe('outgoing counters', () => {
  test('come in blocks that follow each other, also when asked for at once', async () => {
    const counters = new OutgoingCounters(store);
    const blocks = await Promise.all([10, 5, 1].map((size) => counters.reserve(NETWORK, size)));
    expect(blocks).toEqual([
      { next: 0, limit: 10 },
      { next: 10, limit: 15 },
      { next: 15, limit: 16 },
    ]);
    expect(await counters.reserve(LINK, 3)).toEqual({ next: 0, limit: 3 });
  });

  test('begin where the caller says when the key has none yet, and never again', async () => {
    const counters = new OutgoingCounters(store);
    expect(counters.next(LINK)).toBeUndefined();
    expect(await counters.reserve(LINK, 10, 5_000)).toEqual({ next: 5_000, limit: 5_010 });
    expect(await counters.reserve(LINK, 10, 9_000)).toEqual({ next: 5_010, limit: 5_020 });
    expect([counters.next(LINK), counters.all()]).toEqual([5_020, new Map([[LINK, 5_020]])]);
  });

  test('are raised from outside and never lowered', async () => {
    const counters = new OutgoingCounters(store);
    await counters.reserve(LINK, 10);
    await store.commit([counters.raise(LINK, 4)]);
    expect(counters.next(LINK)).toBe(10);
    await store.commit([counters.raise(LINK, 700), counters.raise(NETWORK, 3)]);
    expect([counters.next(LINK), counters.next(NETWORK)]).toEqual([700, 3]);
    await store.commit([counters.raise(LINK, 2 ** 33)]);
    expect(counters.next(LINK)).toBe(LAST_COUNTER);
  });

  test('jump ahead after a restart, whatever was used of the last block', async () => {
    await new OutgoingCounters(store).reserve(NETWORK, 1_000);
    expect(await new OutgoingCounters(store).reserve(NETWORK, 1_000)).toEqual({ next: 1_000, limit: 2_000 });
  });

  test('are handed out only when their reservation is durable', async () => {
    const faulty = new FaultyStore(store, { crashAt: 2 });
    const counters = new OutgoingCounters(faulty);
    await counters.reserve(NETWORK, 10);
    await expect(counters.reserve(NETWORK, 10)).rejects.toMatchObject({ code: 'store' });
    expect(await new OutgoingCounters(store).reserve(NETWORK, 10)).toEqual({ next: 10, limit: 20 });
  });

  test('end before ffffffff, and then the key has none left', async () => {
    const counters = new OutgoingCounters(store);
    await counters.reserve(NETWORK, LAST_COUNTER - 5);
    expect(await counters.reserve(NETWORK, 100)).toEqual({ next: LAST_COUNTER - 5, limit: LAST_COUNTER });
    await expect(counters.reserve(NETWORK, 1)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('no outgoing counter is left'),
    });
  });

  test('never repeat over any blocks, crashes and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.constantFrom('go', 'before', 'after', 'restart')), { maxLength: 12 }),
        async (steps) => {
          const disk = new MemoryStore();
          let highest = 0;
          let counters = new OutgoingCounters(disk);
          for (const [size, event] of steps) {
            if (event === 'before' || event === 'after') {
              await new OutgoingCounters(new FaultyStore(disk, { crashAt: 1, crash: event })).reserve(NETWORK, size).catch(() => undefined);
            }
            if (event !== 'go') counters = new OutgoingCounters(disk);
            const { next, limit } = await counters.reserve(NETWORK, size);
            expect(next).toBeGreaterThanOrEqual(highest);
            expect(limit).toBe(next + size);
            highest = limit;
          }
        },
      ),
    );
  });
});

describe('incoming counters', () => {
  test('are written behind, together, and are there after a restart', async () => {
    const clock = new ManualClock();
    const faulty = new FaultyStore(store);
    const counters = new IncomingCounters(faulty, clock, silent);
    counters.save(PPMID, NETWORK, 11);
    counters.save(HUB, NETWORK, 5);
    counters.save(PPMID, NETWORK, 12);
    await clock.advance(999);
    expect(counters.all()).toEqual([]);
    await clock.advance(1);
    expect(counters.all()).toEqual([
      { eui: PPMID, key: NETWORK, next: 12 },
      { eui: HUB, key: NETWORK, next: 5 },
    ]);
    expect(faulty.commits).toBe(1);
    expect(new IncomingCounters(store, clock, silent).all()).toEqual(counters.all());
  });

  test('never fall, neither in memory nor in the store', async () => {
    const clock = new ManualClock();
    const counters = new IncomingCounters(store, clock, silent);
    counters.save(PPMID, LINK, 20);
    counters.save(PPMID, LINK, 19);
    await counters.flush();
    counters.save(PPMID, LINK, 20);
    counters.save(PPMID, LINK, 3);
    await counters.flush();
    expect(counters.all().map(({ next }) => next)).toEqual([20]);
    expect(clock.waiting).toBe(0);
  });

  test('are raised from outside and never lowered', async () => {
    const counters = new IncomingCounters(store, new ManualClock(), silent);
    for (const next of [20, 7, 21]) await store.commit([counters.raise({ eui: PPMID, key: LINK, next })]);
    expect(counters.all()).toEqual([{ eui: PPMID, key: LINK, next: 21 }]);
    await store.commit([counters.raise({ eui: PPMID, key: LINK, next: 7 })]);
    expect(counters.all().map(({ next }) => next)).toEqual([21]);
  });

  test('wait when the store fails, say so, and are written by the next attempt', async () => {
    const clock = new ManualClock();
    const events: string[] = [];
    const log: Log = { ...silent, error: (event) => void events.push(event) };
    const counters = new IncomingCounters(new FaultyStore(store, { failAt: 1 }), clock, log);
    counters.save(PPMID, LINK, 20);
    await clock.advance(1_000);
    expect([events, counters.all()]).toEqual([['incoming-counters-not-stored'], []]);
    await clock.advance(1_000);
    expect(counters.all().map(({ next }) => next)).toEqual([20]);
  });

  test('saved while others are written are written after them', async () => {
    const counters = new IncomingCounters(store, new ManualClock(), silent);
    counters.save(PPMID, LINK, 1);
    const flushing = counters.flush();
    counters.save(PPMID, LINK, 2);
    await flushing;
    await counters.flush();
    expect(counters.all().map(({ next }) => next)).toEqual([2]);
  });
});
