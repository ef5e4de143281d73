/**
 * The S1SP side of the bridge: takes Users' signed requests, countersigns what may go on, publishes it with its image, and checks what
 * the gateways report.
 *
 * Its judgement at intake, by the same rules on its own registers, spares Users a way for nothing; a gateway never relies on it. In this
 * product the process also holds the countersigning key of the DCC side, which is our model of a Countersigned Service Request.
 */
import { createHash } from 'node:crypto';
import { allGateways, gatewayOf, gatewayTopics, INTAKE, intakeReplyTopic, intakeTopic } from '../bridge/topics.ts';
import { MAX_SIZE } from '../messages/cbor.ts';
import { countersign } from '../messages/cose.ts';
import type { SigningKey } from '../messages/ed25519.ts';
import type { MessageContext, MessageRefusal } from '../messages/message-check.ts';
import { openReport } from '../messages/report.ts';
import { gatewayOf as aboutGateway } from '../messages/statement.ts';
import type { IntakeDecision, Situation } from '../model/decision.ts';
import { Fault, type Result } from '../model/fault.ts';
import { digest, type Digest, type Eui64, type KeyId, type RequestId } from '../model/ids.ts';
import { isEnd, type Report, type ReportEvent } from '../model/job.ts';
import { GATEWAY_KINDS, type RegisteredKey } from '../model/register.ts';
import type { Environment, UserSigned } from '../model/service-request.ts';
import { withheld } from '../model/withheld.ts';
import { keyCountsAt } from '../policy/standing.ts';
import type { Broker, Message } from '../ports/broker.ts';
import { seconds, type Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { Audit } from '../stores/audit.ts';
import { Marks } from '../stores/marks.ts';
import { Dispatches } from './dispatches.ts';
import { clearImage, imageDigest } from './image-shelf.ts';
import { Intake, type Passed, type Turned } from './intake.ts';
import { KeyLedger } from './key-ledger.ts';
import { Orders } from './orders.ts';
import type { S1spRegisters, TakenStatement } from './registers.ts';
import { ReportInbox } from './report-inbox.ts';
import { decodeSubmission, type Submission } from './submission.ts';

/** What the S1SP side is set up with. */
export interface S1spSetup {
  readonly environment: Environment;
  readonly broker: Broker;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly audit: Audit;
  readonly registers: S1spRegisters;
  /** The key of the role `dcc-countersigner`. */
  readonly countersigner: SigningKey;
  /** The rules of the S1SP's door. */
  readonly intake: (signed: UserSigned, situation: Situation) => IntakeDecision;
}

/** The answer to a User's submission. */
export interface IntakeAnswer {
  readonly requestDigest: Digest;
  readonly requestId: string | undefined;
  readonly verdict: 'forwarded' | 'refused';
  readonly code: string | undefined;
  readonly detail: string;
  readonly requirements: readonly string[];
}

/** Told of every report whose signature is right, once, in order per gateway. */
export type ReportListener = (report: Report) => void;

/** The S1SP side. */
export class S1sp {
  readonly #setup: S1spSetup;
  readonly #marks: Marks;
  readonly #inbox: ReportInbox;
  readonly #orders: Orders;
  readonly #dispatches: Dispatches;
  readonly #intake: Intake;
  /** Where the keys of PPMIDs stand. */
  readonly keys: KeyLedger;
  readonly #listeners = new Set<ReportListener>();

  constructor(setup: S1spSetup) {
    this.#setup = setup;
    const { store, log, audit, registers, broker } = setup;
    this.#marks = new Marks(store);
    this.#inbox = new ReportInbox(store, log, audit);
    this.#orders = new Orders(store);
    this.#dispatches = new Dispatches({ store, broker, log, orders: this.#orders });
    this.keys = new KeyLedger(store);
    this.#intake = new Intake({ store, audit, log, registers, context: () => this.#context(), rules: setup.intake });
  }

  /** Sends what the last run left in the outbox, and subscribes to Users' requests and gateways' reports. */
  async start(): Promise<void> {
    const { broker } = this.#setup;
    broker.onMessage((message) => this.#dispatch(message));
    broker.onConnection((connected) => connected && this.#dispatches.deliver());
    this.#dispatches.deliver();
    await broker.subscribe(INTAKE);
    await broker.subscribe(allGateways('report'));
  }

  /** Disconnects and closes the store. */
  async stop(): Promise<void> {
    this.#dispatches.stop();
    await this.#setup.broker.close();
    await this.#dispatches.settled();
    await this.#setup.store.close();
  }

  /** Registers a listener; answers how to end it. */
  onReport(listener: ReportListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Judges a User's request and, if it may go on, countersigns it, puts it on record and then on its way with its image. `from` is whose intake it came
   * by: who fails there too often is not listened to for a while. Rejects with Fault `store` when it could not be recorded: then nothing was sent.
   */
  async submit(request: Uint8Array, image: Uint8Array, from?: Eui64): Promise<IntakeAnswer> {
    const judged = await this.#intake.judge({ request, image }, from);
    return withheld(await this.#forward({ request, image }, judged));
  }

  /** Lets a held request go on, if the rules still let it. Undefined when none of that digest is held. */
  async release(requestDigest: Digest): Promise<IntakeAnswer | undefined> {
    const released = await this.#intake.release(requestDigest);
    return released && withheld(await this.#forward(released.submission, released.judged));
  }

  /** The gateways that the registers know. */
  gateways(): readonly Eui64[] {
    return this.#setup.registers.gateways();
  }

  /** Takes a signed statement into the registers and hands what is new to the gateways that it is for. */
  async take(bytes: Uint8Array): Promise<Result<TakenStatement, MessageRefusal>> {
    const { registers } = this.#setup;
    const taken = await registers.take(bytes);
    if (!taken.ok || !taken.value.news) return taken;
    const { kind } = taken.value.statement;
    const named = aboutGateway(taken.value.statement);
    if (!GATEWAY_KINDS.includes(kind)) return taken;
    if (named !== undefined) await this.publishRegisters(named);
    else for (const gateway of registers.gateways()) await this.publishRegisters(gateway, [kind]);
    return taken;
  }

  /** Publishes what a gateway decides by; what is too long for a message waits for its slice. */
  async publishRegisters(gateway: Eui64, kinds = GATEWAY_KINDS): Promise<void> {
    for (const { kind, bytes } of this.#setup.registers.forGateway(gateway, kinds)) {
      if (bytes.length <= MAX_SIZE) await this.publishStatement(gateway, kind, bytes);
      else this.#setup.log.warn('slice-missing', { gateway, kind });
    }
  }

  /** Adds the countersignature. Throws Fault `input` for bytes that are no signed request. */
  countersign(request: Uint8Array): Uint8Array {
    const signed = countersign(request, this.#setup.countersigner);
    if (!signed.ok) throw new Fault('input', `cannot be countersigned: ${signed.code}: ${signed.detail}`);
    return signed.value;
  }

  /** Publishes a request to a gateway; resolves when the broker has it. */
  dispatch(gateway: Eui64, countersigned: Uint8Array): Promise<void> {
    return this.#dispatches.send(gateway, countersigned);
  }

  /** Publishes a signed statement to a gateway, retained. */
  publishStatement(gateway: Eui64, kind: string, statement: Uint8Array): Promise<void> {
    return this.#setup.broker.publish(gatewayTopics(gateway).register(kind), statement, { qos: 1, retain: true });
  }

  async #forward({ request, image }: Submission, judged: Passed | Turned): Promise<IntakeAnswer> {
    const requestDigest = sha256(request);
    if (!('signed' in judged)) return answerTo(requestDigest, judged);
    const { request: asked, requestId } = judged.signed;
    const ordered = asked.kind === 'update-firmware' ? asked.image : undefined;
    if (ordered !== undefined && image.length > 0) {
      const found = imageDigest(image);
      if (found !== ordered.digest || image.length !== ordered.length) {
        return answerTo(requestDigest, await this.#intake.otherImage(judged, found));
      }
    }
    const { gateway } = asked;
    const countersigned = { request: this.countersign(request), image: ordered === undefined ? new Uint8Array(0) : image };
    await this.#intake.forwarded(judged, () => [
      this.#marks.accept(asked.originator, asked.target, asked.counter),
      ...this.#dispatches.writes({ gateway, requestId }, countersigned),
    ]);
    this.#setup.log.info('request-forwarded', { requestId, gateway });
    const out = await this.#dispatches.delivered();
    const { requirements } = judged.decision;
    const detail = out ? 'countersigned and published' : 'countersigned; published as soon as the broker can be reached';
    return { requestDigest, requestId, verdict: 'forwarded', code: undefined, detail, requirements };
  }

  async #dispatch(message: Message): Promise<void> {
    const user = /\/intake\/([0-9a-f]{16})$/.exec(message.topic)?.[1] as Eui64 | undefined;
    if (user !== undefined && message.topic === intakeTopic(user)) return this.#onSubmission(user, message.payload);
    const gateway = gatewayOf(message.topic);
    if (gateway !== undefined) return this.#onReport(gateway, message.payload);
    this.#setup.log.warn('message-ignored', { topic: message.topic });
  }

  async #onSubmission(user: Eui64, payload: Uint8Array): Promise<void> {
    const submission = decodeSubmission(payload);
    const answer = submission.ok
      ? await this.submit(submission.value.request, submission.value.image, user)
      : withheld(answerTo(sha256(payload), await this.#intake.undecodable(payload, submission, user)));
    this.#setup.log.info('submission', { user, verdict: answer.verdict, code: answer.code });
    await this.#setup.broker.publish(intakeReplyTopic(user), new TextEncoder().encode(JSON.stringify(answer)), { qos: 1 });
  }

  async #onReport(gateway: Eui64, payload: Uint8Array): Promise<void> {
    const { log, broker, store } = this.#setup;
    const opened = openReport(payload, (kid) => this.#keyThatCounts(kid));
    if (!opened.ok) return log.warn('report-refused', { gateway, code: opened.code });
    const { report } = opened.value;
    if (report.gateway !== gateway) return log.warn('report-refused', { gateway, code: 'other-topic' });
    if (!(await this.#inbox.take(report))) return;
    await this.keys.take(report);
    for (const listener of this.#listeners) listener(report);
    const requestId = endedBy(report.event);
    const order = requestId === undefined ? undefined : this.#orders.of(requestId);
    if (requestId === undefined || order === undefined) return;
    await store.commit([this.#orders.done(requestId)]);
    if (!this.#orders.want(order.image)) await clearImage(broker, order.image, order.length);
  }

  /** A key whose signatures count now: a gateway whose key was revoked reports nothing any more. */
  #keyThatCounts(kid: KeyId): RegisteredKey | undefined {
    const key = this.#setup.registers.key(kid);
    return key !== undefined && keyCountsAt(key, seconds(this.#setup.clock)) ? key : undefined;
  }

  #context(): MessageContext {
    const { environment, clock, registers } = this.#setup;
    return { environment, now: seconds(clock), marks: this.#marks, signers: (kid) => registers.key(kid), purpose: 'accept' };
  }
}

/** The request that an event brings to its end: refused at once, or its job ended. */
function endedBy(event: ReportEvent): RequestId | undefined {
  if (event.type === 'decision') return event.verdict === 'refuse' ? event.requestId : undefined;
  return event.type === 'stage' && isEnd(event.stage) ? event.requestId : undefined;
}

const sha256 = (bytes: Uint8Array): Digest => digest(createHash('sha256').update(bytes).digest());

/** The answer to what was turned away. */
const answerTo = (requestDigest: Digest, { requestId, code, detail, requirements }: Turned): IntakeAnswer => ({
  requestDigest,
  requestId,
  verdict: 'refused',
  code,
  detail,
  requirements,
});
