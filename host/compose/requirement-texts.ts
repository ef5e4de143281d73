/**
 * What requirement ids mean, where they come from and how binding that is (seeds/requirements.json, seeds/sources.json): shown wherever a rule is shown. Only
 * what stands under "Direction" in two letters is a direction, and it names documents that are not held here.
 */
import requirements from '../../seeds/requirements.json' with { type: 'json' };
import sources from '../../seeds/sources.json' with { type: 'json' };

/** A requirement as it is shown. */
export interface RequirementText {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly paragraph: string;
  /** How binding it is, in words. */
  readonly standing: string;
  readonly note: string | undefined;
}

/** What goes with every explanation [R-DOC-11]. */
export const CAVEAT =
  'This explains; it decides nothing. The legal drafting prevails, in the Smart Energy Code and the documents named, whose texts are not held here.';

const STANDINGS: Readonly<Record<string, string>> = sources.standings;

/** A standing in words. */
export const requirementStanding = (standing: string): string => STANDINGS[standing] ?? standing;

/** A requirement by its id; undefined for an id that is none. */
export function requirementText(id: string): RequirementText | undefined {
  const found = requirements.requirements.find((each) => each.id === id);
  if (found === undefined) return undefined;
  const { text, source, paragraph, standing } = found;
  return { id, text, source, paragraph, standing: requirementStanding(standing), note: 'note' in found ? found.note : undefined };
}

/** How binding the requirements of a rule are, each standing once, the most binding first. */
export function standingsOf(ids: readonly string[]): string {
  const held = new Set(ids.map((id) => requirements.requirements.find((each) => each.id === id)?.standing));
  const named = Object.keys(STANDINGS).filter((standing) => held.has(standing));
  return named.length === 0 ? 'no requirement' : named.map(requirementStanding).join('; ');
}

/** Ids on one line, with how binding they are. */
export const restsOn = (ids: readonly string[]): string => `${ids.join(', ')} (${standingsOf(ids)})`;

/** One line of a requirement. */
export const requirementLine = (id: string): string => {
  const found = requirementText(id);
  return found === undefined ? id : `${id}  ${found.text} (${found.source} ${found.paragraph}; ${found.standing})`;
};
