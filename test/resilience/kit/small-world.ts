/**
 * A whole gateway, a real device on a virtual air and a broker in memory, in one process and in simulated time: everything between the
 * radio's bytes and the signed reports is the product's own. Stores, radios and the broker can be made to fail under it.
 */
import { Air } from '../../../firmware/air/air.ts';
import type { Path } from '../../../firmware/air/path.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { BenchDevice } from '../../../firmware/devices/bench.ts';
import { buildImage } from '../../../firmware/image/build.ts';
import { SimulatedClock } from '../../../host/adapters/clock-simulated.ts';
import { AirRadio } from '../../../host/adapters/radio-air.ts';
import { FaultyStore } from '../../../host/adapters/store-faults.ts';
import { gatewayTopics } from '../../../host/bridge/topics.ts';
import { composeGateway, loadModule } from '../../../host/compose/gateway.ts';
import { certificatesOf, equip } from '../../../host/compose/lab-factory.ts';
import { makeLabMaterial, type LabMaterial } from '../../../host/compose/lab-material.ts';
import { orderUpdate, signRequest, type UpdateOrder } from '../../../host/compose/user.ts';
import type { CertificateMaterial } from '../../../host/core/cbke.ts';
import type { SuiteNumber } from '../../../host/core/curves.ts';
import { LabCore } from '../../../host/core/core.ts';
import { Signer as ImageSigner } from '../../../host/core/signer.ts';
import type { Gateway } from '../../../host/gateway/gateway.ts';
import { countersign } from '../../../host/messages/cose.ts';
import { openReport } from '../../../host/messages/report.ts';
import { openStatement, signStatement } from '../../../host/messages/statement.ts';
import type { DeviceLogEntry } from '../../../host/model/device.ts';
import { eui64, type Eui64 } from '../../../host/model/ids.ts';
import { GATEWAY_KINDS, type InventoryStatement, type Statement } from '../../../host/model/register.ts';
import type { UpdateFirmware } from '../../../host/model/service-request.ts';
import type { Report, ReportEvent } from '../../../host/model/job.ts';
import type { Control } from '../../../host/ports/control.ts';
import { seconds } from '../../../host/ports/clock.ts';
import { silent, type Log } from '../../../host/ports/log.ts';
import type { Radio } from '../../../host/ports/radio.ts';
import type { Store } from '../../../host/ports/store.ts';
import { publishImage } from '../../../host/s1sp/image-shelf.ts';
import { MemoryBroker, type MemoryConnection } from './broker-memory.ts';
import { ImageTrustStore } from '../../../host/stores/image-trust.ts';

export const GATEWAY = eui64('02000000000003a1');
export const DEVICE = eui64('02000000000003b1');
export const MANUFACTURER = 0x1ab1;
export const IMAGE_TYPE = 0x0084;
export const OLD = 0x0000_0100;
export const NEW = 0x0000_0200;
/** Channel of its home. */
export const CHANNEL = 15;
const PAN_ID = 0x1a62;
/** 2020-11-24T00:00:00Z. */
const START = Date.UTC(2020, 10, 24);

const HUB: DeviceLogEntry = {
  eui: GATEWAY,
  type: 'chf',
  manufacturer: MANUFACTURER,
  model: 'HUB',
  hardwareVersion: 1,
  imageType: undefined,
  firmwareVersion: 1,
};
/** The device that stands in the world, as the device log has it. */
export const ENTRY: DeviceLogEntry = {
  eui: DEVICE,
  type: 'ppmid',
  manufacturer: MANUFACTURER,
  model: 'PPMID',
  hardwareVersion: 1,
  imageType: IMAGE_TYPE,
  firmwareVersion: OLD,
};

const lab = await loadModule('lab.wasm');
const mmo = await ImageSigner.load(await loadModule('signer.wasm'));

/** Further devices that a world may have; each knows both suites. */
export const NEIGHBOURS = [eui64('02000000000003b2'), eui64('02000000000003b3')] as const;

export const FACTORY = await equip(
  GATEWAY,
  new Map([[DEVICE, [1]], ...NEIGHBOURS.map((eui): [Eui64, readonly SuiteNumber[]] => [eui, [1, 2]])]),
  new Seeded(7),
);

/** A sound image whose program has `length` bytes. */
export const image = (length = 600, fileVersion = NEW): Uint8Array =>
  buildImage(
    {
      manufacturer: MANUFACTURER,
      imageType: IMAGE_TYPE,
      fileVersion,
      text: 'small world',
      elements: [{ tag: 0, data: new Seeded(length).bytes(length) }],
    },
    (message) => mmo.mmo(message),
  );

