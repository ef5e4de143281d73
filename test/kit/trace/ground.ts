/** What a trace is made of, read from the files: requirements, what was reviewed, where ids are named, rules, and what tests say in their titles. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { QUESTIONS } from '../../../host/policy/questions.ts';
import { cites, TABLES } from '../../host/policy/table.ts';
import { decidedIn } from './decided.ts';
import { grouped, idsIn } from './ids.ts';
import { parse, productSources, projectTree, ROOT, visit, type Tree } from '../gates/source.ts';

export interface Requirement {
  readonly id: string;
  readonly source: string;
  readonly paragraph: string;
  readonly standing: string;
  readonly component: string;
  readonly text: string;
}

interface Reviewed {
  readonly ids: readonly string[];
  readonly reason: string;
}

/** seeds/dispositions.json. */
export interface Dispositions {
  readonly data: readonly (Reviewed & { readonly register: string; readonly entries: readonly string[] })[];
  readonly notSoftware: readonly Reviewed[];
  readonly later: readonly (Reviewed & { readonly needs: string })[];
}

/** A rule by name, the questions that ask it, and its file. */
export interface RuleOf {
  readonly rule: string;
  readonly questions: readonly string[];
  readonly path: string;
}

/** A test as its source names it: a file and titles; rows of a table stand under the table's file. */
export interface Named {
  readonly path: string;
  readonly title: string;
}

export interface Ground {
  readonly requirements: readonly Requirement[];
  readonly dispositions: Dispositions;
  /** Files of the product that name an id, in whatever part. */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  /** Files of the product in which something that runs names an id (decided.ts). */
  readonly decided: ReadonlyMap<string, readonly string[]>;
  readonly rules: ReadonlyMap<string, readonly RuleOf[]>;
  readonly tests: ReadonlyMap<string, readonly Named[]>;
  /** Every id that anything names, with the files that do. */
  readonly named: ReadonlyMap<string, readonly string[]>;
  /** Names of the dated entries of a register. */
  readonly dated: (register: string) => ReadonlySet<string>;
}

const IN_TITLE = /\[R-[A-Z][A-Z0-9]*-\d{2}(, R-[A-Z][A-Z0-9]*-\d{2})*\]/;

/** Reads everything from the project's files. */
export function readGround(): Ground {
  const tree = projectTree();
  const json = (path: string): unknown => JSON.parse(readFileSync(`${ROOT}${path}`, 'utf8'));
  const product = productSources(tree);
  return {
    requirements: (json('seeds/requirements.json') as { readonly requirements: readonly Requirement[] }).requirements,
    dispositions: json('seeds/dispositions.json') as Dispositions,
    sources: grouped([...product].flatMap(([path, text]) => idsIn(text).map((id) => [id, path] as const))),
    decided: decidedIn(product),
    rules: rulesIn(product),
    tests: grouped([...titlesIn(tree), ...rowTitles()].flatMap((named) => idsIn(named.title).map((id) => [id, named] as const))),
    named: grouped(
      [...tree]
        .filter(([path]) => path.endsWith('.ts') || /^seeds\/(policy|registers)\/|^docs\/(?!requirements)/.test(path))
        .flatMap(([path, text]) => idsIn(text).map((id) => [id, path] as const)),
    ),
    dated: (register) => datedEntries(json(`seeds/registers/${register}.json`)),
  };
}

function rulesIn(product: Tree): ReadonlyMap<string, readonly RuleOf[]> {
  const found = new Map<string, { requirements: readonly string[]; questions: string[] }>();
  for (const [question, rules] of Object.entries(QUESTIONS)) {
    for (const { name, requirements } of rules as readonly { readonly name: string; readonly requirements: readonly string[] }[]) {
      const known = found.get(name) ?? { requirements, questions: [] };
      found.set(name, { ...known, questions: [...known.questions, question] });
    }
  }
  const fileOf = (rule: string): string =>
    [...product].find(([, text]) => text.includes(`  name: '${rule}',\n`))?.[0] ?? `no file of ${rule}`;
  return grouped(
    [...found].flatMap(([rule, { requirements, questions }]) =>
      requirements.map((id) => [id, { rule, questions, path: fileOf(rule) }] as const),
    ),
  );
}

/** Titles of tests and suites: texts with ids in brackets. */
function titlesIn(tree: Tree): readonly Named[] {
  return [...tree]
    .filter(([path]) => /^test\/.*\.test\.ts$/.test(path))
    .flatMap(([path, text]) => {
      const found: Named[] = [];
      if (!/\[R-/.test(text)) return found;
      visit(parse(path, text), (node) => {
        if (ts.isStringLiteralLike(node) && IN_TITLE.test(node.text)) found.push({ path, title: node.text });
      });
      return found;
    });
}

const rowTitles = (): readonly Named[] =>
  TABLES.flatMap(({ name, rows }) => rows.map((row) => ({ path: `seeds/policy/${name}.json`, title: `${row.name}${cites(row)}` })));

/** Entries with a day of their own, by what they are called. */
function datedEntries(register: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { document, version, what, uplift, from, effectiveFrom, enabledFrom } = node as Readonly<Record<string, unknown>>;
    if ([from, effectiveFrom, enabledFrom].some((day) => typeof day === 'string')) {
      if (typeof document === 'string') names.add(`${document} ${String(version)}`);
      if (typeof what === 'string') names.add(what);
      if (typeof uplift === 'string') names.add(`uplift ${uplift}`);
    }
    for (const value of Object.values(node)) walk(value);
  };
  walk(register);
  return names;
}
