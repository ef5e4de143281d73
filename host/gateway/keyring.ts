/**
 * The gateway's keys while it runs: the network key and the one beside it, one link key a device, its own certificates. What is changed is
 * sealed and durable before it is used; raw keys enter the core once and leave it only sealed [R-KEYMAT-01].
 *
 * A device has a link key only once certificates established it. Its install-code key protects the network key on its way and nothing
 * else: it is opened for that one frame.
 */
import type { CertificateMaterial, HeldCertificate } from '../core/cbke.ts';
import type { Core } from '../core/core.ts';
import { KEY_LENGTH, sequenceOf } from '../core/keys.ts';
import type { SuiteNumber } from '../core/curves.ts';
import { Fault } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import type { Eui64, Fingerprint } from '../model/ids.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Write } from '../ports/store.ts';
import type { ErasedCodes } from '../stores/erased-codes.ts';
import type { SealedKeys } from '../stores/keys.ts';
import { takeInstallCodes } from './install-codes.ts';
import { known, Vault } from './vault.ts';

/** What a keyring works with. */
export interface KeyringParts {
  readonly core: Core;
  readonly sealed: SealedKeys;
  readonly erased: ErasedCodes;
  /** Puts a change on record and makes it durable, in one commit. */
  readonly record: (what: string, fields: Readonly<Record<string, unknown>>, writes: readonly Write[]) => Promise<void>;
  readonly entropy: Entropy;
  /** The gateway: whom its keys are sealed for. */
  readonly gateway: Eui64;
  /** 16 bytes; wiped once the core has them. */
  readonly wrappingKey: Uint8Array;
  /** Install codes with their CRC, by device; wiped once the core has them. */
  readonly installCodes: ReadonlyMap<Eui64, Uint8Array>;
  /** The gateway's own certificates, at most one a suite; their private keys are wiped once the core has them. */
  readonly certificates: readonly CertificateMaterial[];
}

/** A network key by handle. */
export interface NetworkKey {
  readonly key: KeyHandle;
  readonly seq: number;
}

/** A certificate of the gateway, by the handle of its private key. */
export interface OwnCertificate extends HeldCertificate {
  readonly handle: KeyHandle;
}

/** Entries of the network keys at rest. */
type Turn = 'active' | 'next' | 'previous';
const TURNS: readonly Turn[] = ['active', 'next', 'previous'];

/**
 * Opens the keys, and makes the first network key. Rejects with Fault `config` for an install code or a certificate that is wrong, naming
 * device or suite and reason, or for keys of an older program; with Fault `store` when a sealed key does not open.
 */
export async function openKeyring(parts: KeyringParts): Promise<Keyring> {
  const { core, sealed, entropy, gateway } = parts;
  const wrapping = known(core.keys.importWrapping(parts.wrappingKey), 'the wrapping key');
  const vault = new Vault({ core, sealed, entropy, gateway, wrapping });
  const old = vault.identities('network').find((identity) => !(TURNS as readonly string[]).includes(identity));
  if (old !== undefined)
    throw new Fault('config', 'the data directory holds keys of version 0.1: begin with an empty one, and join the devices anew');
  const { devices, writes } = takeInstallCodes(parts, vault);
  if (writes.length > 0) await parts.record('install-codes-taken', { devices }, writes);
  const certificates = takeCertificates(parts, vault);
  if (certificates.length > 0) await parts.record('certificates-taken', { count: certificates.length }, certificates);
  const keyring = new Keyring(parts, vault);
  await keyring.open();
  return keyring;
}

/** Seals the certificates that are given, in place of what was kept for their suites. */
function takeCertificates({ core, certificates, gateway }: KeyringParts, vault: Vault): readonly Write[] {
  return certificates.map((material) => {
    const { suite } = material;
    const taken = core.cbke.importCertificate(material);
    if (!taken.ok) throw new Fault('config', `certificate of suite ${suite}: ${taken.code}: ${taken.detail}`);
    const { handle, subject } = taken.value;
    if (subject !== gateway) throw new Fault('config', `certificate of suite ${suite}: it is for ${subject}, this gateway is ${gateway}`);
    const write = vault.keep('certificate', String(suite), handle);
    core.keys.erase(handle);
    return write;
  });
}

/** Handles of the keys in use. */
export class Keyring {
  readonly #parts: KeyringParts;
  readonly #vault: Vault;
  readonly #links = new Map<Eui64, KeyHandle>();
  readonly #certificates = new Map<SuiteNumber, OwnCertificate>();
  readonly #network = new Map<Turn, NetworkKey>();
  /** By handle: a handle never comes to mean another key. */
  readonly #fingerprints = new Map<KeyHandle, Fingerprint>();

  /** Made by `openKeyring`. */
  constructor(parts: KeyringParts, vault: Vault) {
    this.#parts = parts;
    this.#vault = vault;
  }

