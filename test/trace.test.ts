/**
 * Every requirement has one place, no file names one that is none, and the page says so. Whether the tests named have passed is for `npm run trace`, which runs
 * them; each fault that it would tell is planted here.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROOT } from './kit/gates/source.ts';
import { readGround, type Dispositions, type Ground } from './kit/trace/ground.ts';
import { grouped, idsIn } from './kit/trace/ids.ts';
import { decidedIn } from './kit/trace/decided.ts';
import { pageOf } from './kit/trace/page.ts';
import { readReport } from './kit/trace/report.ts';
import { listedIn, summary, trace } from './kit/trace/trace.ts';

const ground = readGround();
const proofs = new Map([...ground.tests].map(([id, named]) => [id, named.length]));

describe('the requirements', () => {
  test('are 173, and each is decided by a rule, recorded as data, or reviewed with a reason, with a test that names it', () => {
    const found = trace(ground, proofs);
    expect([found.unknown, found.unproved]).toEqual([[], []]);
    expect(summary(found)).toMatch(/^requirements 173 = \d+ rules \+ \d+ data \+ \d+ not software \+ \d+ later; unknown 0, unproved 0$/);
    expect(found.classes.size).toBe(173);
  });
  test('of gateway and S1SP side that no rule of a running flow decides each have a reason of their own, in a sentence', () => {
    for (const { id, reason } of listedIn(ground.dispositions))
      expect([id, reason.length > 20, reason.endsWith('.')]).toEqual([id, true, true]);
  });
  test('are named by rules whose files are found', () => {
    const lost = [...ground.rules.values()].flat().filter(({ path }) => !path.startsWith('host/policy/'));
    expect(lost).toEqual([]);
  });
  test('stand in docs/requirements.md as they are: npm run trace -- --page writes it', () => {
    expect(readFileSync(`${ROOT}docs/requirements.md`, 'utf8')).toBe(pageOf(ground));
  });
});

/** Ids that are none of the project's. */
const [A1, A2, A3, A4, A5] = ['1', '2', '3', '4', '5'].map((n) => `R-A-0${n}`) as [string, string, string, string, string];
const B1 = A1.replace('A', 'B');

/** One requirement and whatever is said of it. */
const one = (change: Partial<Ground> = {}, dispositions: Partial<Dispositions> = {}): Ground => ({
  requirements: [{ id: A1, source: '001', paragraph: '1', standing: 'fact', component: 'gateway', text: 'a' }],
  dispositions: { data: [], notSoftware: [], later: [], ...dispositions },
  sources: new Map([[A1, ['host/policy/a.ts']]]),
  decided: new Map([[A1, ['host/policy/a.ts']]]),
  rules: new Map(),
  tests: new Map(),
  named: new Map([[A1, ['host/policy/a.ts']]]),
  dated: () => new Set(['a day']),
  ...change,
});
const PROVED = new Map([[A1, 1]]);
const WHY = 'because of a reason';
const faults = (of: Ground, by: ReadonlyMap<string, number> = PROVED): readonly string[] => {
  const { unknown, unproved } = trace(of, by);
  return [...unknown, ...unproved.map(({ why }) => why)];
};

