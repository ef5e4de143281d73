/**
 * The bench: one image to one device after the other, over the same walk as in the field. No job starts here without an allowed
 * decision either. What is found on the way is told as it happens and written into one report.
 */
import { inspectImage } from '../../firmware/image/inspect.ts';
import type { CertificateMaterial } from '../core/cbke.ts';
import { withElements } from '../core/image-elements.ts';
import { verifyImage } from '../core/image.ts';
import { reportedImage, type BenchReport, type ReportParty, type UnitRecord } from '../lab/bench-report.ts';
import { UnitRecorder } from '../lab/unit-recorder.ts';
import { Fault, ok, refuse, type Result } from '../model/fault.ts';
import type { Digest, Eui64 } from '../model/ids.ts';
import type { ImageExpectation, ImageHeader, ImageReport } from '../model/image.ts';
import type { ReportEvent } from '../model/job.ts';
import { VERSION } from '../model/version.ts';
import { imageDigest } from '../s1sp/image-shelf.ts';
import type { ImageTrustStore } from '../stores/image-trust.ts';
import type { BenchRadio, BenchUnit } from './bench-device.ts';
import { BenchRig } from './bench-rig.ts';
import { loadModule } from './gateway.ts';
import { radioUrl } from './locators.ts';
import type { StoryEvent } from './story.ts';
import { signRequest } from './user.ts';

/** How an image is flashed. */
export interface FlashPlan {
  readonly image: Uint8Array;
  /** How the file is called in errors and reports. */
  readonly name: string;
  readonly radio: BenchRadio;
  readonly channel: number;
  /** Certificates of the bench's gateway; see `RigPlan`. */
  readonly certificates?: readonly CertificateMaterial[];
  /** The devices in the order in which they have their turn, each as new from the factory. */
  readonly units: readonly BenchUnit[];
  /** Whose signatures are believed, and what is asked of the image. */
  readonly trust: ImageTrustStore;
  /** Permits a version lower than the device's. */
  readonly allowDowngrade?: boolean;
  /** Directory of the gateway's store, for one unit; a temporary one when left out. One that holds production trust is refused. */
  readonly data?: string | undefined;
  /** Seconds of real time within which a device must have joined. */
  readonly joinWithin?: number | undefined;
  readonly stop: AbortSignal;
  readonly tell: (event: FlashEvent) => void;
}

/** What a bench tells. */
export type FlashEvent =
  | Extract<StoryEvent, { event: 'decision' | 'image' | 'progress' | 'stage' | 'joined' | 'failure' }>
  | { readonly event: 'unit'; readonly number: number; readonly of: number; readonly device: Eui64 }
  | {
      readonly event: 'end';
      readonly ok: boolean;
      readonly environment: 'lab';
      readonly file: { readonly name: string; readonly sha256: Digest; readonly length: number };
      /** What the device holds, where it can be opened, and the version that it answers or, a virtual one, runs. */
      readonly device: {
        readonly eui: Eui64;
        readonly sha256?: Digest | undefined;
        readonly length?: number;
        readonly version?: number | undefined;
      };
    }
  | {
      readonly event: 'summary';
      readonly ok: boolean;
      readonly passed: number;
      readonly failed: number;
      readonly units: readonly UnitRecord[];
    };

/**
 * Flashes an image to each of the devices. Rejects with Fault `input` for a file that is none of ZigBee OTA, and with the fault that keeps
 * the first device from its turn, `radio` for a radio that cannot be opened. One that ends the run later stands in the report as `stopped`.
 */
export async function flash(plan: FlashPlan): Promise<BenchReport> {
  const { image, name, radio, stop, tell } = plan;
  const { header } = inspectImage(image);
  if (header === undefined) throw new Fault('input', `${name}: no ZigBee OTA header at byte 0`);
  const demands = plan.trust.demands(header.manufacturer);
  const report = withElements(verifyImage(await loadModule('core.wasm'), [image], { ...asked(image, header), ...demands }), image);
  const units: UnitRecord[] = [];
  const started = Date.now();
  let now = started;
  let stopped: BenchReport['stopped'];
  for (const [index, unit] of plan.units.entries()) {
    if (stop.aborted) break;
    const several = plan.units.length > 1;
    if (several) tell({ event: 'unit', number: index + 1, of: plan.units.length, device: unit.eui });
    try {
      const record = await flashOne(plan, { header, report }, unit, index, Math.max(now, Date.now()));
      units.push(record);
      now = record.ended;
    } catch (cause) {
      if (!(cause instanceof Fault) || units.length === 0) throw cause;
      stopped = { code: cause.code, detail: cause.message };
      break;
    }
  }
  const passed = units.filter(({ outcome }) => outcome === 'passed').length;
  const failed = units.length - passed;
  if (plan.units.length > 1) tell({ event: 'summary', ok: passed === plan.units.length, passed, failed, units });
  return {
    kind: 'bench-flash',
    version: 1,
    environment: 'lab',
    software: VERSION,
    radio: radio.kind === 'air' ? `air, seed ${radio.seed}, ${Math.round(radio.loss * 100)} % of frames lost` : radioUrl(radio),
    clock: radio.kind === 'air' && !radio.realtime ? 'simulated' : 'real-time',
    started,
    ended: Math.max(now, started),
    image: reportedImage(name, report),
    units,
    passed,
    failed,
    complete: units.length === plan.units.length && !stop.aborted,
    stopped,
  };
}

