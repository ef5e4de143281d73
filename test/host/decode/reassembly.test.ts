/** Fragments put together: in any order, repeated, contradicted or lost, with memory that does not grow. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reassembly, type Fragment, type Reassembled } from '../../../host/decode/reassembly.ts';

const fragment = (block: number, of: number, frame: number, more: Partial<Fragment> = {}): Fragment => ({
  ...{ pan: 0x1a62, src: 1, dst: 2, counter: 7, first: block === 0, block: block === 0 ? of : block, frame },
  payload: Uint8Array.of(block, 0xf0 + block),
  ...more,
});

const whole = (outcome: ReturnType<Reassembly['add']> | undefined): Reassembled => {
  if (typeof outcome !== 'object') throw new Error(`not whole: ${outcome}`);
  return outcome;
};

describe('a fragmented message', () => {
  test('is whole with its last block when the first one came before, whatever the order of the others', () => {
    const orders = fc.integer({ min: 2, max: 12 }).chain((count) =>
      fc.shuffledSubarray(
        Array.from({ length: count - 1 }, (_, i) => i + 1),
        { minLength: count - 1 },
      ),
    );
    fc.assert(
      fc.property(orders, (order) => {
        const reassembly = new Reassembly();
        const outcomes = [0, ...order].map((block, i) => reassembly.add(fragment(block, order.length + 1, i + 1)));
        const { payload, blocks } = whole(outcomes.pop());
        expect(new Set(outcomes)).toEqual(new Set(['incomplete']));
        expect([...payload]).toEqual(Array.from({ length: order.length + 1 }, (_, i) => [i, 0xf0 + i]).flat());
        expect(blocks.map(({ frame }) => frame)).toEqual(
          Array.from({ length: order.length + 1 }, (_, block) => [0, ...order].indexOf(block) + 1),
        );
      }),
    );
  });

  test('whose first block comes last is whole with the next block that is repeated', () => {
    const reassembly = new Reassembly();
    expect([1, 2, 0].map((block, i) => reassembly.add(fragment(block, 3, i + 1)))).toEqual(['incomplete', 'incomplete', 'incomplete']);
    expect(whole(reassembly.add(fragment(1, 3, 4))).blocks).toEqual([
      { frame: 3, repeats: 'nothing' },
      { frame: 1, repeats: 'nothing' },
      { frame: 4, repeats: 'same' },
      { frame: 2, repeats: 'nothing' },
    ]);
  });

  test('keeps the first of two blocks of one number, and says whether the other contradicts it', () => {
    const reassembly = new Reassembly();
    const outcomes = [
      fragment(0, 3, 1),
      fragment(1, 3, 2),
      fragment(1, 3, 3),
      fragment(1, 3, 4, { payload: Uint8Array.of(9) }),
      fragment(2, 3, 5),
    ].map((each) => reassembly.add(each));
    const { payload, blocks } = whole(outcomes.pop());
    expect([...payload]).toEqual([0, 0xf0, 1, 0xf1, 2, 0xf2]);
    expect(blocks.map(({ repeats }) => repeats)).toEqual(['nothing', 'nothing', 'same', 'other', 'nothing']);
  });

  test('that lacks a block is never whole, and one that was whole can come again', () => {
    const reassembly = new Reassembly();
    for (const block of [0, 1, 3, 1, 0, 3]) expect(reassembly.add(fragment(block, 4, 1))).toBe('incomplete');
    expect(whole(reassembly.add(fragment(2, 4, 2))).payload).toHaveLength(8);
    expect([0, 1, 2].map((block) => reassembly.add(fragment(block, 4, 3)))).toEqual(['incomplete', 'incomplete', 'incomplete']);
    expect(whole(reassembly.add(fragment(3, 4, 4))).payload).toHaveLength(8);
  });

  test.each<[string, Partial<Fragment>]>([
    ['PAN', { pan: 0x1a63 }],
    ['source', { src: 3 }],
    ['destination', { dst: 3 }],
    ['counter', { counter: 8 }],
    ['time around of the counter', { counter: 7 + 256 }],
  ])('takes no block of another %s', (_, other) => {
    const reassembly = new Reassembly();
    expect([fragment(0, 2, 1), fragment(1, 2, 2, other)].map((each) => reassembly.add(each))).toEqual(['incomplete', 'incomplete']);
  });

  test('is impossible when its first block tells of less blocks than there are already', () => {
    const reassembly = new Reassembly();
    expect(reassembly.add(fragment(5, 0, 1))).toBe('incomplete');
    expect(reassembly.add(fragment(0, 3, 2))).toBe('impossible');
    expect(reassembly.add(fragment(0, 6, 3))).toBe('incomplete');
  });

  test('is forgotten when more are begun than are kept, the oldest first', () => {
    const reassembly = new Reassembly();
    for (let counter = 0; counter <= 256; counter++) reassembly.add(fragment(0, 2, 1, { counter }));
    expect(reassembly.add(fragment(1, 2, 2, { counter: 0 }))).toBe('incomplete');
    expect(whole(reassembly.add(fragment(1, 2, 2, { counter: 256 }))).payload).toHaveLength(4);
  });

  test('of endless repetitions keeps a bounded number of blocks', () => {
    const reassembly = new Reassembly();
    reassembly.add(fragment(0, 3, 1));
    for (let frame = 2; frame < 5000; frame++) reassembly.add(fragment(1, 3, frame));
    // There is no room for the block that is missing.
    expect(reassembly.add(fragment(2, 3, 5000))).toBe('incomplete');
  });
});