describe('a trace', () => {
  test('has nothing against what is decided and proved, recorded, or reviewed', () => {
    expect(faults(one())).toEqual([]);
    expect(faults(one({}, { later: [{ ids: [A1], needs: 'bridge', reason: WHY }] }))).toEqual([]);
    expect(faults(one({ sources: new Map() }, { notSoftware: [{ ids: [A1], reason: WHY }] }), new Map())).toEqual([]);
    expect(faults(one({}, { data: [{ ids: [A1], register: 'documents', entries: ['a day'], reason: WHY }] }))).toEqual([]);
  });
  test.each<[string, Ground, ReadonlyMap<string, number>, string]>([
    ['an id that is none', one({ named: new Map([[B1, ['test/b.test.ts']]]) }), PROVED, B1],
    ['a reviewed id that is none', one({}, { later: [{ ids: [B1], needs: 'bridge', reason: WHY }] }), PROVED, B1],
    ['no test', one(), new Map(), 'no test that passed'],
    ['no rule, but a comment', one({ decided: new Map() }), PROVED, 'nothing of the product that runs'],
    ['no rule for what comes later', one({ sources: new Map() }, { later: [{ ids: [A1], needs: 'b', reason: WHY }] }), PROVED, 'no source'],
    ['a reason left out', one({}, { later: [{ ids: [A1], needs: 'bridge', reason: ' ' }] }), PROVED, 'no reason'],
    ['not software that a source decides', one({}, { notSoftware: [{ ids: [A1], reason: WHY }] }), PROVED, 'called not software'],
    [
      'data that is no entry',
      one({}, { data: [{ ids: [A1], register: 'documents', entries: ['b'], reason: WHY }] }),
      PROVED,
      'no dated entry b',
    ],
    ['two places', one({}, { later: [{ ids: [A1, A1], needs: 'bridge', reason: WHY }] }), PROVED, 'more than once'],
  ])('finds %s', (_, of, by, says) => {
    const found = faults(of, by);
    expect(found.join('\n')).toContain(says);
    expect(summary(trace(of, by))).not.toContain('unknown 0, unproved 0');
  });
});

describe('what decides', () => {
  const decided = (...files: readonly (readonly [string, string])[]): readonly string[] => [...decidedIn(new Map(files)).keys()];
  const main = ['host/main.ts', "import { used } from './a.ts';\nused();\n"] as const;

  test('is a declaration that something of the product reaches, through others of its file too', () => {
    const a = `/** [${A1}] */\nexport const used = (): number => inner();\n/** [${A2}] */\nfunction inner(): number {\n  return 1; // ${A3}\n}\n`;
    expect(decided(main, ['host/a.ts', a])).toEqual([A1, A2, A3]);
    expect(decided(['host/a.ts', `/** What this file is about [${A1}]. */\nimport 'x';\n\nrun();\n`])).toEqual([A1]);
  });
  test('is neither a comment on a type nor a function that nothing calls, nor a file that nothing reads', () => {
    const types = `/** [${A1}] */\nexport interface T {\n  /** [${A2}] */\n  readonly t: number;\n}\n`;
    expect(decided(main, ['host/a.ts', `${types}export const used = 1;\n/** [${A3}] */\nexport const unused = used;\n`])).toEqual([]);
    expect(decided(main, ['host/b.ts', `/** [${A1}] */\nexport const used = 1;\n`])).toEqual([]);
    expect(decided(['host/a.ts', `/** [${A1}] */\nexport const used = (): number => used();\n`])).toEqual([]);
  });
});

describe('a report of a run', () => {
  const report = (...tests: readonly (readonly [string, string])[]): string =>
    JSON.stringify({
      numTotalTests: tests.length,
      testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults: tests.map(([fullName, status]) => ({ fullName, status })) }],
    });
  test('proves by what passed alone: what was skipped, failed or never written proves nothing', () => {
    const run = readReport(
      report(
        [`a [${A1}]`, 'passed'],
        [`b [${A2}, ${A1}]`, 'passed'],
        [`c [${A3}]`, 'skipped'],
        [`d [${A4}]`, 'failed'],
        [`e [${A5}]`, 'todo'],
      ),
    );
    expect([...run.proofs]).toEqual([
      [A1, 2],
      [A2, 1],
    ]);
    expect([run.passed, run.failed, run.skipped]).toEqual([2, [`d [${A4}]`], 2]);
  });
  test('names a file that could not be run, and is none when there is no test in it', () => {
    const broken = { numTotalTests: 1, testResults: [{ name: 'b.test.ts', status: 'failed', assertionResults: [] }] };
    expect(readReport(JSON.stringify(broken)).failed).toEqual(['b.test.ts']);
    expect(() => readReport(report())).toThrow('no test');
  });
});

test('ids are told from words that only look like them, and values are grouped as they come', () => {
  expect(idsIn('R-LEAD-01, R-LEAD-01 and R-HH-10; not R-LEAD-1, XR-LEAD-01 or R-lead-01')).toEqual(['R-LEAD-01', 'R-HH-10']);
  expect([
    ...grouped([
      ['b', 1],
      ['a', 2],
      ['b', 3],
    ]),
  ]).toEqual([
    ['b', [1, 3]],
    ['a', [2]],
  ]);
});
