/**
 * What happened, on record before anything follows from it: one commit holds the audit record, what it changes (job, replay mark) and
 * the report of it [R-AUD-01]. None of them exists without the others.
 */
import type { Bridge } from '../bridge/bridge.ts';
import { messageLines } from '../messages/message-facts.ts';
import type { Allowed, Decision, Moment, Refused } from '../model/decision.ts';
import type { Cohort } from '../model/cohort.ts';
import type { Digest, Eui64, JobId, RequestId } from '../model/ids.ts';
import type { ImageReport } from '../model/image.ts';
import type { PpmidKeys } from '../model/key-state.ts';
import { isEnd, type Job, type Report, type ReportEvent } from '../model/job.ts';
import { plain } from '../model/plain.ts';
import type { RegisterReference } from '../model/register.ts';
import type { ServiceRequest, UpdateFirmware } from '../model/service-request.ts';
import { withheld } from '../model/withheld.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store, Write } from '../ports/store.ts';
import type { Audit } from '../stores/audit.ts';
import { decisionBody } from '../stores/decision-record.ts';
import type { Jobs } from '../stores/jobs.ts';
import type { Marks } from '../stores/marks.ts';
import type { Outbox } from '../stores/outbox.ts';

/** What records are made with. */
export interface RecordsParts {
  readonly gateway: Eui64;
  readonly store: Store;
  readonly audit: Audit;
  readonly jobs: Jobs;
  readonly marks: Marks;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** The signed bytes of a report. */
  readonly sign: (report: Report) => Uint8Array;
  /** The facts of a decision as lines for people. */
  readonly factLines: (facts: Allowed['facts']) => readonly string[];
  /** The statements that a decision of now rests on. */
  readonly references: () => readonly RegisterReference[];
}

/** A request that a decision is about; without an id when a check of the message refused it: what it claims is not verified. */
export interface Asked {
  readonly requestDigest: Digest;
  readonly requestId: RequestId | undefined;
}

/** Writes the record of a gateway. Every method resolves when its record is durable. */
export class Records {
  readonly #parts: RecordsParts;
  #bridge: Pick<Bridge, 'deliver'> | undefined;

  constructor(parts: RecordsParts) {
    this.#parts = parts;
  }

  /** From now on reports are delivered as soon as they are recorded. */
  deliverBy(bridge: Pick<Bridge, 'deliver'>): void {
    this.#bridge = bridge;
  }

