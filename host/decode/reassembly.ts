/**
 * Puts fragmented APS frames together (ZigBee 2.2.8.4.5) as Wireshark does: by PAN, NWK source and destination, and APS
 * counter; the number of blocks known from the first one; complete when a block comes that finds all the others there. So a
 * message whose first block comes last is completed by the next block that is repeated, and blocks above the last belong to
 * it as well.
 */

import { forgetFirst } from './forget-first.ts';

/** Messages that are kept while blocks are missing; beyond them the one begun first is forgotten. */
const MESSAGES_KEPT = 256;

/** Blocks that are kept of a message, repeated ones included; those beyond are ignored. */
const BLOCKS_KEPT = 1024;

/** What a fragment says of itself. */
export interface Fragment {
  readonly pan: number;
  readonly src: number;
  readonly dst: number;
  readonly counter: number;
  /** Set for the first block: then `block` is how many there are, otherwise this block's number. */
  readonly first: boolean;
  readonly block: number;
  readonly payload: Uint8Array;
  /** The frame that carries it, by its number in the capture. */
  readonly frame: number;
}

/** A block of a message that became whole; one that repeats another does so with the same bytes, or contradicts it. */
export interface Block {
  readonly frame: number;
  readonly repeats: 'nothing' | 'same' | 'other';
}

/** A message that became whole. */
export interface Reassembled {
  readonly payload: Uint8Array;
  /** Every block that came, by number, then by time. */
  readonly blocks: readonly Block[];
}

interface Part {
  readonly number: number;
  readonly payload: Uint8Array;
  readonly frame: number;
}

interface Message {
  /** Number of the last block, once the first one told it. */
  last: number | undefined;
  readonly parts: Part[];
}

/** The messages of a capture that are not whole yet. */
export class Reassembly {
  readonly #messages = new Map<string, Message>();

  /** Takes a fragment. Answers the message that it completes, or that it tells of less blocks than there are already. */
  add({ pan, src, dst, counter, first, block, payload, frame }: Fragment): Reassembled | 'incomplete' | 'impossible' {
    const name = `${pan} ${src} ${dst} ${counter & 0xffff}`;
    const message = this.#messages.get(name) ?? this.#begin(name);
    if (message.parts.length < BLOCKS_KEPT) message.parts.push({ number: first ? 0 : block, payload, frame });
    if (message.last !== undefined && reach(message.parts) > message.last) {
      this.#messages.delete(name);
      return together(message.parts);
    }
    if (!first || block === 1) return 'incomplete';
    const last = (block - 1) >>> 0;
    if (message.parts.some(({ number }) => number > last)) return 'impossible';
    message.last = last;
    return 'incomplete';
  }

  #begin(name: string): Message {
    if (this.#messages.size >= MESSAGES_KEPT) forgetFirst(this.#messages);
    const message: Message = { last: undefined, parts: [] };
    this.#messages.set(name, message);
    return message;
  }
}

/** Blocks that are there without a gap, from the first on. */
function reach(parts: readonly Part[]): number {
  const numbers = new Set(parts.map(({ number }) => number));
  let count = 0;
  while (numbers.has(count)) count++;
  return count;
}

function together(parts: readonly Part[]): Reassembled {
  const sorted = parts.toSorted((one, other) => one.number - other.number);
  const bytes: number[] = [];
  const blocks = sorted.map(({ number, payload, frame }, i): Block => {
    const before = sorted[i - 1];
    if (before?.number === number) return { frame, repeats: equal(before.payload, payload) ? 'same' : 'other' };
    bytes.push(...payload);
    return { frame, repeats: 'nothing' };
  });
  return { payload: Uint8Array.from(bytes), blocks };
}

const equal = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && one.every((byte, i) => byte === other[i]);
