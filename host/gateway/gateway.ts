/**
 * A gateway from start to stop.
 *
 * Start: the store and its environment → keys and counters (outgoing ones jump ahead) → the home network → open jobs, decided anew →
 * MQTT. A gateway without a broker serves the home and goes on with what was allowed and fetched; it takes nothing new.
 */
import { Bridge } from '../bridge/bridge.ts';
import { ImageFetch } from '../bridge/image-fetch.ts';
import { IMAGE_BLOCK } from '../bridge/topics.ts';
import type { Core } from '../core/core.ts';
import { Network, type CounterBlocks, type Peer } from '../han/network.ts';
import { OtaServer } from '../han/ota-server.ts';
import { TrustCentre } from '../han/trust-centre.ts';
import { ZclEndpoint } from '../han/zcl.ts';
import type { Allowed, Moment } from '../model/decision.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import type { Eui64 } from '../model/ids.ts';
import type { ImageExpectation, ImageReport } from '../model/image.ts';
import type { Report } from '../model/job.ts';
import type { Environment, Role, ServiceRequest, Signer, UpdateFirmware } from '../model/service-request.ts';
import type { MessageCheck } from '../messages/message-check.ts';
import type { Broker } from '../ports/broker.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import type { Radio } from '../ports/radio.ts';
import type { Store } from '../ports/store.ts';
import { Audit } from '../stores/audit.ts';
import { IncomingCounters, OutgoingCounters } from '../stores/counters.ts';
import { Devices } from '../stores/devices.ts';
import { Images } from '../stores/images.ts';
import { Jobs } from '../stores/jobs.ts';
import { SealedKeys } from '../stores/keys.ts';
import { Marks } from '../stores/marks.ts';
import { Members } from '../stores/members.ts';
import { openMeta } from '../stores/meta.ts';
import { Outbox } from '../stores/outbox.ts';
import { Registers as StoredRegisters } from '../stores/registers.ts';
import { takeRequest } from './downlink.ts';
import { openKeyring, type Keyring } from './keyring.ts';
import type { OpenContext } from './opening.ts';
import type { GatewayParts, ImageShelf } from './parts.ts';
import { Records } from './records.ts';
import { Registers } from './registers.ts';
import { decider, type Doors } from './situation.ts';
import { watchStore } from './store-watch.ts';
import { learnVersion, takeData } from './uplink.ts';
import { StoppableClock } from './stoppable-clock.ts';
import { Upgrades } from './upgrades.ts';

/** The rules, as `policy/` composes them. */
export interface Policy extends Doors {
  isAllowed(decision: Allowed): boolean;
  factLines(facts: Allowed['facts']): readonly string[];
  expectation(request: UpdateFirmware, device: DeviceLogEntry | undefined): ImageExpectation;
  /** Checks of messages to be asked; all of them but in tests that show that each matters. */
  readonly messageChecks: readonly MessageCheck[];
}

/** What a gateway is set up with. Ports are given open; the gateway closes them when it stops. */
export interface GatewaySetup {
  readonly eui: Eui64;
  readonly environment: Environment;
  readonly channel: number;
  readonly panId: number;
  readonly extendedPanId: Eui64;
  /** The Communications Hub's own Device Model. */
  readonly model: DeviceLogEntry;
  readonly anchors: readonly Signer[];
  readonly countersigners: readonly Role[];
  /** Signed statements at hand at start (from files); what is stored already is no news, and MQTT brings later ones. */
  readonly statements: readonly Uint8Array[];
  readonly policy: Policy;
  readonly core: Core;
  readonly verifyImage: (blocks: Iterable<Uint8Array>, expectation: ImageExpectation) => ImageReport;
  readonly signReport: (report: Report) => Uint8Array;
  readonly wrappingKey: Uint8Array;
  readonly installCodes: ReadonlyMap<Eui64, Uint8Array>;
  readonly store: Store;
  /** How people call the store (its path). */
  readonly storeName: string;
  readonly radio: Radio;
  readonly broker: Broker;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly software: string;
  /** Whether a top-up entered at the home is on its way to a meter; nothing is activated meanwhile. Never when left out. */
  readonly topUpPending?: (() => boolean) | undefined;
  /** Told once of what the gateway cannot go on with. */
  readonly onFault: (cause: unknown) => void;
}

