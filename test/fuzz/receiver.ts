/**
 * `rx` under watch: one frame, received twice with different bytes behind it and in front of the answer, and everything
 * that must hold afterwards. No object is made per frame.
 */
import { At, Layer, Rx, TransportKeyReason } from '../../assembly/abi/code.ts';
import {
  ADDRESSES,
  AUX_COUNTER,
  AUX_EUI,
  AUX_KEY,
  COUNTERS,
  COUNTER_EUI,
  COUNTER_HANDLE,
  COUNTER_NEXT,
  COUNTER_SIZE,
  IMAGE_STATE,
  IN,
  IN_CANARY,
  IN_SIZE,
  MAP_END,
  PLAIN,
  PLAIN_SIZE,
  REC,
  REC_APS_AUX,
  REC_CARRIED,
  REC_CODE,
  REC_LAYERS,
  REC_NWK_AUX,
  REC_OFFSET,
  REC_SIZE,
  SCRATCH,
  SLOTS,
  SLOT_SIZE,
  TX,
} from '../../assembly/abi/layout.ts';
import { CODES, nameOf } from '../../host/core/codes.ts';
import { spansHold } from './spans.ts';
import { Broken, hold } from './target.ts';
import type { World } from './world.ts';

/** Bytes behind a frame that carry the pattern; no length field of a frame reaches further. */
const REACH = 1024;
const PATTERNS = [0x00, 0xff] as const;
const NAMED: ReadonlySet<number> = new Set(
  CODES.filter(({ layer }) => layer <= At.ZCL || layer === At.CALL).map((c) => c.layer * 256 + c.reason),
);
/** Frames between two looks at the static data and the unused end of memory. */
const FAR_EVERY = 4096;
const FLAGS = Rx.TI_METADATA | Rx.NO_FCS | Rx.PASSIVE;

/** Receives frames and throws `Broken` when something that must hold does not. */
export class Receiver {
  /** Calls of `rx` so far. */
  calls = 0;
  /** How often each code was answered, by its number. */
  readonly codes = new Uint32Array(11 * 256);
  readonly #world: World;
  readonly #memory: Buffer;
  readonly #words: Int32Array;
  readonly #wordsBefore: Int32Array;
  readonly #record = Buffer.alloc(REC_SIZE);
  readonly #plain = Buffer.alloc(PLAIN_SIZE);

  constructor(world: World) {
    this.#world = world;
    const { bytes } = world.core;
    this.#memory = Buffer.from(bytes.buffer, 0, bytes.length);
    this.#words = new Int32Array(bytes.buffer);
    this.#wordsBefore = new Int32Array(world.before.buffer, world.before.byteOffset, bytes.length >> 2);
  }

  /** The record of the last frame. */
  get record(): Buffer {
    return this.#record;
  }

  /** Receives a frame; answers the code. `flags` beyond those of `rx` are left out. */
  receive(psdu: Uint8Array, flags: number): number {
    try {
      const code = this.#once(psdu, flags & FLAGS, PATTERNS[0]);
      this.#memory.copy(this.#record, 0, REC, REC + REC_SIZE);
      this.#memory.copy(this.#plain, 0, PLAIN, PLAIN + PLAIN_SIZE);
      this.#judge(psdu, flags & FLAGS, code);
      this.#restore();
      const again = this.#once(psdu, flags & FLAGS, PATTERNS[1]);
      if (again !== code)
        throw new Broken('reads-past', `${nameOf(code).name} becomes ${nameOf(again).name} with other bytes behind the frame`);
      this.#compare(psdu.length);
      this.#restore();
      this.codes[code] = (this.codes[code] ?? 0) + 1;
      return code;
    } catch (error) {
      this.#memory.set(this.#world.before);
      throw error instanceof Broken ? error : new Broken('trap', 'the core trapped', { cause: error });
    }
  }

