import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { SimulatedClock } from '../../../host/adapters/clock-simulated.ts';
import { Fault } from '../../../host/model/fault.ts';
import { sleep } from '../../../host/ports/clock.ts';

describe('a simulated clock that tests advance', () => {
  test('fires timers in the order of their times, ties in the order of insertion, whatever the order they were set in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 60 }), async (delays) => {
        const clock = new SimulatedClock(0);
        const fired: [number, number][] = [];
        delays.forEach((delay, index) => clock.after(delay, () => fired.push([clock.now(), index])));
        await clock.advance(50);
        const expected = delays.map((delay, index): [number, number] => [delay, index]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(fired).toEqual(expected);
        expect(clock.now()).toBe(50);
      }),
      { numRuns: 40 },
    );
  });

  test('does not fire a cancelled timer, and cancelling late does no harm', async () => {
    const clock = new SimulatedClock(1000);
    let count = 0;
    const early = clock.after(5, () => count++);
    const late = clock.after(6, () => count++);
    early();
    await clock.advance(10);
    late();
    expect(count).toBe(1);
    expect(clock.now()).toBe(1010);
  });

  test('fires timers that were set while it advances, at their own times', async () => {
    const clock = new SimulatedClock(0);
    const seen: number[] = [];
    const again = (): void => {
      seen.push(clock.now());
      clock.after(3, again);
    };
    clock.after(3, again);
    await clock.advance(10);
    expect(seen).toEqual([3, 6, 9]);
  });

  test('stands still while a hold is out, also over real time', async () => {
    const clock = new SimulatedClock(0);
    const seen: string[] = [];
    clock.after(1, () => {
      const release = clock.hold();
      setTimeout(() => {
        seen.push(`work ended at ${clock.now()}`);
        release();
        release();
      }, 5);
    });
    clock.after(2, () => void seen.push(`timer at ${clock.now()}`));
    await clock.advance(2);
    expect(seen).toEqual(['work ended at 1', 'timer at 2']);
  });

  test('lets promise chains come to rest before the next timer', async () => {
    const clock = new SimulatedClock(0);
    const seen: string[] = [];
    clock.after(1, () => {
      void (async () => {
        for (let i = 0; i < 20; i++) await Promise.resolve();
        seen.push('chain');
      })();
    });
    clock.after(1, () => void seen.push('timer'));
    await clock.advance(1);
    expect(seen).toEqual(['chain', 'timer']);
  });
});

describe('a simulated clock that completes work', () => {
  test('answers what the work answers, and stops there', async () => {
    const clock = new SimulatedClock(0);
    clock.after(1000, () => undefined);
    const work = sleep(clock, 30).then(() => clock.now());
    expect(await clock.complete(work)).toBe(30);
    expect(clock.now()).toBe(30);
  });

  test('passes on a rejection', async () => {
    const clock = new SimulatedClock(0);
    const work = sleep(clock, 1).then(() => Promise.reject(new Fault('radio', 'gone')));
    await expect(clock.complete(work)).rejects.toThrow('gone');
  });

  test('says so when nothing can happen any more or the limit has passed', async () => {
    const clock = new SimulatedClock(0);
    await expect(clock.complete(new Promise(() => undefined))).rejects.toThrow('no timer is left');
    await expect(clock.complete(sleep(clock, 100), 50)).rejects.toThrow('within 50 ms');
  });
});

describe('a simulated clock that runs', () => {
  const runUntil = async (clock: SimulatedClock, rate: number, work: Promise<unknown>): Promise<number> => {
    const begin = performance.now();
    const stop = clock.run({ rate });
    await work;
    stop();
    return performance.now() - begin;
  };

  test('never runs ahead of its rate', async () => {
    const clock = new SimulatedClock(0);
    const real = await runUntil(clock, 10, sleep(clock, 300));
    expect(real).toBeGreaterThanOrEqual(29);
    expect(clock.now()).toBeGreaterThanOrEqual(300);
    expect(clock.now()).toBeLessThanOrEqual(real * 10 + 1);
  });

  test('jumps from timer to timer at rate Infinity', async () => {
    const clock = new SimulatedClock(0);
    await runUntil(clock, Infinity, sleep(clock, 86_400_000));
    expect(clock.now()).toBe(86_400_000);
  });

  test('flows between timers and stands still while held', async () => {
    const clock = new SimulatedClock(0);
    const stop = clock.run({ rate: 100 });
    await new Promise((done) => setTimeout(done, 20));
    const before = clock.now();
    expect(before).toBeGreaterThanOrEqual(1000);
    const release = clock.hold();
    const held = clock.now();
    await new Promise((done) => setTimeout(done, 20));
    expect(clock.now()).toBe(held);
    release();
    stop();
    const stopped = clock.now();
    await new Promise((done) => setTimeout(done, 5));
    expect(clock.now()).toBe(stopped);
  });

  test('shows a timer the time it was set for, however late real time is', async () => {
    const clock = new SimulatedClock(0);
    const seen: number[] = [];
    const work = new Promise<void>((done) => {
      clock.after(1, () => {
        const end = performance.now() + 10;
        while (performance.now() < end);
        seen.push(clock.now());
        clock.after(0.5, () => {
          seen.push(clock.now());
          done();
        });
      });
    });
    await runUntil(clock, 1, work);
    expect(seen).toEqual([1, 1.5]);
  });

  test('wakes for a timer set earlier than the one it waits for', async () => {
    const clock = new SimulatedClock(0);
    clock.after(600_000, () => undefined);
    const stop = clock.run({ rate: 1 });
    await new Promise((done) => setTimeout(done, 5));
    await sleep(clock, 5);
    stop();
    expect(clock.now()).toBeLessThan(1000);
  });

  test('refuses a second driver', async () => {
    const clock = new SimulatedClock(0);
    const stop = clock.run({ rate: 1 });
    expect(() => clock.run({ rate: 1 })).toThrow(Fault);
    await expect(clock.advance(1)).rejects.toThrow(Fault);
    stop();
    stop();
    await clock.advance(1);
    expect(() => clock.run({ rate: 0 })).toThrow(Fault);
  });
});
