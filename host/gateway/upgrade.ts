/**
 * One upgrade from the decision to its end: fetch, decide again, verify, offer, serve, decide again, activate, read back.
 *
 * The order is the promise: authority is asked again at start, at every resume and before activation; every answer is on record
 * before anything follows from it; nothing is on the air before the image passed every check; success is said only after the device
 * answered the ordered version over the HAN [R-PPMID-01, R-PPMID-06].
 */
import type { Decision, Moment } from '../model/decision.ts';
import type { ImageReport } from '../model/image.ts';
import type { Job } from '../model/job.ts';
import type { Countersigned, UpdateFirmware } from '../model/service-request.ts';
import { PASSING } from '../policy/consumer.ts';
import { sleep, type Cancel } from '../ports/clock.ts';
import { failed, imageRefused, refused, version, type Ending } from './ending.ts';
import type { GatewayParts } from './parts.ts';
import { ProgressMeter } from './progress.ts';
import { readFirmwareVersion, readOnce } from './version.ts';

/** A device that has not asked for its image is told again after this, then after twice as long each time… */
const NOTIFY_AGAIN_MS = 2_000;
/** …and in the end so often. The notice is one frame that nobody acknowledges: a lost one must not cost the longest wait. */
const NOTIFY_SELDOM_MS = 30_000;
/** A device that asks for no further block for so long has stalled: the job says so and waits on until completeBy. */
const STALL_MS = 120_000;
/** How long a device may take to boot, rejoin and answer its version. */
const ACTIVATION_MS = 300_000;
/** A device that begins anew more often than this will not come to an end. */
const MAX_RESTARTS = 10;
/** The offset is written so often; after a restart the device says itself where it is. */
const SAVE_BYTES = 4096;

/** An upgrade under way. */
export class Upgrade {
  readonly #g: GatewayParts;
  readonly #countersigned: Countersigned<UpdateFirmware>;
  #job: Job;
  #ending: Ending | undefined;
  #finish: (ending: Ending | undefined) => void = () => {};
  readonly #finished = new Promise<Ending | undefined>((done) => (this.#finish = done));
  /** The device may activate: on record, so there is no way back. */
  #activated = false;
  /** The activation is allowed and being put on record. */
  #granting = false;
  #expiry: Cancel = () => {};
  #saved = 0;
  /** How far the device was served in this session. */
  #reached = 0;

  constructor(parts: GatewayParts, job: Job, countersigned: Countersigned<UpdateFirmware>) {
    this.#g = parts;
    this.#job = job;
    this.#countersigned = countersigned;
  }

  /** The job as it stands. */
  get job(): Job {
    return this.#job;
  }

  /** True until activation is granted: from then on the device decides. */
  get cancellable(): boolean {
    return !this.#activated && !this.#granting && this.#job.stage !== 'activating';
  }

  /** Ends the upgrade before its activation; the device keeps its old image. False once activation was granted. */
  cancel(ending: Ending): boolean {
    if (!this.cancellable) return false;
    this.#ending = ending;
    this.#g.images.stop(this.#job.image.digest);
    this.#finish(ending);
    return true;
  }

  /** Told by the gateway when the device (re)joined. */
  joined(): void {
    this.#rejoined();
  }

  /**
   * Walks the job to its end. After a restart `resumed` is the decision just made anew; a job that had been granted its activation
   * before is then only asked for its version, since the device may have activated already.
   */
  async run(resumed: Decision<UpdateFirmware> | undefined): Promise<void> {
    this.#expireAt(this.#countersigned.request.completeBy);
    try {
      await this.#end(await this.#walk(resumed));
    } finally {
      this.#expiry();
      this.#unwatch();
      this.#g.ota.withdraw(this.#job.device);
    }
  }

