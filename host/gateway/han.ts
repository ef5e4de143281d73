/**
 * The gateway's home network out of its parts: frames and their counters, trust centre, keys and their turns, key establishment. What
 * comes of it is told to the flows above; they hand in what handles application data.
 */
import type { Core } from '../core/core.ts';
import type { SuiteNumber } from '../core/curves.ts';
import type { Hub } from '../han/frames.ts';
import { KeyCommands } from '../han/key-commands.ts';
import { KeyEstablishment } from '../han/key-establishment.ts';
import { KeyExchange } from '../han/key-exchange.ts';
import { isSecured, Network, type Peer, type SecuredPeer } from '../han/network.ts';
import { NetworkKeyRotation } from '../han/network-key.ts';
import { TrustCentre, type JoinRefusal } from '../han/trust-centre.ts';
import { ZclEndpoint } from '../han/zcl.ts';
import type { Frame, KeyHandle } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import type { Radio } from '../ports/radio.ts';
import type { Store } from '../ports/store.ts';
import { IncomingCounters, OutgoingCounters } from '../stores/counters.ts';
import { Members } from '../stores/members.ts';
import type { Keyring } from './keyring.ts';

/** Told what happens on the home network. */
export interface HanEvents {
  /** A device came in, or came back. */
  joined(device: Eui64): void;
  left(device: Eui64): void;
  /** A device that has a link key came in by its install code once more. */
  anew(device: Eui64): void;
  /** Its link key was taken away. */
  erased(device: Eui64): void;
  refused(device: Eui64, reason: JoinRefusal): void;
  /** A device can be talked to: it is on the network and has a link key. */
  ready(device: Eui64): void;
  /** An attempt to establish a link key came to nothing. */
  notEstablished(device: Eui64, reason: string): void;
  /** A device proved that it holds its link key. */
  verified(device: Eui64): void;
  partnered(one: Eui64, other: Eui64): void;
  /** Another sender with the gateway's own EUI-64 is on the air; the network is silent. */
  twin(): void;
}

/** What a home network is made of. */
export interface HanParts {
  readonly hub: Hub;
  readonly core: Core;
  readonly keyring: Keyring;
  readonly radio: Radio;
  readonly store: Store;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly isListed: (eui: Eui64) => boolean;
  readonly events: HanEvents;
  readonly fault: (cause: unknown) => void;
}

/** The stronger first. */
const SUITES: readonly SuiteNumber[] = [2, 1];
/** Exchanges of key establishment at once. */
const EXCHANGES = 4;
/** 2020-11-24T00:00:00Z in seconds: the day from which upgrades of PPMIDs are in force; no hub of this product is older. */
const FIRST_DAY = 1_606_176_000;

/** The home network of a gateway. */
export class Han {
  readonly network: Network;
  readonly zcl: ZclEndpoint;
  readonly trust: TrustCentre;
  readonly rotation: NetworkKeyRotation;
  readonly exchange: KeyExchange;
  readonly #parts: HanParts;
  readonly #commands: KeyCommands;
  readonly #incoming: IncomingCounters;

  constructor(parts: HanParts) {
    const { hub, core, keyring, radio, store, clock, entropy, log, isListed, events, fault } = parts;
    this.#parts = parts;
    const members = new Members(store);
    this.#incoming = new IncomingCounters(store, clock, log);
    const peer = (eui: Eui64): Peer | undefined => this.trust.peer(eui);
    this.trust = new TrustCentre({
      memberships: members,
      log,
      isListed,
      keys: keyring,
      events: {
        joined: (device) => this.#joined(device),
        left: (device) => this.#left(device),
        anew: (device) => events.anew(device),
        refused: (...told) => events.refused(...told),
      },
    });
    this.network = new Network({
      ...{ radio, core, clock, log, hub, peer, fault, keys: keyring },
      blocks: this.#counterBlocks(new OutgoingCounters(store)),
      worn: (key, next) => this.#worn(key, next),
    });
    this.zcl = new ZclEndpoint(this.network, clock);
    this.#commands = new KeyCommands({ core, entropy, log, peer, isListed, events });
    const machine = new KeyEstablishment({
      self: hub.eui,
      core: {
        begin: (beginning) => core.cbke.begin(beginning),
        agree: (exchange, ephemeral) => core.cbke.agree(exchange, ephemeral),
        confirm: (exchange, mac) => core.cbke.confirm(exchange, mac),
        abandon: (exchange) => void core.keys.erase(exchange),
      },
      certificate: (suite) => keyring.certificate(suite),
      entropy,
      most: EXCHANGES,
    });
    this.exchange = new KeyExchange({
      ...{ machine, zcl: this.zcl, clock, log, peer, fault },
      establish: (device, key, suite) => this.#establish(device, key, suite),
      failed: (device, reason) => events.notEstablished(device, reason),
    });
    const peers = (): readonly Peer[] => this.trust.members().flatMap(({ eui }) => peer(eui) ?? []);
    this.rotation = new NetworkKeyRotation({ network: this.network, keys: keyring, peers, clock, log, fault });
    for (const { eui, short } of members.all()) core.addresses.learn(hub.panId, short, eui);
    for (const { eui, key, next } of this.#incoming.all()) {
      const handle = keyring.keyOf(key);
      if (handle !== undefined) core.counters.set(eui, handle, next);
    }
  }

