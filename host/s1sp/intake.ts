/**
 * Judging what Users hand over: is the source listened to, is the request what it says, do the rules let it pass on the S1SP's registers, and is it
 * within the thresholds. Every judgement is on record before anything follows from it [R-AUD-01].
 *
 * A message over a threshold is deleted: its hash, its User and the reason stay, nothing of it that could be released [R-ANOM-01]. Where the
 * threshold says so it is held instead, whole, until somebody releases it.
 */
import { createHash } from 'node:crypto';
import type { MessageContext } from '../messages/message-check.ts';
import { openUserSigned } from '../messages/open.ts';
import type { Facts, Forward, IntakeDecision, Objection, Situation } from '../model/decision.ts';
import { digest, type Digest, type Eui64 } from '../model/ids.ts';
import type { UserSigned } from '../model/service-request.ts';
import { accessRule, FAILURES } from '../policy/access.ts';
import { anomalyRule } from '../policy/anomaly.ts';
import { leadSupplierAt } from '../policy/standing.ts';
import { instructionsFor } from '../policy/steps.ts';
import type { Store, Write } from '../ports/store.ts';
import type { Log } from '../ports/log.ts';
import type { Audit } from '../stores/audit.ts';
import { decisionBody } from '../stores/decision-record.ts';
import { Leadless } from '../stores/leadless.ts';
import type { S1spRegisters } from './registers.ts';
import { situationOf } from './situation.ts';
import { decodeSubmission, encodeSubmission, type Submission } from './submission.ts';
import { memoryOf, Traffic } from './traffic.ts';

/** What an intake works with. */
export interface IntakeParts {
  readonly store: Store;
  readonly audit: Audit;
  readonly log: Log;
  readonly registers: S1spRegisters;
  /** How messages are opened at a time. */
  readonly context: () => MessageContext;
  /** The rules of the S1SP's door. */
  readonly rules: (signed: UserSigned, situation: Situation) => IntakeDecision;
}

/** Why something does not go on. */
export interface Turned extends Objection {
  readonly requestId: string | undefined;
}

/** What may go on. */
export interface Passed {
  readonly signed: UserSigned;
  readonly decision: Forward;
  /** What it adds to the traffic. */
  readonly counted: () => readonly Write[];
}

/** What is counted of a request: its service reference variant; a cancellation is no service of the schedule. */
const SRV = { 'update-firmware': '11.1', 'cancel-update': 'cancel' } as const;

