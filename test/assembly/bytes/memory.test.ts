/** Copy, wipe, compare. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { primitives } from '../../kit/primitives.ts';

const core = await primitives();
const bytes = fc.uint8Array({ maxLength: 64 });

describe('equal', () => {
  test('says true for the same bytes and false for one changed bit anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), fc.nat(7), (a, where, bit) => {
        const b = Uint8Array.from(a);
        expect(core.call.equal(core.put(a), core.put(b), a.length)).toBe(1);
        const at = where % b.length;
        b[at] = (b[at] ?? 0) ^ (1 << bit);
        expect(core.call.equal(core.put(a), core.put(b), a.length)).toBe(0);
        core.reset();
      }),
    );
  });

  test('says true for nothing', () => expect(core.call.equal(core.put(Uint8Array.of(1)), core.put(Uint8Array.of(2)), 0)).toBe(1));
});

describe('copy and wipe', () => {
  test('touch their range and nothing beside it', () => {
    fc.assert(
      fc.property(bytes, (source) => {
        const to = core.room(source.length + 2) + 1;
        core.call.copy(to, core.put(source), source.length);
        expect(core.read(to - 1, source.length + 2)).toEqual(Uint8Array.of(0xa5, ...source, 0xa5));
        core.call.wipe(to, source.length);
        expect(core.read(to - 1, source.length + 2)).toEqual(Uint8Array.of(0xa5, ...new Uint8Array(source.length), 0xa5));
        core.reset();
      }),
    );
  });

  test('copy within itself moves overlapping bytes whole', () => {
    const at = core.put(Uint8Array.of(1, 2, 3, 4, 5));
    core.call.copy(at + 1, at, 4);
    expect([...core.read(at, 5)]).toEqual([1, 1, 2, 3, 4]);
    core.reset();
  });
});