  /** A device that application data may go to. */
  peer(eui: Eui64): SecuredPeer | undefined {
    const peer = this.trust.peer(eui);
    return isSecured(peer) ? peer : undefined;
  }

  /** Opens the radio and begins to hear. Rejects with Fault `radio`. */
  async start(data: (frame: Frame, from: Peer) => Promise<void>): Promise<void> {
    const { network, trust } = this;
    await network.start({
      mac: (frame) => trust.onMac(network, frame),
      rejoin: (frame) => trust.onRejoin(network, frame),
      nwkCommand: (frame, from) => trust.onNwkCommand(network, frame, from),
      apsCommand: (frame, from) => this.#commands.handle(network, frame, from),
      data,
      behind: (from) => this.rotation.behind(from),
      twin: () => this.#parts.events.twin(),
    });
    this.rotation.resume();
  }

  /** Takes a device's keys away and tells it to leave; with `code` it cannot come back by its install code either. Resolves when durable. */
  async expel(device: Eui64, code: boolean): Promise<void> {
    this.exchange.abandon(device);
    await this.trust.expel(this.network, device);
    await this.#parts.keyring.forget(device, code);
    this.#parts.events.left(device);
    this.#parts.events.erased(device);
  }

  /** Establishes another link key with a device in place of the one it has. Resolves whether that was done or not; never call it from a frame handler. */
  async renew(device: Eui64): Promise<boolean> {
    for (const suite of SUITES) {
      const peer = this.trust.peer(device);
      if (peer === undefined || this.#parts.keyring.certificate(suite) === undefined) continue;
      if ((await this.exchange.initiate(peer, suite)).established) return true;
    }
    return false;
  }

  /** Leaves the air; resolves when what was heard is durable. */
  async stop(): Promise<void> {
    await this.network.stop();
    await this.#incoming.flush();
  }

  #joined(device: Eui64): void {
    this.#parts.events.joined(device);
    if (this.#parts.keyring.link(device) !== undefined) this.#parts.events.ready(device);
  }

  #left(device: Eui64): void {
    this.exchange.abandon(device);
    this.#parts.events.left(device);
  }

  async #establish(device: Eui64, key: KeyHandle, suite: SuiteNumber): Promise<void> {
    await this.#parts.keyring.establish(device, key, suite);
    const peer = this.trust.peer(device);
    if (peer !== undefined) await this.trust.heard(peer);
    this.#parts.events.ready(device);
  }

  #worn(key: KeyHandle, next: number): void {
    const { keyring, fault, log } = this.#parts;
    log.warn('key-worn', { key: keyring.fingerprint(key), next });
    if (key === keyring.network.key) this.rotation.rotate('counters-worn').catch(fault);
    const device = keyring.linked().find((each) => keyring.link(each) === key);
    if (device !== undefined) this.renew(device).catch(fault);
  }

  /**
   * A key without counters of its own begins at the second of its first use, not at 0: the same install code may have been in use before
   * the store was lost, and in the mean no key uses up a counter a second.
   */
  #counterBlocks(outgoing: OutgoingCounters) {
    const { clock, keyring } = this.#parts;
    const first = (): number => Math.max(0, Math.floor(clock.now() / 1000) - FIRST_DAY);
    return {
      reserve: (key: KeyHandle, size: number) => outgoing.reserve(keyring.fingerprint(key), size, first()),
      heard: (eui: Eui64, key: KeyHandle, next: number) => this.#incoming.save(eui, keyring.fingerprint(key), next),
    };
  }
}
