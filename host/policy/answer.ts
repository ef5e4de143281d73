/** Asking rules: the first objection is the answer, and every answer says what it rests on. */
import type { Answer, Basis, Objection } from '../model/decision.ts';
import type { DocumentsStatement } from '../model/regulation.ts';
import { boundariesOf } from './boundaries.ts';
import { responseTo, SUCCESS } from './response-table.ts';
import type { RuleSet } from './rule-set.ts';
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
export function answer<F extends Dated>(set: RuleSet<F>, facts: F): Answer {
  for (const { name, family, check } of set.rules) {
    const objection = check(facts);
    if (objection !== undefined) {
      return Object.freeze({ verdict: 'refuse', rule: name, family, ...objection, ...basisOf(set, facts, responseTo(objection.code)) });
    }
  }
  return Object.freeze({ verdict: 'allow', rules: set.names, requirements: set.requirements, ...basisOf(set, facts, SUCCESS) });
}

/** What each rule says for itself, also those that are not reached when an earlier one objects. */
export const weigh = <F>({ rules }: RuleSet<F>, facts: F): readonly Say[] =>
  rules.map(({ name, requirements, family, inference, check }) => ({
    rule: name,
    requirements,
    family,
    inference,
    objection: check(facts),
  }));

/** What an answer to facts says besides verdict and requirements. */
function basisOf<F extends Dated>(set: RuleSet<F>, facts: F, response: string): Omit<Basis, 'requirements'> {
  const { documents, now, accepted = now } = facts;
  const texts = documents === undefined ? [] : textsInForce(documents, accepted).map(textId);
  return { response, documents: texts, boundaries: boundariesOf(set, facts) };
}