/** A running gateway. */
export interface Gateway {
  /** Finishes what is being written, says offline, closes radio, broker and store. */
  stop(): Promise<void>;
}

/** So long a start waits for the broker before it goes on without. */
const BROKER_GRACE_MS = 5_000;

/**
 * Starts a gateway. Resolves when the home network is up, open jobs go on, and MQTT is subscribed or could not be reached in time: then
 * the bridge goes on trying. Rejects with a Fault that names what is wrong.
 */
export async function startGateway(given: GatewaySetup): Promise<Gateway> {
  const timers = new StoppableClock(given.clock);
  let stopping = false;
  const fault = (cause: unknown): void => {
    if (stopping) given.log.debug('fault-while-stopping', { reason: String(cause) });
    else given.onFault(cause);
  };
  const setup = { ...given, clock: timers, store: watchStore(given.store, fault) };
  const { store, clock, log, core, environment } = setup;
  const meta = await openMeta(store, environment, setup.storeName);
  const sealed = new SealedKeys(store);
  const { wrappingKey, installCodes, entropy } = setup;
  const keyring = await openKeyring({ core, sealed, store, entropy, gateway: setup.eui, wrappingKey, installCodes });
  const members = new Members(store);
  const incoming = new IncomingCounters(store, clock, log);
  restore(setup, keyring, members, incoming);

  const devices = new Devices(store);
  const parts = { gateway: setup.eui, environment, anchors: setup.anchors, stored: new StoredRegisters(store), devices, store, clock, log };
  const registers = new Registers(parts);
  const jobs = new Jobs(store, setup.policy.isAllowed);
  const marks = new Marks(store);
  const outbox = new Outbox(store);
  const audit = new Audit(store, clock);
  const sign = setup.signReport;
  const { factLines } = setup.policy;
  const references = () => registers.references();
  const records = new Records({ gateway: setup.eui, store, audit, jobs, marks, outbox, clock, sign, factLines, references });

  const linkKey = (eui: Eui64): number | undefined => (devices.get(eui) === undefined ? undefined : (keyring.link(eui) ?? 0));
  const trust = new TrustCentre({ memberships: members, log, linkKey, events: { joined, left, refused } });
  const blocks = counterBlocks(store, incoming, keyring.network.seq);
  const hub = { eui: setup.eui, panId: setup.panId, extendedPanId: setup.extendedPanId, channel: setup.channel };
  const peer = (eui: Eui64): Peer | undefined => trust.peer(eui);
  const network = new Network({ radio: setup.radio, core, blocks, clock, log, hub, network: keyring.network, peer, fault });
  const zcl = new ZclEndpoint(network, clock);
  const ota = new OtaServer(zcl, log);

  const images = new Images(store, IMAGE_BLOCK);
  const fetch = new ImageFetch(setup.broker, images, log);
  const outgoing = { pending: () => outbox.pending(), done: (sequence: number) => store.commit([outbox.done(sequence)]) };
  const birth = { software: setup.software, boot: meta.boot, environment };
  const bridge = new Bridge({ broker: setup.broker, gateway: setup.eui, outgoing, images: fetch, log, fault, birth });
  records.deliverBy(bridge);

  const { verifyImage, policy } = setup;
  const situation = {
    gateway: setup.eui,
    hub: setup.model,
    clock,
    registers,
    latest: () => audit.latest(),
    cancellable: (request: ServiceRequest) => request.kind === 'cancel-update' && upgrades.of(request.cancels)?.cancellable === true,
    underway: (request: ServiceRequest, moment: Moment) => moment === 'issue' && upgrades.busy(request.target),
    topUpPending: setup.topUpPending ?? (() => false),
  };
  const decide = decider(situation, policy);
  const g: GatewayParts = {
    eui: setup.eui,
    clock,
    log,
    bridge,
    images: shelf(images, fetch, store),
    ota,
    zcl,
    registers,
    records,
    decide,
    peer,
    verifyImage,
    expectation: policy.expectation,
    fault,
  };
  const context: OpenContext = {
    gateway: setup.eui,
    environment,
    marks,
    signers: (kid) => registers.signer(kid),
    countersigners: setup.countersigners,
    checks: policy.messageChecks,
  };
  const upgrades = new Upgrades(g, context);

  function joined(device: Eui64): void {
    upgrades.joined(device);
    void learnVersion(g, device).catch(fault);
    void records.note('device-joined', { device }).catch(fault);
  }
  function left(device: Eui64): void {
    void records.note('device-left', { device }).catch(fault);
  }
  function refused(device: Eui64, reason: string): void {
    void records.note('join-refused', { device, reason }).catch(fault);
  }

  for (const bytes of setup.statements) await registers.take(bytes, records);
  await network.start({
    mac: (frame) => trust.onMac(network, frame),
    nwkCommand: (frame, from) => trust.onNwkCommand(network, frame, from),
    data: (frame, from) => takeData(g, network, trust, frame, from),
  });
  for (const job of jobs.open()) await upgrades.resume(job);
  const subscribed = bridge.start({
    request: (bytes) => takeRequest(g, context, upgrades, bytes),
    statement: async (bytes) => void (await registers.take(bytes, records)),
  });
  if (!(await within(clock, BROKER_GRACE_MS, subscribed))) log.warn('broker-not-reached', { gateway: setup.eui });
  log.info('gateway-started', { gateway: setup.eui, boot: meta.boot, environment });

  return {
    async stop() {
      stopping = true;
      timers.stop();
      await network.stop();
      await bridge.stop();
      await incoming.flush();
      await store.close();
      log.info('gateway-stopped');
    },
  };
}

