/**
 * A gateway from start to stop.
 *
 * Start: the store and its environment → keys and counters (outgoing ones jump ahead) → the home network → what was left open, jobs
 * decided anew → MQTT. A gateway without a broker serves the home and goes on with what was allowed and fetched; it takes nothing new.
 */
import { Bridge } from '../bridge/bridge.ts';
import { ImageFetch } from '../bridge/image-fetch.ts';
import { IMAGE_BLOCK } from '../bridge/topics.ts';
import { OtaServer } from '../han/ota-server.ts';
import type { Moment, Situation } from '../model/decision.ts';
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { ServiceRequest } from '../model/service-request.ts';
import { gatedCohort, migratedCohort } from '../policy/ppmid-keys.ts';
import { leadSupplierAt } from '../policy/standing.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { Audit } from '../stores/audit.ts';
import { Devices } from '../stores/devices.ts';
import { Images } from '../stores/images.ts';
import { Jobs } from '../stores/jobs.ts';
import { KeyStates } from '../stores/key-states.ts';
import { Leadless } from '../stores/leadless.ts';
import { ErasedCodes } from '../stores/erased-codes.ts';
import { SealedKeys } from '../stores/keys.ts';
import { Marks } from '../stores/marks.ts';
import { openMeta } from '../stores/meta.ts';
import { Outbox } from '../stores/outbox.ts';
import { Registers as StoredRegisters } from '../stores/registers.ts';
import { silence, silencedAt, speakAgain } from '../stores/silence.ts';
import { answerControl } from './control.ts';
import { takeRequest } from './downlink.ts';
import { Han, type HanEvents } from './han.ts';
import { JoinRefusals } from './join-refusals.ts';
import { KeyOrderDesk } from './key-orders.ts';
import { openKeyring } from './keyring.ts';
import { MigratedKeyWatch } from './migrated-keys.ts';
import type { OpenContext } from './opening.ts';
import type { GatewayParts, ImageShelf } from './parts.ts';
import { PpmidKeyWatch } from './ppmid-keys.ts';
import { Records } from './records.ts';
import { Registers } from './registers.ts';
import type { GatewaySetup } from './setup.ts';
import { decider } from './situation.ts';
import { watchStore } from './store-watch.ts';
import { learnVersion, takeData } from './uplink.ts';
import { StoppableClock } from './stoppable-clock.ts';
import { Upgrades } from './upgrades.ts';

/** A running gateway. */
export interface Gateway {
  /** Finishes what is being written, says offline, closes radio, broker and store. */
  stop(): Promise<void>;
}

/** So long a start waits for the broker before it goes on without. */
const BROKER_GRACE_MS = 5_000;

/**
 * Starts a gateway. Resolves when the home network is up, open jobs go on, and MQTT is subscribed or could not be reached in time: then
 * the bridge goes on trying. Rejects with a Fault that names what is wrong, when every port that it was given is closed.
 */
export async function startGateway(given: GatewaySetup): Promise<Gateway> {
  const timers = new StoppableClock(given.clock);
  try {
    return await start(given, timers);
  } catch (cause) {
    timers.stop();
    await closePorts(given);
    throw cause;
  }
}

/** Closes what a gateway was given that did not start: whatever stayed open would keep its process alive. */
async function closePorts({ control, radio, broker, store, log }: GatewaySetup): Promise<void> {
  for (const port of [control, radio, broker, store]) {
    await port?.close().catch((cause: unknown) => log.debug('fault-while-stopping', { reason: String(cause) }));
  }
}

