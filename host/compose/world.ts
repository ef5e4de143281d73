/**
 * The whole of a lab on one machine: broker, S1SP side, gateway and home, composed as in the field. Each part has its own keys and its
 * own store, and they meet only on MQTT and by radio.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '../adapters/broker-embedded.ts';
import { MqttBroker } from '../adapters/broker-mqtt.ts';
import type { SimulatedClock } from '../adapters/clock-simulated.ts';
import { openLockedStore } from '../adapters/store-lock.ts';
import { SystemEntropy } from '../adapters/system.ts';
import { gatewayWill } from '../bridge/bridge.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import { hex, type Eui64 } from '../model/ids.ts';
import { GATEWAY_KINDS } from '../model/register.ts';
import { VERSION } from '../model/version.ts';
import type { Broker } from '../ports/broker.ts';
import { seconds } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import type { Radio } from '../ports/radio.ts';
import type { Store } from '../ports/store.ts';
import type { S1sp } from '../s1sp/s1sp.ts';
import type { ImageTrustStore } from '../stores/image-trust.ts';
import { composeGateway, type Loosened } from './gateway.ts';
import { certificatesOf, type Factory } from './lab-factory.ts';
import { makeLabMaterial, type LabMaterial, type LabPlan } from './lab-material.ts';
import { composeS1sp } from './s1sp.ts';
import { User } from './user.ts';

/** What a world is made of. */
export interface WorldPlan {
  readonly gateway: Eui64;
  readonly hub: DeviceLogEntry;
  readonly devices: readonly DeviceLogEntry[];
  readonly listed: readonly { readonly device: Eui64; readonly versions: readonly number[] }[];
  readonly factory: Factory;
  readonly clock: SimulatedClock;
  /** Simulated seconds per real second at most; 1 is real time. */
  readonly rate: number;
  /** The hub's radio. */
  readonly radio: Radio;
  readonly channel: number;
  /** A broker in the field; an embedded one on a free loopback port when left out. */
  readonly broker?: string | undefined;
  /** Whose image signatures the gateway believes, and what it asks of images. */
  readonly images: ImageTrustStore;
  /** Directory of the gateway's store; a temporary one when left out. */
  readonly data?: string | undefined;
  /** Directory of the S1SP's store; a temporary one when left out. */
  readonly s1spData?: string | undefined;
  readonly log: Log;
  /** Told of what a part cannot go on with. */
  readonly onFault: (cause: unknown) => void;
  readonly loosened?: Loosened | undefined;
  /** Changes the lab's statements before they are signed; see `LabPlan`. */
  readonly revise?: LabPlan['revise'];
  readonly entropy?: Entropy;
}

/** A running world. */
export interface World {
  readonly url: string;
  readonly material: LabMaterial;
  readonly s1sp: S1sp;
  /** The Lead Supplier's own connection. */
  readonly lead: User;
  /** A connection that only looks. */
  readonly observer: Broker;
  readonly gateway: Gateway;
  /** Stops everything that was started, whatever fails on the way. */
  close(): Promise<void>;
}

const PAN_ID = 0x1a62;
const REAL_TIME = 1;

/** Starts a world. What was started is stopped again when a part fails to. */
export async function startWorld(plan: WorldPlan): Promise<World> {
  const undo: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await start(plan, undo, close);
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function start(plan: WorldPlan, undo: (() => Promise<void> | void)[], close: () => Promise<void>): Promise<World> {
  const { clock, log, gateway: eui } = plan;
  const entropy = plan.entropy ?? new SystemEntropy();
  const folder = await mkdtemp(join(tmpdir(), 'hearthgate-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  const url = plan.broker ?? (await embedded(undo));
  const run = hex(entropy.bytes(4));
  const connect = (name: string, will?: ReturnType<typeof gatewayWill>): Broker => {
    const broker = new MqttBroker({ url, clientId: `hearthgate-${name}-${run}`, ...(will && { will }) }, { entropy, log });
    undo.push(() => broker.close());
    return broker;
  };

  const material = makeLabMaterial({ ...plan, now: seconds(clock), entropy });
  const s1sp = composeS1sp({
    environment: 'lab',
    broker: connect('s1sp'),
    store: held(clock, await openLockedStore(plan.s1spData ?? join(folder, 's1sp'))),
    clock,
    log,
    countersigner: material.parties.countersigner.key,
    anchors: [material.parties.registration.signer],
  });
  undo.push(() => s1sp.stop());
  await s1sp.start();
  for (const { kind, bytes } of material.statements) {
    const taken = await s1sp.take(bytes);
    if (!taken.ok) await s1sp.publishStatement(eui, kind, bytes); // what the gateway is to make of it is the world's story
  }

  const observer = connect('observer');
  const lead = new User(connect('lead'), material.parties.lead.signer.party);
  undo.push(() => lead.stop());
  await lead.start();

  // A radio that does not answer is given up in its time: where that is real time, it passes from here on.
  const letTimePass = (): void => void undo.push(clock.run({ rate: plan.rate }));
  if (plan.rate === REAL_TIME) letTimePass();
  const data = plan.data ?? join(folder, 'gateway');
  const gateway = await composeGateway(
    {
      eui,
      environment: 'lab',
      channel: plan.channel,
      panId: PAN_ID,
      extendedPanId: eui,
      model: plan.hub,
      anchors: [material.parties.registration.signer],
      countersigners: ['dcc-countersigner'],
      statements: material.statements.flatMap(({ kind, bytes }) => (GATEWAY_KINDS.includes(kind) ? [bytes] : [])),
      wrappingKey: entropy.bytes(16),
      signing: material.parties.gateway.key,
      installCodes: new Map([...plan.factory.installCodes].map(([device, code]) => [device, Uint8Array.from(code)])),
      certificates: certificatesOf(plan.factory, eui),
      store: held(clock, await openLockedStore(data)),
      storeName: data,
      radio: plan.radio,
      broker: connect('gateway', gatewayWill(eui)),
      clock,
      entropy,
      log,
      software: VERSION,
      images: plan.images,
      onFault: plan.onFault,
    },
    plan.loosened,
  );
  undo.push(() => gateway.stop());
  if (plan.rate !== REAL_TIME) letTimePass();
  return { url, material, s1sp, lead, observer, gateway, close };
}

async function embedded(undo: (() => Promise<void> | void)[]): Promise<string> {
  const broker = await startBroker();
  undo.push(() => broker.close());
  return broker.url;
}

/** A store whose writes hold simulated time: how long a disk takes is no time of the home's. */
function held(clock: SimulatedClock, store: Store): Store {
  return {
    get: (table, key) => store.get(table, key),
    range: (table, from, to) => store.range(table, from, to),
    last: (table, to) => store.last(table, to),
    async commit(writes) {
      const release = clock.hold();
      try {
        await store.commit(writes);
      } finally {
        release();
      }
    },
    close: () => store.close(),
  };
}
