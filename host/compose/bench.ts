/**
 * The bench: one image to one virtual device, over the same walk as in the field, with a lab Lead Supplier and a lab countersigner made
 * on the spot. No job starts here without an allowed decision either.
 */
import { BenchDevice } from '../../firmware/devices/bench.ts';
import { Air } from '../../firmware/air/air.ts';
import { disturbed } from '../../firmware/air/path.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import { inspectImage } from '../../firmware/image/inspect.ts';
import { SimulatedClock } from '../adapters/clock-simulated.ts';
import { allGateways, gatewayOf } from '../bridge/topics.ts';
import { LabCore } from '../core/core.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import { Fault } from '../model/fault.ts';
import type { Digest } from '../model/ids.ts';
import type { Progress, ReportEvent } from '../model/job.ts';
import { seconds } from '../ports/clock.ts';
import { silent } from '../ports/log.ts';
import { imageDigest } from '../s1sp/image-shelf.ts';
import { loadModule } from './gateway.ts';
import { EUI, HUB_MODEL } from './home.ts';
import { certificatesOf, equip } from './lab-factory.ts';
import type { StoryEvent } from './story.ts';
import { orderUpdate, signRequest } from './user.ts';
import { ReportWatch, until } from './watch.ts';
import { startWorld } from './world.ts';
import { DEFAULT_POLICY, ImageTrustStore } from '../stores/image-trust.ts';

/** How an image is flashed. */
export interface FlashPlan {
  readonly image: Uint8Array;
  /** How the file is called in errors. */
  readonly name: string;
  /** The air at its true speed; simulated time otherwise. */
  readonly realtime: boolean;
  readonly seed: number;
  readonly loss: number;
  /** Directory of the gateway's store; a temporary one when left out. One that holds production trust is refused. */
  readonly data?: string | undefined;
  readonly stop: AbortSignal;
  readonly tell: (event: FlashEvent) => void;
}

/** What a bench tells. */
export type FlashEvent =
  | Extract<StoryEvent, { event: 'decision' | 'image' | 'progress' | 'stage' | 'joined' | 'failure' }>
  | {
      readonly event: 'end';
      readonly ok: boolean;
      readonly environment: 'lab';
      readonly file: { readonly name: string; readonly sha256: Digest; readonly length: number };
      readonly device: { readonly sha256: Digest | undefined; readonly length: number; readonly version: number };
    };

const CHANNEL = 15;
const FAST = 200;
const PATIENCE_MS = 540_000;

/** Flashes an image to a virtual device of its manufacturer and type. True when the device holds it bit for bit and says its version. */
export async function flash(plan: FlashPlan): Promise<boolean> {
  const { image, tell, seed } = plan;
  const { header } = inspectImage(image);
  if (header === undefined) throw new Fault('input', `${plan.name}: no ZigBee OTA header at byte 0`);
  const clock = new SimulatedClock(Date.now());
  const entropy = new Seeded(seed);
  const entry: DeviceLogEntry = {
    eui: EUI.ppmid,
    type: 'ppmid',
    manufacturer: header.manufacturer,
    model: 'BENCH',
    hardwareVersion: header.hardware?.min ?? 1,
    imageType: header.imageType,
    firmwareVersion: 0,
  };
  const factory = await equip(EUI.gateway, new Map([[entry.eui, [1, 2]]]), entropy);
  const air = new Air({ clock, seed, path: disturbed(seed, { loss: plan.loss }) });
  const lab = await loadModule('lab.wasm');
  const { manufacturer, model, hardwareVersion, eui } = entry;
  const installCode = factory.installCodes.get(eui) ?? new Uint8Array(0);
  const certificates = certificatesOf(factory, eui);
  const device = new BenchDevice({
    identity: { name: 'bench', eui, installCode, certificates, fuse: entropy.bytes(16), manufacturer, model, hardwareVersion },
    surroundings: { medium: air, channel: CHANNEL, entropy, log: silent },
    clock,
    loadCore: () => LabCore.load(lab),
    imageType: header.imageType,
  });
  let fail: (cause: unknown) => void = () => {};
  const world = await startWorld({
    gateway: EUI.gateway,
    hub: HUB_MODEL,
    devices: [entry],
    listed: [{ device: eui, versions: [header.fileVersion] }],
    factory,
    clock,
    rate: plan.realtime ? 1 : FAST,
    air,
    channel: CHANNEL,
    images: ImageTrustStore.without('lab', { ...DEFAULT_POLICY, integrityRequired: false }),
    log: silent,
    data: plan.data,
    onFault: (cause) => fail(cause),
  });
  const reports = new ReportWatch(world.s1sp);
  fail = (cause) => reports.fail(cause);
  const interrupt = (): void => reports.fail(new Fault('internal', 'interrupted'));
  plan.stop.addEventListener('abort', interrupt);
  let succeeded = false;
  try {
    await device.powerOn();
    await until('the device joining', () => device.membership !== undefined);
    tell({ event: 'joined', device: eui, type: 'bench device' });
    world.observer.onMessage(({ topic, payload }) => {
      if (gatewayOf(topic) !== EUI.gateway) return;
      const { offset, total, bytesPerSecond, secondsLeft } = JSON.parse(new TextDecoder().decode(payload)) as Progress;
      tell({ event: 'progress', percent: (offset * 100) / total, bytes: offset, total, bytesPerSecond, secondsLeft });
    });
    await world.observer.subscribe(allGateways('progress'));
    const { lead } = world.material.parties;
    const order = orderUpdate({
      originator: lead.signer.party,
      target: eui,
      gateway: EUI.gateway,
      counter: BigInt(Math.floor(clock.now())),
      image,
      firmwareVersion: header.fileVersion,
      now: seconds(clock),
      purpose: `bench flash of ${plan.name}`.slice(0, 200),
      environment: 'lab',
    });
    const answer = await world.lead.submit(signRequest(order, lead.key), image);
    if (answer.verdict !== 'forwarded') throw new Fault('internal', `the S1SP side refused: ${answer.code}: ${answer.detail}`);
    succeeded = await follow(reports, tell);
  } finally {
    plan.stop.removeEventListener('abort', interrupt);
    device.powerOff();
    await world.close();
  }
  const file = { name: plan.name, sha256: imageDigest(image), length: image.length };
  const received = { sha256: device.received?.sha256, length: device.received?.file.length ?? 0, version: device.fileVersion };
  const ok = succeeded && received.sha256 === file.sha256;
  tell({ event: 'end', ok, environment: 'lab', file, device: received });
  return ok;
}

/** Tells what is reported until the upgrade ends; true when it succeeded. */
async function follow(reports: ReportWatch, tell: FlashPlan['tell']): Promise<boolean> {
  for (;;) {
    const { event } = await reports.next('the end of the upgrade', (each): each is ReportEvent => each !== undefined, PATIENCE_MS);
    if (event.type === 'decision') {
      const { verdict, code, detail, facts, requirements, job } = event;
      tell({ event: 'decision', verdict, code, detail, facts, requirements, job });
      if (verdict === 'refuse') return false;
    } else if (event.type === 'image') {
      tell({ event: 'image', verdict: event.verdict, code: event.code, checks: event.checks });
    } else if (event.type !== 'stage') {
      continue; // not about an upgrade, or told with the stage that follows
    } else if (event.reason !== undefined) {
      tell({ event: 'failure', step: event.stage, detail: `${event.reason.code}: ${event.reason.detail}` });
      return false;
    } else {
      tell({ event: 'stage', stage: event.stage });
      if (event.stage === 'succeeded') return true;
    }
  }
}
