/**
 * A bench for one device: a network of its own with a gateway, a lab Lead Supplier and a lab countersigner made on the spot, and the
 * device that is to join it: a virtual one on a virtual air, or a real one behind a radio.
 */
import type { BenchDevice } from '../../firmware/devices/bench.ts';
import { SimulatedClock } from '../adapters/clock-simulated.ts';
import { allGateways, gatewayOf } from '../bridge/topics.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import { ok, refuse, type Result } from '../model/fault.ts';
import type { ImageHeader } from '../model/image.ts';
import type { Progress } from '../model/job.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import { seconds } from '../ports/clock.ts';
import type { ImageTrustStore } from '../stores/image-trust.ts';
import { placeDevices, type BenchPlace, type BenchUnit } from './bench-device.ts';
import { GatewayLog } from './gateway-log.ts';
import { EUI, HUB_MODEL } from './home.ts';
import { orderUpdate } from './user.ts';
import { ReportWatch, until } from './watch.ts';
import { startWorld, type World } from './world.ts';

/** What a rig is made of. */
export interface RigPlan extends BenchPlace {
  readonly unit: BenchUnit;
  /** Header of the image: the device is one of its manufacturer and type. */
  readonly header: ImageHeader;
  readonly trust: ImageTrustStore;
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Directory of the gateway's store; a temporary one when left out. */
  readonly data?: string | undefined;
  /** Seconds of real time within which the device must have joined. */
  readonly joinWithin?: number | undefined;
  readonly stop: AbortSignal;
}

/** Simulated seconds per real second at most. */
const FAST = 200;
const JOIN_WITHIN = 60;
/** A real device must be unpacked and switched on. */
const REAL_JOIN_WITHIN = 600;
const END_PATIENCE_MS = 540_000;
/** Over a real radio the gateway gives up first: no request of a bench is open for longer than a day. */
const REAL_END_PATIENCE_MS = 25 * 3_600_000;

/** A running rig. */
export class BenchRig {
  readonly world: World;
  readonly reports: ReportWatch;
  readonly clock: SimulatedClock;
  readonly entry: DeviceLogEntry;
  /** The device, where it is virtual. */
  readonly virtual: BenchDevice | undefined;
  /** Longest wait for the next state of an upgrade, milliseconds. */
  readonly patience: number;
  readonly #plan: RigPlan;
  readonly #gateway: GatewayLog;
  #counter = 0n;

  private constructor(plan: RigPlan, parts: Pick<BenchRig, 'world' | 'reports' | 'clock' | 'entry' | 'virtual'>, gateway: GatewayLog) {
    this.#plan = plan;
    this.#gateway = gateway;
    this.patience = plan.radio.kind === 'air' ? END_PATIENCE_MS : REAL_END_PATIENCE_MS;
    ({ world: this.world, reports: this.reports, clock: this.clock, entry: this.entry, virtual: this.virtual } = parts);
  }

  /**
   * Starts it. The device is not switched on yet. Rejects with a Fault, `radio` where the radio cannot be opened; nothing is left open
   * then.
   */
  static async start(plan: RigPlan): Promise<BenchRig> {
    const { unit, header, stop } = plan;
    const clock = new SimulatedClock(plan.start);
    const entry = entryOf(unit, header);
    const { radio, virtual, factory } = await placeDevices(plan, clock, [{ ...unit, entry }]);
    const gateway = new GatewayLog();
    const world = await startWorld({
      gateway: EUI.gateway,
      hub: HUB_MODEL,
      devices: [entry],
      listed: [{ device: unit.eui, versions: [header.fileVersion] }],
      factory,
      clock,
      rate: plan.radio.kind === 'air' && !plan.radio.realtime ? FAST : 1,
      radio,
      channel: plan.channel,
      images: plan.trust,
      log: gateway.log,
      data: plan.data,
      onFault: (cause) => gateway.fail(cause),
    });
    const reports = new ReportWatch(world.s1sp);
    gateway.onFault((cause) => reports.fail(cause));
    gateway.failOn(stop);
    return new BenchRig(plan, { world, reports, clock, entry, virtual: virtual.get(unit.eui) }, gateway);
  }

  /**
   * Switches a virtual device on, and waits until the device has joined and has a link key. Answers the version that it says it runs, if it
   * says one. Refuses `not-joined`, with what the gateway saw of it.
   */
  async join(): Promise<Result<number | undefined>> {
    const { radio, joinWithin = radio.kind === 'air' ? JOIN_WITHIN : REAL_JOIN_WITHIN } = this.#plan;
    const gateway = this.#gateway;
    await this.virtual?.powerOn();
    try {
      await until('the device joining', () => gateway.asked(this.entry.eui), joinWithin * 1000);
    } catch (cause) {
      if (gateway.failed) throw cause;
      return refuse('not-joined', `the device did not join within ${joinWithin} s${gateway.trouble}`);
    }
    return ok(gateway.version(this.entry.eui));
  }

  /** An Update Firmware of the lab's Lead Supplier for the device; each has a counter of its own. */
  order(image: Uint8Array, purpose: string, allowDowngrade = false): UpdateFirmware {
    return orderUpdate({
      originator: this.world.material.parties.lead.signer.party,
      target: this.entry.eui,
      gateway: EUI.gateway,
      counter: this.counter(),
      image,
      firmwareVersion: this.#plan.header.fileVersion,
      now: seconds(this.clock),
      purpose,
      allowDowngrade,
      environment: 'lab',
    });
  }

  /** A counter above all that were used. */
  counter(): bigint {
    const now = BigInt(Math.floor(this.clock.now()));
    this.#counter = now > this.#counter ? now : this.#counter + 1n;
    return this.#counter;
  }

  /** Tells the progress of transfers from now on. */
  async onProgress(take: (progress: Progress) => void): Promise<void> {
    this.world.observer.onMessage(({ topic, payload }) => {
      if (gatewayOf(topic) === EUI.gateway) take(JSON.parse(new TextDecoder().decode(payload)) as Progress);
    });
    await this.world.observer.subscribe(allGateways('progress'));
  }

  /** Switches everything off. */
  async close(): Promise<void> {
    this.virtual?.powerOff();
    await this.world.close();
  }
}

function entryOf({ eui }: BenchUnit, header: ImageHeader): DeviceLogEntry {
  const { manufacturer, imageType } = header;
  const hardwareVersion = header.hardware?.min ?? 1;
  return { eui, type: 'ppmid', manufacturer, model: 'BENCH', hardwareVersion, imageType, firmwareVersion: undefined };
}