/** What the gateway will ask of the image, once it was ordered for a device of its kind. */
function asked(image: Uint8Array, { manufacturer, imageType, fileVersion, hardware }: ImageHeader): ImageExpectation {
  const hardwareVersion = hardware?.min ?? 1;
  return { digest: imageDigest(image), length: image.length, manufacturer, imageType, fileVersion, hardwareVersion };
}

/** What the bench itself found of the image. */
interface Found {
  readonly header: ImageHeader;
  readonly report: ImageReport;
}

async function flashOne(plan: FlashPlan, found: Found, unit: BenchUnit, index: number, start: number): Promise<UnitRecord> {
  const { header, report: verified } = found;
  const { image, name, stop, tell, trust, channel, certificates = [], data, joinWithin } = plan;
  const radio = plan.radio.kind === 'air' ? { ...plan.radio, seed: plan.radio.seed + index } : plan.radio;
  const rig = await BenchRig.start({ radio, channel, certificates, unit, header, trust, start, data, joinWithin, stop });
  const recorder = new UnitRecorder({ number: index + 1, device: unit.eui, parties: parties(rig), started: start, verified });
  const file = { name, sha256: imageDigest(image), length: image.length };
  const fail = (code: string, detail: string): void => {
    recorder.fail(code, detail);
    tell({ event: 'failure', step: code, detail });
  };
  try {
    const done = await upgrade(rig, plan, recorder);
    if (!done.ok) fail(done.code, done.detail);
    const { received } = rig.virtual ?? {};
    if (rig.virtual !== undefined) recorder.received(received?.sha256, received?.file.length ?? 0, file.sha256);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    fail(stop.aborted ? 'interrupted' : cause.code, cause.message);
  } finally {
    await rig.close();
  }
  const record = recorder.end(rig.clock.now());
  const version = rig.virtual?.fileVersion ?? record.versionAfter ?? record.versionBefore;
  tell({ event: 'end', ok: record.outcome === 'passed', environment: 'lab', file, device: { eui: unit.eui, ...record.received, version } });
  return record;
}

/** Joins, orders, and follows the upgrade to its end. Refused when it did not come to an order. */
async function upgrade(rig: BenchRig, plan: FlashPlan, recorder: UnitRecorder): Promise<Result<unknown>> {
  const { image, name, tell } = plan;
  const joined = await rig.join();
  if (!joined.ok) return joined;
  recorder.joined(rig.clock.now(), joined.value);
  tell({ event: 'joined', device: rig.entry.eui, type: rig.virtual === undefined ? 'device' : 'bench device' });
  await rig.onProgress((progress) => {
    const { offset, total, bytesPerSecond, secondsLeft } = progress;
    recorder.progress(progress);
    tell({ event: 'progress', percent: (offset * 100) / total, bytes: offset, total, bytesPerSecond, secondsLeft });
  });
  const order = rig.order(image, `bench flash of ${name}`.slice(0, 200), plan.allowDowngrade);
  const answer = await rig.world.lead.submit(signRequest(order, rig.world.material.parties.lead.key), image);
  if (answer.verdict !== 'forwarded') return refuse(answer.code ?? 'refused', answer.detail);
  await follow(rig, recorder, tell);
  return ok(undefined);
}

/** Tells and records what is reported until the upgrade ends. */
async function follow(rig: BenchRig, recorder: UnitRecorder, tell: FlashPlan['tell']): Promise<void> {
  for (;;) {
    const { report, event } = await rig.reports.next('the end of the upgrade', isOfUpgrade, rig.patience);
    recorder.take(report);
    if (event.type === 'decision') {
      const { verdict, code, detail, facts, requirements, job } = event;
      tell({ event: 'decision', verdict, code, detail, facts, requirements, job });
      if (verdict === 'refuse') return;
    } else if (event.type === 'image') {
      tell({ event: 'image', verdict: event.verdict, code: event.code, checks: event.checks });
    } else if (event.type === 'authority') {
      continue; // told with the stage that follows, and on record
    } else if (event.reason !== undefined) {
      return tell({ event: 'failure', step: event.stage, detail: `${event.reason.code}: ${event.reason.detail}` });
    } else {
      tell({ event: 'stage', stage: event.stage });
      if (event.stage === 'succeeded') return;
    }
  }
}

type UpgradeEvent = Extract<ReportEvent, { type: 'decision' | 'image' | 'authority' | 'stage' }>;

const isOfUpgrade = (event: ReportEvent): event is UpgradeEvent => ['decision', 'image', 'authority', 'stage'].includes(event.type);

function parties({ world }: BenchRig): readonly ReportParty[] {
  const { lead, countersigner, gateway } = world.material.parties;
  return [lead, countersigner, gateway].map(({ signer: { role, party, name, kid } }) => ({ role, party, name, kid }));
}
