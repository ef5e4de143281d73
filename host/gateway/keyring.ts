/**
 * The gateway's keys at start: the network key and one link key a device, unsealed from the store, or made, sealed and stored at first.
 * Raw keys enter the core once and leave it only sealed under the wrapping key [R-KEYMAT-01].
 */
import type { Core } from '../core/core.ts';
import { Fault, type Result } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Store } from '../ports/store.ts';
import type { SealedKeys } from '../stores/keys.ts';

const NONCE_SIZE = 13;
const KEY_SIZE = 16;

/** What a keyring works with. */
export interface KeyringParts {
  readonly core: Core;
  readonly sealed: SealedKeys;
  readonly store: Store;
  readonly entropy: Entropy;
  /** The gateway: identity under which its network key is sealed. */
  readonly gateway: Eui64;
  /** 16 bytes; wiped once the core has them. */
  readonly wrappingKey: Uint8Array;
  /** Install codes with their CRC, by device; wiped once the core has them. */
  readonly installCodes: ReadonlyMap<Eui64, Uint8Array>;
}

/** Handles of the keys in use. */
export interface Keyring {
  readonly network: { readonly key: KeyHandle; readonly seq: number };
  /** Link key of a device, or undefined when no install code is known. */
  link(device: Eui64): KeyHandle | undefined;
}

/**
 * Opens the keys. Rejects with Fault `config` for an install code that is wrong, naming device and reason, and with Fault `store` when
 * a sealed key does not open: then the wrapping key is another one, or the record was altered.
 */
export async function openKeyring(parts: KeyringParts): Promise<Keyring> {
  const { core, gateway, installCodes, sealed } = parts;
  const wrapping = must(core.keys.importWrapping(parts.wrappingKey), 'the wrapping key');
  const seq = 0;
  const network = await obtain(parts, wrapping, 'network', String(seq), gateway, () =>
    core.keys.importNetwork(parts.entropy.bytes(KEY_SIZE), seq),
  );
  const links = new Map<Eui64, KeyHandle>();
  for (const { identity } of sealed.all('link')) {
    const device = identity as Eui64;
    links.set(device, await obtain(parts, wrapping, 'link', device, device, () => undefined));
  }
  for (const [device, code] of installCodes) {
    if (!links.has(device))
      links.set(device, await obtain(parts, wrapping, 'link', device, device, () => core.keys.installCode(code, device)));
    code.fill(0);
  }
  return { network: { key: network, seq }, link: (device) => links.get(device) };
}

async function obtain(
  { core, sealed, store, entropy }: KeyringParts,
  wrapping: KeyHandle,
  purpose: string,
  identity: string,
  owner: Eui64,
  make: () => Result<KeyHandle> | undefined,
): Promise<KeyHandle> {
  const known = sealed.get(purpose, identity);
  if (known !== undefined) {
    const opened = core.keys.unseal(known, wrapping, owner);
    if (!opened.ok) throw new Fault('store', `the ${purpose} key ${identity} does not open under this wrapping key (${opened.code})`);
    return opened.value;
  }
  const made = make();
  if (made === undefined) throw new Fault('store', `the ${purpose} key ${identity} is gone`);
  if (!made.ok) throw new Fault('config', `${purpose} key of ${identity}: ${made.code}: ${made.detail}`);
  const record = must(core.keys.seal(made.value, wrapping, owner, entropy.bytes(NONCE_SIZE)), `${purpose} key ${identity}`);
  await store.commit([sealed.put(purpose, identity, record)]);
  return made.value;
}

function must<T>(result: Result<T>, what: string): T {
  if (!result.ok) throw new Fault('core', `${what}: ${result.code}: ${result.detail}`);
  return result.value;
}
