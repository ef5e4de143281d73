/**
 * The rules and the naive evaluator on random facts: the same reasons against, in whatever order. A run asks 100,000 facts, one with HEARTHGATE_LONG=1
 * a million.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Asked, Question } from '../../../host/policy/questions.ts';
import { QUESTIONS, weighed } from '../../../host/policy/questions.ts';
import * as orders from '../../kit/naive/orders.ts';
import * as others from '../../kit/naive/others.ts';
import { factsBy, RANDOM_QUESTIONS } from '../../kit/naive/random.ts';
import { factsOf, TABLES } from './table.ts';

const NAIVE: { readonly [Q in Question]: (facts: Asked[Q]) => string[] } = {
  upgrade: orders.upgrade,
  cancel: orders.cancel,
  intake: orders.intake,
  'intake-cancel': orders.intakeCancel,
  'change-hub': orders.changeHub,
  decommission: orders.decommission,
  'configure-hub': orders.configureHub,
  commission: others.commission,
  serve: others.serve,
  'half-hourly-on': others.halfHourlyOn,
  'half-hourly-off': others.halfHourlyOff,
  deliver: others.deliver,
  migrate: others.migrate,
  traffic: others.traffic,
  access: others.access,
  incident: others.incident,
};

const SCALE = process.env['HEARTHGATE_LONG'] === undefined ? 1 : 10;
/** Facts asked of each question in a short run: 100,000 in all. */
const RUNS: Readonly<Partial<Record<Question, number>>> = { upgrade: 40_000, intake: 12_000, migrate: 8_000, serve: 10_000 };
const USUAL = 2_500;

const naive = <Q extends Question>(question: Q, facts: Asked[Q]): string[] =>
  (NAIVE[question] as (of: Asked[Q]) => string[])(facts).toSorted();
const ruled = <Q extends Question>(question: Q, facts: Asked[Q]): string[] =>
  weighed(question, facts)
    .flatMap(({ objection }) => objection?.code ?? [])
    .toSorted();

describe('rules and naive evaluator', () => {
  test.each(RANDOM_QUESTIONS)('agree on random facts of %s, some of them allowed and some not', { timeout: 600_000 }, (question) => {
    const next = factsBy(question, 20_201_124);
    const counts = { allowed: 0, refused: 0 };
    for (let n = (RUNS[question] ?? USUAL) * SCALE; n > 0; n--) {
      const facts = next();
      const [ours, theirs] = [ruled(question, facts), naive(question, facts)];
      if (ours.join() !== theirs.join()) expect({ ours, facts }).toEqual({ ours: theirs, facts });
      counts[ours.length === 0 ? 'allowed' : 'refused']++;
    }
    const all = counts.allowed + counts.refused;
    expect([counts.allowed / all > 0.03, counts.refused / all > 0.05]).toEqual([true, true]);
  });

  test.each(RANDOM_QUESTIONS)(
    'would not agree if a rule of %s were left out or turned round: each is missed within a few thousand facts',
    { timeout: 600_000 },
    (question) => {
      const unnoticed = (change: (codes: string[], by: string) => string[]): string[] =>
        QUESTIONS[question].flatMap(({ name }) => {
          const next = factsBy(question, 7);
          for (let n = 0; n < 6_000; n++) {
            const facts = next();
            const codes = weighed(question, facts).flatMap(({ rule, objection }) => {
              const said = objection === undefined ? [] : [objection.code];
              return rule === name ? change(said, name) : said;
            });
            if (codes.toSorted().join() !== naive(question, facts).join()) return [];
          }
          return [name];
        });
      expect(unnoticed(() => [])).toEqual([]);
      expect(unnoticed((codes, by) => (codes.length === 0 ? [by] : []))).toEqual([]);
    },
  );

  test('agree on every row of the tables', () => {
    for (const { question, rows } of TABLES) {
      for (const row of rows) {
        const facts = factsOf(question, row);
        expect([row.name, naive(question, facts)]).toEqual([row.name, ruled(question, facts)]);
      }
    }
  });

  test('are asked of every question, a hundred thousand facts in a short run', () => {
    expect(RANDOM_QUESTIONS.toSorted()).toEqual(Object.keys(QUESTIONS).toSorted());
    expect(RANDOM_QUESTIONS.reduce((sum, question) => sum + (RUNS[question] ?? USUAL), 0)).toBe(100_000);
  });

  test('have no source in common: the naive one imports nothing of the policy', () => {
    for (const name of readdirSync('test/kit/naive').filter((each) => each !== 'random.ts')) {
      expect(readFileSync(`test/kit/naive/${name}`, 'utf8')).not.toMatch(/host\/policy/);
    }
  });
});
