/**
 * Replaying recorded decisions: the rules are asked again on the recorded facts and must answer the same, also after the registers moved on. The statements
 * that a decision rested on are looked up in the store, the facts are cut from them once more and must be the very facts of the record. Of a message that
 * a check refused, the checks are asked again on what its record kept; those that rest on bytes cannot be, and are named.
 */
import { createHash } from 'node:crypto';
import { JSON_NOTATION } from '../messages/json-notation.ts';
import { MESSAGE_FACTS, messageLines } from '../messages/message-facts.ts';
import { recheck } from '../messages/open.ts';
import { readStatement } from '../messages/statement.ts';
import type { Facts, Situation } from '../model/decision.ts';
import { digest, type Digest, type Eui64 } from '../model/ids.ts';
import type { MessageFacts } from '../model/message-facts.ts';
import { plain } from '../model/plain.ts';
import type { RegisterReference, Statement, StatementKind } from '../model/register.ts';
import { withheld } from '../model/withheld.ts';
import type { Traffic } from '../policy/anomaly.ts';
import { factsText } from '../policy/facts-text.ts';
import { ask, type Question } from '../policy/questions.ts';
import { factsFor, signersFacts } from '../policy/slice.ts';
import { textId, textsInForce } from '../policy/texts.ts';
import { trafficFacts } from '../policy/traffic-facts.ts';
import type { AuditEntry } from '../stores/audit-record.ts';
import { encode } from '../stores/canonical-json.ts';
import { IMAGE, MESSAGE } from '../stores/decision-record.ts';
import type { Registers } from '../stores/registers.ts';
import { factsOfJson } from './facts-shape.ts';

/** How one record came out. */
export interface Replayed {
  readonly index: number;
  readonly id: string;
  /**
   * `same`: the same answer. `needs-bytes`: it rests on a signature, a form or an image, of which a record keeps the digest alone. `other-answer`,
   * `other-facts`, `unreadable`: something is wrong.
   */
  readonly outcome: 'same' | 'needs-bytes' | 'other-answer' | 'other-facts' | 'unreadable';
  readonly detail: string;
}

/** Records that hold a decision. */
export const isDecision = ({ type }: Pick<AuditEntry, 'type'>): boolean =>
  ['decision', 'authority', 'intake', 'intake-refused', 'blocked', 'held', 'deleted'].includes(type);

/** Members of an answer that must be the same. */
const ANSWER = ['verdict', 'code', 'detail', 'rule', 'response', 'requirements', 'documents'] as const;
/** Questions whose facts hold no documents: the texts in force beside them are held against the registers. */
const WITHOUT_TEXTS: readonly unknown[] = ['traffic', 'access'] satisfies readonly Question[];

/** Replays one record. `registers` is the history of the store that the record stands in. */
export function replay({ index, id, body }: AuditEntry, registers: Registers | undefined): Replayed {
  const told = (outcome: Replayed['outcome'], detail: string): Replayed => ({ index, id, outcome, detail });
  const { question, facts: kept } = body;
  if (question === MESSAGE) return told(...recheckedMessage(body, registers));
  if (question === IMAGE) return told(...orderOfImage(body, registers));
  if (typeof question !== 'string' || kept === undefined) return told('needs-bytes', String(body['code'] ?? ''));
  const facts = factsOfJson(question as Question, kept);
  if (!facts.ok) return told('unreadable', `${facts.code}: ${facts.detail}`);
  const answer = ask(question as Question, facts.value);
  const again = withheld(plain({ ...answer, verdict: answer.verdict }));
  const asked = ANSWER.filter((name) => name !== 'documents' || !WITHOUT_TEXTS.includes(question));
  const differs = asked.find((name) => text(name === 'verdict' && body[name] === 'forward' ? 'allow' : body[name]) !== text(again[name]));
  if (differs !== undefined) return told('other-answer', `${differs} was ${text(body[differs])} and is ${text(again[differs])}`);
  const changed = registers && changedFacts(question as Question, facts.value, body, registers);
  return changed === undefined ? told('same', answer.verdict) : told('other-facts', changed);
}

/** What the record of a refused message, or of an image that was not ordered, kept of it, as lines; none of another record. */
export function messageFactLines(body: AuditEntry['body']): readonly string[] {
  if (body['question'] === IMAGE) {
    const order = factsOfJson('intake', body['facts']);
    return order.ok ? factsText(order.value) : [`facts: ${order.detail}`];
  }
  if (body['question'] !== MESSAGE) return [];
  const facts = MESSAGE_FACTS.read(body['facts'], '', JSON_NOTATION);
  return facts.ok ? messageLines(facts.value) : [`facts: ${facts.detail}`];
}

/** The order that an image was held against must be cut from the registers of then; of the image nothing but its digest is kept. */
function orderOfImage(body: AuditEntry['body'], registers: Registers | undefined): [Replayed['outcome'], string] {
  const facts = factsOfJson('intake', body['facts']);
  if (!facts.ok) return ['unreadable', `${facts.code}: ${facts.detail}`];
  const changed = registers && changedFacts('intake', facts.value, body, registers);
  return changed === undefined ? ['needs-bytes', String(body['code'])] : ['other-facts', changed];
}

