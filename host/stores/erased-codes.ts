/**
 * Install codes that were erased, by the fingerprint of their key: the file that they came from may still name them, and must not bring them
 * back to life at the next start.
 */
import type { Eui64, Fingerprint } from '../model/ids.ts';
import type { Store, Write } from '../ports/store.ts';

/** A device whose code was erased, and which code that was. */
export interface ErasedCode {
  readonly eui: Eui64;
  readonly code: Fingerprint;
}

const PREFIX = 'erased-code/';

/** The erased codes of one gateway. */
export class ErasedCodes {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Every erased code that is remembered. */
  all(): readonly ErasedCode[] {
    return this.#store
      .range('meta', PREFIX, `${PREFIX}~`)
      .map(([key, value]) => ({ eui: key.slice(PREFIX.length) as Eui64, code: new TextDecoder().decode(value) as Fingerprint }));
  }

  /** The code of a device that was erased last, or undefined. */
  get(device: Eui64): Fingerprint | undefined {
    return this.all().find(({ eui }) => eui === device)?.code;
  }

  /** The write that remembers a code as erased. */
  put({ eui, code }: ErasedCode): Write {
    return { table: 'meta', key: `${PREFIX}${eui}`, value: new TextEncoder().encode(code) };
  }

  /** The write that forgets that a device's code was erased; harmless when none was. */
  forget(device: Eui64): Write {
    return { table: 'meta', key: `${PREFIX}${device}`, value: undefined };
  }
}
