/**
 * The hub's place on the air: what it sends gets its numbers and counters here, what it hears goes through the core in one crossing
 * and from here to whoever handles it.
 *
 * Frames that the core refuses, that are not secured with the network key, or that come from nobody in the device log end here and
 * are counted; they reach no handler.
 */
import { APS } from '../core/control.ts';
import type { Core } from '../core/core.ts';
import type { Frame, KeyHandle, TxFrame } from '../model/frame.ts';
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Radio, Received, Sent } from '../ports/radio.ts';
import {
  apsAck,
  COORDINATOR,
  data,
  ENDPOINT,
  needsLinkKey,
  NwkCommand,
  PROFILE_SE,
  PROFILE_ZDP,
  type Destination,
  type FrameKeys,
  type Hub,
  type Numbers,
  type Outbound,
  isOwn,
} from './frames.ts';
import { Outgoing, type CounterBlocks } from './outgoing.ts';
import { RadioLink } from './radio-link.ts';

/** The network keys of a hub. */
export interface NetworkKeys {
  /** Secures what is sent. */
  readonly network: NetworkKey;
  /** The one before, still heard: whoever uses it has missed the turn. */
  readonly previous: NetworkKey | undefined;
}

/** A network key by handle. */
export interface NetworkKey {
  readonly key: KeyHandle;
  readonly seq: number;
}

/** A device that may use the network, as the network layer sees it. */
export interface Peer extends Destination {
  readonly joined: boolean;
  /** The link key that certificates established with it; undefined before. */
  readonly linkKey: KeyHandle | undefined;
}

/** A device with a link key: one that application data may go to. */
export interface SecuredPeer extends Peer {
  readonly linkKey: KeyHandle;
}

/** Narrows a peer to one with a link key. */
export const isSecured = (peer: Peer | undefined): peer is SecuredPeer => peer?.linkKey !== undefined;

/** Who handles what was heard. Each is awaited before the next frame, so it must queue what it sends and not wait for it. */
export interface Handlers {
  /** MAC command frames (joining). */
  mac(frame: Frame): Promise<void>;
  /** A rejoin request without network security: from whoever says so. */
  rejoin(frame: Frame): Promise<void>;
  /** Opened NWK command frames of a known device. */
  nwkCommand(frame: Frame, from: Peer): Promise<void>;
  /** APS command frames of a known device: opened ones, and ones that network security alone protects. */
  apsCommand(frame: Frame, from: Peer): Promise<void>;
  /** Opened application data of a known device. */
  data(frame: Frame, from: Peer): Promise<void>;
  /** A known device used the network key before: it missed the turn. The frame is handled besides. */
  behind(from: Peer): Promise<void>;
  /** A frame bore the hub's own EUI-64: another of its kind is on the air, and the network is silent from now on. */
  twin(): void;
}

/** Counts of what was heard, by outcome. */
export interface NetworkCounts {
  heard: number;
  /** By kebab-case refusal code. */
  readonly refused: Map<string, number>;
}

/** Keeps what was heard, so that a replay is known after a restart. */
export interface HeardCounters {
  /** Notes that `eui` was heard under a key with a counter below `next`; never lowers. */
  heard(eui: Eui64, key: KeyHandle, next: number): void;
}

/** What a network is made of. */
export interface NetworkParts {
  readonly radio: Radio;
  readonly core: Core;
  readonly blocks: CounterBlocks & HeardCounters;
  /** Paces the attempts to open a lost radio again. */
  readonly clock: Clock;
  readonly log: Log;
  readonly hub: Hub;
  readonly keys: NetworkKeys;
  /** Looks up a device by the EUI-64 that its frames were secured with. */
  readonly peer: (eui: Eui64) => Peer | undefined;
  /** Told when a received frame could not be handled (a store that fails, a core that trapped); the next frame is handled all the same. */
  readonly fault: (cause: unknown) => void;
  /** Told when the counters of a key wear out (see `WORN`). */
  readonly worn: (key: KeyHandle, next: number) => void;
}

