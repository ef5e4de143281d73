/** The gates of the house (docs/architecture.md). Each is shown to fail on a planted violation: a gate that cannot fail guards nothing. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import * as layout from '../assembly/abi/layout.ts';
import { defaultExports, moduleMocks, moduleState, undocumented } from './kit/gates/exports.ts';
import { foreignSyntax, misplaced, windowsOf } from './kit/gates/layout.ts';
import { foreignMakers, impurities } from './kit/gates/makers.ts';
import { cycles, rankViolations } from './kit/gates/ranks.ts';
import { reachedFrom, signingReached } from './kit/gates/signing.ts';
import { productSources, projectTree, ROOT } from './kit/gates/source.ts';
import type { Tree } from './kit/gates/source.ts';
import { CEILING, emptyNames, forbiddenText, overCeiling } from './kit/gates/text.ts';
import { moduleFacts } from './kit/gates/wasm.ts';
import type { ModuleFacts } from './kit/gates/wasm.ts';

const project = projectTree();
const product = productSources(project);
const planted = (path: string, text: string): Tree => new Map([[path, text]]);
const pair = (from: string, to: string): Tree =>
  new Map([
    [from, `import { x } from '${'../'.repeat(from.split('/').length - 1)}${to}';\n`],
    [to, ''],
  ]);

describe('imports', () => {
  test('go down the ranks or stay in the folder', () => expect(rankViolations(product)).toEqual([]));
  test('never run in a circle', () => expect(cycles(product)).toEqual([]));

  test.each([
    ['upwards', pair('host/model/a.ts', 'host/core/b.ts')],
    ['sideways', pair('host/han/a.ts', 'host/bridge/b.ts')],
    ['firmware is for lab, compose and cli alone', pair('host/gateway/a.ts', 'firmware/air/b.ts')],
    ['only host/core imports assembly/', pair('host/han/a.ts', 'assembly/abi/b.ts')],
    ['only host/core imports assembly/', pair('host/core/a.ts', 'assembly/wire/b.ts')],
    ['assembly/ stands alone', pair('assembly/wire/a.ts', 'host/model/b.ts')],
    ['host/adapters may import', pair('host/adapters/a.ts', 'host/core/b.ts')],
    ['firmware may import', pair('firmware/ppmid/a.ts', 'host/stores/b.ts')],
    ['data of seeds/ is for compose', pair('host/policy/a.ts', 'seeds/registers/b.json')],
    ['its folder has no rank', planted('host/attic/a.ts', '')],
    [
      'upwards',
      new Map([
        ['host/model/a.ts', `const x = await import('../core/b.ts');`],
        ['host/core/b.ts', ''],
      ]),
    ],
  ])('are refused: %s', (why, tree) => expect(rankViolations(tree).join('\n')).toContain(why));

  test.each([
    ['host/lab/a.ts', 'firmware/ppmid/b.ts'],
    ['host/core/a.ts', 'assembly/abi/b.ts'],
    ['host/compose/a.ts', 'seeds/registers/b.json'],
    ['assembly/entry/a.ts', 'assembly/wire/b.ts'],
    ['host/han/a.ts', 'host/han/b.ts'],
  ])('are allowed from %s to %s', (from, to) => expect(rankViolations(pair(from, to))).toEqual([]));

  test('a circle of three is found', () => {
    const ring = ['a', 'b', 'c'].map((name, i, all) => [`host/han/${name}.ts`, `export * from './${all[(i + 1) % 3]}.ts';`] as const);
    expect(cycles(new Map(ring))).toEqual(['host/han/a.ts → host/han/b.ts → host/han/c.ts → host/han/a.ts']);
  });
});

describe('a hub and an S1SP', () => {
  const reached = (entry: string, folder: string): string[] => [...reachedFrom(product, entry)].filter((path) => path.startsWith(folder));
  test('are of different systems: what either runs reaches nothing of the other [R-SEP-02, R-SEP-01]', () => {
    expect(reached('host/cli/gateway.ts', 'host/s1sp/')).toEqual([]);
    expect(reached('host/cli/s1sp-run.ts', 'host/gateway/')).toEqual([]);
  });
  test('each reach their own, so that nothing is missed', () => {
    expect(reached('host/cli/gateway.ts', 'host/gateway/')).toContain('host/gateway/gateway.ts');
    expect(reached('host/cli/s1sp-run.ts', 'host/s1sp/')).toContain('host/s1sp/s1sp.ts');
  });
});

describe('signing', () => {
  test.each(['index', 'lab'])('is out of reach of assembly/%s.ts', (entry) =>
    expect(signingReached(product, `assembly/${entry}.ts`)).toEqual([]),
  );
  test('is what signer.ts reaches, all of it', () => expect(signingReached(product, 'assembly/signer.ts')).toHaveLength(5));
  test('that is reached over other files is found', () => {
    const tree = new Map([
      ...pair('assembly/index.ts', 'assembly/keys/a.ts'),
      ...pair('assembly/keys/a.ts', 'assembly/crypto/ecdsa-sign.ts'),
    ]);
    expect(signingReached(tree, 'assembly/index.ts')).toEqual(['assembly/crypto/ecdsa-sign.ts']);
  });
});

describe('files', () => {
  test(`of the product have at most ${CEILING} lines`, () => expect(overCeiling(product)).toEqual([]));
  test('are named for what they hold', () => expect(emptyNames(project)).toEqual([]));
  test('hold no trace of one machine and nothing unfinished', () => expect(forbiddenText(project)).toEqual([]));

  test('one line too many is found, except in a table', () => {
    const long = '\n'.repeat(CEILING + 1);
    expect(overCeiling(planted('host/han/a.ts', long))).toHaveLength(1);
    expect(overCeiling(planted('assembly/crypto/aes-tables.ts', long))).toEqual([]);
  });
  test.each(['host/han/utils.ts', 'host/han/job-manager.ts', 'test/kit/common/a.ts', 'docs/misc.md'])('the name %s is found', (path) =>
    expect(emptyNames(planted(path, ''))).toEqual([path]),
  );
  test('a name that merely contains such a word is not', () => expect(emptyNames(planted('host/han/commonwealth.ts', ''))).toEqual([]));
  test.each([
    ['/wo', 'rk/main'],
    ['/ho', 'me/someone'],
    ['registry.npm', 'js.org'],
    ['// TO', 'DO: later'],
    ['FIX', 'ME'],
  ])('the text %s%s is found', (a, b) => expect(forbiddenText(planted('docs/a.md', `x\n${a}${b}\n`))).toHaveLength(1));
});

describe('declarations', () => {
  test('that are exported have a doc comment', () => expect(undocumented(product)).toEqual([]));
  test('are exported by name', () => expect(defaultExports(product)).toEqual([]));
  test('keep no state in a module of host/ or firmware/', () => expect(moduleState(product)).toEqual([]));
  test('of modules are not replaced in tests', () => expect(moduleMocks(project)).toEqual([]));

  test.each([
    'export const a = 1;',
    'export function a(): void {}',
    '// not a doc comment\nexport interface A {}',
    '/** The file. */\n\nexport type A = 1;',
    '/** Of another. */\nconst b = 1;\nexport const a = b;',
  ])('an undocumented export is found: %j', (text) => expect(undocumented(planted('host/han/a.ts', text))).toHaveLength(1));
  test.each([
    '/** Says what. */\nexport const a = 1;',
    '/** Says what. */\n// @ts-ignore\nexport const a = 1;',
    `export { a } from './b.ts';`,
  ])('a documented one is not: %j', (text) => expect(undocumented(planted('host/han/a.ts', text))).toEqual([]));
  test.each(['export default 1;', 'export default function a() {}'])('a default export is found: %j', (text) =>
    expect(defaultExports(planted('host/han/a.ts', text))).toHaveLength(1),
  );
  test.each(['let a = 1;', 'var a;', 'const a = new Map();', 'const a = new Set<string>();', 'const a = new WeakSet();'])(
    'module state is found: %j',
    (text) => expect(moduleState(planted('host/han/a.ts', text))).toHaveLength(1),
  );
  test('a registry in policy/ and a constant table are not state', () => {
    expect(moduleState(planted('host/policy/a.ts', 'const genuine = new WeakSet();'))).toEqual([]);
    expect(moduleState(planted('host/han/a.ts', 'const names = new Map([[1, 2]]);'))).toEqual([]);
  });
  test('a replaced module is found', () => expect(moduleMocks(planted('test/a.test.ts', `vi.mo${''}ck('./x.ts');`))).toHaveLength(1));
});