  async #walk(resumed: Decision<UpdateFirmware> | undefined): Promise<Ending | undefined> {
    const { request } = this.#countersigned;
    this.#activated = this.#job.stage === 'activating';
    if (resumed?.verdict === 'refuse') return this.#activated ? this.#confirm() : refused(resumed);
    if (!this.#g.images.complete(request.image.digest, request.image.length)) {
      if (this.#activated) return this.#confirm();
      await this.#stage('fetching');
    }
    if (!(await this.#g.images.fetch(request.image.digest, request.image.length))) return this.#ending;
    const decision = resumed ?? (await this.#decide('start'));
    if (decision.verdict === 'refuse') return refused(decision);
    const report = await this.#verify();
    if (report.verdict === 'refused') return imageRefused(report);
    if (resumed === undefined) await this.#stage('verified');
    if (!this.#activated) await this.#windowOpens(request.activateFrom);
    if (this.#ending !== undefined) return this.#ending;
    if (!this.#activated && (await this.#runsAlready(request.firmwareVersion))) {
      return failed('already-runs-version', `the device runs ${version(request.firmwareVersion)} already and takes no image of it`);
    }
    return this.#ending ?? this.#transfer(report);
  }

  /** Nothing goes on the air before the window that the order names; an end of the upgrade ends the waiting. */
  async #windowOpens(from: number): Promise<void> {
    const left = from * 1000 - this.#g.clock.now();
    if (left > 0) await Promise.race([sleep(this.#g.clock, left), this.#finished]);
  }

  /** A device takes no image of the version that it runs (ZCL 11.11.3): asked over the HAN when the device log says so. */
  async #runsAlready(ordered: number): Promise<boolean> {
    if (this.#g.registers.device(this.#job.device)?.firmwareVersion !== ordered) return false;
    return (await readOnce(this.#g, this.#job.device)) === ordered;
  }

  /** Verifies what was received, before its first block may go on the air, and reports it check by check. */
  async #verify(): Promise<ImageReport> {
    const { request } = this.#countersigned;
    const device = this.#g.registers.device(this.#job.device);
    const blocks = this.#g.images.read(request.image.digest, request.image.length);
    const report = this.#g.verifyImage(blocks, this.#g.expectation(request, device));
    await this.#g.records.image(this.#job, report);
    return report;
  }

  async #transfer(report: ImageReport): Promise<Ending | undefined> {
    const { header } = report;
    if (header === undefined) return imageRefused(report);
    const { image } = this.#countersigned.request;
    const whole = concatenate(this.#g.images.read(image.digest, image.length), image.length);
    const meter = new ProgressMeter(this.#g.clock, this.#job.id, this.#job.device, image.length, this.#job.restarts);
    const { manufacturer, imageType, fileVersion } = header;
    if (!this.#activated && this.#job.stage !== 'transferring') await this.#stage('offered');
    this.#g.ota.offer(
      { device: this.#job.device, manufacturer, imageType, fileVersion, size: image.length, read: (at, n) => whole.subarray(at, at + n) },
      {
        queried: () => undefined,
        served: (offset, length, restart) => this.#served(meter, offset, length, restart),
        ended: () => this.#mayActivate(),
        failed: (status) =>
          this.#finish(failed('device-refused-image', `the device ended the transfer with status 0x${status.toString(16)}`)),
      },
    );
    if (this.#activated) return this.#confirm();
    await this.#notify();
    this.#watch(NOTIFY_AGAIN_MS, NOTIFY_SELDOM_MS);
    const ending = await this.#finished;
    this.#unwatch();
    return ending ?? this.#confirm();
  }

  #served(meter: ProgressMeter, offset: number, length: number, restart: boolean): void {
    if (!this.cancellable) return; // once activation is granted, blocks are served and change nothing any more
    this.#watch(STALL_MS);
    const progress = meter.served(offset, length, restart);
    if (progress !== undefined) this.#g.bridge.progress(progress);
    this.#reached = meter.offset;
    this.#note(meter, offset);
  }

  /** Keeps stage and offset on record while blocks go out; writes are not waited for: they can be lost without harm. */
  #note(meter: ProgressMeter, offset: number): void {
    if (meter.restarts > MAX_RESTARTS) {
      this.#finish(failed('too-many-restarts', `the device began the transfer anew ${meter.restarts} times`));
      return;
    }
    const first = this.#job.stage !== 'transferring';
    if (!first && Math.abs(offset - this.#saved) < SAVE_BYTES && meter.restarts === this.#job.restarts) return;
    this.#saved = offset;
    this.#job = { ...this.#job, stage: 'transferring', offset: meter.offset, restarts: meter.restarts };
    const write = first ? this.#g.records.stage(this.#job) : this.#g.records.offset(this.#job);
    write.catch((cause: unknown) => this.#g.fault(cause));
  }

  /**
   * The device has the whole image: authority is asked once more, and the grant is on record before the device hears it. What stands against
   * it for a while only (a top-up on its way) ends nothing: the device asks again.
   */
  async #mayActivate(): Promise<'activate' | 'later' | 'abort'> {
    if (this.#activated) return 'activate';
    if (this.#ending !== undefined) return 'abort';
    const decision = await this.#decide('activation');
    if (decision.verdict === 'refuse') {
      if (PASSING.includes(decision.code)) return 'later';
      this.#finish(refused(decision));
      return 'abort';
    }
    if (this.#ending !== undefined) return 'abort'; // cancelled while the decision was put on record
    this.#granting = true;
    try {
      await this.#stage('activating');
      this.#activated = true;
    } finally {
      this.#granting = false;
    }
    this.#finish(undefined);
    return 'activate';
  }

  /** After activation: the version that the device answers over the HAN decides, nothing else. */
  async #confirm(): Promise<Ending | undefined> {
    const wanted = this.#countersigned.request.firmwareVersion;
    const found = await readFirmwareVersion(this.#g, this.#job.device, wanted, ACTIVATION_MS, this.#rejoin());
    if (found === wanted) {
      await this.#g.registers.setFirmwareVersion(this.#job.device, found);
      return undefined;
    }
    if (found === undefined) return failed('no-answer-after-activation', 'the device did not answer its firmware version after activation');
    await this.#g.registers.setFirmwareVersion(this.#job.device, found);
    return failed('version-not-changed', `the device answers firmware version ${version(found)}, ordered was ${version(wanted)}`);
  }

  async #decide(moment: Moment): Promise<Decision<UpdateFirmware>> {
    const decision = this.#g.decide(this.#countersigned, moment, this.#job.accepted);
    await this.#g.records.moment(this.#job, moment, decision);
    return decision;
  }

  /** Puts a stage on record; the job has come to it only then. */
  async #stage(stage: Job['stage']): Promise<void> {
    if (this.#job.stage === stage) return;
    await this.#g.records.stage({ ...this.#job, stage });
    this.#job = { ...this.#job, stage };
  }

  async #end(ending: Ending | undefined): Promise<void> {
    this.#g.ota.withdraw(this.#job.device);
    const reason = ending === undefined ? undefined : { code: ending.code, detail: ending.detail };
    this.#job = { ...this.#job, stage: ending?.stage ?? 'succeeded', reason };
    await this.#g.records.end(this.#job, ending?.requirements ?? ['R-PPMID-06']);
  }

  async #notify(): Promise<void> {
    const peer = this.#g.peer(this.#job.device);
    if (peer !== undefined) await this.#g.ota.notify(peer); // also one whose announcement was lost: it may be there
  }

  /** Tells the device again, and the log, when nothing happened for `delay`, then for twice as long, up to `most`; each call begins the waiting anew. */
  #watch(delay: number, most = delay): void {
    this.#unwatch();
    this.#unwatch = this.#g.clock.after(delay, () => {
      this.#g.log.warn('upgrade-waits', { job: this.#job.id, device: this.#job.device, offset: this.#job.offset });
      this.#notify().catch((cause: unknown) => this.#g.fault(cause));
      this.#watch(Math.min(2 * delay, most), most);
    });
  }

  #unwatch: Cancel = () => {};

  /** `completeBy` is a time of the calendar and a timer counts from now: the calendar is asked again when the timer fires. */
  #expireAt(completeBy: number): void {
    const left = completeBy * 1000 - this.#g.clock.now();
    if (left > 0) {
      this.#expiry = this.#g.clock.after(left, () => this.#expireAt(completeBy));
      return;
    }
    const detail = `not complete at ${new Date(completeBy * 1000).toISOString()}: ${this.#standing()}`;
    this.cancel({ stage: 'refused', code: 'complete-by-passed', detail, requirements: ['R-PPMID-07'] });
  }

  /** Where the upgrade stands, for whoever reads why it ended. */
  #standing(): string {
    const { length } = this.#countersigned.request.image;
    if (this.#reached === 0) return `the job is ${this.#job.stage}, the device has asked for nothing`;
    if (this.#reached < length) return `the device was served ${this.#reached} of ${length} bytes`;
    return 'the device was served every byte and did not say that it has them';
  }

  #rejoined: () => void = () => {};

  #rejoin(): Promise<void> {
    return new Promise((done) => (this.#rejoined = done));
  }
}

function concatenate(blocks: Iterable<Uint8Array>, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const block of blocks) {
    whole.set(block, at);
    at += block.length;
  }
  return whole;
}
