/**
 * A whole lab in this process for flow tests: broker, S1SP side, gateway and home as `startWorld` composes them, with devices joined.
 * Time is simulated and begins at the same moment in every lab; one seed gives the same keys, so that the very bytes of one lab can be
 * put before another.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Seeded } from '../../firmware/air/seeded.ts';
import type { Home } from '../../firmware/devices/home.ts';
import { SimulatedClock } from '../../host/adapters/clock-simulated.ts';
import { AirRadio } from '../../host/adapters/radio-air.ts';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import type { Loosened } from '../../host/compose/gateway.ts';
import { equipHome, EUI, HOME_DEVICES, HUB_MODEL, makeHome, VERSION } from '../../host/compose/home.ts';
import type { LabPlan, LabRole } from '../../host/compose/lab-material.ts';
import { sampleImages, sampleTrustStore, type SampleImages } from '../../host/compose/sample-images.ts';
import { orderUpdate, signRequest, type UpdateOrder } from '../../host/compose/user.ts';
import { ReportWatch, until } from '../../host/compose/watch.ts';
import { startWorld, type World } from '../../host/compose/world.ts';
import type { RequestId } from '../../host/model/ids.ts';
import type { Report, ReportEvent } from '../../host/model/job.ts';
import type { CancelUpdate, UpdateFirmware } from '../../host/model/service-request.ts';
import { signStatement } from '../../host/messages/statement.ts';
import type { Statement } from '../../host/model/register.ts';
import { seconds } from '../../host/ports/clock.ts';
import type { Log, LogFields } from '../../host/ports/log.ts';
import { publishImage } from '../../host/s1sp/image-shelf.ts';
import { Audit } from '../../host/stores/audit.ts';
import type { AuditEntry } from '../../host/stores/audit-record.ts';
import { AirWatch } from './world-air.ts';

/** When every lab begins. */
export const BEGINNING = Date.UTC(2026, 0, 15, 12);

/** How a lab is made. */
export interface LabOptions {
  readonly seed?: number;
  /** Simulated per real time at most. */
  readonly rate?: number;
  readonly loss?: number;
  readonly loosened?: Loosened | undefined;
  readonly revise?: LabPlan['revise'];
}

/** A line of the log. */
export interface Logged {
  readonly event: string;
  readonly fields: LogFields;
}

/** A report with its event narrowed. */
export interface Reported<T extends ReportEvent['type']> {
  readonly report: Report;
  readonly event: Extract<ReportEvent, { type: T }>;
}

const CHANNEL = 15;

/** A running lab. */
export class Lab {
  readonly world: World;
  readonly home: Home;
  readonly clock: SimulatedClock;
  readonly images: SampleImages;
  readonly air: AirWatch;
  readonly reports: ReportWatch;
  readonly logged: readonly Logged[];

  constructor(parts: Pick<Lab, 'world' | 'home' | 'clock' | 'images' | 'air' | 'reports' | 'logged'>) {
    this.world = parts.world;
    this.home = parts.home;
    this.clock = parts.clock;
    this.images = parts.images;
    this.air = parts.air;
    this.reports = parts.reports;
    this.logged = parts.logged;
  }

  /** Version that the PPMID runs, by its own firmware. */
  get version(): number | undefined {
    return this.home.ppmid.fileVersion;
  }

  /** A party's order of v2, countersigned as the S1SP side does; the same bytes at any time. */
  order(by: LabRole, counter: bigint, change: Partial<UpdateFirmware> = {}): Uint8Array {
    const { signer, key } = this.world.material.parties[by];
    const order: UpdateOrder = {
      originator: signer.party,
      target: EUI.ppmid,
      gateway: EUI.gateway,
      counter,
      image: this.images.v2,
      firmwareVersion: VERSION.v2,
      now: BEGINNING / 1000,
      purpose: 'flow test',
      environment: 'lab',
    };
    return this.world.s1sp.countersign(signRequest({ ...orderUpdate(order), ...change }, key));
  }

  /** A party's cancellation, countersigned. */
  cancellation(by: LabRole, counter: bigint, cancels: RequestId): Uint8Array {
    const { signer, key } = this.world.material.parties[by];
    const now = seconds(this.clock);
    const request: CancelUpdate = {
      kind: 'cancel-update',
      originator: signer.party,
      target: EUI.ppmid,
      gateway: EUI.gateway,
      counter,
      environment: 'lab',
      notBefore: now - 60,
      expires: now + 3600,
      cancels,
    };
    return this.world.s1sp.countersign(signRequest(request, key));
  }

  /** Publishes the image of v2 as the S1SP side does with an order's. */
  publishImage(): Promise<void> {
    return publishImage(this.world.observer, this.images.v2);
  }

  /** A statement of the registration role (or signed with another party's key) on its way to the gateway, as MQTT brings it. */
  async state(statement: Statement, by: LabRole = 'registration'): Promise<void> {
    await this.world.s1sp.publishStatement(EUI.gateway, statement.kind, signStatement(statement, this.world.material.parties[by].key));
  }