  #once(psdu: Uint8Array, flags: number, pattern: number): number {
    const memory = this.#memory;
    const length = Math.min(psdu.length, IN_SIZE);
    memory.set(psdu, IN);
    memory.fill(pattern, IN + length, Math.min(IN + length + REACH, IN_CANARY));
    memory.fill(pattern, PLAIN, PLAIN + PLAIN_SIZE);
    this.calls++;
    return this.#world.core.call('rx', length, flags);
  }

  #compare(length: number): void {
    if (this.#memory.compare(this.#record, 0, REC_SIZE, REC, REC + REC_SIZE) !== 0) {
      const at = this.#record.findIndex((byte, i) => byte !== this.#memory[REC + i]);
      throw new Broken('reads-past', `byte ${at} of the record depends on what stands behind the frame`);
    }
    const read = Math.min(length, PLAIN_SIZE);
    const untouched = this.#plain[0] === PATTERNS[0] && this.#memory[PLAIN] === PATTERNS[1];
    const end = untouched ? 0 : read;
    if (this.#memory.compare(this.#plain, 0, end, PLAIN, PLAIN + end) !== 0)
      throw new Broken('reads-past', 'the opened frame depends on what stands behind the frame');
    for (let i = read; i < PLAIN_SIZE; i++) {
      if (this.#plain[i] !== PATTERNS[0] || this.#memory[PLAIN + i] !== PATTERNS[1])
        throw new Broken('writes-past', `byte ${i} of PLAIN was written for a frame of ${length}`);
    }
  }

  /** What must hold after any frame. */
  #judge(psdu: Uint8Array, flags: number, code: number): void {
    const record = this.#record;
    const layers = record.readUInt32LE(REC_LAYERS);
    if (code !== 0 && !NAMED.has(code)) throw new Broken('code', `a refusal ${code} that has no name`);
    hold(record.readUInt16LE(REC_CODE) === code, 'code', 'the record has another code than the answer');
    hold(record.readUInt16LE(REC_OFFSET) <= psdu.length, 'offset', 'a refusal behind the frame');
    if (code === 0) {
      hold((layers & Layer.MAC) !== 0, 'layers', 'an accepted frame without MAC layer');
      const closed =
        (layers & Layer.NWK_SECURED && !(layers & Layer.NWK_OPENED)) || (layers & Layer.APS_SECURED && !(layers & Layer.APS_OPENED));
      hold(!closed || (flags & Rx.PASSIVE) !== 0, 'layers', 'a closed frame that was accepted');
    }
    spansHold(record, layers, psdu.length);
    this.#received(psdu, code);
    this.#unchanged(IN_CANARY, PLAIN, 'the canary behind IN or OUT');
    if (layers & (Layer.NWK_OPENED | Layer.APS_OPENED)) this.#changes(layers);
    else this.#unchanged(TX, SCRATCH, 'keys, counters, addresses or another window, by a frame that no key opened');
    if (this.calls % FAR_EVERY < PATTERNS.length) this.#unchanged(MAP_END, this.#memory.length, 'static data');
  }

  /** IN holds the frame as it came, unless it brought a key: then nothing. */
  #received(psdu: Uint8Array, code: number): void {
    const wiped = code >> 8 === At.APS_SECURITY && (code & 255) >= TransportKeyReason.UNSECURED;
    if (wiped || this.#record.readInt32LE(REC_CARRIED) !== 0) {
      for (let i = 0; i < psdu.length; i++)
        if (this.#memory[IN + i] !== 0) throw new Broken('secret', 'a frame that brought a key stays in IN');
    } else if (this.#memory.compare(psdu, 0, psdu.length, IN, IN + psdu.length) !== 0) throw new Broken('writes', 'IN was changed');
  }

  /** A frame that a key opened may add a counter per opened layer, addresses, and the key that it carried. */
  #changes(layers: number): void {
    this.#unchanged(TX, SLOTS, 'a window that reception has no business in');
    this.#unchanged(IMAGE_STATE, SCRATCH, 'the state of image verification');
    const carried = this.#record.readInt32LE(REC_CARRIED);
    const slot = carried === 0 ? COUNTERS : SLOTS + (carried & 255) * SLOT_SIZE;
    this.#unchanged(SLOTS, slot, 'a key slot');
    if (slot < COUNTERS) this.#unchanged(slot + SLOT_SIZE, COUNTERS, 'a key slot');
    for (let at = COUNTERS; at < ADDRESSES; at += COUNTER_SIZE) {
      if (this.#isSameEntry(at)) continue;
      const accounted =
        ((layers & Layer.NWK_OPENED) !== 0 && this.#isCounterOf(REC_NWK_AUX, at)) ||
        ((layers & Layer.APS_OPENED) !== 0 && this.#isCounterOf(REC_APS_AUX, at));
      hold(accounted, 'counters', 'a counter that is not of an opened layer was changed');
      const before = this.#world.before.readUInt32LE(at + COUNTER_NEXT);
      hold(this.#memory.readUInt32LE(at + COUNTER_NEXT) > before, 'counters', 'a counter went back');
    }
  }

  #isCounterOf(aux: number, at: number): boolean {
    return (
      this.#memory.compare(this.#record, aux + AUX_EUI, aux + AUX_EUI + 8, at + COUNTER_EUI, at + COUNTER_EUI + 8) === 0 &&
      this.#memory.readInt32LE(at + COUNTER_HANDLE) === this.#record.readInt32LE(aux + AUX_KEY) &&
      this.#memory.readUInt32LE(at + COUNTER_NEXT) === this.#record.readUInt32LE(aux + AUX_COUNTER) + 1
    );
  }

  #isSameEntry(at: number): boolean {
    for (let word = at >> 2; word < (at + COUNTER_SIZE) >> 2; word++) if (this.#words[word] !== this.#wordsBefore[word]) return false;
    return true;
  }

  #isSame(from: number, to: number): boolean {
    return this.#memory.compare(this.#world.before, from, to, from, to) === 0;
  }

  #unchanged(from: number, to: number, what: string): void {
    if (!this.#isSame(from, to)) throw new Broken('writes', `${what} was changed`);
  }

  #restore(): void {
    if (this.#record.readUInt32LE(REC_LAYERS) & (Layer.NWK_OPENED | Layer.APS_OPENED))
      this.#memory.set(this.#world.before.subarray(TX, SCRATCH), TX);
  }
}
