import { describe, expect, test } from 'vitest';
import { InOrder } from '../../../host/adapters/in-order.ts';
import { settle } from '../../kit/clock.ts';

describe('InOrder', () => {
  test('keeps what comes before there is a handler', async () => {
    const queue = new InOrder<number>(() => undefined);
    queue.push(1);
    queue.push(2);
    await settle();
    expect(queue.length).toBe(2);
    const got: number[] = [];
    queue.handle((item) => void got.push(item));
    await settle();
    expect([got, queue.length]).toEqual([[1, 2], 0]);
  });

  test('waits for the promise before the next, and goes on after a rejection', async () => {
    const errors: [string, number][] = [];
    const queue = new InOrder<number>((error, item) => void errors.push([String(error), item]));
    const trail: string[] = [];
    queue.handle(async (item) => {
      trail.push(`begin ${item}`);
      await settle();
      trail.push(`end ${item}`);
      if (item === 1) throw new Error('planted');
    });
    for (const item of [1, 2]) queue.push(item);
    while (trail.length < 4) await settle();
    expect(trail).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
    expect(errors).toEqual([['Error: planted', 1]]);
  });

  test('takes items that a handler adds, and drops what is cleared', async () => {
    const queue = new InOrder<number>(() => undefined);
    const got: number[] = [];
    queue.handle((item) => {
      got.push(item);
      if (item === 1) queue.push(2);
      if (item === 2) {
        queue.push(3);
        queue.clear();
      }
    });
    queue.push(1);
    await settle();
    queue.push(4);
    await settle();
    expect(got).toEqual([1, 2, 4]);
  });
});
