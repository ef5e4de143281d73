import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SystemClock, SystemEntropy } from '../../../host/adapters/system.ts';

describe('SystemClock', () => {
  test("tells the machine's time", () => {
    const before = Date.now();
    const now = new SystemClock().now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  test('stands still while the machine is set back, and follows when it is set forward', () => {
    const times = [1_000, 1_010, 400, 900, 1_009, 1_011, 9_000_000];
    const clock = new SystemClock(() => times.shift()!);
    expect(Array.from({ length: 7 }, () => clock.now())).toEqual([1_000, 1_010, 1_010, 1_010, 1_010, 1_011, 9_000_000]);
  });

  describe('timers', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    test('fire once, after their delay, unless cancelled', () => {
      const fired: string[] = [];
      const clock = new SystemClock();
      clock.after(100, () => fired.push('a'));
      const cancel = clock.after(100, () => fired.push('b'));
      clock.after(-5, () => fired.push('c'));
      cancel();
      vi.advanceTimersByTime(99);
      expect(fired).toEqual(['c']);
      vi.advanceTimersByTime(1_000);
      expect(fired).toEqual(['c', 'a']);
      cancel();
    });

    test("may be longer than Node's timers, and are cancelled in their second part too", () => {
      const day = 86_400_000;
      const fired: string[] = [];
      const clock = new SystemClock();
      clock.after(60 * day, () => fired.push('a'));
      const cancel = clock.after(60 * day, () => fired.push('b'));
      vi.advanceTimersByTime(59 * day);
      expect(fired).toEqual([]);
      cancel();
      vi.advanceTimersByTime(day);
      expect(fired).toEqual(['a']);
    });
  });

  test('ignores holds', () => {
    expect(new SystemClock().hold()()).toBeUndefined();
  });
});

describe('SystemEntropy', () => {
  test('gives as many bytes as asked, never the same', () => {
    const entropy = new SystemEntropy();
    expect([0, 1, 32].map((length) => entropy.bytes(length).length)).toEqual([0, 1, 32]);
    expect(entropy.bytes(32)).not.toEqual(entropy.bytes(32));
  });
});
