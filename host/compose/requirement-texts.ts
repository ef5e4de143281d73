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
  // A direction may date a text without saying what it carries: then each has its own standing.
  const content =
    'content' in found && found.content !== undefined ? ` as to the day; what it brings: ${requirementStanding(found.content)}` : '';
  const note = 'note' in found ? found.note : undefined;
  return { id, text, source, paragraph, standing: `${requirementStanding(standing)}${content}`, note };
}

/** Ids on one line, each with how binding it is: those of one standing together, the standing in parentheses behind them. */
export function restsOn(ids: readonly string[]): string {
  const byStanding = new Map<string, string[]>();
  for (const id of ids) {
    const standing = requirementText(id)?.standing ?? 'no requirement of the sources';
    byStanding.set(standing, [...(byStanding.get(standing) ?? []), id]);
  }
  return [...byStanding].map(([standing, of]) => `${of.join(', ')} (${standing})`).join('; ');
}

/** One line of a requirement, with what has to be said about its standing. */
export const requirementLine = (id: string): string => {
  const found = requirementText(id);
  if (found === undefined) return id;
  const { text, source, paragraph, standing, note } = found;
  return `${id}  ${text} (${source} ${paragraph}; ${standing})${note === undefined ? '' : ` ${note}`}`;
};
