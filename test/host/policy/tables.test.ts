/** Every row of seeds/policy: the answer, its reason, and all the rules that object. Expected are what the requirements' texts ask for. */
import { describe, expect, test } from 'vitest';
import { ask, QUESTIONS, weighed } from '../../../host/policy/questions.ts';
import { cites, factsOf, TABLES } from './table.ts';

const REQUIREMENTS = new Set(
  TABLES.flatMap(({ question }) =>
    QUESTIONS[question].flatMap(({ requirements }: { readonly requirements: readonly string[] }) => requirements),
  ),
);

describe.each(TABLES)('the table $name', ({ question, rows }) => {
  const allowed = rows.filter(({ refuse }) => refuse === undefined);
  const refused = rows.filter(({ refuse }) => refuse !== undefined);
  // A whole title: one interpolated by its member's name would be cut short, and what it cites with it.
  const titled = (of: typeof rows) => of.map((row) => [`${row.name}${cites(row)}`, row] as const);

  test.each(titled(allowed))('allows: %s', (_, row) => {
    const facts = factsOf(question, row);
    expect(weighed(question, facts).filter(({ objection }) => objection !== undefined)).toEqual([]);
    expect(ask(question, facts)).toMatchObject({ verdict: 'allow', response: 'I0', rules: QUESTIONS[question].map(({ name }) => name) });
  });

  test.each(titled(refused))('refuses: %s', (_, row) => {
    const facts = factsOf(question, row);
    const { rule, code, requirements, response, also = [] } = row.refuse!;
    const answer = ask(question, facts);
    expect(answer).toMatchObject({ verdict: 'refuse', rule, code, ...(response && { response }) });
    expect(answer.requirements).toEqual(expect.arrayContaining([...requirements]));
    const objections = weighed(question, facts).flatMap(({ rule: by, objection }) =>
      objection === undefined ? [] : [`${by} ${objection.code}`],
    );
    expect(objections).toEqual([`${rule} ${code}`, ...also]);
    expect('detail' in answer ? answer.detail.length : 0).toBeGreaterThan(10);
  });

  test('names no requirement in a refusal that its rule does not serve', () => {
    for (const row of refused) {
      for (const { requirements, objection } of weighed(question, factsOf(question, row))) {
        expect(requirements).toEqual(expect.arrayContaining([...(objection?.requirements ?? [])]));
      }
    }
  });
});

test('there are four hundred rows and more, and no two of a table have one name', () => {
  expect(TABLES.flatMap(({ rows }) => rows).length).toBeGreaterThanOrEqual(400);
  for (const { name, rows } of TABLES) expect([name, new Set(rows.map((row) => row.name)).size]).toEqual([name, rows.length]);
});

test('every question that the rules answer has a table with rows of both kinds', () => {
  const asked = new Set(TABLES.map(({ question }) => question));
  expect(Object.keys(QUESTIONS).filter((question) => !asked.has(question as never))).toEqual([]);
  for (const { name, rows } of TABLES) {
    const refused = rows.filter(({ refuse }) => refuse !== undefined).length;
    expect([name, refused > 0, refused < rows.length]).toEqual([name, true, true]);
  }
});

test('every rule of every question objects in some row', () => {
  const objecting = new Set(
    TABLES.flatMap(({ question, rows }) =>
      rows
        .flatMap(({ refuse }) =>
          refuse === undefined ? [] : [refuse, ...(refuse.also ?? []).map((each) => ({ rule: each.split(' ')[0] ?? '' }))],
        )
        .map(({ rule }) => `${question} ${rule}`),
    ),
  );
  const missing = Object.entries(QUESTIONS).flatMap(([question, rules]) =>
    (rules as readonly { readonly name: string }[]).map(({ name }) => `${question} ${name}`).filter((each) => !objecting.has(each)),
  );
  expect(missing).toEqual([]);
});

test('every requirement that a row refuses by is one that some rule serves', () => {
  const named = TABLES.flatMap(({ rows }) => rows.flatMap(({ refuse }) => refuse?.requirements ?? []));
  expect([...new Set(named)].filter((id) => !REQUIREMENTS.has(id))).toEqual([]);
});