/** What differs from one run of the gateway to the next. */
export interface RunOptions {
  readonly store: Store;
  readonly control?: Control | undefined;
  readonly alone?: boolean;
  /** Default: those of every device. */
  readonly installCodes?: ReadonlyMap<Eui64, Uint8Array>;
  readonly radio?: ((inner: Radio) => Radio) | undefined;
  readonly log?: Log;
  readonly topUpPending?: () => boolean;
}

/** What a world has besides the gateway and its PPMID. */
export interface WorldOptions {
  /** How many of the NEIGHBOURS; the PPMID shares a key with the first. */
  readonly neighbours?: number;
  /** Entries of the device log whose devices a test brings along; the factory must have a code for each. */
  readonly others?: readonly DeviceLogEntry[];
  /** What the inventory says of the hub. Default: MOC (Secure), whose PPMIDs' keys nobody asks about. */
  readonly cohort?: InventoryStatement['cohort'] | undefined;
  /** Seconds since 1970; default 30 days ago. */
  readonly enrolled?: number;
  readonly path?: Path;
  /** Certificates of devices in place of those of the factory. */
  readonly certificates?: ReadonlyMap<Eui64, readonly CertificateMaterial[]>;
}

/** A gateway that runs. */
export interface Run {
  readonly gateway: Gateway;
  readonly faults: readonly unknown[];
  /** Resolves at the first fault told. */
  readonly faulted: Promise<unknown>;
  /** Ends it as SIGKILL does: no farewell, no flush, and nothing it still does reaches anybody. */
  kill(): void;
}

/** The world around a gateway. */
export class SmallWorld {
  readonly clock = new SimulatedClock(START);
  readonly broker = new MemoryBroker();
  readonly entropy: Seeded;
  readonly air: Air;
  readonly device: BenchDevice;
  readonly material: LabMaterial;
  readonly neighbours: readonly BenchDevice[];
  readonly wrapping: Uint8Array;
  readonly #certificates: ReadonlyMap<Eui64, readonly CertificateMaterial[]>;
  readonly #user: MemoryConnection;
  #counter = 0n;

  constructor(seed = 1, { neighbours = 0, others = [], path, certificates, cohort = 'MOC-Secure', enrolled }: WorldOptions = {}) {
    this.entropy = new Seeded(seed);
    this.#certificates = certificates ?? new Map();
    const { clock, entropy } = this;
    this.air = new Air({ clock, seed, ...(path === undefined ? {} : { path }) });
    this.wrapping = entropy.bytes(16);
    const entries = [ENTRY, ...NEIGHBOURS.slice(0, neighbours).map((eui): DeviceLogEntry => ({ ...ENTRY, eui }))];
    this.device = this.#device(ENTRY, neighbours > 0 ? NEIGHBOURS[0] : undefined);
    this.neighbours = entries.slice(1).map((entry) => this.#device(entry));
    const listed = [DEVICE, ...others.map(({ eui }) => eui)].map((device) => ({ device, versions: [OLD, NEW] }));
    const revise = (each: Statement): Statement =>
      each.kind === 'inventory' ? { ...each, cohort, enrolled: enrolled ?? each.enrolled } : each;
    const devices = [...entries, ...others];
    this.material = makeLabMaterial({ gateway: GATEWAY, hub: HUB, devices, listed, now: seconds(clock), entropy, revise });
    this.#user = this.broker.connect('user');
  }

  /** Starts a gateway over a store. A gateway that ran before must have been killed or stopped. */
  async run({ store, radio = (inner) => inner, log = silent, control, alone, installCodes, topUpPending }: RunOptions): Promise<Run> {
    const { clock, entropy, material } = this;
    const faults: unknown[] = [];
    let dead = false;
    let told: (cause: unknown) => void = () => {};
    const faulted = new Promise<unknown>((done) => (told = done));
    const air = new AirRadio(this.air, 'hub');
    const connection = this.broker.connect('gateway');
    const { registration, gateway } = material.parties;
    const composed = composeGateway({
      eui: GATEWAY,
      environment: 'lab',
      channel: CHANNEL,
      panId: PAN_ID,
      extendedPanId: GATEWAY,
      model: HUB,
      anchors: [registration.signer],
      countersigners: ['dcc-countersigner'],
      statements: material.statements.flatMap(({ kind, bytes }) => (GATEWAY_KINDS.includes(kind) ? [bytes] : [])),
      wrappingKey: this.wrapping.slice(),
      signing: gateway.key,
      installCodes: new Map([...(installCodes ?? FACTORY.installCodes)].map(([device, code]) => [device, code.slice()])),
      certificates: certificatesOf(FACTORY, GATEWAY),
      control,
      alone,
      topUpPending,
      store,
      storeName: 'small world',
      radio: radio(air),
      broker: connection,
      clock,
      entropy,
      log,
      software: 'test',
      images: ImageTrustStore.without('lab'),
      onFault: (cause) => {
        if (dead) return;
        faults.push(cause);
        told(cause);
      },
    });
    const kill = (): void => {
      dead = true;
      connection.drop();
      if (store instanceof FaultyStore) store.crash();
      void air.close();
    };
    composed.catch(kill);
    return { gateway: await this.#drive(composed), faults, faulted, kill };
  }

  #device({ eui, manufacturer, model, hardwareVersion }: DeviceLogEntry, partner?: Eui64): BenchDevice {
    const { clock, entropy } = this;
    const installCode = FACTORY.installCodes.get(eui) ?? new Uint8Array(0);
    const certificates = this.#certificates.get(eui) ?? certificatesOf(FACTORY, eui);
    return new BenchDevice({
      identity: { name: eui, eui, installCode, certificates, fuse: entropy.bytes(16), manufacturer, model, hardwareVersion },
      surroundings: { medium: this.air, channel: CHANNEL, entropy, log: silent },
      clock,
      loadCore: () => LabCore.load(lab),
      imageType: IMAGE_TYPE,
      fileVersion: OLD,
      partner,
    });
  }

  /** Awaits a start; one that waits for a broker that is away is let wait in simulated time. */
  async #drive<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const mark = (): void => void (done = true);
    work.then(mark, mark);
    while (!done) {
      await new Promise((turn) => setImmediate(turn));
      if (!this.broker.up) await this.clock.advance(50);
    }
    return work;
  }

