/**
 * The demonstration: the whole way once, in real frames and over a real broker, then the requests that must be refused.
 *
 * It is told from what the parts themselves say: the panel by the device's firmware, decisions and checks by the gateway's signed
 * reports as the S1SP side took them. A step that does not come out as told makes the whole end with `ok: false`.
 */
import { join } from 'node:path';
import { Seeded } from '../../firmware/air/seeded.ts';
import type { TrafficListener } from '../../firmware/air/air.ts';
import { SimulatedClock } from '../adapters/clock-simulated.ts';
import { AirRadio } from '../adapters/radio-air.ts';
import { allGateways, gatewayOf } from '../bridge/topics.ts';
import { Fault } from '../model/fault.ts';
import type { Progress, ReportEvent } from '../model/job.ts';
import type { Entropy } from '../ports/entropy.ts';
import { silent, type Log } from '../ports/log.ts';
import { seconds } from '../ports/clock.ts';
import { equipHome, EUI, exportKeys, HOME_DEVICES, HUB_MODEL, makeHome, VERSION, type HomeOnAir } from './home.ts';
import type { Factory } from './lab-factory.ts';
import { defectiveRequests, type DefectiveRequest } from './refusal-cases.ts';
import { sampleImages, sampleTrustStore, type SampleImages } from './sample-images.ts';
import type { StoryEvent, Tell } from './story.ts';
import { orderUpdate, signRequest } from './user.ts';
import { ReportWatch, until } from './watch.ts';
import { startWorld, type World } from './world.ts';
import { publishImage } from '../s1sp/image-shelf.ts';

/** How a demonstration runs. */
export interface DemoPlan {
  /** A broker in the field instead of an embedded one. */
  readonly broker?: string | undefined;
  /** Folder in which the stores of gateway and S1SP are left. */
  readonly data?: string | undefined;
  /** The air at its true 250 kbit/s; simulated time otherwise. */
  readonly realtime: boolean;
  readonly seed: number;
  /** Share of frames that the air loses, 0 to 1. */
  readonly loss: number;
  /** Whether one event names the keys of the network. */
  readonly tellKeys: boolean;
  readonly onTraffic?: TrafficListener | undefined;
  readonly stop: AbortSignal;
  /** What gateway, S1SP side and parties draw their keys from; the machine's when left out. */
  readonly entropy?: Entropy;
  readonly tell: Tell;
  readonly log?: Log;
}

const CHANNEL = 15;
/** Simulated time runs at most so much faster than real time. */
const FAST = 60;

type Event<T extends ReportEvent['type']> = Extract<ReportEvent, { type: T }>;

/** Runs the demonstration. Answers whether every step came out as told; what did not is told as `failure`. */
export async function runDemo(plan: DemoPlan): Promise<boolean> {
  const { tell, log = silent } = plan;
  const clock = new SimulatedClock(Date.now());
  const entropy = new Seeded(plan.seed);
  const images = await sampleImages();
  const factory = await equipHome(entropy);
  const { seed, loss, onTraffic } = plan;
  const onAir = await makeHome({ clock, entropy, log, channel: CHANNEL, seed, loss, factory, onTraffic }, images);
  let fail: (cause: unknown) => void = () => {};
  const world = await startWorld({
    gateway: EUI.gateway,
    hub: HUB_MODEL,
    devices: HOME_DEVICES,
    listed: [{ device: EUI.ppmid, versions: [VERSION.v1, VERSION.v2] }],
    factory,
    clock,
    rate: plan.realtime ? 1 : FAST,
    radio: new AirRadio(onAir.air, 'hub'),
    channel: CHANNEL,
    broker: plan.broker,
    images: sampleTrustStore(images),
    ...(plan.entropy && { entropy: plan.entropy }),
    ...(plan.data !== undefined && { data: join(plan.data, 'gateway'), s1spData: join(plan.data, 's1sp') }),
    log,
    onFault: (cause) => fail(cause),
  });
  const reports = new ReportWatch(world.s1sp);
  fail = (cause) => reports.fail(cause);
  const interrupt = (): void => reports.fail(new Fault('internal', 'interrupted'));
  plan.stop.addEventListener('abort', interrupt);
  const story = new Story({ plan, world, reports, onAir, factory, images, clock });
  try {
    return await story.run();
  } finally {
    plan.stop.removeEventListener('abort', interrupt);
    onAir.home.powerOff();
    await world.close();
    tell({ event: 'end', ok: story.ok, ppmid: { version: story.version } });
  }
}

