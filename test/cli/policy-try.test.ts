/** `policy try` and `explain` on files of facts: they answer as the rules that run do, and say where a file is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { register as explain } from '../../host/cli/explain.ts';
import { register as policyTry } from '../../host/cli/policy-try.ts';
import { ask, type Asked, type Question } from '../../host/policy/questions.ts';
import { Audit } from '../../host/stores/audit.ts';
import { factsOf, jsonOf, TABLES } from '../host/policy/table.ts';
import { ManualClock } from '../kit/clock.ts';
import { call } from './terminal.ts';

let folder: string;
let count = 0;
const written = (value: unknown): string => {
  const path = join(folder, `what-if-${count++}.json`);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
};
const tried = (value: unknown, ...argv: string[]) => call([explain, policyTry], ['policy', 'try', written(value), ...argv]);

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hearthgate-try-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('policy try', () => {
  test.each(TABLES.map(({ name, question, rows }) => [name, question, rows] as const))(
    'answers as the rules do on facts of the table %s',
    async (_, question, rows) => {
      const picked = rows.filter((__, index) => index % Math.ceil(rows.length / 5) === 0);
      for (const row of picked) {
        const facts = jsonOf(question, row);
        const { code, json } = await tried({ note: row.name, question, facts }, '--json');
        const expected = ask(question, factsOf(question, row) as Asked[Question]);
        expect(code).toBe(expected.verdict === 'allow' ? 0 : 1);
        expect(json).toMatchObject({ question, answer: JSON.parse(JSON.stringify(expected)) as object });
      }
    },
  );

  test('asks at another time: a PPMID of an early cohort could be upgraded from 24 November 2020 on [R-COH-02]', async () => {
    const facts = jsonOf('upgrade', {
      base: 'long',
      set: { 'request.completeBy': 4_000_000_000, 'request.expires': 4_000_000_000, 'request.notBefore': 0, 'request.activateFrom': 0 },
    });
    const before = await tried({ question: 'upgrade', facts }, '--as-of', '2020-11-23T23:59:59Z');
    const after = await tried({ question: 'upgrade', facts }, '--as-of', '2020-11-24');
    expect([before.code, before.out.split('\n')[0]]).toEqual([1, expect.stringMatching(/^refused: not-in-force/)]);
    expect(before.out).toMatch(/^ {2}objects cohort: cohort-not-yet: /m);
    // The direction dates texts; that they carry the service is no direction [R-PPMID-10].
    expect(before.out).toMatch(
      /R-PPMID-10 \(direction of the Secretary of State as to the day; what it brings: stated in a Government letter, 2020\)/,
    );
    expect(before.out).toContain('after: 2020-11-24T00:00:00Z');
    expect(after.out).not.toContain('objects cohort');
  });
  test('tells every rule that objects, and how binding each requirement behind it is [R-DOC-11]', async () => {
    const facts = jsonOf('upgrade', { set: { 'user.role': 'gas-supplier', signatures: [] } });
    const { code, out } = await tried({ question: 'upgrade', facts });
    expect(code).toBe(1);
    expect(out.match(/^ {2}objects /gm)?.length).toBeGreaterThan(1);
    expect(out).toMatch(/^ {2}R-PPMID-02 {2}.*stated in a Government letter/m);
    expect(out).toMatch(/^ {2}passes {2}combinations \[.*; inferred: that PPMID firmware/m);
    const rules = out.split('\n').filter((line) => /^ {2}(objects|passes ) /.test(line));
    for (const line of rules) expect(line).toMatch(/ \((direction|stated|DCC|Government|date or fact|inference|date)[^)]*\)/);
    expect(out).toContain('The legal drafting prevails');
  });
  test('changes facts by dotted path', async () => {
    const facts = jsonOf('upgrade', { set: {} });
    expect(await tried({ question: 'upgrade', facts })).toMatchObject({ code: 0 });
    const { code, json } = await tried({ question: 'upgrade', facts, set: { 'request.firmwareVersion': 1 } }, '--json');
    expect(code).toBe(1);
    expect(json).toMatchObject({ answer: { code: 'downgrade' } });
  });

  test.each([
    ['no JSON', 'not JSON', '{"question": '],
    ['a list', 'not a JSON object', []],
    ['a member that is not known', 'verdict is not known', { question: 'upgrade', facts: {}, verdict: 'allow' }],
    ['nothing to ask', 'no "question" and "facts"', { facts: {} }],
    ['a question that is none', 'question', { question: 'may-i', facts: {} }],
    ['facts that are none', 'facts of upgrade', { question: 'upgrade', facts: { now: 'today' } }],
    [
      'a change that leads nowhere',
      'set: suppliers.x.y leads nowhere at x',
      { question: 'upgrade', facts: { suppliers: {} }, set: { 'suppliers.x.y': 1 } },
    ],
  ])('refuses a file with %s by code 2', async (_, says, value) => {
    const { code, err } = await tried(value);
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
  });
  test('refuses a day that is none', async () => {
    expect(await tried({ question: 'upgrade', facts: jsonOf('upgrade', { set: {} }) }, '--as-of', '2021-02-29')).toMatchObject({ code: 2 });
  });
});

describe('a recorded decision', () => {
  let data: string;
  let id: string;
  let other: string;
  beforeAll(async () => {
    data = join(folder, 'data');
    const store = new LmdbStore(data);
    const log = new Audit(store, new ManualClock());
    const facts = jsonOf('upgrade', { set: {} });
    id = await log.append('decision', { question: 'upgrade', facts, verdict: 'allow' });
    other = await log.append('stage', { stage: 'fetching' });
    await store.close();
  });

  test('is tried again with other facts', async () => {
    const from = ['--decision', id, '--data', data];
    expect(await tried({}, ...from)).toMatchObject({ code: 0 });
    const { code, json } = await tried({ set: { 'user.role': 'gas-supplier' } }, ...from, '--json');
    expect([code, json]).toEqual([1, expect.objectContaining({ question: 'upgrade' })]);
    expect(await tried({}, '--decision', other, '--data', data)).toMatchObject({ code: 2 });
  });
  test('is explained by its id, and a record of another kind is shown as it is', async () => {
    const explained = (...argv: string[]) => call([explain], ['explain', ...argv, '--data', data]);
    const { code, out } = await explained(id);
    expect(code).toBe(0);
    expect(out).toMatch(/^decision [0-9a-f]{16} \(record 0\)/);
    expect((await explained(id, '--json')).json).toMatchObject({ id, answer: { verdict: 'allow' } });
    expect((await explained(other)).out).toContain('{"stage":"fetching"}');
    expect(await explained('0'.repeat(16))).toMatchObject({ code: 2, err: expect.stringContaining('there is no record') as string });
    expect(await explained('nothing')).toMatchObject({ code: 2, err: expect.stringContaining('16 hex digits') as string });
  });
});
