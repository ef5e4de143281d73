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
import { Fault, type Result } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Radio, Received, Sent } from '../ports/radio.ts';
import {
  apsAck,
  COORDINATOR,
  data,
  ENDPOINT,
  PROFILE_SE,
  PROFILE_ZDP,
  type Destination,
  type Hub,
  type Numbers,
  type Outbound,
} from './frames.ts';
import { RadioLink } from './radio-link.ts';

/** Outgoing counters are used only out of blocks that are durable: after a crash the block is lost, never reused. */
export interface CounterBlocks {
  /** The next block of `size` counters under this name; resolves when the reservation is durable. */
  reserve(name: string, size: number): Promise<{ readonly next: number; readonly limit: number }>;
  /** Notes that `eui` was heard under a key with a counter below `next`; never lowers. */
  heard(eui: Eui64, key: 'nwk' | 'aps', next: number): void;
}

/** A device that may use the network, as the network layer sees it. */
export interface Peer extends Destination {
  readonly joined: boolean;
}

/** Who handles what was heard. Each is awaited before the next frame, so it must queue what it sends and not wait for it. */
export interface Handlers {
  /** MAC command frames (joining). */
  mac(frame: Frame): Promise<void>;
  /** Opened NWK command frames of a known device. */
  nwkCommand(frame: Frame, from: Peer): Promise<void>;
  /** Opened application data of a known device. */
  data(frame: Frame, from: Peer): Promise<void>;
}

/** Counts of what was heard, by outcome. */
export interface NetworkCounts {
  heard: number;
  /** By kebab-case refusal code. */
  readonly refused: Map<string, number>;
}

const BLOCK = 1024;
/** A new block is reserved while so many counters are still left, so that sending seldom waits for the store. */
const LOW_WATER = 128;

/** What a network is made of. */
export interface NetworkParts {
  readonly radio: Radio;
  readonly core: Core;
  readonly blocks: CounterBlocks;
  /** Paces the attempts to open a lost radio again. */
  readonly clock: Clock;
  readonly log: Log;
  readonly hub: Hub;
  readonly network: { readonly key: KeyHandle; readonly seq: number };
  /** Looks up a device by the EUI-64 that its frames were secured with. */
  readonly peer: (eui: Eui64) => Peer | undefined;
  /** Told when a received frame could not be handled (a store that fails, a core that trapped); the next frame is handled all the same. */
  readonly fault: (cause: unknown) => void;
}

/** The hub's network layer. */
export class Network {
  readonly counts: NetworkCounts = { heard: 0, refused: new Map() };
  readonly #parts: NetworkParts;
  readonly #link: RadioLink;
  readonly #reserving = new Map<KeyHandle, Promise<void>>();
  #handlers: Handlers | undefined;
  #mac = 0;
  #nwk = 0;
  #aps = 0;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
    const { radio, hub, clock, log } = parts;
    const settings = { channel: hub.channel, panId: hub.panId, shortAddress: COORDINATOR, eui: hub.eui };
    this.#link = new RadioLink({ radio, settings, clock, log });
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

  /** The network key's handle and sequence number. */
  get networkKey(): { readonly key: KeyHandle; readonly seq: number } {
    return this.#parts.network;
  }

