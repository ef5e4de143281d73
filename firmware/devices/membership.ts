/**
 * Keys and addresses of a device that belongs to a network: kept sealed, brought back after a restart, and their outgoing
 * frame counters reserved in blocks before use, so that a restart jumps ahead and never repeats one.
 */
import { Fault, type Refusal } from '../../host/model/fault.ts';
import type { KeyHandle } from '../../host/model/frame.ts';
import { hex, unhex, type Eui64 } from '../../host/model/ids.ts';
import type { Core } from '../../host/core/core.ts';
import type { Entropy } from '../../host/ports/entropy.ts';
import type { Kept, NetworkSettings } from './kept.ts';

/** Outgoing counters reserved at a time. */
export const COUNTER_BLOCK = 1024;
/** A new block is reserved when fewer than these are left: more than one frame in the making can use. */
const MARGIN = 8;
const NONCE = 13;

/** Where a device belongs, and the handles of its keys. */
export interface Membership {
  readonly panId: number;
  readonly shortAddress: number;
  readonly trustCentre: Eui64;
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
  #current: Membership | undefined;
  #limits = { network: 0, link: 0 };

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** The membership in use. */
  get current(): Membership | undefined {
    return this.#current;
  }

  /** Brings back what was kept. Undefined when nothing was, or when it does not open under the device's own key. */
  restore(): Membership | undefined {
    const { core, self, wrapping, kept } = this.#parts;
    const settings = kept.read();
    if (settings === undefined) return undefined;
    const network = core.keys.unseal(unhex(settings.networkKey), wrapping, self);
    const link = core.keys.unseal(unhex(settings.linkKey), wrapping, self);
    if (!network.ok || !link.ok) return undefined;
    const handles = { network: network.value, link: link.value };
    for (const { key, eui, next } of settings.marks) core.counters.set(eui, handles[key], next);
    this.#limits = { network: settings.networkLimit, link: settings.linkLimit };
    return this.#take({ ...settings, networkKey: handles.network, linkKey: handles.link });
  }

  /** Takes a new membership and keeps it. */
  adopt(membership: Membership): Membership {
    // Whoever joins the same network again gets the same keys: their counters must not come back.
    const before = this.#parts.kept.read();
    this.#limits = { network: before?.networkLimit ?? 0, link: before?.linkLimit ?? 0 };
    return this.#take(membership);
  }

  /** Makes sure that the next frame finds counters. Call before every emission. */
  reserve(): void {
    const member = this.#current;
    if (member === undefined) return;
    const { keys } = this.#parts.core;
    for (const name of ['network', 'link'] as const) {
      const handle = name === 'network' ? member.networkKey : member.linkKey;
      const { next, limit } = value(keys.outgoing(handle));
      if (next + MARGIN < limit) continue;
      const from = limit === 0 ? this.#limits[name] : next;
      this.#limits[name] += COUNTER_BLOCK;
      this.save();
      value(keys.reserve(handle, from, this.#limits[name]));
    }
  }

  /** Keeps everything as it is now. */
  save(): void {
    const { core, kept } = this.#parts;
    const member = this.#current;
    if (member === undefined) return;
    const { panId, shortAddress, trustCentre } = member;
    kept.write({
      panId,
      shortAddress,
      trustCentre,
      networkKey: this.#sealed(member.networkKey),
      linkKey: this.#sealed(member.linkKey),
      networkLimit: this.#limits.network,
      linkLimit: this.#limits.link,
      marks: core.counters.all().flatMap(({ eui, handle, next }) => {
        const key = handle === member.networkKey ? 'network' : handle === member.linkKey ? 'link' : undefined;
        return key === undefined ? [] : [{ key, eui, next }];
      }),
    });
  }

  #take(membership: Membership): Membership {
    const { panId, shortAddress, trustCentre, networkKey, linkKey } = membership;
    this.#current = { panId, shortAddress, trustCentre, networkKey, linkKey };
    this.#parts.core.addresses.learn(panId, 0, trustCentre);
    this.reserve();
    return this.#current;
  }

  #sealed(handle: KeyHandle): string {
    const { core, self, wrapping, entropy } = this.#parts;
    return hex(value(core.keys.seal(handle, wrapping, self, entropy.bytes(NONCE))));
  }
}

function value<T>(result: { readonly ok: true; readonly value: T } | Refusal): T {
  if (result.ok) return result.value;
  throw new Fault('core', `the core refuses its own key: ${result.code} (${result.detail})`);
}
