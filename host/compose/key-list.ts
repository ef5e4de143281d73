/** The keys of a gateway's store, by fingerprint: opened in a core of their own, which is wiped. */
import { certificateFields, type CertificateFields } from '../core/certificate.ts';
import { Core } from '../core/core.ts';
import { known, Vault, type Purpose } from '../gateway/vault.ts';
import type { Eui64, Fingerprint } from '../model/ids.ts';
import type { Store } from '../ports/store.ts';
import { OutgoingCounters } from '../stores/counters.ts';
import { SealedKeys } from '../stores/keys.ts';
import { SystemEntropy } from '../adapters/system.ts';
import { loadModule } from './gateway.ts';

/** A key as it may be shown. */
export interface ListedKey {
  readonly purpose: Purpose;
  readonly identity: string;
  readonly fingerprint: Fingerprint;
  /** First outgoing counter that no block holds yet; undefined before the first. */
  readonly counter: number | undefined;
}

/** What is listed. `wrappingKey` is wiped. */
export interface KeyListPlan {
  readonly store: Store;
  readonly gateway: Eui64;
  readonly wrappingKey: Uint8Array;
}

/** What a gateway has. */
export interface KeyList {
  /** Network, install-code and link keys. */
  readonly keys: readonly ListedKey[];
  /** Its own certificates. */
  readonly certificates: readonly CertificateFields[];
}

/** Lists keys and certificates. Throws Fault `store` when one does not open under the wrapping key. */
export async function listKeys({ store, gateway, wrappingKey }: KeyListPlan): Promise<KeyList> {
  const core = await Core.load(await loadModule('core.wasm'));
  try {
    const wrapping = known(core.keys.importWrapping(wrappingKey), 'the wrapping key');
    const vault = new Vault({ core, sealed: new SealedKeys(store), entropy: new SystemEntropy(), gateway, wrapping });
    const counters = new OutgoingCounters(store);
    const keys = (['network', 'install', 'link'] as const).flatMap((purpose) =>
      vault.identities(purpose).map((identity) => {
        const handle = vault.open(purpose, identity) ?? 0;
        const fingerprint = known(core.keys.fingerprint(handle), 'a key');
        core.keys.erase(handle);
        return { purpose, identity, fingerprint, counter: counters.next(fingerprint) };
      }),
    );
    const certificates = vault.identities('certificate').flatMap((identity) => {
      const handle = vault.open('certificate', identity) ?? 0;
      const { certificate } = known(core.cbke.certificateOf(handle), 'a certificate');
      core.keys.erase(handle);
      return certificateFields(certificate) ?? [];
    });
    return { keys, certificates };
  } finally {
    core.wipe();
  }
}
