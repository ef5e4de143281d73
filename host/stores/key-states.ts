/** The states of PPMIDs' keys across restarts: an investigation stays one, a retry goes on where it was. */
import type { Eui64 } from '../model/ids.ts';
import type { PpmidKeys } from '../model/key-state.ts';
import type { Store, Write } from '../ports/store.ts';
import { decodeObject, encode } from './canonical-json.ts';

/** The states kept by one gateway. */
export class KeyStates {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The state of a device, or undefined. */
  get(device: Eui64): PpmidKeys | undefined {
    const bytes = this.#store.get('keystates', device);
    return bytes === undefined ? undefined : state(bytes);
  }

  /** Every state, by EUI-64. */
  all(): readonly PpmidKeys[] {
    return this.#store.range('keystates', '', '~').map(([, bytes]) => state(bytes));
  }

  /** The write that keeps a state. */
  put(keys: PpmidKeys): Write {
    return { table: 'keystates', key: keys.device, value: encode(keys) };
  }

  /** The write that forgets a device. */
  forget(device: Eui64): Write {
    return { table: 'keystates', key: device, value: undefined };
  }
}

/** Undefined members are not stored; here they come back. */
function state(bytes: Uint8Array): PpmidKeys {
  const { reason, fingerprint, next, ...rest } = decodeObject(bytes) as unknown as PpmidKeys;
  return { ...rest, reason, fingerprint, next };
}