  /**
   * Queues a frame for the air. Resolves as soon as it is queued, with a promise of how it ended: a handler may wait for the first and
   * must not wait for the second; it never rejects. `build` gets the frame's sequence numbers. Rejects with Fault `store` when no
   * counters could be reserved.
   */
  async send(to: Destination | undefined, build: (numbers: Numbers) => TxFrame): Promise<{ readonly ended: Promise<Sent> }> {
    const { core, network } = this.#parts;
    do {
      await this.#ensure(network.key, 'nwk');
      if (to !== undefined) await this.#ensure(to.linkKey, `aps:${to.eui}`);
    } while (!this.#left(network.key) || (to !== undefined && !this.#left(to.linkKey))); // others may have used them up meanwhile
    const emitted = core.tx(build({ mac: this.#next('mac'), nwk: this.#next('nwk'), aps: this.#next('aps') }));
    if (!emitted.ok) throw new Fault('internal', `the core refused to emit a frame: ${emitted.code}: ${emitted.detail}`);
    return { ended: this.#link.send(emitted.value) };
  }

  /** Queues application data to a device (see `send`). */
  sendData(to: Destination, message: Outbound): Promise<{ readonly ended: Promise<Sent> }> {
    return this.send(to, (numbers) => data(this.hub, numbers, to, this.#parts.network.key, message));
  }

  async #receive(received: Received): Promise<void> {
    const { core, log, peer } = this.#parts;
    this.counts.heard++;
    const result = core.rx(received.psdu);
    if (!result.ok) return this.#refuse(result.code, result.frame.nwk?.security?.source ?? result.frame.nwk?.srcEui);
    const { frame } = result;
    const handlers = this.#handlers;
    if (handlers === undefined) return;
    if (frame.nwk === undefined) return handlers.mac(frame);
    const security = frame.nwk.security;
    if (security?.opened !== true || security.source === undefined) return this.#refuse('nwk-not-secured', frame.nwk.srcEui);
    this.#parts.blocks.heard(security.source, 'nwk', security.counter + 1);
    const from = peer(security.source);
    if (from === undefined) return this.#refuse('device-not-in-log', security.source);
    if (frame.aps?.security?.opened === true) this.#parts.blocks.heard(security.source, 'aps', frame.aps.security.counter + 1);
    if (frame.nwk.command !== undefined) return handlers.nwkCommand(frame, from);
    if (frame.aps === undefined) return;
    const { fcf, profile } = frame.aps;
    const isData = (fcf & APS.TYPE) === APS.DATA;
    if (isData && profile === PROFILE_SE && frame.aps.security?.opened !== true) return this.#refuse('aps-not-secured', security.source);
    if (isData && (fcf & APS.ACK_REQUEST) !== 0) await this.#acknowledge(frame, from);
    if (isData && (profile === PROFILE_SE || profile === PROFILE_ZDP)) return handlers.data(frame, from);
    log.debug('frame-ignored', { device: security.source, fcf });
  }

  async #acknowledge(frame: Frame, to: Peer): Promise<void> {
    const aps = frame.aps;
    if (aps === undefined) return;
    await this.send(to, (numbers) =>
      apsAck(this.hub, numbers, to, this.#parts.network.key, {
        dstEndpoint: aps.dstEndpoint ?? ENDPOINT,
        srcEndpoint: aps.srcEndpoint ?? ENDPOINT,
        cluster: aps.cluster ?? 0,
        profile: aps.profile ?? 0,
        counter: aps.counter,
        secured: aps.security !== undefined,
      }),
    );
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

  /** Makes sure that the next counter of a key stands in a durable block. */
  async #ensure(key: KeyHandle, name: string): Promise<void> {
    const { core, blocks } = this.#parts;
    for (;;) {
      const left = this.#left(key);
      if (left > LOW_WATER) return;
      let reserving = this.#reserving.get(key);
      if (reserving === undefined) {
        reserving = blocks
          .reserve(name, BLOCK)
          .then((block) => {
            const now = known(core.keys.outgoing(key));
            known(core.keys.reserve(key, block.next === now.limit ? now.next : block.next, block.limit));
          })
          .finally(() => this.#reserving.delete(key));
        this.#reserving.set(key, reserving);
      }
      if (left > 0) {
        reserving.catch((cause: unknown) => this.#parts.log.error('counter-block-failed', { name, reason: String(cause) }));
        return;
      }
      await reserving;
    }
  }

  /** Outgoing counters of a key that are durable and not used. */
  #left(key: KeyHandle): number {
    const { next, limit } = known(this.#parts.core.keys.outgoing(key));
    return limit - next;
  }
}

/** What the core answers about a handle of its own. */
function known<T>(result: Result<T>): T {
  if (!result.ok) throw new Fault('internal', `the core does not know its own key: ${result.code}`);
  return result.value;
}
