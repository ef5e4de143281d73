/**
 * Upgrade jobs across restarts. No verdict is ever stored: a job holds the signed bytes, and whoever goes on with it after
 * a restart verifies and decides them anew [R-PPMID-01].
 *
 * Two records a job: what changes with an audit record (stage, reason) and how far the transfer came, so that a late
 * write of progress can never put an older stage back.
 */
import type { Allowed } from '../model/decision.ts';
import { Fault } from '../model/fault.ts';
import { hex, unhex, type Digest, type Eui64, type JobId, type RequestId } from '../model/ids.ts';
import { isEnd, type Job, type JobStage } from '../model/job.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import type { Store, Write } from '../ports/store.ts';
import { decodeObject, encode } from './canonical-json.ts';

/** Recognises decisions that the rules made; `policy/` has the one that counts. */
export type IsAllowed = (decision: Allowed) => boolean;

/** What may change about a job; what is left out stays. */
export interface JobChange {
  readonly stage?: JobStage;
  readonly reason?: Job['reason'];
  readonly offset?: number;
  readonly restarts?: number;
}

interface StoredJob {
  readonly requestId: RequestId;
  readonly device: Eui64;
  readonly image: { readonly digest: Digest; readonly length: number };
  readonly firmwareVersion: number;
  readonly signed: string;
  readonly accepted: number;
  readonly stage: JobStage;
  readonly reason?: Job['reason'];
  readonly changed: number;
}

interface StoredProgress {
  readonly offset: number;
  readonly restarts: number;
  readonly changed: number;
}

const NOT_BEGUN: StoredProgress = { offset: 0, restarts: 0, changed: 0 };

/** The jobs of one gateway. Methods that change something answer the writes, to be committed with their audit record. */
export class Jobs {
  readonly #store: Store;
  readonly #isAllowed: IsAllowed;

  constructor(store: Store, isAllowed: IsAllowed) {
    this.#store = store;
    this.#isAllowed = isAllowed;
  }

  /**
   * Starts a job under the id of its decision's audit record, at the stage `accepted`. `now` in milliseconds since 1970.
   * Throws Fault `internal` for anything that the rules did not allow, whatever its shape, and for an id in use.
   */
  start(allowed: Allowed<UpdateFirmware>, id: JobId, now: number): readonly Write[] {
    if (!this.#isAllowed(allowed)) throw new Fault('internal', `job ${id} has no decision that allows it`);
    if (this.get(id) !== undefined) throw new Fault('internal', `job ${id} exists already`);
    const { request, requestId, bytes } = allowed.countersigned;
    const { target: device, image, firmwareVersion } = request;
    const accepted = allowed.facts.now;
    return [
      put(id, { requestId, device, image, firmwareVersion, signed: hex(bytes), accepted, stage: 'accepted', changed: Math.floor(now) }),
    ];
  }

  /** Changes a job. Throws Fault `internal` when there is no such job or it came to its end before. */
  update(id: JobId, change: JobChange, now: number): readonly Write[] {
    const bytes = this.#store.get('jobs', jobKey(id));
    if (bytes === undefined) throw new Fault('internal', `there is no job ${id}`);
    const stored = decodeObject(bytes) as unknown as StoredJob;
    if (isEnd(stored.stage)) throw new Fault('internal', `job ${id} came to its end before: ${stored.stage}`);
    const { stage, reason, offset, restarts } = change;
    const changed = Math.floor(now);
    const writes: Write[] = [];
    if (stage !== undefined || reason !== undefined) {
      writes.push(put(id, { ...stored, stage: stage ?? stored.stage, ...(reason && { reason }), changed }));
    }
    if (offset !== undefined || restarts !== undefined) {
      const before = this.#progress(id);
      const value = encode({ offset: offset ?? before.offset, restarts: restarts ?? before.restarts, changed });
      writes.push({ table: 'jobs', key: progressKey(id), value });
    }
    return writes;
  }

  /** A job, or undefined. */
  get(id: JobId): Job | undefined {
    const bytes = this.#store.get('jobs', jobKey(id));
    if (bytes === undefined) return undefined;
    const stored = decodeObject(bytes) as unknown as StoredJob;
    const { offset, restarts, changed } = this.#progress(id);
    const signed = unhex(stored.signed);
    return { ...stored, id, signed, reason: stored.reason, offset, restarts, changed: Math.max(stored.changed, changed) };
  }

  /** Every job, by id. */
  all(): readonly Job[] {
    const ids = this.#store.range('jobs', 'job/', 'job0').map(([key]) => key.slice('job/'.length) as JobId);
    return ids.flatMap((id) => this.get(id) ?? []);
  }

  /** Jobs that are not at their end: what to go on with after a restart. */
  open(): readonly Job[] {
    return this.all().filter((job) => !isEnd(job.stage));
  }

  /** The job that a request started, or undefined. */
  of(requestId: RequestId): Job | undefined {
    return this.all().find((job) => job.requestId === requestId);
  }

  #progress(id: JobId): StoredProgress {
    const bytes = this.#store.get('jobs', progressKey(id));
    return bytes === undefined ? NOT_BEGUN : (decodeObject(bytes) as unknown as StoredProgress);
  }
}

const jobKey = (id: JobId): string => `job/${id}`;
const progressKey = (id: JobId): string => `progress/${id}`;
const put = (id: JobId, job: StoredJob): Write => ({ table: 'jobs', key: jobKey(id), value: encode(job) });
