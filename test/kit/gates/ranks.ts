/** Gates 1 and 10: imports go down the ranks or stay in the folder, and never in a circle (docs/architecture.md). */
import { posix } from 'node:path';
import ts from 'typescript';
import type { Tree } from './source.ts';

/** An import between two files of the product. */
interface Edge {
  readonly from: string;
  readonly to: string;
}

const HOST: Readonly<Record<string, number>> = {
  model: 0,
  ports: 1,
  capture: 1,
  clusters: 1,
  core: 2,
  messages: 2,
  policy: 2,
  stores: 2,
  adapters: 3,
  decode: 3,
  han: 3,
  bridge: 3,
  gateway: 4,
  s1sp: 4,
  lab: 4,
  compose: 5,
  cli: 6,
  web: 6,
};
const ASSEMBLY: Readonly<Record<string, number>> = { abi: 0, bytes: 1, wire: 2, crypto: 2, keys: 3, secure: 4, image: 4, entry: 5, '': 6 };
const FIRMWARE_RANK = 4;

/** Folders that may import only some of the lower ones. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  'host/model': [],
  'host/policy': ['host/model'],
  'host/adapters': ['host/ports', 'host/capture', 'host/model'],
  firmware: ['host/model', 'host/ports', 'host/capture', 'host/clusters', 'host/core'],
};
/** Who may import data of seeds/: whoever composes, and hands it on. */
const SEED_USERS = ['host/compose'];
/** Who may import firmware. */
const FIRMWARE_USERS = ['host/lab', 'host/compose', 'host/cli'];

/** Every import that the ranks forbid, and every file whose folder has no rank. */
export function rankViolations(tree: Tree): string[] {
  const stray = [...tree.keys()]
    .filter((path) => !path.startsWith('seeds/') && rankOf(folderOf(path)) === undefined)
    .map((path) => `${path}: its folder has no rank`);
  return [...stray, ...edges(tree).flatMap((edge) => refusal(edge) ?? [])];
}

/** Every circle of imports, as the list of its files. */
export function cycles(tree: Tree): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges(tree)) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    else if (!done.has(path)) for (const to of next.get(path) ?? []) walk(to, [...trail, path]);
    done.add(path);
  };
  for (const path of tree.keys()) walk(path, []);
  return found;
}

/** Imports, re-exports and dynamic imports of relative paths, resolved. */
export function edges(tree: Tree): Edge[] {
  const found: Edge[] = [];
  for (const [from, text] of tree) {
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      if (fileName.startsWith('.')) found.push({ from, to: posix.normalize(posix.join(posix.dirname(from), fileName)) });
    }
  }
  return found;
}

function refusal({ from, to }: Edge): string | undefined {
  const [source, target] = [folderOf(from), folderOf(to)];
  if (source === target) return undefined;
  const line = (why: string): string => `${from} imports ${to}: ${why}`;
  if (to.startsWith('seeds/'))
    return SEED_USERS.includes(source) && to.endsWith('.json') ? undefined : line('data of seeds/ is for compose');
  if (target === 'firmware') return FIRMWARE_USERS.includes(source) ? undefined : line('firmware is for lab, compose and cli alone');
  if (to.startsWith('assembly/') && !from.startsWith('assembly/')) {
    return source === 'host/core' && target === 'assembly/abi' ? undefined : line('only host/core imports assembly/, and of it abi/ alone');
  }
  if (from.startsWith('assembly/') && !to.startsWith('assembly/')) return line('assembly/ stands alone');
  const [high, low] = [rankOf(source), rankOf(target)];
  if (high === undefined || low === undefined) return line('a folder without rank');
  if (low >= high) return line(low === high ? 'sideways' : 'upwards');
  const only = ONLY[source];
  return only === undefined || only.includes(target) ? undefined : line(`${source} may import ${only.join(', ') || 'nothing'} alone`);
}

function folderOf(path: string): string {
  const [top = '', second = ''] = posix.dirname(path).split('/');
  return top === 'firmware' ? top : posix.join(top, second);
}

function rankOf(folder: string): number | undefined {
  if (folder === 'firmware') return FIRMWARE_RANK;
  const [top, name = ''] = folder.split('/');
  return top === 'host' ? HOST[name] : top === 'assembly' ? ASSEMBLY[name] : undefined;
}