/** The hub's network layer. */
export class Network {
  readonly counts: NetworkCounts = { heard: 0, refused: new Map() };
  readonly #parts: NetworkParts;
  readonly #link: RadioLink;
  readonly #outgoing: Outgoing;
  #handlers: Handlers | undefined;
  #silent = false;
  #mac = 0;
  #nwk = 0;
  #aps = 0;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
    const { radio, hub, clock, log, core, blocks, worn } = parts;
    const settings = { channel: hub.channel, panId: hub.panId, shortAddress: COORDINATOR, eui: hub.eui };
    this.#link = new RadioLink({ radio, settings, clock, log });
    this.#outgoing = new Outgoing({ core, blocks, log, worn });
  }

  /** Opens the radio and begins to hear; a radio that is lost later is opened again. Rejects with Fault `radio`. */
  async start(handlers: Handlers): Promise<void> {
    this.#handlers = handlers;
    await this.#link.open((received) => this.#receive(received).catch(this.#parts.fault));
  }

  /** Leaves the air: closes the radio for good. */
  stop(): Promise<void> {
    return this.#link.close();
  }

  /** The addresses of the hub. */
  get hub(): Hub {
    return this.#parts.hub;
  }

  /** The network keys. */
  get keys(): NetworkKeys {
    return this.#parts.keys;
  }

  /**
   * Queues a frame for the air, whose security uses up counters of `keys`. Resolves as soon as it is queued, with a promise of how it
   * ended: a handler may wait for the first and must not wait for the second; it never rejects. `build` gets the frame's sequence numbers.
   * Rejects with Fault `store` when no counters could be reserved. A silent network sends nothing, nor does anybody under a key that was
   * erased meanwhile: either counts as not acknowledged.
   */
  async send(keys: readonly KeyHandle[], build: (numbers: Numbers) => TxFrame): Promise<{ readonly ended: Promise<Sent> }> {
    let left: number | undefined;
    do {
      await this.#outgoing.prepare(keys);
      left = this.#outgoing.left(keys);
    } while (left === 0); // others may have used them up meanwhile
    if (left === undefined || this.#silent) return { ended: Promise.resolve('no-ack') };
    const emitted = this.#parts.core.tx(build({ mac: this.#next('mac'), nwk: this.#next('nwk'), aps: this.#next('aps') }));
    if (!emitted.ok) throw new Fault('internal', `the core refused to emit a frame: ${emitted.code}: ${emitted.detail}`);
    return { ended: this.#link.send(emitted.value) };
  }

  /** Queues application data to a device (see `send`). Throws Fault `internal` for data that needs a link key to a device without one. */
  sendData(to: Peer, message: Outbound): Promise<{ readonly ended: Promise<Sent> }> {
    const link = needsLinkKey(message) ? to.linkKey : undefined;
    if (link === undefined && needsLinkKey(message))
      throw new Fault('internal', `${to.eui} has no link key for cluster ${message.cluster}`);
    return this.#sendSecured(link, (numbers, keys) => data(this.hub, numbers, to, keys, message));
  }

  #sendSecured(
    link: KeyHandle | undefined,
    build: (numbers: Numbers, keys: FrameKeys) => TxFrame,
  ): Promise<{ readonly ended: Promise<Sent> }> {
    const network = this.keys.network.key;
    return this.send(link === undefined ? [network] : [network, link], (numbers) => build(numbers, { network, link }));
  }

  async #receive(received: Received): Promise<void> {
    const handlers = this.#handlers;
    if (handlers === undefined || this.#silent) return;
    this.counts.heard++;
    const result = this.#parts.core.rx(received.psdu);
    if (isOwn(result.frame, this.hub)) return this.#fallSilent(handlers);
    if (!result.ok) return this.#refuse(result.code, result.frame.nwk?.security?.source ?? result.frame.nwk?.srcEui);
    const { frame } = result;
    if (frame.nwk === undefined) return handlers.mac(frame);
    const security = frame.nwk.security;
    if (security === undefined && frame.nwk.command === NwkCommand.REJOIN_REQUEST) return handlers.rejoin(frame);
    if (security?.source === undefined || security.key === undefined) return this.#refuse('nwk-not-secured', frame.nwk.srcEui);
    return this.#take(frame, { source: security.source, key: security.key, counter: security.counter }, handlers);
  }

  /** A frame that a network key opened. */
  async #take(frame: Frame, { source, key, counter }: Opened, handlers: Handlers): Promise<void> {
    const { blocks, peer, keys, log } = this.#parts;
    blocks.heard(source, key, counter + 1);
    const from = peer(source);
    if (from === undefined) return this.#refuse('device-not-in-log', source);
    const link = frame.aps?.security;
    if (link?.key !== undefined) blocks.heard(source, link.key, link.counter + 1);
    if (key === keys.previous?.key) await handlers.behind(from);
    if (frame.nwk?.command !== undefined) return handlers.nwkCommand(frame, from);
    if (frame.aps === undefined) return;
    const { fcf, profile = -1, cluster = -1 } = frame.aps;
    if ((fcf & APS.TYPE) === APS.COMMAND) return handlers.apsCommand(frame, from);
    if ((fcf & APS.TYPE) !== APS.DATA || (profile !== PROFILE_SE && profile !== PROFILE_ZDP)) {
      return log.debug('frame-ignored', { device: source, fcf });
    }
    if (needsLinkKey({ profile, cluster }) && link?.key === undefined) return this.#refuse('aps-not-secured', source);
    if ((fcf & APS.ACK_REQUEST) !== 0) await this.#acknowledge(frame, from);
    return handlers.data(frame, from);
  }

  async #acknowledge({ aps }: Frame, to: Peer): Promise<void> {
    if (aps === undefined) return;
    const { dstEndpoint = ENDPOINT, srcEndpoint = ENDPOINT, cluster = 0, profile = 0, counter, security } = aps;
    await this.#sendSecured(security?.key, (numbers, keys) =>
      apsAck(this.hub, numbers, to, keys, { dstEndpoint, srcEndpoint, cluster, profile, counter }),
    );
  }

  /** Two senders under one EUI-64 use the same nonces: from here on this one uses none. */
  async #fallSilent(handlers: Handlers): Promise<void> {
    this.#silent = true;
    this.#parts.log.error('own-address-heard', { gateway: this.hub.eui });
    await this.#link.close();
    handlers.twin();
  }

  #refuse(code: string, device: Eui64 | undefined): void {
    this.counts.refused.set(code, (this.counts.refused.get(code) ?? 0) + 1);
    this.#parts.log.debug('frame-refused', { code, device });
  }

  #next(layer: 'mac' | 'nwk' | 'aps'): number {
    if (layer === 'mac') return (this.#mac = (this.#mac + 1) & 0xff);
    if (layer === 'nwk') return (this.#nwk = (this.#nwk + 1) & 0xff);
    return (this.#aps = (this.#aps + 1) & 0xff);
  }
}

/** What opened a frame at NWK. */
interface Opened {
  readonly source: Eui64;
  readonly key: KeyHandle;
  readonly counter: number;
}
