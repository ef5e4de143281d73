/**
 * Keys and addresses of a device that belongs to a network: kept sealed, brought back after a restart, and their outgoing
 * frame counters reserved in blocks before use, so that a restart jumps ahead and never repeats one. Counters go by the
 * fingerprint of the key: whoever gets the same key again finds them.
 */
import { sequenceOf } from '../../host/core/keys.ts';
import { Fault, type Refusal } from '../../host/model/fault.ts';
import type { KeyHandle } from '../../host/model/frame.ts';
import { hex, unhex, type Eui64 } from '../../host/model/ids.ts';
import type { Core } from '../../host/core/core.ts';
import type { Entropy } from '../../host/ports/entropy.ts';
import type { Kept, KeptMark, KeptNetworkKey, NetworkSettings } from './kept.ts';

/** Outgoing counters reserved at a time. */
export const COUNTER_BLOCK = 1024;
/** A new block is reserved when fewer than these are left: more than one frame in the making can use. */
const MARGIN = 8;
const NONCE = 13;
/** Incoming counters that are kept, those of keys that are gone among them. */
const MARKS = 24;

/** A network key by handle. */
export interface NetworkKey {
  readonly key: KeyHandle;
  readonly seq: number;
}

/** Where a device has been let in, and the handles of its keys. */
export interface Admission {
  readonly panId: number;
  readonly shortAddress: number;
  readonly trustCentre: Eui64;
  readonly network: NetworkKey;
  readonly alternate?: NetworkKey | undefined;
  /** Absent until certificates have established it. */
  readonly linkKey?: KeyHandle | undefined;
}

/** Where a device belongs: let in, and known to the trust centre by a link key of its own. */
export interface Membership extends Admission {
  readonly networkKey: KeyHandle;
  readonly linkKey: KeyHandle;
}

/** What keeping a membership needs. `wrapping` is the handle of the device's own key. */
export interface KeeperParts {
  readonly core: Core;
  readonly self: Eui64;
  readonly wrapping: KeyHandle;
  readonly entropy: Entropy;
  readonly kept: Kept<NetworkSettings>;
}

