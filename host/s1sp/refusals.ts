/**
 * What the S1SP's side turns away before or beside its rules, each on record in full before the answer goes out [R-AUD-01]: a message that a check
 * refused, a block of its source, a message over a threshold, an image that was not ordered.
 *
 * A flood fills no disk: failed attempts are counted, and what comes by a source while it is blocked leaves no record of its own; the block has one, of
 * the moment at which it began.
 */
import { messageFacts } from '../messages/message-facts.ts';
import type { MessageContext, RequestRefusal } from '../messages/message-check.ts';
import type { Answer, Facts, Forward, Objection } from '../model/decision.ts';
import type { Refusal } from '../model/fault.ts';
import type { Digest, Eui64 } from '../model/ids.ts';
import type { RegisterReference, StatementKind } from '../model/register.ts';
import type { TextId } from '../model/regulation.ts';
import type { UserSigned } from '../model/service-request.ts';
import { accessRule } from '../policy/access.ts';
import { ask, type Asked } from '../policy/questions.ts';
import { textId, textsInForce } from '../policy/texts.ts';
import { attemptFacts } from '../policy/traffic-facts.ts';
import type { Log } from '../ports/log.ts';
import type { Write } from '../ports/store.ts';
import type { Audit } from '../stores/audit.ts';
import { answerBody, decisionBody, IMAGE, refusedBefore } from '../stores/decision-record.ts';
import type { S1spRegisters } from './registers.ts';
import { memoryOf, type Traffic } from './traffic.ts';

/** What the record of refusals works with. */
export interface RefusalsParts {
  readonly audit: Audit;
  readonly log: Log;
  readonly registers: S1spRegisters;
  readonly traffic: Traffic;
}

/** A message that came: its digest, whose intake it came by (none at the S1SP's own desk), and when. */
export interface Arrival {
  readonly requestDigest: Digest;
  readonly from: Eui64 | undefined;
  /** The second by the clock, and the latest on record. */
  readonly times: Pick<Facts, 'now' | 'latest'>;
}

/** An answer that refuses. */
export type Refusing = Extract<Answer, { readonly verdict: 'refuse' }>;

/** Refusals on record. */
export class Refusals {
  readonly #parts: RefusalsParts;

  constructor(parts: RefusalsParts) {
    this.#parts = parts;
  }

  /** Why a source is not listened to now; without a record, the block has its own since it began. */
  blocked({ from, times }: Arrival): Objection | undefined {
    return from && accessRule.check({ now: latestOf(times), failures: this.#failures(from) });
  }

  /** A message that a check refused. It counts as a failure of its source, and begins a block of it where it is one too many. */
  async message(arrival: Arrival, refusal: RequestRefusal): Promise<void> {
    const { audit } = this.#parts;
    const { requestDigest, from, times } = arrival;
    const refused = refusedBefore(refusal, refusal.check, this.#texts(refusal.facts.now), refusal.facts);
    const body = { requestDigest, ...(from && { user: from }), ...decisionBody(refused, this.#references('signers', 'documents')) };
    if (from === undefined) return void (await audit.append('intake-refused', body));
    const begun: Asked['access'][] = [];
    await audit.append('intake-refused', body, () => {
      const [now, before] = [latestOf(times), this.#failures(from)];
      const facts = attemptFacts({ now, latest: times.latest, failures: [...before, now] });
      if (accessRule.check({ now, failures: before }) === undefined && accessRule.check(facts) !== undefined) begun.push(facts);
      return [this.#parts.traffic.note('failure', from, 'intake', now, memoryOf(this.#parts.registers.list('thresholds')))];
    });
    for (const facts of begun) await this.#blockBegins(from, facts);
  }

  /** A submission in which no request could be found: refused and counted as a message of no form. */
  async submission(arrival: Arrival, length: number, { code, detail }: Refusal, context: MessageContext): Promise<Objection> {
    const objection = { code, detail, requirements: ['R-SVC-02'] };
    const facts = messageFacts('user', length, undefined, context);
    await this.message(arrival, { ok: false, check: 'submission', ...objection, facts });
    return objection;
  }

  /** A message over a threshold, with the counted traffic that it is over: `deleted`, or `held` with what is written then. */
  async breach(
    { user }: UserSigned,
    requestDigest: Digest,
    facts: Asked['traffic'],
    answer: Refusing,
    also: (isHeld: boolean) => readonly Write[],
  ): Promise<void> {
    const { audit, log } = this.#parts;
    const isHeld = answer.code === 'over-threshold-quarantine';
    const references = this.#references('thresholds', 'documents');
    const body = answerBody('traffic', answer, facts, this.#texts(facts.now), references);
    await audit.append(isHeld ? 'held' : 'deleted', { requestDigest, user: user.party, ...body }, () => also(isHeld));
    log.warn('anomalous-event', { requestDigest, code: answer.code, user: user.party });
  }

  /** An image that the request, for which the rules spoke, does not order; the request counts all the same. */
  async image(
    { requestId, request }: UserSigned,
    requestDigest: Digest,
    { facts, documents }: Forward,
    found: Digest,
    counted: () => readonly Write[],
  ): Promise<Objection> {
    const objection = { code: 'image-not-ordered', detail: `the image handed over has SHA-256 ${found}`, requirements: ['R-CPL-03'] };
    const refused = { ...refusedBefore(objection, 'image', documents), facts };
    const body = decisionBody(refused, this.#parts.registers.references(request.gateway));
    await this.#parts.audit.append('intake-refused', { requestDigest, requestId, ...body, question: IMAGE }, counted);
    return objection;
  }

  async #blockBegins(from: Eui64, facts: Asked['access']): Promise<void> {
    const answer = ask('access', facts);
    if (answer.verdict !== 'refuse') return;
    const body = answerBody('access', answer, facts, this.#texts(facts.now), this.#references('documents'));
    await this.#parts.audit.append('blocked', { user: from, ...body });
    this.#parts.log.warn('source-blocked', { from });
  }

  #failures(from: Eui64): readonly number[] {
    return this.#parts.traffic.before('failure', from, 'intake');
  }

  #texts(now: number): readonly TextId[] {
    const documents = this.#parts.registers.list('documents');
    return documents === undefined ? [] : textsInForce(documents, now).map(textId);
  }

  #references(...kinds: readonly StatementKind[]): readonly RegisterReference[] {
    return this.#parts.registers.references().filter(({ kind }) => kinds.includes(kind));
  }
}

/** Attempts are counted at the later of both: a clock that was set back opens no door. */
const latestOf = ({ now, latest }: Arrival['times']): number => Math.max(now, latest);