/** Asks the checks of a message once more, where its record keeps what they look at. */
function recheckedMessage(body: AuditEntry['body'], registers: Registers | undefined): [Replayed['outcome'], string] {
  const facts = MESSAGE_FACTS.read(body['facts'], '', JSON_NOTATION);
  if (!facts.ok) return ['unreadable', `${facts.code}: ${facts.detail}`];
  const changed = registers && changedMessage(facts.value, body, registers);
  if (changed !== undefined) return ['other-facts', changed];
  const refusal = recheck(facts.value);
  if (refusal === 'needs-bytes') return ['needs-bytes', String(body['code'])];
  const again =
    refusal &&
    withheld({ verdict: 'refuse', code: refusal.code, detail: refusal.detail, rule: refusal.check, requirements: refusal.requirements });
  if (again === undefined) return ['other-answer', 'no check refuses it'];
  const differs = (['verdict', 'code', 'detail', 'rule', 'requirements'] as const).find((name) => text(body[name]) !== text(again[name]));
  return differs === undefined
    ? ['same', 'refuse']
    : ['other-answer', `${differs} was ${text(body[differs])} and is ${text(again[differs])}`];
}

/**
 * What is not as the statements of then have it; undefined when all is. Every register among the facts must have a reference, and every reference its
 * statement, of that version and digest, and readable: a record that names fewer registers than it has facts from is not believed.
 */
function changedFacts(
  question: Question,
  asked: { readonly now: number },
  body: AuditEntry['body'],
  registers: Registers,
): string | undefined {
  const facts = asked as unknown as Readonly<Record<string, unknown>>;
  const found = statementsOf(body['registers'], facts['gateway'] as Eui64 | undefined, registers);
  if (typeof found === 'string') return found;
  const [, bare] = REGISTERS.find(([fact, kind]) => facts[fact] !== undefined && !found.has(kind)) ?? [];
  if (bare !== undefined) return `the record names no statement that its ${bare} came from`;
  const again = plain(
    isOrder(question)
      ? cutAgain(asked as unknown as Facts, found)
      : question === 'traffic'
        ? trafficAgain(asked as unknown as Traffic, found)
        : asked,
  );
  const differs = Object.keys({ ...facts, ...again }).find((name) => text(withheld(again[name])) !== text(withheld(plain(facts)[name])));
  if (differs !== undefined) return `${differs} is not what the registers of then say`;
  return WITHOUT_TEXTS.includes(question) ? changedTexts(found, asked.now, body) : undefined;
}

/** The statements that a record refers to, by kind; or what is wrong with one. */
function statementsOf(references: unknown, gateway: Eui64 | undefined, registers: Registers): ReadonlyMap<string, Statement> | string {
  if (!Array.isArray(references)) return 'the record names no registers';
  const found = new Map<string, Statement>();
  for (const { kind, version, digest: sha256 } of references as readonly RegisterReference[]) {
    const stored = [...registers.history(kind, gateway), ...registers.history(kind)].find(
      (each) => each.version === version && sha256Of(each.bytes) === sha256,
    );
    if (stored === undefined) return `${kind} version ${version} with SHA-256 ${sha256} is not in the registers`;
    const read = readStatement(stored.bytes);
    if (!read.ok) return `${kind} version ${version} cannot be read: ${read.detail}`;
    found.set(kind, read.value);
  }
  return found;
}

/** What of a refused message's record is not as the statements of then have it: whose keys its signatures name, and the texts in force. */
function changedMessage(facts: MessageFacts, body: AuditEntry['body'], registers: Registers): string | undefined {
  const found = statementsOf(body['registers'], facts.gateway ?? facts.unverified?.request.gateway, registers);
  if (typeof found === 'string') return found;
  const signers = found.get('signers');
  const keys = signers?.kind === 'signers' ? signers.signers : [];
  for (const { kid, role, party } of facts.unverified?.signatures ?? []) {
    const key = keys.find((each) => each.kid === kid);
    if (key?.role !== role || key?.party !== party) return `the key ${kid} is not what the registers of then say`;
  }
  return changedTexts(found, facts.now, body);
}

/** The texts in force beside a record's facts, where they are not as the documents of then have them. */
function changedTexts(found: ReadonlyMap<string, Statement>, now: number, body: AuditEntry['body']): string | undefined {
  const documents = found.get('documents');
  const texts = documents?.kind === 'documents' ? textsInForce(documents, now).map(textId) : [];
  return text(texts) === text(body['documents']) ? undefined : 'documents is not what the registers of then say';
}

/** Facts that come from registers, and the kind of statement that each comes from. */
const REGISTERS: readonly (readonly [fact: string, kind: StatementKind])[] = [
  ...(
    ['signers', 'users', 'suppliers', 'products', 'combinations', 'inventory', 'documents', 'cohorts', 'services', 'thresholds'] as const
  ).map((kind) => [kind, kind] as const),
  ['steps', 'equivalent-steps'],
];

const isOrder = (question: Question): boolean => ['upgrade', 'cancel', 'intake', 'intake-cancel'].includes(question);

/** The facts of an order, cut from the statements of then. */
function cutAgain(facts: Facts, found: ReadonlyMap<string, Statement>): Facts {
  const { request, requestId, user, signatures, ...situation } = facts;
  const [signers, steps] = [found.get('signers'), found.get('equivalent-steps')];
  const whole = {
    ...situation,
    ...Object.fromEntries([...found].filter(([kind]) => kind in situation)),
    ...(signers?.kind === 'signers' && { signers: signersFacts(signers) }),
    ...(steps?.kind === 'equivalent-steps' && 'steps' in situation && { steps }),
  } as Situation;
  const kids = signatures.map(({ kid }) => kid);
  return { ...factsFor(whole, request, kids), request, requestId, user, signatures };
}

/** Counted traffic, with the thresholds of then. */
function trafficAgain(facts: Traffic, found: ReadonlyMap<string, Statement>): Traffic {
  const thresholds = found.get('thresholds');
  return trafficFacts({ ...facts, thresholds: thresholds?.kind === 'thresholds' ? thresholds : undefined });
}

const sha256Of = (bytes: Uint8Array): Digest => digest(createHash('sha256').update(bytes).digest());
const text = (value: unknown): string => (value === undefined ? 'nothing' : new TextDecoder().decode(encode(value)));
