/**
 * The trust centre: who may join, and the way in and back in (ZigBee specification 4.6.3; IEEE 802.15.4-2006 clause 7.5.3).
 *
 * A device in the device log whose install code is known associates, gets the network key under the key-transport key of its install-code
 * key, announces itself, and is then on the network; what it may say there is key establishment alone, until certificates have given it a
 * link key. A device that is not in the device log gets access denied and no key, and is reported [R-DEV-03]. Association is always
 * announced as open: the device log decides, not a timer.
 */
import type { Frame, KeyHandle } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Sent } from '../ports/radio.ts';
import { associationResponse, beacon, leaveRequest, MacCommand, NwkCommand, PROFILE_ZDP, rejoinResponse, type Outbound } from './frames.ts';
import { transportNetworkKey } from './key-frames.ts';
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

/** Why a device did not get in. */
export type JoinRefusal = 'device-not-in-log' | 'install-code-unknown' | 'behind-a-router';

/** Told of comings and goings. */
export interface MembershipEvents {
  /** A device is on the network, for the first time or again. */
  joined(device: Eui64): void;
  left(device: Eui64): void;
  /** A device that has a link key was let in by its install code once more: it was reset, or somebody else has its code. */
  anew(device: Eui64): void;
  /** A device that may not join asked to. */
  refused(device: Eui64, reason: JoinRefusal): void;
}

/** Link keys as a trust centre uses them. */
export interface LinkKeys {
  /** The link key that certificates established with a device. */
  link(device: Eui64): KeyHandle | undefined;
  hasInstallCode(device: Eui64): boolean;
  /** Lends the key of a device's install code; undefined when no code is known. */
  withInstallKey<T>(device: Eui64, use: (key: KeyHandle) => Promise<T>): Promise<T | undefined>;
}

/** What a trust centre is made of. */
export interface TrustCentreParts {
  readonly memberships: Memberships;
  readonly log: Log;
  /** Whether a device is in the device log. */
  readonly isListed: (eui: Eui64) => boolean;
  readonly keys: LinkKeys;
  readonly events: MembershipEvents;
}

const DEVICE_ANNCE = 0x0013;
const NODE_DESC_REQ = 0x0002;
const ACCESS_DENIED = 2;
/**
 * Answers that wait for data requests. Anybody can ask under any EUI-64 and never fetch the answer: more denials than this are not kept, or they
 * would fill the memory. Answers to devices of the device log are few.
 */
