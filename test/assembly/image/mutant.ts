/** The core's image verification with a switch at each of its checks: which one is off is a number that a test sets. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAP_END, MEMORY_PAGES } from '../../../assembly/abi/layout.ts';
import { Primitives, primitivesFile } from '../../kit/primitives.ts';
import { ROOT } from '../../kit/gates/source.ts';
import type { Removal } from './removals.ts';

/** A module whose checks can be taken out. */
export interface Mutant {
  readonly core: Primitives;
  /** Takes the check at a position out, and puts back the one that was out; -1 takes out none. */
  remove(index: number): void;
}

const SWITCH = `/** Which check is taken out. */
let out: i32 = -1;
export function remove(index: i32): void {
  out = index;
}
export function off(index: i32): bool {
  return out === index;
}
`;
const ENTRY = 'test/kit/primitives.as.ts';

/** Compiles the sources with a switch at every removal. Throws when the text of one is not there exactly once. */
export async function mutant(removals: readonly Removal[]): Promise<Mutant> {
  const name = createHash('sha256')
    .update(readFileSync(await primitivesFile()))
    .update(JSON.stringify(removals))
    .digest('hex')
    .slice(0, 16);
  const cached = `${ROOT}node_modules/.cache/hearthgate/mutant-${name}.wasm`;
  if (!existsSync(cached)) compile(switched(removals), cached);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(cached)));
  const { remove } = instance.exports as unknown as { readonly remove: (index: number) => void };
  return { core: new Primitives(instance), remove };
}

/** The changed sources by path. Removals of the same text share a switch that answers to each. */
function switched(removals: readonly Removal[]): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  const done = new Set<string>();
  for (const { source, text, without } of removals) {
    if (done.has(source + text)) continue;
    done.add(source + text);
    const path = `assembly/${source}`;
    const before = changed.get(path) ?? readFileSync(ROOT + path, 'utf8');
    const places = before.split(text).length - 1;
    if (places !== 1) throw new Error(`${path}: ${places} places read ${text}`);
    const indexes = removals.flatMap((each, i) => (each.source === source && each.text === text ? [`off(${i})`] : []));
    changed.set(
      path,
      before.replace(text, () => without.replace('OFF', `(${indexes.join(' || ')})`)),
    );
  }
  for (const [path, text] of changed) changed.set(path, text.replace(/^import /m, `import { off } from '../bytes/switch.ts';\nimport `));
  return changed;
}

function compile(sources: ReadonlyMap<string, string>, out: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'hearthgate-mutant-'));
  try {
    for (const each of ['assembly', ENTRY, 'asconfig.json']) cpSync(ROOT + each, join(folder, each), { recursive: true });
    writeFileSync(join(folder, 'assembly/bytes/switch.ts'), SWITCH);
    for (const [path, text] of sources) writeFileSync(join(folder, path), text);
    const entry = readFileSync(join(folder, ENTRY), 'utf8');
    writeFileSync(join(folder, ENTRY), `import { remove } from '../../assembly/bytes/switch.ts';\nexport { remove };\n${entry}`);
    const pages = `${MEMORY_PAGES}`;
    const args = [ENTRY, '--config', 'asconfig.json', '--outFile', 'mutant.wasm', '--memoryBase', `${MAP_END}`];
    const memory = ['--initialMemory', pages, '--maximumMemory', pages];
    execFileSync(process.execPath, [`${ROOT}node_modules/assemblyscript/bin/asc.js`, ...args, ...memory], { cwd: folder, stdio: 'pipe' });
    mkdirSync(join(out, '..'), { recursive: true });
    const beside = `${out}.${process.pid}`;
    cpSync(join(folder, 'mutant.wasm'), beside);
    renameSync(beside, out);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
