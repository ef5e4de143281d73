/**
 * Puts fragmented APS frames together (ZigBee 2.2.8.4.5) as Wireshark does: by NWK source and destination and APS counter, the
 * number of blocks known from the first one, complete when a block comes that finds all the others there. A message whose
 * first block comes last is completed by the next block that is repeated.
 */

import { forgetFirst } from './forget-first.ts';

/** Messages that are kept while blocks are missing; beyond them the one begun first is forgotten. */
const MESSAGES_KEPT = 256;

/** What a fragment says of itself. */
export interface Fragment {
  readonly src: number;
  readonly dst: number;
  readonly counter: number;
  /** Set for the first block: how many there are. Otherwise `block` is this block's number. */
  readonly first: boolean;
  readonly block: number;
  readonly payload: Uint8Array;
  /** The frame that carries it, by its number in the capture. */
  readonly frame: number;
}

/** A message that became whole: its payload, and its blocks in order with the frames that brought them. */
export interface Reassembled {
  readonly payload: Uint8Array;
  readonly blocks: readonly { readonly frame: number; readonly length: number }[];
}

interface Message {
  /** Number of the last block, once the first one told it. */
  last: number | undefined;
  readonly blocks: Map<number, { readonly payload: Uint8Array; readonly frame: number }>;
}

/** The messages of a capture that are not whole yet. */
export class Reassembly {
  readonly #messages = new Map<string, Message>();

  /** Takes a fragment; answers the message that it completes. */
  add({ src, dst, counter, first, block, payload, frame }: Fragment): Reassembled | undefined {
    const name = `${src} ${dst} ${counter}`;
    const message = this.#messages.get(name) ?? this.#begin(name);
    const number = first ? 0 : block;
    if (!message.blocks.has(number)) message.blocks.set(number, { payload, frame });
    const whole = this.#complete(message);
    if (first && block !== 1) message.last = (block - 1) >>> 0;
    if (whole !== undefined) this.#messages.delete(name);
    return whole;
  }

  #begin(name: string): Message {
    if (this.#messages.size >= MESSAGES_KEPT) forgetFirst(this.#messages);
    const message: Message = { last: undefined, blocks: new Map() };
    this.#messages.set(name, message);
    return message;
  }

  #complete({ last, blocks }: Message): Reassembled | undefined {
    if (last === undefined || blocks.size <= last) return undefined;
    const parts = Array.from({ length: last + 1 }, (_, number) => blocks.get(number));
    if (parts.some((part) => part === undefined)) return undefined;
    const whole = parts.filter((part) => part !== undefined);
    const payload = new Uint8Array(whole.reduce((sum, part) => sum + part.payload.length, 0));
    let at = 0;
    for (const part of whole) {
      payload.set(part.payload, at);
      at += part.payload.length;
    }
    return { payload, blocks: whole.map((part) => ({ frame: part.frame, length: part.payload.length })) };
  }
}