  /** A countersigned order, and its image on the broker. */
  async order(file: Uint8Array, change: Partial<UpdateOrder> = {}, override: Partial<UpdateFirmware> = {}): Promise<Uint8Array> {
    const { lead, countersigner } = this.material.parties;
    const order = orderUpdate({
      originator: lead.signer.party,
      target: DEVICE,
      gateway: GATEWAY,
      counter: ++this.#counter,
      image: file,
      firmwareVersion: NEW,
      now: seconds(this.clock),
      purpose: 'resilience',
      environment: 'lab',
      ...change,
    });
    await publishImage(this.#user, file);
    const signed = countersign(signRequest({ ...order, ...override }, lead.key), countersigner.key);
    if (!signed.ok) throw new Error(signed.detail);
    return signed.value;
  }

  /** Brings a changed device log to the gateway, as MQTT does. */
  async listDevices(devices: readonly Eui64[], version: number): Promise<void> {
    const { registration } = this.material.parties;
    const given = this.material.statements.find(({ kind }) => kind === 'device-log');
    if (given === undefined) throw new Error('the lab has no device log');
    const now = seconds(this.clock);
    const opened = openStatement(given.bytes, { environment: 'lab', anchors: [registration.signer], now, storedVersion: () => undefined });
    if (!opened.ok || opened.value.statement.kind !== 'device-log') throw new Error('the device log does not open');
    const { statement } = opened.value;
    const changed = { ...statement, version, devices: statement.devices.filter(({ eui }) => devices.includes(eui)) };
    const topic = gatewayTopics(GATEWAY).register('device-log');
    await this.#user.publish(topic, signStatement(changed, registration.key), { qos: 1, retain: true });
  }

  /** Hands bytes to the gateway's request topic. */
  submit(bytes: Uint8Array): Promise<void> {
    return this.#user.publish(gatewayTopics(GATEWAY).request, bytes, { qos: 1 });
  }

  /** Every report that was published, repetitions included, each with a right signature. */
  get allReports(): readonly Report[] {
    const { signer } = this.material.parties.gateway;
    return this.broker.published
      .filter(({ topic }) => topic === gatewayTopics(GATEWAY).report)
      .map(({ payload }) => {
        const opened = openReport(payload, (kid) => (kid === signer.kid ? signer : undefined));
        if (!opened.ok) throw new Error(`${opened.code}: ${opened.detail}`);
        return opened.value.report;
      });
  }

  /** The reports, each once. */
  get reports(): readonly Report[] {
    return [...new Map(this.allReports.map((report) => [report.sequence, report])).values()];
  }

  /** Events of one type, in order. */
  events<T extends ReportEvent['type']>(type: T): readonly Extract<ReportEvent, { type: T }>[] {
    return this.reports.map(({ event }) => event).filter((event): event is Extract<ReportEvent, { type: T }> => event.type === type);
  }

  /** The ends that were reported. */
  get ends(): readonly string[] {
    return this.events('stage').flatMap(({ stage }) => (['succeeded', 'failed', 'cancelled', 'refused'].includes(stage) ? [stage] : []));
  }

  /** Lets simulated time pass until something holds; false when `limit` milliseconds passed first. */
  async until(holds: () => boolean, limit = 600_000, step = 200): Promise<boolean> {
    const end = this.clock.now() + limit;
    while (!holds()) {
      if (this.clock.now() >= end) return false;
      await this.clock.advance(step);
    }
    return true;
  }
}
