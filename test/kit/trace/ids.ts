/** Requirement ids in texts, and values by name. */

const ID = /\bR-[A-Z][A-Z0-9]*-\d{2}\b/g;

/** The ids in a text, each once. */
export const idsIn = (text: string): readonly string[] => [...new Set(text.match(ID) ?? [])];

/** Values by name, in the order in which they first came. */
export function grouped<T>(pairs: readonly (readonly [string, T])[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const [id, value] of pairs) found.set(id, [...(found.get(id) ?? []), value]);
  return found;
}
