/** The frame check sequence, through reception: whatever the length and the bytes, the right one is right and any other is wrong. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openCore } from '../../kit/core.ts';
import { withFcs } from '../../kit/frame-oracle.ts';

const core = await openCore();
const isRefused = (frame: Uint8Array): boolean => {
  const answer = core.rx(frame);
  return !answer.ok && answer.code === 'mac-fcs';
};

test('equals the clause bit by bit, for every length of a frame', () => {
  for (let length = 2; length <= 125; length++) {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (body) => {
        expect(isRefused(withFcs(body))).toBe(false);
      }),
      { numRuns: 8 },
    );
  }
});

test('is wrong after any change of one or two bits', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 2, maxLength: 125 }), fc.nat(), fc.nat(), (body, first, second) => {
      const frame = withFcs(body);
      const bits = new Set([first % (8 * frame.length), second % (8 * frame.length)]);
      for (const bit of bits) frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(isRefused(frame)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('does not depend on what stands behind the frame', () => {
  const body = Uint8Array.of(0x61, 0x88, 0x01);
  for (const filling of [0x00, 0xff]) {
    core.memory.fill(filling, 1024, 1024 + 4096);
    expect(isRefused(withFcs(body))).toBe(false);
  }
});