/** What the story is told of. */
interface Scene {
  readonly plan: DemoPlan;
  readonly world: World;
  readonly reports: ReportWatch;
  readonly onAir: HomeOnAir;
  readonly factory: Factory;
  readonly images: SampleImages;
  readonly clock: SimulatedClock;
}

/** The steps of the story over a running world. */
class Story {
  readonly #plan: DemoPlan;
  readonly #world: World;
  readonly #reports: ReportWatch;
  readonly #onAir: HomeOnAir;
  readonly #factory: Factory;
  readonly #images: SampleImages;
  readonly #clock: SimulatedClock;
  ok = false;
  version = 0;

  constructor({ plan, world, reports, onAir, factory, images, clock }: Scene) {
    this.#plan = plan;
    this.#world = world;
    this.#reports = reports;
    this.#onAir = onAir;
    this.#factory = factory;
    this.#images = images;
    this.#clock = clock;
  }

  async run(): Promise<boolean> {
    let step = 'start';
    const steps: readonly (readonly [string, () => Promise<void>])[] = [
      ['join', () => this.#join()],
      ['panel of v1', () => this.#panel(VERSION.v1)],
      ['upgrade', () => this.#upgrade()],
      ['panel of v2', () => this.#panel(VERSION.v2)],
      ['refusals', () => this.#refusals()],
      ['the PPMID stays on v2', () => this.#expectVersion(VERSION.v2)],
    ];
    try {
      for (const [name, act] of steps) {
        step = name;
        await act();
      }
      this.ok = true;
    } catch (cause) {
      this.#tell({ event: 'failure', step, detail: cause instanceof Error ? cause.message : String(cause) });
    }
    if (this.#plan.tellKeys) {
      const { esme, ppmid } = this.#onAir.home;
      this.#tell({ event: 'keys', keys: exportKeys([ppmid, esme], this.#factory) });
    }
    this.version = this.#onAir.home.ppmid.fileVersion ?? 0;
    return this.ok;
  }

  async #join(): Promise<void> {
    const { home } = this.#onAir;
    const { realtime } = this.#plan;
    const devices = HOME_DEVICES.map(({ eui, type }) => ({ eui, type }));
    const air = realtime ? 'real-time' : 'simulated';
    this.#tell({ event: 'start', environment: 'lab', broker: this.#world.url, air, gateway: EUI.gateway, devices });
    await home.powerOn();
    await until('the devices joining', () => home.joined);
    for (const { eui, type } of devices) this.#tell({ event: 'joined', device: eui, type });
  }

  async #panel(version: number): Promise<void> {
    const { ppmid } = this.#onAir.home;
    await this.#expectVersion(version);
    this.#tell({ event: 'panel', version, lines: ppmid.screen().trimEnd().split('\n') });
  }

  async #expectVersion(version: number): Promise<void> {
    const found = this.#onAir.home.ppmid.fileVersion;
    if (found !== version) throw new Fault('internal', `the PPMID runs ${hex32(found)}, expected ${hex32(version)}`);
  }

  #accepted: Uint8Array = new Uint8Array(0);

  async #upgrade(): Promise<void> {
    const { lead, countersigner } = this.#world.material.parties;
    const image = this.#images.v2;
    const request = orderUpdate({
      originator: lead.signer.party,
      target: EUI.ppmid,
      gateway: EUI.gateway,
      counter: 1n,
      image,
      firmwareVersion: VERSION.v2,
      now: seconds(this.#clock),
      purpose: 'demonstration',
      environment: 'lab',
    });
    const signed = signRequest(request, lead.key);
    this.#accepted = this.#world.s1sp.countersign(signed);
    const stopProgress = await this.#followProgress();
    const answer = await this.#world.lead.submit(signed, image);
    if (answer.verdict !== 'forwarded') throw new Fault('internal', `the S1SP side refused: ${answer.code}: ${answer.detail}`);
    this.#tell({
      event: 'request',
      requestId: answer.requestId ?? '',
      service: 'Update Firmware (11.1)',
      user: lead.signer.name,
      countersigned: [countersigner.signer.name],
      image: { sha256: request.image.digest, length: image.length },
      firmwareVersion: VERSION.v2,
    });
    const decision = await this.#reports.next('the decision', isA('decision'));
    this.#tellDecision(decision.event);
    if (decision.event.verdict !== 'allow') throw new Fault('internal', `the gateway refused: ${decision.event.code}`);
    const verified = await this.#reports.next('the verification', isA('image'));
    const { verdict, code, checks } = verified.event;
    this.#tell({ event: 'image', verdict, code, checks });
    for (;;) {
      const { report, event } = await this.#reports.next('the end of the upgrade', isA('stage'), this.#plan.realtime ? 600_000 : 120_000);
      if (event.stage === 'succeeded') {
        stopProgress();
        const { stage, firmwareVersion } = event;
        this.#tell({ event: 'report', sequence: report.sequence, stage, firmwareVersion, signature: 'checked' });
        return;
      }
      if (event.reason !== undefined) throw new Fault('internal', `the upgrade ended: ${event.reason.code}: ${event.reason.detail}`);
      this.#tell({ event: 'stage', stage: event.stage });
      if (event.stage === 'offered') this.#offered = true;
    }
  }

  async #refusals(): Promise<void> {
    const scene = {
      material: this.#world.material,
      gateway: EUI.gateway,
      ppmid: EUI.ppmid,
      image: this.#images.v2,
      firmwareVersion: VERSION.v2,
      otherManufacturer: this.#images.otherManufacturer,
      wrongSignature: this.#images.wrongSignature,
      accepted: this.#accepted,
      counter: 2n,
      now: seconds(this.#clock),
    };
    for (const request of defectiveRequests(scene)) await this.#refusal(request);
  }

  async #refusal({ case: name, bytes, image }: DefectiveRequest): Promise<void> {
    if (image !== undefined) await publishImage(this.#world.observer, image.bytes, image.name);
    await this.#world.s1sp.dispatch(EUI.gateway, bytes);
    const { event: decision } = await this.#reports.next(`the decision on ${name}`, isA('decision'));
    if (decision.verdict === 'refuse') {
      const { code = '', detail, requirements } = decision;
      this.#tell({ event: 'refusal', case: name, reason: code, detail, requirements });
      return;
    }
    if (image === undefined) throw new Fault('internal', `the gateway allowed the request ${name}`);
    const { event: end } = await this.#reports.next(`the refusal of ${name}`, isEnding);
    if (end.stage !== 'refused') throw new Fault('internal', `the upgrade ${name} came to ${end.stage}`);
    const { code = '', detail = '', requirements = [] } = end.reason ?? {};
    this.#tell({ event: 'refusal', case: name, reason: code, detail, requirements });
  }

  #tellDecision(event: Event<'decision'>): void {
    const { verdict, code, detail, facts, requirements, job } = event;
    this.#tell({ event: 'decision', verdict, code, detail, facts, requirements, job });
  }

  /** Progress and reports come over connections of their own: none is told before the offer was. */
  #offered = false;

  /** Tells progress as it comes over MQTT; answers how to end it. */
  async #followProgress(): Promise<() => void> {
    let following = true;
    this.#world.observer.onMessage((message) => {
      if (!following || !this.#offered || gatewayOf(message.topic) !== EUI.gateway) return;
      const { offset, total, bytesPerSecond, secondsLeft } = JSON.parse(new TextDecoder().decode(message.payload)) as Progress;
      this.#tell({ event: 'progress', percent: (offset * 100) / total, bytes: offset, total, bytesPerSecond, secondsLeft });
    });
    await this.#world.observer.subscribe(allGateways('progress'));
    return () => (following = false);
  }

  #tell(event: StoryEvent): void {
    this.#plan.tell(event);
  }
}

const isA =
  <T extends ReportEvent['type']>(type: T) =>
  (event: ReportEvent): event is Event<T> =>
    event.type === type;

const isEnding = (event: ReportEvent): event is Event<'stage'> => event.type === 'stage' && event.reason !== undefined;

const hex32 = (value: number | undefined): string => (value === undefined ? 'nothing' : `0x${value.toString(16).padStart(8, '0')}`);
