/** Changes to an input: bits, bytes, fields that look like lengths, pieces taken out, doubled or put in, and splices. */
import type { Random } from './random.ts';

const BYTES = [0x00, 0x01, 0x02, 0x03, 0x05, 0x08, 0x10, 0x1f, 0x20, 0x28, 0x2d, 0x3f, 0x40, 0x48, 0x7f, 0x80, 0xc0, 0xfc, 0xfe, 0xff];
const WORDS = [
  0x0000, 0x0001, 0x0019, 0x007f, 0x0080, 0x00ff, 0x0100, 0x0109, 0x1a62, 0x7fff, 0x8000, 0xfff8, 0xfffc, 0xfffd, 0xfffe, 0xffff,
];
/** One input in so many has its head changed as well. */
const HEAD_CHANCE = 6;
const MOST_CHANGES = 5;

/** An input being changed: `bytes` up to `length`. */
interface Draft {
  readonly bytes: Uint8Array;
  length: number;
}

type Change = (draft: Draft, from: number, random: Random, other: Uint8Array) => void;

const anywhere = (draft: Draft, from: number, random: Random): number => from + random.below(draft.length - from);

const setByte =
  (value: (random: Random, before: number) => number): Change =>
  (draft, from, random) => {
    if (draft.length <= from) return;
    const at = anywhere(draft, from, random);
    draft.bytes[at] = value(random, draft.bytes[at] ?? 0);
  };

/** Makes a byte, or a word of either order, say how many bytes follow it, give or take a few. */
const lengthField: Change = (draft, from, random) => {
  if (draft.length <= from) return;
  const at = anywhere(draft, from, random);
  const wide = random.below(4) === 0 && at + 1 < draft.length;
  const left = Math.max(0, draft.length - at - (wide ? 2 : 1));
  const unit = random.of([1, 1, 2, 3, 8]);
  const value = Math.max(0, Math.floor(left / unit) + random.below(5) - 2);
  draft.bytes[at] = value;
  if (wide) draft.bytes[at + 1] = value >> 8;
};

const setWord: Change = (draft, from, random) => {
  if (draft.length < from + 2) return;
  const at = from + random.below(draft.length - from - 1);
  const value = random.of(WORDS);
  const swap = random.below(4) === 0;
  draft.bytes[at] = swap ? value >> 8 : value;
  draft.bytes[at + 1] = swap ? value : value >> 8;
};

const takeOut: Change = (draft, from, random) => {
  if (draft.length <= from) return;
  const at = anywhere(draft, from, random);
  const count = Math.min(1 + random.below(8), draft.length - at);
  draft.bytes.copyWithin(at, at + count, draft.length);
  draft.length -= count;
};

const putIn: Change = (draft, from, random) => {
  const at = from + random.below(draft.length - from + 1);
  const count = Math.min(1 + random.below(8), draft.bytes.length - draft.length);
  draft.bytes.copyWithin(at + count, at, draft.length);
  const value = random.below(2) === 0 ? random.of(BYTES) : undefined;
  for (let i = 0; i < count; i++) draft.bytes[at + i] = value ?? random.next();
  draft.length += count;
};

const double: Change = (draft, from, random) => {
  if (draft.length <= from) return;
  const at = anywhere(draft, from, random);
  const count = Math.min(1 + random.below(24), draft.length - at, draft.bytes.length - draft.length);
  draft.bytes.copyWithin(at + count, at, draft.length);
  draft.length += count;
};

const truncate: Change = (draft, from, random) => {
  if (draft.length > from) draft.length = anywhere(draft, from, random);
};

const extend: Change = (draft, _from, random) => {
  const count = Math.min(1 + random.below(random.of([2, 8, 128])), draft.bytes.length - draft.length);
  draft.bytes.fill(random.of(BYTES), draft.length, draft.length + count);
  draft.length += count;
};

/** The beginning of one input and the end of another. */
const splice: Change = (draft, from, random, other) => {
  if (other.length <= from) return;
  const at = from + random.below(draft.length - from + 1);
  const tail = other.subarray(random.below(2) === 0 ? from + random.below(other.length - from) : Math.min(at, other.length));
  const count = Math.min(tail.length, draft.bytes.length - at);
  draft.bytes.set(tail.subarray(0, count), at);
  draft.length = at + count;
};

const CHANGES: readonly Change[] = [
  setByte((random, before) => before ^ (1 << random.below(8))),
  setByte((random, before) => before ^ (1 << random.below(8))),
  setByte((random) => random.of(BYTES)),
  setByte((random) => random.next()),
  setByte((random, before) => before + random.below(9) - 4),
  lengthField,
  setWord,
  takeOut,
  putIn,
  double,
  truncate,
  extend,
  splice,
];

/**
 * Makes inputs out of others. The answer of `next` is a view that holds until the next call.
 * `head` bytes at the front keep their place and are changed rarely; no input is longer than `limit`.
 */
export class Mutator {
  readonly #draft: Draft;
  readonly #head: number;
  readonly #random: Random;

  constructor(head: number, limit: number, random: Random) {
    this.#draft = { bytes: new Uint8Array(limit), length: 0 };
    this.#head = head;
    this.#random = random;
  }

  /** `input` changed one to five times; pieces come from `other`. */
  next(input: Uint8Array, other: Uint8Array): Uint8Array {
    const draft = this.#draft;
    const random = this.#random;
    draft.bytes.set(input);
    draft.length = input.length;
    if (this.#head > 0 && random.below(HEAD_CHANCE) === 0) {
      const at = random.below(this.#head);
      draft.bytes[at] = random.below(2) === 0 ? random.next() : (draft.bytes[at] ?? 0) ^ (1 << random.below(8));
    }
    for (let left = 1 + random.below(MOST_CHANGES); left > 0; left--) random.of(CHANGES)(draft, this.#head, random, other);
    return draft.bytes.subarray(0, draft.length);
  }
}