/** Keeps the membership of one device. */
export class MembershipKeeper {
  readonly #parts: KeeperParts;
  readonly #partners = new Map<Eui64, KeyHandle>();
  #admission: Admission | undefined;
  #limits: Record<string, number>;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#limits = { ...parts.kept.read()?.limits };
  }

  /** The network that let the device in, whether it has a link key or not. */
  get admission(): Admission | undefined {
    return this.#admission;
  }

  /** The membership in use; undefined until the device has a link key. */
  get current(): Membership | undefined {
    const { linkKey, ...admission } = this.#admission ?? {};
    if (this.#admission === undefined || linkKey === undefined) return undefined;
    return { ...(admission as Admission), networkKey: this.#admission.network.key, linkKey };
  }

  /** Link keys with other devices. */
  get partners(): ReadonlyMap<Eui64, KeyHandle> {
    return this.#partners;
  }

  /** Brings back what was kept. Undefined when nothing was, or when it does not open under the device's own key. */
  restore(): Admission | undefined {
    const settings = this.#parts.kept.read()?.membership;
    if (settings === undefined) return undefined;
    const network = this.#network('network', settings.network);
    const alternate = settings.alternate && this.#network('alternate', settings.alternate);
    const linkKey = settings.link === undefined ? undefined : this.#unsealed('link', settings.link);
    if (network === undefined || (settings.link !== undefined && linkKey === undefined)) return undefined;
    for (const { eui, key } of settings.partners) {
      const handle = this.#unsealed(`partner/${eui}`, key);
      if (handle !== undefined) this.#partners.set(eui, handle);
    }
    const { panId, shortAddress, trustCentre } = settings;
    return this.#take({ panId, shortAddress, trustCentre, network, alternate, linkKey });
  }

  /** Takes the network that let the device in, and keeps it; what was before is forgotten but for its counters. */
  admit(admission: Admission): Admission {
    this.#erase(this.#handles().filter((key) => key !== admission.network.key));
    this.#partners.clear();
    return this.#take(admission);
  }

  /** Takes a link key that was established with the trust centre, in place of the one before. */
  establish(linkKey: KeyHandle): void {
    this.#change({ linkKey }, [this.#admission?.linkKey]);
  }

  /** Takes a network key that is to come, or the one in use after a rejoin. The same key again changes nothing. */
  offer(network: NetworkKey, now: boolean): void {
    const admission = this.#admission;
    if (admission === undefined || network.key === admission.network.key || (!now && network.key === admission.alternate?.key)) return;
    if (now) return this.#change({ network, alternate: undefined }, [admission.network.key, admission.alternate?.key]);
    this.#change({ alternate: network }, [admission.alternate?.key]);
  }

  /** Turns to the network key that waits; the one in use stays beside it. False when none of that number waits. */
  turn(seq: number): boolean {
    const { network, alternate } = this.#admission ?? {};
    if (alternate === undefined || alternate.seq !== seq) return false;
    this.#change({ network: alternate, alternate: network });
    return true;
  }

  /** Takes a link key to share with another device. */
  partner(eui: Eui64, key: KeyHandle): void {
    const before = this.#partners.get(eui);
    this.#partners.set(eui, key);
    this.#settle();
    if (before !== undefined && before !== key) this.#erase([before]);
  }

  /** Forgets the network; counters stay. */
  forget(): void {
    const marks = this.#marks();
    this.#erase(this.#handles());
    this.#partners.clear();
    this.#admission = undefined;
    this.#parts.kept.write({ limits: { ...this.#limits }, marks });
  }

  /** Makes sure that the next frame finds counters. Call before every emission. */
  reserve(): void {
    if (this.#admission === undefined) return;
    const { keys } = this.#parts.core;
    for (const handle of this.#handles()) {
      const { next, limit } = value(keys.outgoing(handle));
      if (next + MARGIN < limit) continue;
      const name = this.#fingerprint(handle);
      const known = this.#limits[name] ?? 0;
      const from = limit === 0 ? known : next;
      this.#limits[name] = Math.max(known, limit) + COUNTER_BLOCK;
      this.save();
      value(keys.reserve(handle, from, this.#limits[name]));
    }
  }

  /** Keeps everything as it is now. */
  save(): void {
    const admission = this.#admission;
    if (admission === undefined) return;
    const { panId, shortAddress, trustCentre, network, alternate, linkKey } = admission;
    const membership = {
      ...{ panId, shortAddress, trustCentre },
      network: { sealed: this.#sealed('network', network.key), seq: network.seq },
      ...(alternate && { alternate: { sealed: this.#sealed('alternate', alternate.key), seq: alternate.seq } }),
      ...(linkKey !== undefined && { link: this.#sealed('link', linkKey) }),
      partners: [...this.#partners].map(([eui, key]) => ({ eui, key: this.#sealed(`partner/${eui}`, key) })),
    };
    this.#parts.kept.write({ membership, limits: { ...this.#limits }, marks: this.#marks() });
  }

  #take(admission: Admission): Admission {
    this.#parts.core.addresses.learn(admission.panId, 0, admission.trustCentre);
    this.#admission = admission;
    this.#settle();
    return admission;
  }

  /** After keys have changed: what was heard under them before counts again, counters are reserved, and all is kept. */
  #settle(): void {
    const kept = this.#parts.kept.read()?.marks ?? [];
    for (const handle of this.#handles()) {
      const name = this.#fingerprint(handle);
      for (const { key, eui, next } of kept) if (key === name) this.#parts.core.counters.set(eui, handle, next);
    }
    this.reserve();
    this.save();
  }

  /** Incoming counters as they stand, and those of keys that are gone. */
  #marks(): readonly KeptMark[] {
    const handles = new Map(this.#handles().map((handle) => [handle, this.#fingerprint(handle)]));
    const now = this.#parts.core.counters.all().flatMap(({ eui, handle, next }) => {
      const key = handles.get(handle);
      return key === undefined ? [] : [{ key, eui, next }];
    });
    const held = new Set(handles.values());
    const gone = (this.#parts.kept.read()?.marks ?? []).filter(({ key }) => !held.has(key));
    return [...gone, ...now].slice(-MARKS);
  }

  #change(change: Partial<Admission>, gone: readonly (KeyHandle | undefined)[] = []): void {
    if (this.#admission === undefined) return;
    this.#admission = { ...this.#admission, ...change };
    this.#settle();
    this.#erase(gone.flatMap((key) => key ?? []));
  }

  #handles(): readonly KeyHandle[] {
    const { network, alternate, linkKey } = this.#admission ?? {};
    return [network?.key, alternate?.key, linkKey, ...this.#partners.values()].filter((key): key is KeyHandle => key !== undefined);
  }

  #erase(keys: readonly KeyHandle[]): void {
    for (const key of keys) this.#parts.core.keys.erase(key);
  }

  #fingerprint(key: KeyHandle): string {
    return value(this.#parts.core.keys.fingerprint(key));
  }

  #network(entry: string, { sealed, seq }: KeptNetworkKey): NetworkKey | undefined {
    const key = sequenceOf(unhex(sealed)) === seq ? this.#unsealed(entry, sealed) : undefined;
    return key === undefined ? undefined : { key, seq };
  }

  #unsealed(entry: string, sealed: string): KeyHandle | undefined {
    const { core, self, wrapping } = this.#parts;
    const opened = core.keys.unseal(unhex(sealed), wrapping, { holder: self, entry });
    return opened.ok ? opened.value : undefined;
  }

  #sealed(entry: string, handle: KeyHandle): string {
    const { core, self, wrapping, entropy } = this.#parts;
    return hex(value(core.keys.seal(handle, wrapping, { holder: self, entry }, entropy.bytes(NONCE))));
  }
}

function value<T>(result: { readonly ok: true; readonly value: T } | Refusal): T {
  if (result.ok) return result.value;
  throw new Fault('core', `the core refuses its own key: ${result.code} (${result.detail})`);
}
