/**
 * Keys at rest: each sealed by the core under the wrapping key for this gateway and for the one entry that it stands in, so that a record
 * that was altered, exchanged with another, or brought from another gateway does not open [R-KEYMAT-01].
 */
import type { Core } from '../core/core.ts';
import { SEAL_NONCE_LENGTH } from '../core/keys.ts';
import { Fault, type Result } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Write } from '../ports/store.ts';
import type { SealedKeys } from '../stores/keys.ts';

/** What a key is kept for; the identity beside it says which one. */
export type Purpose =
  | 'network' // active, next or previous
  | 'install' // link key of a device's install code, by EUI-64
  | 'link' // link key established with a device, by EUI-64
  | 'certificate'; // the gateway's own, by suite

/** What a vault works with. */
export interface VaultParts {
  readonly core: Core;
  readonly sealed: SealedKeys;
  readonly entropy: Entropy;
  readonly gateway: Eui64;
  /** Handle of the wrapping key. */
  readonly wrapping: KeyHandle;
}

/** The sealed keys of a gateway, in and out of its core. */
export class Vault {
  readonly #parts: VaultParts;

  constructor(parts: VaultParts) {
    this.#parts = parts;
  }

  /**
   * Opens a sealed key into a slot of its own. Undefined when there is none. Throws Fault `store` when it does not open: then the wrapping
   * key is another one, or the record was altered or stands where it does not belong.
   */
  open(purpose: Purpose, identity: string): KeyHandle | undefined {
    const { core, sealed, gateway, wrapping } = this.#parts;
    const record = sealed.get(purpose, identity);
    if (record === undefined) return undefined;
    const opened = core.keys.unseal(record, wrapping, { holder: gateway, entry: entry(purpose, identity) });
    if (!opened.ok) throw new Fault('store', `the ${purpose} key ${identity} does not open under this wrapping key (${opened.code})`);
    return opened.value;
  }

  /** The write that keeps a key in place of the one before. */
  keep(purpose: Purpose, identity: string, handle: KeyHandle): Write {
    const { core, sealed, entropy, gateway, wrapping } = this.#parts;
    const place = { holder: gateway, entry: entry(purpose, identity) };
    const record = known(core.keys.seal(handle, wrapping, place, entropy.bytes(SEAL_NONCE_LENGTH)), `${purpose} key ${identity}`);
    return sealed.put(purpose, identity, record);
  }

  /** The write that forgets a key. */
  forget(purpose: Purpose, identity: string): Write {
    return this.#parts.sealed.erase(purpose, identity);
  }

  /** Identities of the keys of a purpose. */
  identities(purpose: Purpose): readonly string[] {
    return this.#parts.sealed.all(purpose).map(({ identity }) => identity);
  }
}

const entry = (purpose: Purpose, identity: string): string => `${purpose}/${identity}`;

/** What the core answers about keys that it holds. Throws Fault `core` for a refusal. */
export function known<T>(result: Result<T>, what: string): T {
  if (!result.ok) throw new Fault('core', `${what}: ${result.code}: ${result.detail}`);
  return result.value;
}
