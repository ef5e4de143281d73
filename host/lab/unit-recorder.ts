/** Keeps the record of one upgrade, out of what its parts tell while it runs. Times become whole milliseconds: a signed form has no others. */
import type { Digest, Eui64 } from '../model/ids.ts';
import type { Progress, Report } from '../model/job.ts';
import type { ImageReport } from '../model/image.ts';
import type { Reason, ReportParty, Transfer, UnitCheck, UnitRecord } from './bench-report.ts';

/** What is known before anything happens. */
export interface UnitStart {
  readonly number: number;
  readonly device: Eui64;
  readonly parties: readonly ReportParty[];
  readonly started: number;
  /** What the bench's own verification says of the image. */
  readonly verified: Pick<ImageReport, 'length' | 'checks'>;
}

/** The record of one upgrade while it is made. It passed when nothing failed and the gateway reported success. */
export class UnitRecorder {
  readonly #start: UnitStart;
  readonly #stages: { readonly stage: string; readonly time: number }[] = [];
  readonly #authority: UnitRecord['authority'][number][] = [];
  #joined: number | undefined;
  #before: number | undefined;
  #after: number | undefined;
  #decision: UnitRecord['decision'];
  #image: UnitRecord['image'];
  #received: UnitRecord['received'];
  #restarts = 0;
  #reason: Reason | undefined;

  constructor(start: UnitStart) {
    this.#start = start;
  }

  /** The device has joined, and answered its version if it did. */
  joined(time: number, version: number | undefined): void {
    this.#joined = Math.round(time);
    this.#before = version;
  }

  /** Takes a signed report of the gateway. */
  take({ time: at, event }: Report): void {
    const time = Math.round(at);
    if (event.type === 'decision') {
      const { type: _type, requestDigest: _digest, ...decision } = event;
      this.#decision = decision;
      if (event.verdict === 'refuse') this.fail(event.code ?? 'refused', event.detail);
    } else if (event.type === 'image') {
      const { type: _type, job: _job, ...image } = event;
      this.#image = { ...image, checks: event.checks.map((check) => this.#located(check)) };
    } else if (event.type === 'authority') {
      const { moment, verdict, code, detail, requirements } = event;
      this.#authority.push({ moment, time, verdict, code, detail, requirements });
    } else if (event.type === 'stage') {
      this.#stages.push({ stage: event.stage, time });
      this.#after = event.firmwareVersion ?? this.#after;
      if (event.reason !== undefined) this.fail(event.reason.code, event.reason.detail);
    }
  }

  /** Takes the progress of the transfer. */
  progress({ restarts }: Pick<Progress, 'restarts'>): void {
    this.#restarts = Math.max(this.#restarts, restarts);
  }

  /** What the device itself holds, where it can be opened. It fails the unit when it is not what was sent. */
  received(sha256: Digest | undefined, length: number, sent: Digest): void {
    this.#received = { sha256, length };
    if (sha256 !== sent) this.fail('not-bit-for-bit', `the device holds ${sha256 ?? 'nothing'}, not ${sent}`);
  }

  /** The unit has failed; the first reason stays. */
  fail(code: string, detail: string): void {
    this.#reason ??= { code, detail };
  }

  /** The record. */
  end(ended: number): UnitRecord {
    const { verified: _verified, ...start } = this.#start;
    if (!this.#stages.some(({ stage }) => stage === 'succeeded')) this.fail('not-succeeded', 'the gateway reported no success');
    return {
      ...start,
      ended: Math.round(ended),
      joined: this.#joined,
      versionBefore: this.#before,
      versionAfter: this.#after,
      decision: this.#decision,
      image: this.#image,
      authority: [...this.#authority],
      stages: [...this.#stages],
      transfer: this.#transfer(),
      received: this.#received,
      outcome: this.#reason === undefined ? 'passed' : 'failed',
      reason: this.#reason,
    };
  }

  #located(check: UnitCheck): UnitCheck {
    const same = this.#start.verified.checks.find(({ name, result }) => name === check.name && result === check.result);
    return same === undefined ? check : { ...check, range: same.range, requirements: same.requirements };
  }

  /** From the first block asked for to Upgrade End. */
  #transfer(): Transfer | undefined {
    const begun = this.#stages.find(({ stage }) => stage === 'transferring')?.time;
    const whole = this.#stages.find(({ stage }) => stage === 'activating')?.time;
    if (begun === undefined || whole === undefined) return undefined;
    const size = this.#start.verified.length;
    const milliseconds = whole - begun;
    return {
      bytes: size,
      milliseconds,
      bytesPerSecond: milliseconds > 0 ? Math.round((size * 1000) / milliseconds) : 0,
      restarts: this.#restarts,
    };
  }
}
