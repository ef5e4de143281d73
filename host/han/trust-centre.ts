/**
 * The trust centre: who may join, and the way in (ZigBee specification 4.6.3; IEEE 802.15.4-2006 clause 7.5.3).
 *
 * A device in the device log whose install code is known associates, gets the network key under the key-transport key of its
 * install-code link key, announces itself, and is then on the network. A device that is not in the device log gets access denied and
 * no key, and is reported [R-DEV-03]. Association is always announced as open: the device log decides, not a timer.
 */
import type { Frame, KeyHandle } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Sent } from '../ports/radio.ts';
import {
  associationResponse,
  beacon,
  MacCommand,
  NwkCommand,
  PROFILE_ZDP,
  rejoinResponse,
  transportNetworkKey,
  type Outbound,
} from './frames.ts';
import type { Network, Peer } from './network.ts';

/** What is kept of a device across restarts. */
export interface Membership {
  readonly eui: Eui64;
  readonly short: number;
  readonly joined: boolean;
}

/** Durable memory of who is on the network. */
export interface Memberships {
  all(): readonly Membership[];
  /** Resolves when durable. */
  save(member: Membership): Promise<void>;
}

/** Told of comings and goings. */
export interface MembershipEvents {
  joined(device: Eui64): void;
  left(device: Eui64): void;
  /** A device that is not in the device log, or whose install code is unknown, asked to join. */
  refused(device: Eui64, reason: 'device-not-in-log' | 'install-code-unknown'): void;
}

/** What a trust centre is made of. */
export interface TrustCentreParts {
  readonly memberships: Memberships;
  readonly log: Log;
  /** The link key of a device of the device log: a handle, `undefined` when it is not in the log, 0 when no install code is known. */
  readonly linkKey: (eui: Eui64) => KeyHandle | 0 | undefined;
  readonly events: MembershipEvents;
}

const DEVICE_ANNCE = 0x0013;
const NODE_DESC_REQ = 0x0002;
const ACCESS_DENIED = 2;

/** The trust centre of one network. */
export class TrustCentre {
  readonly #parts: TrustCentreParts;
  readonly #members = new Map<Eui64, Membership>();
  /** Association responses that wait for the device's data request. */
  readonly #pending = new Map<Eui64, { readonly short: number; readonly status: 0 | 2 }>();

  constructor(parts: TrustCentreParts) {
    this.#parts = parts;
    for (const member of parts.memberships.all()) this.#members.set(member.eui, member);
  }

  /** The device as a peer of the network: known, with a link key and a short address. */
  peer(eui: Eui64): Peer | undefined {
    const member = this.#members.get(eui);
    const linkKey = this.#parts.linkKey(eui);
    if (member === undefined || linkKey === undefined || linkKey === 0) return undefined;
    return { eui, short: member.short, linkKey, joined: member.joined };
  }

