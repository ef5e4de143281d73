/** Asking rules: the first objection is the answer, and every answer says what it rests on. */
import type { Answer, Basis, Objection, Rule } from '../model/decision.ts';
import type { DocumentsStatement } from '../model/regulation.ts';
import { boundariesOf } from './boundaries.ts';
import { responseTo, SUCCESS } from './response-table.ts';
import { textId, textsInForce } from './texts.ts';

/** What facts of every question have in common. */
interface Dated {
  readonly now: number;
  readonly accepted?: number | undefined;
  readonly documents?: DocumentsStatement | undefined;
}

/** One rule's say in full. */
export interface Say {
  readonly rule: string;
  readonly requirements: readonly string[];
  readonly family: string | undefined;
  readonly inference?: string | undefined;
  readonly objection: Objection | undefined;
}

/** The answer of rules to facts, a refusal with the family of documents that its rule comes from [R-SVC-03]. Pure: the same facts give the same answer for ever. */
export function answer<F extends Dated>(rules: readonly Rule<F>[], facts: F): Answer {
  for (const { name, family, check } of rules) {
    const objection = check(facts);
    if (objection !== undefined) {
      return Object.freeze({ verdict: 'refuse', rule: name, family, ...objection, ...basisOf(rules, facts, responseTo(objection.code)) });
    }
  }
  return Object.freeze({ verdict: 'allow', ...passedBy(rules as readonly Rule<never>[]), ...basisOf(rules, facts, SUCCESS) });
}

type Passed = Pick<Extract<Answer, { verdict: 'allow' }>, 'rules' | 'requirements'>;

/** Names and requirements of rules that were asked before: decisions are many, sets of rules are few. */
const passed = new WeakMap<readonly Rule<never>[], Passed>();

function passedBy(rules: readonly Rule<never>[]): Passed {
  const before = passed.get(rules);
  if (before !== undefined) return before;
  const requirements = Object.freeze([...new Set(rules.flatMap((rule) => rule.requirements))]);
  const all = Object.freeze({ rules: Object.freeze(rules.map(({ name }) => name)), requirements });
  passed.set(rules, all);
  return all;
}

/** What each rule says for itself, also those that are not reached when an earlier one objects. */
export const weigh = <F>(rules: readonly Rule<F>[], facts: F): readonly Say[] =>
  rules.map(({ name, requirements, family, inference, check }) => ({
    rule: name,
    requirements,
    family,
    inference,
    objection: check(facts),
  }));

/** What an answer to facts says besides verdict and requirements. */
function basisOf<F extends Dated>(rules: readonly Rule<F>[], facts: F, response: string): Omit<Basis, 'requirements'> {
  const { documents, now, accepted = now } = facts;
  const texts = documents === undefined ? [] : textsInForce(documents, accepted).map(textId);
  return { response, documents: texts, boundaries: boundariesOf(rules, facts) };
}
