/**
 * Frame counters of a capture, by sender and key (ZigBee 4.3.1.2): which opened layers a receiver would refuse because it has
 * seen their number, or a higher one, before. Captures are full of such frames that nobody forged: a MAC repeats what was not
 * acknowledged, and a router's neighbours hear an APS frame once a hop. Both are told from a replay.
 */
import type { Eui64 } from '../model/ids.ts';
import { forgetFirst } from './forget-first.ts';

/**
 * - `retransmission`: the last frame of this sender once more, equal from the MAC sequence number on;
 * - `relay`: a secured APS frame equal to the last of its sender, in a NWK frame of its own: heard at another hop;
 * - `replay`: a number that was used up, in a frame that is neither.
 */
export type Replay = 'retransmission' | 'relay' | 'replay';

/** Senders that are kept; beyond them the one that was heard of first is forgotten. */
const SENDERS_KEPT = 8192;

/** A number after which none can follow, and which no receiver takes. */
const NEVER = 0xffffffff;

interface Last {
  readonly counter: number;
  /** The layer as it was received. */
  readonly layer: Uint8Array;
  /** The frame from the MAC sequence number on. */
  readonly frame: Uint8Array;
}

/** What an opened layer says of itself. */
export interface Heard {
  readonly layer: 'nwk' | 'aps';
  readonly sender: Eui64;
  /** Key identifier and, for a network key, its sequence number: together with the sender, what a counter belongs to. */
  readonly key: string;
  readonly counter: number;
  /** The layer as received, from its header to its MIC. */
  readonly bytes: Uint8Array;
  /** The frame as received, from the MAC sequence number on. */
  readonly frame: Uint8Array;
}

/** The counters of a capture. */
export class Replays {
  readonly #last = new Map<string, Last>();

  /** Notes an opened layer; answers undefined when its number is above all before it. */
  hear({ layer, sender, key, counter, bytes, frame }: Heard): Replay | undefined {
    const name = `${layer} ${sender} ${key}`;
    const last = this.#last.get(name);
    if (last === undefined || counter > last.counter) {
      if (counter !== NEVER) this.#note(name, { counter, layer: bytes, frame });
      return counter === NEVER ? 'replay' : undefined;
    }
    if (counter < last.counter) return 'replay';
    if (equal(last.frame, frame)) return 'retransmission';
    return layer === 'aps' && equal(last.layer, bytes) ? 'relay' : 'replay';
  }

  #note(name: string, last: Last): void {
    if (this.#last.size >= SENDERS_KEPT && !this.#last.has(name)) forgetFirst(this.#last);
    this.#last.set(name, last);
  }
}

const equal = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && one.every((byte, i) => byte === other[i]);