async function start(given: GatewaySetup, timers: StoppableClock): Promise<Gateway> {
  let stopping = false;
  const fault = (cause: unknown): void => {
    if (stopping) given.log.debug('fault-while-stopping', { reason: String(cause) });
    else given.onFault(cause);
  };
  const setup = { ...given, clock: timers, store: watchStore(given.store, fault) };
  const { store, clock, log, core, entropy, environment, eui, policy } = setup;
  const meta = await openMeta(store, environment, setup.storeName);
  await mayBeOnAir(setup);

  const devices = new Devices(store);
  const jobs = new Jobs(store, policy.isAllowed);
  const marks = new Marks(store);
  const outbox = new Outbox(store);
  const audit = new Audit(store, clock);
  const sign = setup.signReport;
  const references = () => registers.references();
  const records = new Records({ gateway: eui, store, audit, jobs, marks, outbox, clock, sign, factLines: policy.factLines, references });
  const { anchors, wrappingKey, installCodes, certificates } = setup;
  const registers = new Registers({
    ...{ gateway: eui, environment, anchors, devices, store, clock, log },
    stored: new StoredRegisters(store),
    listed: (gone) => relist(gone),
  });
  const keyring = await openKeyring({
    ...{ core, entropy, gateway: eui, wrappingKey, installCodes, certificates },
    sealed: new SealedKeys(store),
    erased: new ErasedCodes(store),
    record: (what, fields, writes) => records.note(what, fields, writes),
  });
  const han = new Han({
    ...{ core, keyring, store, clock, entropy, log, fault, radio: setup.radio, events: events() },
    hub: { eui, panId: setup.panId, extendedPanId: setup.extendedPanId, channel: setup.channel },
    isListed: (device) => devices.get(device) !== undefined,
  });
  const refusals = new JoinRefusals({ records, clock, log });
  const desk = new KeyOrderDesk({ store, han, log });
  const asked = {
    ...{ records, clock, log, fault, states: new KeyStates(store) },
    ppmids: () => devices.all().flatMap((each) => (each.type === 'ppmid' ? [each.eui] : [])),
  };
  const watch = new PpmidKeyWatch({
    ...{ ...asked, zcl: han.zcl },
    cohort: () => gatedCohort(registers.newest('inventory'), registers.newest('cohorts')),
    hasInstallCode: (device) => keyring.hasInstallCode(device),
    peer: (device) => han.peer(device),
    fingerprint: (key) => keyring.fingerprint(key),
  });
  const migrated = new MigratedKeyWatch({
    ...asked,
    cohort: () => migratedCohort(registers.newest('inventory'), registers.newest('cohorts')),
    key(device) {
      const peer = han.peer(device);
      return peer && keyring.fingerprint(peer.linkKey);
    },
  });
  const watchKeys = (): void => (watch.start(), migrated.start());

  const leadless = new Leadless(store);
  const images = new Images(store, IMAGE_BLOCK);
  const fetch = new ImageFetch(setup.broker, images, log);
  const outgoing = { pending: () => outbox.pending(), done: (sequence: number) => store.commit([outbox.done(sequence)]) };
  const birth = { software: setup.software, boot: meta.boot, environment };
  const bridge = new Bridge({ broker: setup.broker, gateway: eui, outgoing, images: fetch, log, fault, birth });
  records.deliverBy(bridge);

  const g: GatewayParts = {
    ...{ eui, clock, log, bridge, registers, records, fault },
    images: shelf(images, fetch, store),
    ota: new OtaServer(han.zcl, log),
    zcl: han.zcl,
    decide: decider(
      {
        ...{ gateway: eui, hub: setup.model, clock, registers },
        latest: () => audit.latest(),
        cancellable: (request: ServiceRequest) => request.kind === 'cancel-update' && upgrades.of(request.cancels)?.cancellable === true,
        underway: (request: ServiceRequest, moment: Moment) => moment === 'issue' && upgrades.busy(request.target),
        topUpPending: setup.topUpPending ?? (() => false),
        keyState: (device) => watch.of(device),
        looked: (situation) => alertLeadless(situation).catch(fault),
      },
      policy,
    ),
    peer: (device) => han.peer(device),
    verifyImage: setup.verifyImage,
    expectation: policy.expectation,
  };
  const context: OpenContext = {
    ...{ gateway: eui, environment, marks, countersigners: setup.countersigners, checks: policy.messageChecks },
    signers: (kid) => registers.signer(kid),
  };
  const upgrades = new Upgrades(g, context);

  for (const bytes of setup.statements) await registers.take(bytes, records);
  await han.start((frame, from) => takeData(g, han, frame, from));
  desk.resume().catch(fault);
  watchKeys();
  for (const job of jobs.open()) await upgrades.resume(job);
  await setup.control?.listen((request) => answerControl(request, desk));
  const subscribed = bridge.start({
    request: (bytes) => takeRequest(g, context, upgrades, bytes),
    async statement(bytes) {
      await registers.take(bytes, records);
      watchKeys(); // it may be the one that says of which cohort the hub is
    },
  });
  if (!(await within(clock, BROKER_GRACE_MS, subscribed))) log.warn('broker-not-reached', { gateway: eui });
  log.info('gateway-started', { gateway: eui, boot: meta.boot, environment });

  return {
    async stop() {
      stopping = true;
      timers.stop();
      await setup.control?.close();
      await han.stop();
      await bridge.stop();
      await store.close();
      log.info('gateway-stopped');
    },
  };

  /** Premises without a Lead Supplier are no valid state: beside the refusal a person is told, once for each cause [R-PPMID-04]. */
  async function alertLeadless(situation: Situation): Promise<void> {
    const lead = leadSupplierAt(situation);
    const cause = typeof lead === 'string' ? lead : undefined;
    const write = leadless.found(eui, cause);
    if (write === undefined) return;
    if (cause === undefined) return store.commit([write]);
    log.warn('no-lead-supplier', { gateway: eui });
    await records.alert('no-lead-supplier', `every request for firmware is refused: ${cause}`, ['R-PPMID-04'], [write]);
  }

  function note(type: string, fields: Readonly<Record<string, unknown>>): void {
    records.note(type, fields).catch(fault);
  }

  function events(): HanEvents {
    return {
      joined: (device) => note('device-joined', { device }),
      left: (device) => note('device-left', { device }),
      anew: (device) => void refusals.anew(device).catch(fault),
      erased(device) {
        watch.erased(device);
        migrated.start();
      },
      refused: (device, reason) => void refusals.tell(device, reason).catch(fault),
      ready(device) {
        upgrades.joined(device);
        watch.ready(device);
        migrated.ready(device);
        learnVersion(g, device).catch(fault);
      },
      notEstablished(device, reason) {
        note('link-key-not-established', { device, reason });
        watch.notEstablished(device, reason);
      },
      verified: (device) => note('link-key-verified', { device }),
      partnered: (device, partner) => note('partner-key-sent', { device, partner }),
      twin: () => void fallSilent().catch(fault),
    };
  }

  /** Devices that are no longer in the device log lose their keys, and the network key that they know is changed. */
  function relist(gone: readonly Eui64[]): void {
    watchKeys();
    const known = gone.filter((device) => han.trust.members().some((member) => member.eui === device));
    if (known.length === 0) return;
    const orders = known.map((device) => desk.take({ kind: 'erase', device, code: false }));
    Promise.all(orders)
      .then(() => desk.take({ kind: 'rotate', reason: 'device-removed' }))
      .catch(fault);
  }

  /** Another sender has this gateway's EUI-64: that is on record and reported, then the gateway ends. */
  async function fallSilent(): Promise<void> {
    const detail = `another sender with the EUI-64 ${eui} is on the air: both would use the same nonces, so this gateway sends nothing more`;
    await records.alert('own-address-heard', detail, ['R-KEYMAT-01'], [silence(clock.now())]);
    fault(new Fault('radio', detail));
  }
}

/** Refuses to start a gateway that heard another of its EUI-64, until a person says that that one is gone. */
async function mayBeOnAir({ store, storeName, eui, alone }: GatewaySetup): Promise<void> {
  const since = silencedAt(store);
  if (since === undefined) return;
  if (alone === true) return store.commit([speakAgain()]);
  const when = new Date(since).toISOString();
  throw new Fault(
    'config',
    `${storeName}: another gateway with the EUI-64 ${eui} was heard at ${when}: stop it for good, then start with --alone`,
  );
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