  /** An allowed update: decision, replay mark, job and report. Answers the job. */
  async start(asked: Asked, allowed: Allowed<UpdateFirmware>): Promise<Job> {
    const { jobs, clock } = this.#parts;
    const id = await this.#append('decision', this.#body(asked, allowed), (job) => ({
      writes: [...this.#mark(allowed.facts.request), ...jobs.start(allowed, job, clock.now())],
      events: [this.#decisionEvent(asked, allowed, job)],
    }));
    return this.#job(id);
  }

  /** An allowed cancel: decision, replay mark and report. */
  async cancelAllowed(asked: Asked, allowed: Allowed, job: JobId | undefined): Promise<void> {
    await this.#append('decision', this.#body(asked, allowed), () => ({
      writes: this.#mark(allowed.facts.request),
      events: [this.#decisionEvent(asked, allowed, job)],
    }));
  }

  /** A refused request: decision and report. Its counter leaves no mark, so that the right request may still use it. */
  async refused(asked: Asked, refusal: Refused): Promise<void> {
    await this.#append('decision', this.#body(asked, refusal), () => ({
      writes: [],
      events: [this.#decisionEvent(asked, refusal, undefined)],
    }));
  }

  /** What was decided anew at a later moment of a job. */
  async moment(job: Job, moment: Moment, decision: Decision): Promise<void> {
    const { references } = this.#parts;
    const body = { job: job.id, requestId: job.requestId, moment, ...decisionBody(decision, references()) };
    await this.#append('authority', body, () => ({ writes: [], events: [authorityEvent(job, moment, decision)] }));
  }

  /** What the verification of an image found. */
  async image(job: Job, report: ImageReport): Promise<void> {
    const { verdict: found, code, sha256 } = report;
    const checks = report.checks.map(({ name, result, expected, found: seen }) => ({ name, result, expected, found: seen }));
    await this.#append('image', plain({ job: job.id, verdict: found, code, sha256, checks }), () => ({
      writes: [],
      events: [{ type: 'image', job: job.id, verdict: found, code, checks }],
    }));
  }

  /** A job came to another stage. */
  async stage(job: Job): Promise<void> {
    const { jobs, clock } = this.#parts;
    await this.#append('stage', { job: job.id, stage: job.stage }, () => ({
      writes: jobs.update(job.id, { stage: job.stage, offset: job.offset, restarts: job.restarts }, clock.now()),
      events: [stageEvent(job, [], undefined)],
    }));
  }

  /** How far a transfer came; no record of its own. */
  offset(job: Job): Promise<void> {
    const { jobs, store, clock } = this.#parts;
    if (isEnd(this.#job(job.id).stage)) return Promise.resolve();
    return store.commit(jobs.update(job.id, { offset: job.offset, restarts: job.restarts }, clock.now()));
  }

  /** A job came to its end. */
  async end(job: Job, requirements: readonly string[]): Promise<void> {
    const { jobs, clock } = this.#parts;
    const version = job.stage === 'succeeded' ? job.firmwareVersion : undefined;
    await this.#append('end', plain({ job: job.id, stage: job.stage, reason: job.reason, requirements }), () => ({
      writes: jobs.update(job.id, { stage: job.stage, ...(job.reason && { reason: job.reason }) }, clock.now()),
      events: [stageEvent(job, requirements, version)],
    }));
  }

  /** What a person must look into: on record, with what it changes, and reported. */
  async alert(code: string, detail: string, requirements: readonly string[], writes: readonly Write[] = []): Promise<void> {
    await this.#append('alert', { code, detail, requirements }, () => ({
      writes,
      events: [{ type: 'alert', code, detail, requirements }],
    }));
  }

  /** Where the keys of a PPMID have come to. */
  async ppmidKeys(keys: PpmidKeys, cohort: Cohort, writes: readonly Write[]): Promise<void> {
    const { device, state, attempts, reason, fingerprint } = keys;
    const told = { device, cohort, state, attempts, reason, fingerprint };
    await this.#append('ppmid-keys', plain(told), () => ({ writes, events: [{ type: 'ppmid-keys', ...told }] }));
  }

  /** Something that belongs on record and changes no job: a statement taken, a device refused. */
  async note(type: string, fields: Readonly<Record<string, unknown>>, writes: readonly Write[] = []): Promise<void> {
    await this.#append(type, plain(fields), () => ({ writes, events: [] }));
  }

  async #append(
    type: string,
    fields: Readonly<Record<string, unknown>>,
    make: (id: JobId) => { readonly writes: readonly Write[]; readonly events: readonly ReportEvent[] },
  ): Promise<JobId> {
    const { audit, outbox, clock, sign, gateway } = this.#parts;
    const time = Math.floor(clock.now());
    const id = await audit.append(type, fields, (entry, head) => {
      const { writes, events } = make(entry);
      const reports = events.map(
        (event) => (sequence: number) => sign({ kind: 'report', gateway, sequence, time, head, event: withheld(event) }),
      );
      return reports.length === 0 ? writes : [...writes, ...outbox.enqueue(...reports)];
    });
    this.#bridge?.deliver();
    return id;
  }

  #mark(request: ServiceRequest): readonly Write[] {
    return [this.#parts.marks.accept(request.originator, request.target, request.counter)];
  }

  #decisionEvent(asked: Asked, decision: Decision, job: JobId | undefined): ReportEvent {
    const allow = decision.verdict === 'allow';
    return {
      type: 'decision',
      ...asked,
      verdict: decision.verdict,
      code: allow ? undefined : decision.code,
      detail: allow ? 'allowed' : decision.detail,
      rule: allow ? undefined : decision.rule,
      response: decision.response,
      requirements: decision.requirements,
      documents: decision.documents,
      facts: this.#factLines(decision),
      job,
    };
  }

  #factLines(decision: Decision): readonly string[] {
    if (decision.facts !== undefined) return this.#parts.factLines(decision.facts);
    return decision.verdict === 'refuse' && decision.message !== undefined ? messageLines(decision.message) : [];
  }

  #body(asked: Asked, decision: Decision): Readonly<Record<string, unknown>> {
    return { ...plain(asked), ...decisionBody(decision, this.#parts.references()) };
  }

  #job(id: JobId): Job {
    const job = this.#parts.jobs.get(id);
    if (job === undefined) throw new Error(`job ${id} was committed and is not there`);
    return job;
  }
}

function authorityEvent(job: Job, moment: Moment, decision: Decision): ReportEvent {
  const { verdict, response, requirements } = decision;
  const why = decision.verdict === 'allow' ? { code: undefined, detail: 'allowed', rule: undefined } : decision;
  const { code, detail, rule } = why;
  return { type: 'authority', job: job.id, requestId: job.requestId, moment, verdict, code, detail, rule, response, requirements };
}

function stageEvent(job: Job, requirements: readonly string[], firmwareVersion: number | undefined): ReportEvent {
  const reason = job.reason === undefined ? undefined : { ...job.reason, requirements };
  return { type: 'stage', job: job.id, requestId: job.requestId, stage: job.stage, reason, firmwareVersion };
}
