/** From requirements to what decides them to what proves it; whatever has no place, or two, is a fault. */
import type { Dispositions, Ground } from './ground.ts';

export type Class = 'rule' | 'data' | 'notSoftware' | 'later';

/** What became of every requirement. */
export interface Trace {
  readonly classes: ReadonlyMap<string, Class>;
  /** Ids that something names and that are none. */
  readonly unknown: readonly string[];
  /** What keeps requirements from being proved, one line each; several may be about one. */
  readonly unproved: readonly { readonly id: string; readonly why: string }[];
}

/** Traces requirements; `proofs` counts the tests that passed and name an id. */
export function trace(ground: Ground, proofs: ReadonlyMap<string, number>): Trace {
  const { requirements, dispositions, sources, decided, rules, named, dated } = ground;
  const known = new Set(requirements.map(({ id }) => id));
  const listed = listedIn(dispositions);
  const unknown = [...new Set([...named.keys(), ...listed.map(({ id }) => id)])].filter((id) => !known.has(id)).toSorted();
  const unproved: { id: string; why: string }[] = [];
  const classes = new Map<string, Class>();
  for (const { id } of requirements) {
    const places = listed.filter((each) => each.id === id);
    const [place = { as: 'rule' as const, reason: 'a rule' }] = places;
    classes.set(id, place.as);
    const fault = (why: string): void => void unproved.push({ id, why });
    if (places.length > 1) fault('stands more than once in seeds/dispositions.json');
    if (place.reason.trim().length < 10 && place.as !== 'rule') fault('has no reason');
    if (place.as === 'notSoftware') {
      if (sources.has(id)) fault(`is called not software, but ${sources.get(id)?.[0]} names it`);
      continue;
    }
    if (place.as === 'rule' && !rules.has(id) && !decided.has(id)) fault('is decided by no rule, and by nothing of the product that runs');
    if (place.as === 'later' && !sources.has(id)) fault('is named by no source of the product');
    if ((proofs.get(id) ?? 0) === 0) fault('is named by no test that passed');
  }
  for (const { ids, register, entries } of dispositions.data) {
    const has = dated(register);
    const missing = entries.filter((entry) => !has.has(entry));
    if (missing.length > 0 || entries.length === 0)
      for (const id of ids) unproved.push({ id, why: `seeds/registers/${register}.json has no dated entry ${missing.join('; ')}` });
  }
  return { classes, unknown, unproved };
}

/** The one line that a trace comes down to. */
export function summary({ classes, unknown, unproved }: Trace): string {
  const count = (as: Class): number => [...classes.values()].filter((each) => each === as).length;
  const counts = `${count('rule')} rules + ${count('data')} data + ${count('notSoftware')} not software + ${count('later')} later`;
  return `requirements ${classes.size} = ${counts}; unknown ${unknown.length}, unproved ${new Set(unproved.map(({ id }) => id)).size}`;
}

/** Every id of the reviewed list, with its place. */
export const listedIn = ({
  data,
  notSoftware,
  later,
}: Dispositions): readonly { readonly id: string; readonly as: Class; readonly reason: string }[] => [
  ...data.flatMap(({ ids, reason }) => ids.map((id) => ({ id, as: 'data' as const, reason }))),
  ...notSoftware.flatMap(({ ids, reason }) => ids.map((id) => ({ id, as: 'notSoftware' as const, reason }))),
  ...later.flatMap(({ ids, reason }) => ids.map((id) => ({ id, as: 'later' as const, reason }))),
];
