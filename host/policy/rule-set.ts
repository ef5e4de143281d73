/** Rules that are asked together, in their order, with what an answer of theirs always says: put together once, since decisions are many. */
import type { Rule } from '../model/decision.ts';

/** A path that rules name in `dated`: the members above, the last one, and how it is written down to there. */
export interface Place {
  readonly above: readonly string[];
  readonly last: string;
  readonly prefix: string;
}

/** Rules and what follows from them alone. */
export interface RuleSet<F> {
  readonly rules: readonly Rule<F>[];
  readonly names: readonly string[];
  /** What an allowance rests on: the requirements of all rules, each once. */
  readonly requirements: readonly string[];
  /** Where the facts hold instants that these rules compare the time with, each once. */
  readonly places: readonly Place[];
}

/** Puts a set together. The order of the rules is the order in which they are asked. */
export const ruleSet = <F>(rules: readonly Rule<F>[]): RuleSet<F> =>
  Object.freeze({
    rules,
    names: Object.freeze(rules.map(({ name }) => name)),
    requirements: Object.freeze([...new Set(rules.flatMap(({ requirements }) => requirements))]),
    places: Object.freeze([...new Set(rules.flatMap(({ dated }) => dated ?? []))].map(placeOf)),
  });

function placeOf(path: string): Place {
  const above = path.split('.');
  const last = above.pop() ?? '';
  return { above, last, prefix: above.map((name) => `${name}.`).join('') };
}
