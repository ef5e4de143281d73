/**
 * The upgrades under way. After a restart every open job is opened and decided anew from its signed bytes: a stored "allowed" does not
 * exist, so it cannot be believed.
 */
import { openCountersigned } from '../messages/open.ts';
import type { Decision } from '../model/decision.ts';
import type { Digest, Eui64, RequestId } from '../model/ids.ts';
import type { Job } from '../model/job.ts';
import { asksUpdate, type Countersigned, type UpdateFirmware } from '../model/service-request.ts';
import { seconds } from '../ports/clock.ts';
import { refusedMessage, type OpenContext } from './opening.ts';
import type { GatewayParts } from './parts.ts';
import { Upgrade } from './upgrade.ts';

/** The running upgrades of a gateway, at most one a device. */
export class Upgrades {
  readonly #g: GatewayParts;
  readonly #context: OpenContext;
  readonly #running = new Map<Eui64, Upgrade>();

  constructor(parts: GatewayParts, context: OpenContext) {
    this.#g = parts;
    this.#context = context;
  }

  /** Begins a job that was just allowed and recorded. */
  begin(job: Job, countersigned: Countersigned<UpdateFirmware>): void {
    this.#run(new Upgrade(this.#g, job, countersigned), undefined);
  }

  /** Goes on with a job after a restart: its bytes are verified and decided anew, and the answer is on record first. */
  async resume(job: Job): Promise<void> {
    const opened = openCountersigned(job.signed, { ...this.#context, now: seconds(this.#g.clock), purpose: 'resume' });
    if (!opened.ok) {
      const refusal = refusedMessage(opened, this.#g.registers.newest('documents'));
      await this.#g.records.moment(job, 'resume', refusal);
      const reason = { code: refusal.code, detail: refusal.detail };
      await this.#g.records.end({ ...job, stage: 'refused', reason }, refusal.requirements);
      return;
    }
    const countersigned = opened.value;
    if (!asksUpdate(countersigned)) return this.#g.fault(new Error(`job ${job.id} holds another kind of request`));
    const decision = this.#g.decide(countersigned, 'resume', job.accepted);
    await this.#g.records.moment(job, 'resume', decision);
    this.#g.log.info('job-resumed', { job: job.id, stage: job.stage, offset: job.offset, verdict: decision.verdict });
    this.#run(new Upgrade(this.#g, job, countersigned), decision);
  }

  /** The running upgrade that a request started. */
  of(requestId: RequestId): Upgrade | undefined {
    return [...this.#running.values()].find((upgrade) => upgrade.job.requestId === requestId);
  }

  /** True while a device is being upgraded. */
  busy(device: Eui64): boolean {
    return this.#running.has(device);
  }

  /** Told when a device (re)joined. */
  joined(device: Eui64): void {
    this.#running.get(device)?.joined();
  }

  #run(upgrade: Upgrade, resumed: Decision<UpdateFirmware> | undefined): void {
    const { device } = upgrade.job;
    this.#running.set(device, upgrade);
    void upgrade
      .run(resumed)
      .finally(() => this.#running.delete(device))
      .then(() => this.#forget(upgrade.job.image.digest))
      .catch((cause: unknown) => this.#g.fault(cause));
  }

  /** Drops an image that no running upgrade needs; the next order brings it anew. */
  async #forget(image: Digest): Promise<void> {
    if ([...this.#running.values()].some(({ job }) => job.image.digest === image)) return;
    await this.#g.images.drop(image);
  }
}
