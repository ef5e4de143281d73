/** APS counters made longer: whatever numbers a sender counts through, both sides of a fragment get the same long number. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApsCounters } from '../../../host/decode/aps-counters.ts';

describe('a long counter', () => {
  test('goes on where the short one goes around', () => {
    const counters = new ApsCounters();
    const long = Array.from({ length: 1000 }, (_, i) => counters.extend(1, 2, i & 0xff));
    expect(long.map((each, i) => each - (long[0] ?? 0) - i)).toEqual(Array(1000).fill(0));
  });

  test('of a frame that comes late is the one it had in time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 5000 }), fc.integer({ min: 1, max: 0x3f }), (length, late) => {
        const [counters, once] = [new ApsCounters(), new Map<number, number>()];
        for (let i = 0; i < length; i++) once.set(i, counters.extend(1, 2, i & 0xff));
        expect(counters.extend(1, 2, (length - 1 - late) & 0xff)).toBe(once.get(length - 1 - late));
      }),
    );
  });

  test("is a device's own, in its own PAN", () => {
    const counters = new ApsCounters();
    for (const each of [0, 60, 120, 180, 240, 44]) counters.extend(1, 2, each);
    expect([counters.extend(1, 2, 45), counters.extend(1, 3, 45), counters.extend(2, 2, 45)]).toEqual([0x200 + 45, 0x100 + 45, 0x100 + 45]);
  });

  test('starts where it can go back, and stays a number of 32 bits', () => {
    expect(new ApsCounters().extend(1, 2, 0xff)).toBe(0xff);
    const counters = new ApsCounters();
    expect([118, 239, 239].map((each) => counters.extend(1, 2, each))).toEqual([118, 0xffffffef, 0xef]);
  });
});