  /** Opens what is kept; resolves when there is a network key. */
  async open(): Promise<void> {
    const { core, sealed, record, entropy } = this.#parts;
    for (const turn of TURNS) {
      const key = this.#vault.open('network', turn);
      if (key !== undefined) this.#network.set(turn, { key, seq: sequenceOf(sealed.get('network', turn) ?? new Uint8Array(0)) });
    }
    if (!this.#network.has('active')) {
      const key = known(core.keys.importNetwork(entropy.bytes(KEY_LENGTH), 0), 'a network key');
      await record('network-key-made', { seq: 0, key: this.fingerprint(key) }, [this.#vault.keep('network', 'active', key)]);
      this.#network.set('active', { key, seq: 0 });
    }
    for (const device of this.#vault.identities('link')) this.#links.set(device as Eui64, this.#vault.open('link', device) ?? 0);
    for (const suite of this.#vault.identities('certificate')) {
      const handle = this.#vault.open('certificate', suite) ?? 0;
      const held = known(core.cbke.certificateOf(handle), `the certificate of suite ${suite}`);
      this.#certificates.set(held.suite, { ...held, handle });
    }
  }

  /** The network key that frames are secured with. */
  get network(): NetworkKey {
    const active = this.#network.get('active');
    if (active === undefined) throw new Fault('internal', 'the keyring was not opened');
    return active;
  }

  /** The network key to come, while it is handed out. */
  get next(): NetworkKey | undefined {
    return this.#network.get('next');
  }

  /** The network key before, while it is still heard. */
  get previous(): NetworkKey | undefined {
    return this.#network.get('previous');
  }

  /** The link key that certificates established with a device. */
  link(device: Eui64): KeyHandle | undefined {
    return this.#links.get(device);
  }

  /** Devices with such a link key. */
  linked(): readonly Eui64[] {
    return [...this.#links.keys()];
  }

  /** Whether a device's install code is known. */
  hasInstallCode(device: Eui64): boolean {
    return this.#parts.sealed.get('install', device) !== undefined;
  }

  /** Lends the link key of a device's install code to `use`, and takes it out of the core again. Undefined when no code is known. */
  async withInstallKey<T>(device: Eui64, use: (key: KeyHandle) => Promise<T>): Promise<T | undefined> {
    const key = this.#vault.open('install', device);
    if (key === undefined) return undefined;
    try {
      return await use(key);
    } finally {
      this.#parts.core.keys.erase(key);
    }
  }

  /** The gateway's certificate of a suite. */
  certificate(suite: SuiteNumber): OwnCertificate | undefined {
    return this.#certificates.get(suite);
  }

  /** What tells a key from others. */
  fingerprint(key: KeyHandle): Fingerprint {
    const found = this.#fingerprints.get(key) ?? known(this.#parts.core.keys.fingerprint(key), 'a key');
    this.#fingerprints.set(key, found);
    return found;
  }

  /** The key in use that has a fingerprint: a network key, or the link key of a device. */
  keyOf(fingerprint: Fingerprint): KeyHandle | undefined {
    const held = [...[...this.#network.values()].map(({ key }) => key), ...this.#links.values()];
    return held.find((key) => this.fingerprint(key) === fingerprint);
  }

  /** Takes a link key that was established with a device in place of the one before; resolves when it is durable. */
  async establish(device: Eui64, key: KeyHandle, suite: SuiteNumber): Promise<void> {
    const write = this.#vault.keep('link', device, key);
    await this.#parts.record('link-key-established', { device, suite, key: this.fingerprint(key) }, [write]);
    const before = this.#links.get(device);
    this.#links.set(device, key);
    if (before !== undefined) this.#parts.core.keys.erase(before);
  }

  /** Forgets a device's link key and, when `code` says so, its install code. Resolves when it is durable. */
  async forget(device: Eui64, code: boolean, more: readonly Write[] = []): Promise<void> {
    const install = code ? this.#forgetCode(device) : [];
    await this.#parts.record('keys-erased', { device, installCode: code }, [this.#vault.forget('link', device), ...install, ...more]);
    const key = this.#links.get(device);
    this.#links.delete(device);
    if (key !== undefined) this.#parts.core.keys.erase(key);
  }

  /** A code is forgotten, and that it was: the file that it came from may name it still. */
  #forgetCode(device: Eui64): readonly Write[] {
    const { core, erased } = this.#parts;
    const key = this.#vault.open('install', device);
    if (key === undefined) return [];
    const code = known(core.keys.fingerprint(key), 'a key');
    core.keys.erase(key);
    return [this.#vault.forget('install', device), erased.put({ eui: device, code })];
  }

  /** The network key to come: the one that waits, or a fresh one, its number `ahead` of the one in use; resolves when it is durable. */
  async prepareNext(ahead = 1): Promise<NetworkKey> {
    const waiting = this.next;
    if (waiting !== undefined) return waiting;
    const { core, record, entropy } = this.#parts;
    const seq = (this.network.seq + ahead) & 0xff;
    const key = known(core.keys.importNetwork(entropy.bytes(KEY_LENGTH), seq), 'a network key');
    await record('network-key-made', { seq, key: this.fingerprint(key) }, [this.#vault.keep('network', 'next', key)]);
    const next = { key, seq };
    this.#network.set('next', next);
    return next;
  }

  /** Turns to the network key to come; the one in use stays to be heard. Resolves when it is durable. */
  async turn(): Promise<void> {
    const { next, previous } = this;
    if (next === undefined) throw new Fault('internal', 'there is no network key to turn to');
    const before = this.network;
    await this.#parts.record('network-key-turned', { seq: next.seq, key: this.fingerprint(next.key) }, [
      this.#vault.keep('network', 'active', next.key),
      this.#vault.keep('network', 'previous', before.key),
      this.#vault.forget('network', 'next'),
    ]);
    if (previous !== undefined) this.#parts.core.keys.erase(previous.key);
    this.#network.set('active', next).set('previous', before);
    this.#network.delete('next');
  }

  /** Forgets the network key before: who has only that must come in anew. Resolves when it is durable. */
  async retire(): Promise<void> {
    const { previous } = this;
    if (previous === undefined) return;
    await this.#parts.record('network-key-retired', { seq: previous.seq }, [this.#vault.forget('network', 'previous')]);
    this.#network.delete('previous');
    this.#parts.core.keys.erase(previous.key);
  }
}