  /** Puts a request before the gateway and answers what it decided. */
  async put(request: Uint8Array): Promise<Reported<'decision'>> {
    await this.world.s1sp.dispatch(EUI.gateway, request);
    return this.reports.next('a decision', isA('decision'), PATIENCE_MS);
  }

  /** The next report of an image verified. */
  verified(): Promise<Reported<'image'>> {
    return this.reports.next('an image verified', isA('image'), PATIENCE_MS);
  }

  /** The next thing that a person is told of. */
  alerted(): Promise<Reported<'alert'>> {
    return this.reports.next('an alert', isA('alert'), PATIENCE_MS);
  }

  /** The end that an upgrade comes to. */
  async ended(): Promise<Reported<'stage'>> {
    return this.reports.next('the end of an upgrade', isEnding, PATIENCE_MS);
  }

  /**
   * Stops simulated time in the middle of the transfer, when the PPMID has more than `offset` bytes; MQTT and stores go on. Answers how
   * to let time pass again.
   */
  pausedAt(offset: number): Promise<() => void> {
    return new Promise((done) => {
      let waiting = true;
      this.air.onTraffic(() => {
        if (!waiting || this.home.ppmid.upgrade.offset <= offset) return;
        waiting = false;
        done(this.clock.hold());
      });
    });
  }

  /** Resolves when the log holds an event whose fields are among others these. */
  async logs(event: string, fields: LogFields = {}): Promise<void> {
    const wanted = Object.entries(fields);
    const holds = (): boolean =>
      this.logged.some((each) => each.event === event && wanted.every(([name, value]) => each.fields[name] === value));
    await until(`the log event ${event}`, holds, PATIENCE_MS);
  }
}

const PATIENCE_MS = 20_000;

/**
 * Runs a story in a lab of its own, stops the lab whatever comes of it, and answers the audit log of the gateway, whose chain has been
 * verified.
 */
export async function inLab(options: LabOptions, story: (lab: Lab) => Promise<void>): Promise<readonly AuditEntry[]> {
  const { seed = 1, rate = 60, loss = 0, loosened, revise } = options;
  const clock = new SimulatedClock(BEGINNING);
  const entropy = new Seeded(seed);
  const logged: Logged[] = [];
  const log = keeping(logged);
  const images = await sampleImages();
  const factory = await equipHome(entropy);
  const air = new AirWatch();
  const onAir = await makeHome({ clock, entropy, log, channel: CHANNEL, seed, loss, factory, onTraffic: air.listener }, images);
  const data = await mkdtemp(join(tmpdir(), 'hearthgate-flow-'));
  let fail: (cause: unknown) => void = () => {};
  try {
    const world = await startWorld({
      gateway: EUI.gateway,
      hub: HUB_MODEL,
      devices: HOME_DEVICES,
      listed: [{ device: EUI.ppmid, versions: [VERSION.v1, VERSION.v2] }],
      factory,
      clock,
      rate,
      radio: new AirRadio(onAir.air, 'hub'),
      channel: CHANNEL,
      data,
      images: sampleTrustStore(images),
      log,
      onFault: (cause) => fail(cause),
      loosened,
      revise,
      entropy: new Seeded(~seed),
    });
    const reports = new ReportWatch(world.s1sp);
    fail = (cause) => reports.fail(cause);
    const lab = new Lab({ world, home: onAir.home, clock, images, air, reports, logged });
    try {
      await onAir.home.powerOn();
      await until('the devices joining', () => onAir.home.joined, PATIENCE_MS);
      await lab.logs('version-read', { device: EUI.ppmid });
      await lab.logs('ota-query', { device: EUI.ppmid });
      await air.learn(onAir.home, factory);
      await story(lab);
    } finally {
      onAir.home.powerOff();
      await world.close();
    }
    return await auditOf(data);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function auditOf(data: string): Promise<readonly AuditEntry[]> {
  const store = new LmdbStore(data);
  try {
    const audit = new Audit(store, new SimulatedClock(BEGINNING));
    expect(audit.verify()).toMatchObject({ ok: true });
    return audit.entries();
  } finally {
    await store.close();
  }
}

function keeping(logged: Logged[]): Log {
  const keep = (event: string, fields: LogFields = {}): void => void logged.push({ event, fields });
  return { debug: keep, info: keep, warn: keep, error: keep };
}

const isA =
  <T extends ReportEvent['type']>(type: T) =>
  (event: ReportEvent): event is Extract<ReportEvent, { type: T }> =>
    event.type === type;

const ENDS: readonly string[] = ['succeeded', 'failed', 'cancelled', 'refused'];
const isEnding = (event: ReportEvent): event is Extract<ReportEvent, { type: 'stage' }> =>
  event.type === 'stage' && ENDS.includes(event.stage);