describe('decisions', () => {
  test('are made in policy/, and verified requests in messages/, alone', () => expect(foreignMakers(product)).toEqual([]));
  test('rest on nothing but facts: model/ and policy/ are pure', () => expect(impurities(product)).toEqual([]));

  test.each([
    `const a = x as Allowed;`,
    `const a = x as unknown as Countersigned<UpdateFirmware>;`,
    `const a = { verdict: 'allow', countersigned, rules: [] };`,
    `const a = { ...signed, countersigners: [] };`,
    `const a = { request, user, bytes };`,
  ])('made elsewhere are found: %j', (text) => expect(foreignMakers(planted('host/gateway/a.ts', text))).toHaveLength(1));
  test('made where they belong are not', () => {
    expect(foreignMakers(planted('host/policy/a.ts', `const a = { verdict: 'allow', countersigned };`))).toEqual([]);
    expect(foreignMakers(planted('host/messages/a.ts', `const a = { ...signed, countersigners };`))).toEqual([]);
  });
  test.each(['const a = Date.now();', 'const a = Math.random();', 'async function a() {}', 'setTimeout(a, 1);', 'process.env.A;'])(
    'an impurity is found: %j',
    (text) => expect(impurities(planted('host/policy/a.ts', text)).length).toBeGreaterThan(0),
  );
});

