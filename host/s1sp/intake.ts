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
import type { Facts, Forward, IntakeDecision, Objection, Refused, Situation } from '../model/decision.ts';
import type { Refusal } from '../model/fault.ts';
import { digest, type Digest, type Eui64 } from '../model/ids.ts';
import type { UserSigned } from '../model/service-request.ts';
import { timesOf } from '../policy/clock.ts';
import { ask } from '../policy/questions.ts';
import { leadSupplierAt } from '../policy/standing.ts';
import { instructionsFor } from '../policy/steps.ts';
import { trafficFacts } from '../policy/traffic-facts.ts';
import type { Store, Write } from '../ports/store.ts';
import type { Log } from '../ports/log.ts';
import type { Audit } from '../stores/audit.ts';
import { decisionBody } from '../stores/decision-record.ts';
import { Leadless } from '../stores/leadless.ts';
import { Refusals, type Arrival } from './refusals.ts';
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
  readonly #refusals: Refusals;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#leadless = new Leadless(parts.store);
    this.#traffic = new Traffic(parts.store);
    this.#refusals = new Refusals({ ...parts, traffic: this.#traffic });
  }

  /** Judges a submission. `from` is who may write where it came from; without, no source is counted. What is turned away is on record. */
  async judge(submission: Submission, from: Eui64 | undefined): Promise<Passed | Turned> {
    const arrival = this.#arrival(submission.request, from);
    const blocked = this.#refusals.blocked(arrival);
    if (blocked !== undefined) return { ...blocked, requestId: undefined };
    const opened = await this.#opened(submission, arrival);
    if (!('request' in opened)) return opened;
    return (await this.#ruled(opened, arrival)) ?? (await this.#counted(opened, submission, arrival));
  }

  /** Turns away bytes that hold no submission; it counts as a failure of its source. */
  async undecodable(bytes: Uint8Array, refusal: Refusal, from: Eui64): Promise<Turned> {
    const arrival = this.#arrival(bytes, from);
    const blocked = this.#refusals.blocked(arrival);
    const turned = blocked ?? (await this.#refusals.submission(arrival, bytes.length, refusal, this.#parts.context()));
    return { ...turned, requestId: undefined };
  }

  /** Turns away what passed, for the image of SHA-256 `found` that came with it is not the one that it orders. It counts all the same. */
  async otherImage({ signed, decision, counted }: Passed, found: Digest): Promise<Turned> {
    const objection = await this.#refusals.image(signed, sha256(signed.bytes), decision, found, counted);
    return { ...objection, requestId: signed.requestId };
  }

  /** Judges a held submission once more, without its thresholds. Undefined when none of that digest is held. */
  async release(requestDigest: Digest): Promise<{ readonly submission: Submission; readonly judged: Passed | Turned } | undefined> {
    const { store, audit } = this.#parts;
    const held = store.get('held', requestDigest);
    const decoded = held === undefined ? undefined : decodeSubmission(held);
    if (decoded?.ok !== true) return undefined;
    const submission = decoded.value;
    await audit.append('released', { requestDigest }, [{ table: 'held', key: requestDigest, value: undefined }]);
    const arrival = this.#arrival(submission.request, undefined);
    const opened = await this.#opened(submission, arrival);
    if (!('request' in opened)) return { submission, judged: opened };
    return { submission, judged: (await this.#ruled(opened, arrival)) ?? (await this.#passed(opened, arrival)) };
  }

  /** Writes the judgement in favour, together with what is counted and what follows from it: all of it in one commit, or nothing. */
  async forwarded({ signed, decision, counted }: Passed, follows: () => readonly Write[]): Promise<void> {
    const { requestId, request } = signed;
    const body = { requestDigest: sha256(signed.bytes), requestId, ...this.#body(decision, request.gateway) };
    await this.#parts.audit.append('intake', body, () => [...counted(), ...follows()]);
  }

  #arrival(bytes: Uint8Array, from: Eui64 | undefined): Arrival {
    const { context, audit } = this.#parts;
    return { requestDigest: sha256(bytes), from, times: timesOf(context().now, audit.latest()) };
  }

  async #opened({ request }: Submission, arrival: Arrival): Promise<UserSigned | Turned> {
    const opened = openUserSigned(request, this.#parts.context());
    if (opened.ok) return opened.value;
    await this.#refusals.message(arrival, opened);
    const { code, detail, requirements } = opened;
    return { code, detail, requirements, requestId: undefined };
  }

  async #ruled(signed: UserSigned, { requestDigest }: Arrival): Promise<Turned | undefined> {
    const decision = this.#decide(signed);
    if (decision.facts !== undefined) await this.#tellLeadless(decision.facts);
    return decision.verdict === 'forward' ? undefined : this.#turned(signed, requestDigest, decision);
  }

  async #turned({ requestId, request }: UserSigned, requestDigest: Digest, decision: Refused): Promise<Turned> {
    await this.#parts.audit.append('intake', { requestDigest, requestId, ...this.#body(decision, request.gateway) });
    const { code, detail, requirements } = decision;
    return { code, detail, requirements, requestId };
  }

  /**
   * Counts the request and its Instructions, and lets it pass if no threshold is broken. Nothing goes on uncounted: the rules let no order pass for
   * which no steps are defined, and are asked again after the counting.
   */
  async #counted(signed: UserSigned, submission: Submission, arrival: Arrival): Promise<Passed | Turned> {
    const { requestDigest, times } = arrival;
    const { now } = times;
    const counted = this.#countedOf(signed, now);
    const thresholds = this.#parts.registers.list('thresholds');
    const notes = (): readonly Write[] => counted.map(({ of, who, what }) => this.#traffic.note(of, who, what, now, memoryOf(thresholds)));
    for (const { of, who, what } of counted) {
      const facts = trafficFacts({ ...times, of, what, who, before: this.#traffic.before(of, who, what), thresholds });
      const answer = ask('traffic', facts);
      if (answer.verdict === 'allow') continue;
      const held = (): Write => ({ table: 'held', key: requestDigest, value: encodeSubmission(submission) });
      await this.#refusals.breach(signed, requestDigest, facts, answer, (isHeld) => (isHeld ? [...notes(), held()] : notes()));
      const { code, detail, requirements } = answer;
      return { code, detail, requirements, requestId: signed.requestId };
    }
    return this.#passed(signed, arrival, notes);
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

  #decide(signed: UserSigned): IntakeDecision {
    const { audit, context, registers, rules } = this.#parts;
    return rules(signed, situationOf(registers, { request: signed.request, users: [signed.user] }, context().now, audit.latest()));
  }

  async #passed(signed: UserSigned, { requestDigest }: Arrival, counted: Passed['counted'] = () => []): Promise<Passed | Turned> {
    const decision = this.#decide(signed);
    return decision.verdict === 'forward' ? { signed, decision, counted } : this.#turned(signed, requestDigest, decision);
  }

  #body(decision: IntakeDecision, gateway: Eui64): Readonly<Record<string, unknown>> {
    return decisionBody(decision, this.#parts.registers.references(gateway));
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
}

const sha256 = (bytes: Uint8Array): Digest => digest(createHash('sha256').update(bytes).digest());