export const MOST_PENDING = 32;
/** Leave options (ZigBee specification 3.4.4.3): a request to leave, where an indication that one left has it clear. */
const LEAVE_REQUEST = 0x40;

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

  /** A device as a peer of the network: in the device log, with an address, and known by its install code or its link key. */
  peer(eui: Eui64): Peer | undefined {
    const { isListed, keys } = this.#parts;
    const member = this.#members.get(eui);
    const linkKey = keys.link(eui);
    if (member === undefined || !isListed(eui) || (linkKey === undefined && !keys.hasInstallCode(eui))) return undefined;
    return { eui, short: member.short, joined: member.joined, linkKey };
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
        await network.send([], (numbers) => beacon(network.hub, numbers.mac, true));
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
        if (((frame.payload[1] ?? 0) & LEAVE_REQUEST) !== 0) return; // nobody tells a coordinator to leave
        await this.#remember({ eui: from.eui, short: from.short, joined: false });
        this.#parts.events.left(from.eui);
        return;
      case NwkCommand.REJOIN_REQUEST: {
        const { key } = network.keys.network;
        await network.send([key], (numbers) => rejoinResponse(network.hub, numbers, from, key));
        return this.#announced(from);
      }
      default:
        this.#parts.log.debug('nwk-command-ignored', { command: frame.nwk?.command, device: from.eui });
    }
  }

  /**
   * Handles a rejoin without network security: a device that missed a turn of the network key comes back to its address and gets the key,
   * under its link key or, before it has one, its install-code key (ZigBee specification 4.6.3.3.2). Whoever lied about being it cannot
   * read the key.
   */
  async onRejoin(network: Network, frame: Frame): Promise<void> {
    const eui = frame.nwk?.srcEui;
    const to = eui === undefined ? undefined : this.peer(eui);
    if (eui === undefined || to === undefined) {
      if (eui !== undefined) this.#refuse(eui, this.#parts.isListed(eui) ? 'install-code-unknown' : 'device-not-in-log');
      return;
    }
    await network.send([], (numbers) => rejoinResponse(network.hub, numbers, to, undefined));
    if (to.linkKey !== undefined) await sendNetworkKey(network, to, to.linkKey);
    else await this.#parts.keys.withInstallKey(eui, (key) => sendNetworkKey(network, to, key));
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

  /** Tells a device to leave and counts it as gone. Resolves when the frame is queued and the record durable. */
  async expel(network: Network, eui: Eui64): Promise<void> {
    const member = this.#members.get(eui);
    if (member === undefined) return;
    const { key } = network.keys.network;
    await network.send([key], (numbers) => leaveRequest(network.hub, numbers, member, key));
    await this.#remember({ ...member, joined: false });
  }

  #admit(device: Eui64): void {
    const { isListed, keys } = this.#parts;
    const reason = !isListed(device) ? 'device-not-in-log' : !keys.hasInstallCode(device) ? 'install-code-unknown' : undefined;
    if (reason !== undefined) {
      this.#deny(device);
      return this.#refuse(device, reason);
    }
    this.#pending.set(device, { short: this.#members.get(device)?.short ?? this.#freeShort(device), status: 0 });
  }

  /** Keeps a denial until it is fetched, in place of the oldest when there are many. */
  #deny(device: Eui64): void {
    this.#pending.delete(device);
    const oldest = [...this.#pending].find(([, { status }]) => status === ACCESS_DENIED)?.[0];
    if (this.#pending.size >= MOST_PENDING && oldest !== undefined) this.#pending.delete(oldest);
    this.#pending.set(device, { short: 0xffff, status: ACCESS_DENIED });
  }

  #refuse(device: Eui64, reason: JoinRefusal): void {
    this.#parts.log.warn('join-refused', { device, reason });
    this.#parts.events.refused(device, reason);
  }

  async #answerPoll(network: Network, device: Eui64): Promise<void> {
    const answer = this.#pending.get(device);
    if (answer === undefined) return;
    this.#pending.delete(device);
    const { ended } = await network.send([], (numbers) =>
      associationResponse(network.hub, numbers.mac, device, answer.short, answer.status),
    );
    if (answer.status === 0) void this.#bringIn(network, device, answer.short, ended);
  }

  /** After the association response was acknowledged: remember the address, then send the network key. */
  async #bringIn(network: Network, eui: Eui64, short: number, associated: Promise<Sent>): Promise<void> {
    try {
      if ((await associated) !== 'sent') return;
      await this.#remember({ eui, short, joined: false });
      if (this.#parts.keys.link(eui) !== undefined) this.#anew(eui);
      await this.#parts.keys.withInstallKey(eui, (key) => sendNetworkKey(network, { eui, short }, key));
    } catch (cause) {
      this.#parts.log.error('join-failed', { device: eui, reason: String(cause) });
    }
  }

  #anew(device: Eui64): void {
    this.#parts.log.warn('device-joins-anew', { device });
    this.#parts.events.anew(device);
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

/** The network key in use, to a device that has none: under the key-transport key of a link key, which alone protects the frame. */
async function sendNetworkKey(network: Network, to: { readonly eui: Eui64; readonly short: number }, link: KeyHandle): Promise<void> {
  await network.send([link], (numbers) => transportNetworkKey(network.hub, numbers, to, { link }, network.keys.network));
}

/** A ZDP response: the hub's own node descriptor, or NOT_SUPPORTED (0x84) for what a hub has no answer to. */
function zdpResponse(cluster: number, sequence: number): Outbound {
  const base = { profile: PROFILE_ZDP, cluster: cluster | 0x8000, dstEndpoint: 0, srcEndpoint: 0 };
  if (cluster !== NODE_DESC_REQ) return { ...base, payload: Uint8Array.of(sequence, 0x84) };
  const descriptor = [0x00, 0x40, 0x8f, 0x00, 0x00, 82, 82, 0, 0x41, 0x2c, 82, 0, 0];
  return { ...base, payload: Uint8Array.from([sequence, 0, 0, 0, ...descriptor]) };
}