/** The intake of one S1SP. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #traffic: Traffic;
  readonly #leadless: Leadless;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#leadless = new Leadless(parts.store);
    this.#traffic = new Traffic(parts.store);
  }

  /** Judges a submission. `from` is who may write where it came from; without, no source is counted. What is turned away is on record. */
  async judge(submission: Submission, from: Eui64 | undefined): Promise<Passed | Turned> {
    const { context, audit } = this.#parts;
    const { now } = context();
    const requestDigest = sha256(submission.request);
    const blocked = from && accessRule.check({ now, failures: this.#traffic.before('failure', from, 'intake') });
    if (blocked !== undefined) return { ...blocked, requestId: undefined };
    const opened = openUserSigned(submission.request, context());
    if (!opened.ok) {
      const { code, detail, check, requirements } = opened;
      await audit.append('intake-refused', { requestDigest, code, check }, from === undefined ? [] : [this.#failure(from, now)]);
      if (from !== undefined) this.#tellBlocked(from, now);
      return { code, detail, requirements, requestId: undefined };
    }
    return (await this.#ruled(opened.value, requestDigest, now)) ?? (await this.#counted(opened.value, submission, requestDigest, now));
  }

  /** Judges a held submission once more, without its thresholds. Undefined when none of that digest is held. */
  async release(requestDigest: Digest): Promise<{ readonly submission: Submission; readonly judged: Passed | Turned } | undefined> {
    const { store, audit, context } = this.#parts;
    const held = store.get('held', requestDigest);
    const submission = held === undefined ? undefined : decodeSubmission(held);
    if (submission?.ok !== true) return undefined;
    await audit.append('released', { requestDigest }, [{ table: 'held', key: requestDigest, value: undefined }]);
    const { now } = context();
    const opened = openUserSigned(submission.value.request, context());
    if (!opened.ok) return { submission: submission.value, judged: { ...opened, requestId: undefined } };
    const turned = await this.#ruled(opened.value, requestDigest, now);
    return { submission: submission.value, judged: turned ?? this.#passed(opened.value, now) };
  }

  /** Writes the judgement in favour, together with what is counted and what follows from it: all of it in one commit, or nothing. */
  async forwarded({ signed, decision, counted }: Passed, follows: () => readonly Write[]): Promise<void> {
    const { requestId, request } = signed;
    const body = { requestDigest: sha256(signed.bytes), requestId, ...this.#body(decision, request.gateway) };
    await this.#parts.audit.append('intake', body, () => [...counted(), ...follows()]);
  }

  async #ruled(signed: UserSigned, requestDigest: Digest, now: number): Promise<Turned | undefined> {
    const decision = this.#decide(signed, now);
    const { requestId, request } = signed;
    if (decision.facts !== undefined) await this.#tellLeadless(decision.facts);
    if (decision.verdict === 'forward') return undefined;
    await this.#parts.audit.append('intake', { requestDigest, requestId, ...this.#body(decision, request.gateway) });
    const { code, detail, requirements } = decision;
    return { code, detail, requirements, requestId };
  }

  /**
   * Counts the request and its Instructions, and lets it pass if no threshold is broken. Nothing goes on uncounted: the rules let no order pass for
   * which no steps are defined, and are asked again after the counting.
   */
  async #counted(signed: UserSigned, submission: Submission, requestDigest: Digest, now: number): Promise<Passed | Turned> {
    const { audit, log, registers } = this.#parts;
    const { requestId, user } = signed;
    const counted = this.#countedOf(signed, now);
    const thresholds = registers.list('thresholds');
    const notes = (): readonly Write[] => counted.map(({ of, who, what }) => this.#traffic.note(of, who, what, now, memoryOf(thresholds)));
    const broken = counted
      .map(({ of, who, what }) => anomalyRule.check({ now, of, what, who, before: this.#traffic.before(of, who, what), thresholds }))
      .find((each) => each !== undefined);
    if (broken === undefined) return this.#passed(signed, now, notes);
    const hold = broken.code === 'over-threshold-quarantine';
    const event = { requestDigest, user: user.party, rule: anomalyRule.name, code: broken.code, detail: broken.detail };
    const held: Write[] = hold ? [{ table: 'held', key: requestDigest, value: encodeSubmission(submission) }] : [];
    await audit.append(hold ? 'held' : 'deleted', event, () => [...notes(), ...held]);
    log.warn('anomalous-event', { requestDigest, code: broken.code, user: user.party });
    return { ...broken, requestId };
  }

  #countedOf(
    { request }: UserSigned,
    now: number,
  ): readonly { readonly of: 'request' | 'instruction'; readonly who: Eui64; readonly what: string }[] {
    const { registers } = this.#parts;
    const srv = SRV[request.kind];
    const steps = registers.list('equivalent-steps');
    const device = registers.about('device-log', request.gateway)?.devices.find(({ eui }) => eui === request.target);
    const model = device && { ...device, firmwareVersion: device.firmwareVersion };
    const found = steps && model && instructionsFor(steps, srv, model, registers.list('documents'), now);
    return [
      { of: 'request', who: request.originator, what: srv },
      ...(found ?? []).map((what) => ({ of: 'instruction' as const, who: request.target, what })),
    ];
  }

  #decide(signed: UserSigned, now: number): IntakeDecision {
    const { audit, registers, rules } = this.#parts;
    return rules(signed, situationOf(registers, { request: signed.request, users: [signed.user] }, now, audit.latest()));
  }

  #passed(signed: UserSigned, now: number, counted: Passed['counted'] = () => []): Passed | Turned {
    const decision = this.#decide(signed, now);
    return decision.verdict === 'forward' ? { signed, decision, counted } : { ...decision, requestId: signed.requestId };
  }

  #body(decision: IntakeDecision, gateway: Eui64): Readonly<Record<string, unknown>> {
    return decisionBody(decision, this.#parts.registers.references(gateway));
  }

  #failure(from: Eui64, now: number): Write {
    return this.#traffic.note('failure', from, 'intake', now, memoryOf(this.#parts.registers.list('thresholds')));
  }

  /** Premises without a Lead Supplier are no valid state: beside the refusal a person is told, once for each cause [R-PPMID-04]. */
  async #tellLeadless(facts: Facts): Promise<void> {
    const { audit, log, store } = this.#parts;
    const { gateway } = facts;
    const lead = leadSupplierAt(facts);
    const cause = typeof lead === 'string' ? lead : undefined;
    const write = this.#leadless.found(gateway, cause);
    if (write === undefined) return;
    if (cause === undefined) return store.commit([write]);
    log.warn('no-lead-supplier', { gateway });
    const detail = `every request for firmware is refused: ${cause}`;
    await audit.append('alert', { code: 'no-lead-supplier', gateway, detail, requirements: ['R-PPMID-04'] }, [write]);
  }

  #tellBlocked(from: Eui64, now: number): void {
    const failures = this.#traffic.before('failure', from, 'intake');
    if (failures.length >= FAILURES && accessRule.check({ now, failures }) !== undefined) this.#parts.log.warn('source-blocked', { from });
  }
}

const sha256 = (bytes: Uint8Array): Digest => digest(createHash('sha256').update(bytes).digest());
