/** A gateway's store with keys in it, for tests of backup and restore: real cores, a store in memory. */
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import type { Core } from '../../../host/core/core.ts';
import { known, Vault } from '../../../host/gateway/vault.ts';
import { eui64, type Fingerprint } from '../../../host/model/ids.ts';
import { SealedKeys } from '../../../host/stores/keys.ts';
import type { Store } from '../../../host/ports/store.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { freshCore } from '../../kit/core.ts';

export const GATEWAY = eui64('0200000000000201');
export const PPMID = eui64('0200000000000202');
export const ESME = eui64('0200000000000203');
export const WRAPPING = new Uint8Array(16).fill(0x41);
export const BACKUP_KEY = new Uint8Array(16).fill(0x42);
export const NETWORK_KEY = new Uint8Array(16).fill(0x43);
export const LINK_KEY = new Uint8Array(16).fill(0x44);
/** 83fed3407a939723a5c639b26916d505 with its CRC. */
export const INSTALL_CODE = Uint8Array.from(Buffer.from('83fed3407a939723a5c639b26916d505c3b5', 'hex'));

/** The keys of a store, opened. */
export async function vaultOf(store: Store, wrappingKey = WRAPPING): Promise<{ readonly core: Core; readonly vault: Vault }> {
  const core = await freshCore();
  const wrapping = known(core.keys.importWrapping(wrappingKey.slice()), 'the wrapping key');
  return { core, vault: new Vault({ core, sealed: new SealedKeys(store), entropy: new Seeded(9), gateway: GATEWAY, wrapping }) };
}

/** A store with a network key, the PPMID's link key and its install code; their fingerprints. */
export async function keyStore(): Promise<{
  readonly store: MemoryStore;
  readonly prints: Readonly<Record<'network' | 'link' | 'install', Fingerprint>>;
}> {
  const store = new MemoryStore();
  const { core, vault } = await vaultOf(store);
  const handles = {
    network: known(core.keys.importNetwork(NETWORK_KEY.slice(), 7), 'a key'),
    link: known(core.keys.importLink(LINK_KEY.slice(), PPMID), 'a key'),
    install: known(core.keys.installCode(INSTALL_CODE.slice(), PPMID), 'a key'),
  };
  await store.commit([
    vault.keep('network', 'active', handles.network),
    vault.keep('link', PPMID, handles.link),
    vault.keep('install', PPMID, handles.install),
  ]);
  const print = (handle: number): Fingerprint => known(core.keys.fingerprint(handle), 'a key');
  return { store, prints: { network: print(handles.network), link: print(handles.link), install: print(handles.install) } };
}