  /** Every device that has an address, joined or on its way. */
  members(): readonly Membership[] {
    return [...this.#members.values()];
  }

  /** Handles MAC commands: beacon request, association request, data request. */
  async onMac(network: Network, frame: Frame): Promise<void> {
    const source = typeof frame.mac.src === 'string' ? frame.mac.src : undefined;
    switch (frame.mac.command) {
      case MacCommand.BEACON_REQUEST:
        await network.send(undefined, (numbers) => beacon(network.hub, numbers.mac, true));
        return;
      case MacCommand.ASSOCIATION_REQUEST:
        if (source !== undefined) this.#admit(source);
        return;
      case MacCommand.DATA_REQUEST:
        if (source !== undefined) await this.#answerPoll(network, source);
        return;
      default:
        this.#parts.log.debug('mac-command-ignored', { command: frame.mac.command, device: source });
    }
  }

  /** Handles NWK commands: leave and rejoin request. */
  async onNwkCommand(network: Network, frame: Frame, from: Peer): Promise<void> {
    switch (frame.nwk?.command) {
      case NwkCommand.LEAVE:
        await this.#remember({ eui: from.eui, short: from.short, joined: false });
        this.#parts.events.left(from.eui);
        return;
      case NwkCommand.REJOIN_REQUEST:
        await network.send(from, (numbers) => rejoinResponse(network.hub, numbers, from, network.networkKey.key));
        return this.#announced(from);
      default:
        this.#parts.log.debug('nwk-command-ignored', { command: frame.nwk?.command, device: from.eui });
    }
  }

  /** Told of every opened application frame: who uses the network key is on the network, whether its announcement was heard or not. */
  async heard(from: Peer): Promise<void> {
    if (!from.joined) await this.#announced(from);
  }

  /** Handles ZDP: a device announcement completes the join; other requests of the coordinator are answered where ZDP asks for it. */
  async onZdp(network: Network, frame: Frame, from: Peer): Promise<void> {
    const cluster = frame.aps?.cluster;
    if (cluster === DEVICE_ANNCE) return this.#announced(from);
    await this.heard(from);
    const sequence = frame.payload[0];
    if (cluster === undefined || cluster >= 0x8000 || sequence === undefined) return;
    await network.sendData(from, zdpResponse(cluster, sequence));
  }

  #admit(device: Eui64): void {
    const linkKey = this.#parts.linkKey(device);
    if (linkKey === undefined || linkKey === 0) {
      this.#pending.set(device, { short: 0xffff, status: ACCESS_DENIED });
      const reason = linkKey === undefined ? 'device-not-in-log' : 'install-code-unknown';
      this.#parts.log.warn('join-refused', { device, reason });
      this.#parts.events.refused(device, reason);
      return;
    }
    this.#pending.set(device, { short: this.#members.get(device)?.short ?? this.#freeShort(device), status: 0 });
  }

  async #answerPoll(network: Network, device: Eui64): Promise<void> {
    const answer = this.#pending.get(device);
    if (answer === undefined) return;
    this.#pending.delete(device);
    const { ended } = await network.send(undefined, (numbers) =>
      associationResponse(network.hub, numbers.mac, device, answer.short, answer.status),
    );
    if (answer.status === 0) void this.#bringIn(network, device, answer.short, ended);
  }

  /** After the association response was acknowledged: remember the address, then send the network key. */
  async #bringIn(network: Network, eui: Eui64, short: number, associated: Promise<Sent>): Promise<void> {
    try {
      if ((await associated) !== 'sent') return;
      await this.#remember({ eui, short, joined: false });
      const to = this.peer(eui);
      if (to === undefined) return;
      await network.send(to, (numbers) => transportNetworkKey(network.hub, numbers, to, network.networkKey));
    } catch (cause) {
      this.#parts.log.error('join-failed', { device: eui, reason: String(cause) });
    }
  }

  async #announced(from: Peer): Promise<void> {
    if (!from.joined) await this.#remember({ eui: from.eui, short: from.short, joined: true });
    this.#parts.log.info('device-joined', { device: from.eui, short: from.short });
    this.#parts.events.joined(from.eui);
  }

  async #remember(member: Membership): Promise<void> {
    await this.#parts.memberships.save(member);
    this.#members.set(member.eui, member);
  }

  /** A short address in 0001..fff7 that no member has, from the EUI-64 on, so that it is the same at each try. */
  #freeShort(eui: Eui64): number {
    const taken = new Set([...this.#members.values()].map((member) => member.short));
    let short = (Number.parseInt(eui.slice(12), 16) % 0xfff6) + 1;
    while (taken.has(short)) short = (short % 0xfff6) + 1;
    return short;
  }
}

/** A ZDP response: the hub's own node descriptor, or NOT_SUPPORTED (0x84) for what a hub has no answer to. */
function zdpResponse(cluster: number, sequence: number): Outbound {
  const base = { profile: PROFILE_ZDP, cluster: cluster | 0x8000, dstEndpoint: 0, srcEndpoint: 0 };
  if (cluster !== NODE_DESC_REQ) return { ...base, payload: Uint8Array.of(sequence, 0x84) };
  const descriptor = [0x00, 0x40, 0x8f, 0x00, 0x00, 82, 82, 0, 0x41, 0x2c, 82, 0, 0];
  return { ...base, payload: Uint8Array.from([sequence, 0, 0, 0, ...descriptor]) };
}
