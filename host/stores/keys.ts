/**
 * Sealed keys: records that only the core can open, under the wrapping key and for the identity they were sealed for
 * [R-KEYMAT-01]. This file never sees a key.
 *
 * A key is found by its purpose (what it is for: `network`, `link`, …) and its identity (whose it is or which one: an
 * EUI-64, a key sequence number).
 */
import { Fault } from '../model/fault.ts';
import type { Store, Write } from '../ports/store.ts';

/** A sealed key and what it is for. */
export interface SealedKey {
  readonly purpose: string;
  readonly identity: string;
  /** The record as the core sealed it. */
  readonly sealed: Uint8Array;
}

/** The sealed keys of one gateway. */
export class SealedKeys {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The sealed record for a purpose and identity, or undefined. */
  get(purpose: string, identity: string): Uint8Array | undefined {
    return this.#store.get('keys', key(purpose, identity));
  }

  /** Every sealed key of a purpose, by identity. */
  all(purpose: string): readonly SealedKey[] {
    const [from, to] = [key(purpose, ''), key(purpose, '~')];
    return this.#store.range('keys', from, to).map(([name, sealed]) => ({ purpose, identity: name.slice(from.length), sealed }));
  }

  /** Stores a sealed record, in place of the one before. */
  put(purpose: string, identity: string, sealed: Uint8Array): Write {
    return { table: 'keys', key: key(purpose, identity), value: sealed };
  }

  /** Forgets a sealed record; harmless when there is none. */
  erase(purpose: string, identity: string): Write {
    return { table: 'keys', key: key(purpose, identity), value: undefined };
  }
}

/** Purposes hold no slash, so that two pairs never share a key. */
function key(purpose: string, identity: string): string {
  if (!/^[a-z0-9-]+$/.test(purpose)) throw new Fault('internal', `not a purpose of a key: ${purpose}`);
  return `${purpose}/${identity}`;
}
