/**
 * The S1SP side of the bridge: takes Users' signed requests, countersigns what may go on, publishes it with its image, and checks what
 * the gateways report.
 *
 * Its judgement at intake is a courtesy to Users; a gateway never relies on it. In this product the process also holds the
 * countersigning key of the DCC side, which is our model of a Countersigned Service Request.
 */
import { createHash } from 'node:crypto';
import { allGateways, gatewayOf, gatewayTopics, INTAKE, intakeReplyTopic, intakeTopic } from '../bridge/topics.ts';
import { countersign } from '../messages/cose.ts';
import type { SigningKey } from '../messages/ed25519.ts';
import type { MessageContext } from '../messages/message-check.ts';
import { openUserSigned } from '../messages/open.ts';
import { openReport } from '../messages/report.ts';
import type { IntakeDecision } from '../model/decision.ts';
import { Fault } from '../model/fault.ts';
import { digest, type Digest, type Eui64, type KeyId, type RequestId } from '../model/ids.ts';
import { isEnd, type Report, type ReportEvent } from '../model/job.ts';
import type { Environment, Signer, UserSigned } from '../model/service-request.ts';
import type { Broker, Message } from '../ports/broker.ts';
import { seconds, type Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { Marks } from '../stores/marks.ts';
import { clearImage, imageDigest, publishImage } from './image-shelf.ts';
import { KeyLedger } from './key-ledger.ts';
import { Orders } from './orders.ts';
import { ReportInbox } from './report-inbox.ts';
import { decodeSubmission } from './submission.ts';

/** What the S1SP side is set up with. */
export interface S1spSetup {
  readonly environment: Environment;
  readonly broker: Broker;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** The key of the role `dcc-countersigner`. */
  readonly countersigner: SigningKey;
  /** The party whose key this is, by the signers register. */
  readonly signers: (kid: KeyId) => Signer | undefined;
  /** What the S1SP may judge. */
  readonly intake: (signed: UserSigned, situation: { readonly now: number }) => IntakeDecision;
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
  /** Where the keys of PPMIDs stand. */
  readonly keys: KeyLedger;
  readonly #listeners = new Set<ReportListener>();

  constructor(setup: S1spSetup) {
    this.#setup = setup;
    this.#marks = new Marks(setup.store);
    this.#inbox = new ReportInbox(setup.store, setup.log);
    this.#orders = new Orders(setup.store);
    this.keys = new KeyLedger(setup.store);
  }

  /** Subscribes to Users' requests and gateways' reports. */
  async start(): Promise<void> {
    const { broker } = this.#setup;
    broker.onMessage((message) => this.#dispatch(message));
    await broker.subscribe(INTAKE);
    await broker.subscribe(allGateways('report'));
  }

  /** Disconnects and closes the store. */
  async stop(): Promise<void> {
    await this.#setup.broker.close();
    await this.#setup.store.close();
  }

  /** Registers a listener; answers how to end it. */
  onReport(listener: ReportListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Judges a User's request and, if it may go on, countersigns and dispatches it with its image. */
  async submit(request: Uint8Array, image: Uint8Array): Promise<IntakeAnswer> {
    const { clock, store, intake, log } = this.#setup;
    const requestDigest = sha256(request);
    const opened = openUserSigned(request, this.#context());
    if (!opened.ok) return { requestDigest, requestId: undefined, ...refusedBy(opened.code, opened.detail, opened.requirements) };
    const { requestId, request: asked } = opened.value;
    const decision = intake(opened.value, { now: seconds(clock) });
    if (decision.verdict === 'refuse')
      return { requestDigest, requestId, ...refusedBy(decision.code, decision.detail, decision.requirements) };
    if (asked.kind === 'update-firmware' && image.length > 0) {
      const found = imageDigest(image);
      const same = found === asked.image.digest && image.length === asked.image.length;
      if (!same)
        return { requestDigest, requestId, ...refusedBy('image-not-ordered', `the image handed over has SHA-256 ${found}`, ['R-CPL-03']) };
      await store.commit([this.#orders.note(requestId, { image: found, length: image.length })]);
      await publishImage(this.#setup.broker, image);
    }
    // Marked after it is on its way: whoever is cut off in between submits again, and the gateway takes one of the two.
    await this.dispatch(asked.gateway, this.countersign(request));
    await store.commit([this.#marks.accept(asked.originator, asked.target, asked.counter)]);
    log.info('request-forwarded', { requestId, gateway: asked.gateway });
    return {
      requestDigest,
      requestId,
      verdict: 'forwarded',
      code: undefined,
      detail: 'countersigned and published',
      requirements: decision.requirements,
    };
  }

  /** Adds the countersignature. Throws Fault `input` for bytes that are no signed request. */
  countersign(request: Uint8Array): Uint8Array {
    const signed = countersign(request, this.#setup.countersigner);
    if (!signed.ok) throw new Fault('input', `cannot be countersigned: ${signed.code}: ${signed.detail}`);
    return signed.value;
  }

  /** Publishes a request to a gateway; resolves when the broker has it. */
  dispatch(gateway: Eui64, countersigned: Uint8Array): Promise<void> {
    return this.#setup.broker.publish(gatewayTopics(gateway).request, countersigned, { qos: 1 });
  }

  /** Publishes a signed statement to a gateway, retained. */
  publishStatement(gateway: Eui64, kind: string, statement: Uint8Array): Promise<void> {
    return this.#setup.broker.publish(gatewayTopics(gateway).register(kind), statement, { qos: 1, retain: true });
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
      ? await this.submit(submission.value.request, submission.value.image)
      : { requestDigest: sha256(payload), requestId: undefined, ...refusedBy(submission.code, submission.detail, []) };
    this.#setup.log.info('submission', { user, verdict: answer.verdict, code: answer.code });
    await this.#setup.broker.publish(intakeReplyTopic(user), new TextEncoder().encode(JSON.stringify(answer)), { qos: 1 });
  }

  async #onReport(gateway: Eui64, payload: Uint8Array): Promise<void> {
    const { log, signers, broker, store } = this.#setup;
    const opened = openReport(payload, signers);
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

  #context(): MessageContext {
    const { environment, clock, signers } = this.#setup;
    return { environment, now: seconds(clock), marks: this.#marks, signers, purpose: 'accept' };
  }
}

/** The request that an event brings to its end: refused at once, or its job ended. */
function endedBy(event: ReportEvent): RequestId | undefined {
  if (event.type === 'decision') return event.verdict === 'refuse' ? event.requestId : undefined;
  return event.type === 'stage' && isEnd(event.stage) ? event.requestId : undefined;
}

const sha256 = (bytes: Uint8Array): Digest => digest(createHash('sha256').update(bytes).digest());

const refusedBy = (code: string, detail: string, requirements: readonly string[]) => ({
  verdict: 'refused' as const,
  code,
  detail,
  requirements,
});
