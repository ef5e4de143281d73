/**
 * Replaying recorded decisions: the rules are asked again on the recorded facts and must answer the same, also after the registers moved on. Where the store
 * still has the statements that a decision rested on, the facts are cut from them once more and must be the very facts of the record.
 */
import { createHash } from 'node:crypto';
import { readStatement } from '../messages/statement.ts';
import type { Facts, Situation } from '../model/decision.ts';
import { digest, type Digest } from '../model/ids.ts';
import { plain } from '../model/plain.ts';
import type { RegisterReference, Statement } from '../model/register.ts';
import { ask, type Question } from '../policy/questions.ts';
import { factsFor, signersFacts } from '../policy/slice.ts';
import type { AuditEntry } from '../stores/audit-record.ts';
import { encode } from '../stores/canonical-json.ts';
import type { Registers } from '../stores/registers.ts';
import { factsOfJson } from './facts-shape.ts';

/** How one record came out. `no-facts`: the message was refused before any rule was asked. */
export interface Replayed {
  readonly index: number;
  readonly id: string;
  readonly outcome: 'same' | 'no-facts' | 'other-answer' | 'other-facts' | 'unreadable';
  readonly detail: string;
}

/** Records that hold a decision. */
export const isDecision = ({ type }: AuditEntry): boolean => ['decision', 'authority', 'intake'].includes(type);

/** Replays one record. `registers` is the history of the store that the record stands in. */
export function replay({ index, id, body }: AuditEntry, registers: Registers | undefined): Replayed {
  const told = (outcome: Replayed['outcome'], detail: string): Replayed => ({ index, id, outcome, detail });
  const question = body['question'];
  if (typeof question !== 'string' || body['facts'] === undefined) return told('no-facts', String(body['code'] ?? ''));
  const facts = factsOfJson(question as Question, body['facts']);
  if (!facts.ok) return told('unreadable', `${facts.code}: ${facts.detail}`);
  const answer = ask(question as Question, facts.value);
  const again = plain({ ...answer, verdict: answer.verdict });
  for (const name of ['verdict', 'code', 'detail', 'rule', 'response', 'requirements', 'documents'] as const) {
    const [then, now] = [text(name === 'verdict' && body[name] === 'forward' ? 'allow' : body[name]), text(again[name])];
    if (then !== now) return told('other-answer', `${name} was ${then} and is ${now}`);
  }
  const changed = registers && changedFacts(facts.value as unknown as Facts, body['registers'] as readonly RegisterReference[], registers);
  return changed === undefined ? told('same', answer.verdict) : told('other-facts', changed);
}

/** What is not as the statements of then have it; undefined when all is, or when they are not kept here. */
function changedFacts(facts: Facts, references: readonly RegisterReference[], registers: Registers): string | undefined {
  const found = new Map<string, Statement>();
  for (const { kind, version, digest: sha256 } of references) {
    const stored = [...registers.history(kind, facts.gateway), ...registers.history(kind)].find(
      (each) => each.version === version && sha256Of(each.bytes) === sha256,
    );
    if (stored === undefined) return `${kind} version ${version} with SHA-256 ${sha256} is not in the registers`;
    const read = readStatement(stored.bytes);
    if (read.ok) found.set(kind, read.value);
  }
  const { request, requestId, user, signatures, ...situation } = facts;
  const [signers, steps] = [found.get('signers'), found.get('equivalent-steps')];
  const whole = {
    ...situation,
    ...Object.fromEntries([...found].filter(([kind]) => kind in situation)),
    ...(signers?.kind === 'signers' && { signers: signersFacts(signers) }),
    ...(steps?.kind === 'equivalent-steps' && 'steps' in situation && { steps }),
  } as Situation;
  const again = {
    ...factsFor(
      whole,
      request,
      signatures.map(({ kid }) => kid),
    ),
    request,
    requestId,
    user,
    signatures,
  };
  const differs = Object.keys(facts).find((name) => text(plain(again)[name]) !== text(plain(facts)[name]));
  return differs === undefined ? undefined : `${differs} is not what the registers of then say`;
}

const sha256Of = (bytes: Uint8Array): Digest => digest(createHash('sha256').update(bytes).digest());
const text = (value: unknown): string => (value === undefined ? 'nothing' : new TextDecoder().decode(encode(value)));