/** Puts what was known before the restart back into the core: addresses and incoming counters. */
function restore(setup: GatewaySetup, keyring: Keyring, members: Members, incoming: IncomingCounters): void {
  const { core } = setup;
  for (const { eui, short } of members.all()) core.addresses.learn(setup.panId, short, eui);
  for (const { eui, keyId, next } of incoming.all()) {
    const key = keyId === nwkKey(keyring.network.seq) ? keyring.network.key : keyId === 'aps' ? keyring.link(eui) : undefined;
    if (key !== undefined) core.counters.set(eui, key, next);
  }
}

const nwkKey = (seq: number): string => `nwk-${seq}`;

function counterBlocks(store: Store, incoming: IncomingCounters, seq: number): CounterBlocks {
  const outgoing = new OutgoingCounters(store);
  return {
    reserve: (name, size) => outgoing.reserve(name, size),
    heard: (eui, key, next) => incoming.save(eui, key === 'nwk' ? nwkKey(seq) : 'aps', next),
  };
}

function shelf(images: Images, fetch: ImageFetch, store: Store): ImageShelf {
  return {
    complete: (image, length) => images.complete(image, length),
    fetch: (image, length) => fetch.fetch(image, length),
    stop: (image) => fetch.stop(image),
    read: (image, length) => images.stream(image, length),
    drop: (image) => store.commit(images.drop(image)),
  };
}

/** True when `work` was done within `ms` milliseconds. */
async function within(clock: Clock, ms: number, work: Promise<void>): Promise<boolean> {
  let cancel: Cancel = () => {};
  const late = new Promise<false>((done) => (cancel = clock.after(ms, () => done(false))));
  const inTime = await Promise.race([work.then(() => true), late]);
  cancel();
  return inTime;
}
