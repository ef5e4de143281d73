/**
 * The instants at which the answer to a question may change: those that its rules say they compare the time with. What a rule names in `dated` is
 * read from the facts, member by member; what follows from several facts, or stands in the rule itself, it gives as `instants`. Between two
 * of them the answer to the same facts stays the same, and none is listed that no rule of the question looks at.
 */
import type { Boundary } from '../model/decision.ts';
import type { Place, RuleSet } from './rule-set.ts';

/** Members that hold an instant in whole seconds, wherever in a register they stand. */
const TIMES = new Set(['from', 'to', 'validFrom', 'validTo', 'revoked', 'effectiveFrom', 'enabledFrom', 'live', 'ppmidFirmware', 'at']);

/** Lists that may be long and in which nothing is dated, and those of a documents register that only a rule which names them looks at. */
const PASSED_OVER = new Set(['products', 'combinations', 'devices', 'calendar', 'provisions', 'uplifts']);

/** Every boundary of a question's facts, earliest first; one a path. */
export function boundariesOf<F extends object>({ rules, places }: RuleSet<F>, facts: F): readonly Boundary[] {
  const found: Found[] = [];
  for (const place of places) gather(facts as Members, place, found);
  for (const { instants } of rules) if (instants !== undefined) found.push(...instants(facts));
  return found.sort((a, b) => a.at - b.at);
}

type Members = Readonly<Record<string, unknown>>;
type Found = { what: string; readonly at: number };

/** Appends what is found at and below a place. */
function gather(facts: Members, { above, last, prefix: path }: Place, found: Found[]): void {
  let node: unknown = facts;
  for (const name of above) node = isNode(node) ? node[name] : undefined;
  if (!isNode(node)) return;
  const before = found.length;
  const value = node[last];
  if (typeof value === 'number') found.push({ what: last, at: value });
  else collectFrom(last, value, found);
  if (path !== '') prefix(found, before, path);
}

/** Appends what is found below a node, by its path from there. A path is written from its end: most members lead to no instant. */
function collect(node: Members, found: Found[]): void {
  for (const name of Object.keys(node)) {
    const value = node[name];
    if (typeof value === 'number') {
      if (TIMES.has(name)) found.push({ what: name, at: value });
    } else if (typeof value === 'object' && value !== null && !PASSED_OVER.has(name)) collectFrom(name, value, found);
  }
}

function collectFrom(name: string, value: unknown, found: Found[]): void {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) below(value[i], found, `${name}[${i}].`);
  } else below(value, found, `${name}.`);
}

function below(value: unknown, found: Found[], path: string): void {
  if (!isNode(value)) return;
  const before = found.length;
  collect(value, found);
  prefix(found, before, path);
}

function prefix(found: readonly Found[], first: number, path: string): void {
  for (let i = first; i < found.length; i++) {
    const each = found[i] as Found;
    each.what = path + each.what;
  }
}

const isNode = (value: unknown): value is Members => typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
