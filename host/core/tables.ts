/** The core's tables: incoming frame counters and short addresses. */
import { ADDRESS_COUNT, COUNTER_COUNT, KEY, KEY_EUI, KEY_INDEX, KEY_NEXT, KEY_PAN, KEY_SHORT } from '../../assembly/abi/layout.ts';
import { ok, type Result } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import { euiFromAir, euiToAir, type Eui64 } from '../model/ids.ts';
import { refusalOf } from './codes.ts';
import type { Instance } from './module.ts';

/** The lowest frame counter that is still accepted from a sender under a key. */
export interface IncomingCounter {
  readonly eui: Eui64;
  readonly handle: KeyHandle;
  readonly next: number;
}

/** Incoming frame counters. */
export class Counters {
  readonly #core: Instance;

  constructor(core: Instance) {
    this.#core = core;
  }

  /** Accepts from a sender under a key nothing below `next`; never lowers what is known. Refuses `key-handle`, `counters-full`. */
  set(eui: Eui64, handle: KeyHandle, next: number): Result<undefined> {
    return this.#core.withKeyWindow(0, () => {
      this.#core.bytes.set(euiToAir(eui), KEY + KEY_EUI);
      this.#core.view.setUint32(KEY + KEY_NEXT, next, true);
      this.#core.view.setInt32(KEY + KEY_INDEX, handle, true);
      const number = this.#core.call('counterSet');
      return number === 0 ? ok(undefined) : refusalOf(number);
    });
  }

  /** Every counter, in no particular order. */
  all(): readonly IncomingCounter[] {
    return listed(this.#core, 'counterAt', COUNTER_COUNT, (field, eui) => ({
      eui,
      handle: field.getInt32(KEY_INDEX, true),
      next: field.getUint32(KEY_NEXT, true),
    }));
  }
}

/** Which EUI-64 has which short address in a PAN. */
export interface KnownAddress {
  readonly pan: number;
  readonly short: number;
  readonly eui: Eui64;
}

/** Short addresses: learned from frames whose MIC verified, or told by the host. */
export class Addresses {
  readonly #core: Instance;

  constructor(core: Instance) {
    this.#core = core;
  }

  /** Notes an address; what contradicts it in the same PAN is forgotten. Refuses `address`, `addresses-full`. */
  learn(pan: number, short: number, eui: Eui64): Result<undefined> {
    return this.#core.withKeyWindow(0, () => {
      this.#core.view.setUint16(KEY + KEY_PAN, pan, true);
      this.#core.view.setUint16(KEY + KEY_SHORT, short, true);
      this.#core.bytes.set(euiToAir(eui), KEY + KEY_EUI);
      const number = this.#core.call('addressSet');
      return number === 0 ? ok(undefined) : refusalOf(number);
    });
  }

  /** The EUI-64 of a short address, or undefined. */
  find(pan: number, short: number): Eui64 | undefined {
    return this.all().find((each) => each.pan === pan && each.short === short)?.eui;
  }

  /** Every address, in no particular order. */
  all(): readonly KnownAddress[] {
    return listed(this.#core, 'addressAt', ADDRESS_COUNT, (field, eui) => ({
      pan: field.getUint16(KEY_PAN, true),
      short: field.getUint16(KEY_SHORT, true),
      eui,
    }));
  }
}

/** The occupied entries of a table; a free one answers 0 in KEY_INDEX. */
function listed<T extends object>(
  core: Instance,
  call: 'counterAt' | 'addressAt',
  count: number,
  read: (field: DataView, eui: Eui64) => T,
): readonly Readonly<T>[] {
  return core.withKeyWindow(0, () => {
    const window = new DataView(core.bytes.buffer, KEY);
    const entries: Readonly<T>[] = [];
    for (let i = 0; i < count; i++) {
      core.call(call, i);
      if (window.getInt32(KEY_INDEX, true) === 0) continue;
      entries.push(Object.freeze(read(window, euiFromAir(core.bytes.subarray(KEY + KEY_EUI, KEY + KEY_EUI + 8)))));
    }
    return Object.freeze(entries);
  });
}
