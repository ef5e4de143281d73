/**
 * APS counters of eight bits, made longer: a fragment belongs to the message of this time around, not to one of 256 messages
 * before. Kept for each device as Wireshark keeps them; a device's acknowledgements go by the counter of whom they answer.
 */
import { forgetFirst } from './forget-first.ts';

/** Devices whose counters are kept; beyond them the one heard of first is forgotten. */
const KEPT = 16_384;
/** Where the first counter of a device is taken to be: high enough to go back from. */
const START = 0x100;
/** How far a counter may jump back before it is taken to have gone around, and ahead before it is taken to be late. */
const SLACK = 0x40;

/** The counters of a capture. */
export class ApsCounters {
  readonly #last = new Map<number, number>();

  /** The long counter of a frame of this device, whose short one is given. */
  extend(pan: number, device: number, counter: number): number {
    const key = pan * 65_536 + device;
    const last = this.#last.get(key) ?? START;
    const extended = extend(last, counter);
    if (this.#last.size >= KEPT && !this.#last.has(key)) forgetFirst(this.#last);
    this.#last.set(key, extended);
    return extended;
  }
}

/** The number nearest to the last one, in 32 bits that go around as Wireshark's do. */
function extend(last: number, counter: number): number {
  const same = ((last & ~0xff) | counter) >>> 0;
  if ((same + SLACK) >>> 0 < last) return (same + 0x100) >>> 0;
  return (last + SLACK) >>> 0 < same ? (same - 0x100) >>> 0 : same;
}