describe('the memory map', () => {
  const values: Record<string, number> = { ...layout };
  const windows = windowsOf(values);

  test('is written in numbers alone', () => expect(foreignSyntax(project.get('assembly/abi/layout.ts') ?? 'missing')).toEqual([]));
  test('has windows that neither overlap nor leave holes', () => {
    expect(windows.map((window) => window.name)).toEqual(
      expect.arrayContaining(['IN', 'OUT', 'REC', 'SLOTS', 'ADDRESSES', 'IMG_ELEMENTS', 'SCRATCH']),
    );
    expect(misplaced(windows, layout.MAP_START, layout.MAP_END)).toEqual([]);
  });
  test('is the one of docs/abi.md', () => {
    const written = [...section('Windows').matchAll(/^\| `(\w+)` +\| (\d+) /gm)].map(([, name, size]) => `${name} ${size}`);
    expect(written).toEqual(windows.toSorted((a, b) => a.start - b.start).map((window) => `${window.name} ${window.end - window.start}`));
  });
  test('ends inside the fixed memory', () => expect(layout.MAP_END).toBeLessThan(layout.MEMORY_PAGES * 65_536));

  test.each(['export let A: i32 = 1;', 'export const A = 1;', 'export const A: i32 = f();', `import { x } from './x.ts';`])(
    'other syntax is found: %j',
    (line) => expect(foreignSyntax(line)).toHaveLength(1),
  );
  test('a window moved by one byte is found, either way', () => {
    for (const by of [-1, 1]) {
      const moved = windows.map((window) =>
        window.name === 'REC' ? { ...window, start: window.start + by, end: window.end + by } : window,
      );
      expect(misplaced(moved, layout.MAP_START, layout.MAP_END)).not.toEqual([]);
    }
  });
});

describe('the built core', () => {
  let facts: ModuleFacts;
  beforeAll(() => {
    facts = moduleFacts(readFileSync(`${ROOT}dist/core.wasm`));
  });

  test('imports nothing', () => expect(facts.imports).toEqual([]));
  test('never grows its memory', () => expect(facts.grows).toBe(false));
  test('keeps its static data above the map', () => {
    expect(facts.dataAt).not.toEqual([]);
    expect(Math.min(...facts.dataAt)).toBeGreaterThanOrEqual(layout.MAP_END);
  });
  test('has at most 64 KiB', () => expect(facts.size).toBeLessThanOrEqual(65_536));
  test('growth, an import and low data would be found', () => {
    // (module (import "a" "b" (func)) (memory 1) (data (i32.const 8) "x") (func (drop (memory.grow (i32.const 1)))))
    const sections = [
      [1, 4, 1, 0x60, 0, 0],
      [2, 7, 1, 1, 0x61, 1, 0x62, 0, 0],
      [3, 2, 1, 0],
      [5, 3, 1, 0, 1],
      [10, 9, 1, 7, 0, 0x41, 1, 0x40, 0, 0x1a, 0x0b],
      [11, 7, 1, 0, 0x41, 8, 0x0b, 1, 0x78],
    ];
    const bad = moduleFacts(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]));
    expect(bad).toMatchObject({ imports: ['a.b'], grows: true, dataAt: [8] });
  });
});

describe('the built modules', () => {
  const core = exportsIn('Calls of core.wasm');

  test.each([
    ['core.wasm', core],
    ['lab.wasm', [...core, ...exportsIn('Calls of lab.wasm')]],
    ['signer.wasm', exportsIn('Calls of signer.wasm')],
  ])('export what docs/abi.md lists, and nothing else: %s', (name, written) => {
    expect(written).toContain('abiVersion');
    expect(moduleFacts(readFileSync(`${ROOT}dist/${name}`)).exports.toSorted()).toEqual(written.toSorted());
  });
});

/** A section of docs/abi.md by its heading. */
function section(heading: string): string {
  const parts = (project.get('docs/abi.md') ?? '').split(/^## /m);
  return parts.find((part) => part.startsWith(`${heading}\n`)) ?? '';
}

function exportsIn(heading: string): string[] {
  return [...section(heading).matchAll(/^\| `(\w+)(?:\(.*?\))?` +\|/gm)].map((match) => match[1] ?? '');
}
