/** Gate 3: what a gateway runs cannot sign: no path of imports leads there. */
import { edges } from './ranks.ts';
import type { Tree } from './source.ts';

/** What signs and issues, and what serves nothing else. */
const SIGNING = ['crypto/ecdsa-sign', 'crypto/ecqv-issue', 'crypto/nonce', 'crypto/hmac-sha256', 'entry/sign'].map(
  (name) => `assembly/${name}.ts`,
);

/** Files that sign and are reached from an entry. */
export function signingReached(tree: Tree, entry: string): string[] {
  const reached = reachedFrom(tree, entry);
  return SIGNING.filter((path) => reached.has(path));
}

/** Every file that imports lead to from an entry, the entry among them. */
export function reachedFrom(tree: Tree, entry: string): ReadonlySet<string> {
  const all = edges(tree);
  const reached = new Set([entry]);
  for (const path of reached) for (const { from, to } of all) if (from === path) reached.add(to);
  return reached;
}
