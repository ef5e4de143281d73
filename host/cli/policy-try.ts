/** `policy try`: a what-if, asked of the very rules that run. */
import { Fault } from '../model/fault.ts';
import type { Question } from '../policy/questions.ts';
import { where, withAudit } from './audit-store.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { text } from './option.ts';
import type { Options, Program } from './program.ts';
import { readSource } from './source.ts';

type Json = { [name: string]: unknown };

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'policy try <file>',
    summary: 'Asks the rules on facts out of a JSON file {"question", "facts", "set"}; "set" changes facts by dotted path.',
    examples: [
      'hearthgate policy try what-if.json',
      'hearthgate policy try what-if.json --as-of 2020-11-23',
      'hearthgate policy try change.json --decision 5f1c09e2a7b3d480 --data ./data',
    ],
    codes: ['Code 0: allowed. Code 1: refused.'],
    options: (command) => {
      where(command);
      command.option('--as-of <date>', 'another time than that of the facts: a day or an instant in UTC');
      command.option('--decision <id>', 'take question and facts from this record of the log; the file then only changes them');
    },
    action: tryPolicy,
  });
}

async function tryPolicy(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const given = parse(file, new TextDecoder().decode(await readSource(io, file)));
  const [{ explain, explanationLines }, { secondsOf }] = await Promise.all([
    import('../compose/explanation.ts'),
    import('../messages/json-notation.ts'),
  ]);
  const { question, facts } = await startFrom(options, given, file);
  for (const [path, value] of Object.entries((given['set'] ?? {}) as Json)) change(facts, path, value);
  const asOf = text(options, 'asOf');
  if (asOf !== undefined) {
    const now = secondsOf(asOf);
    if (now === undefined) throw new Fault('config', `--as-of ${asOf} is neither a day (2020-11-24) nor an instant (2020-11-24T10:00:00Z)`);
    facts['now'] = now;
    if ('latest' in facts) facts['latest'] = 0; // a what-if stands in no record
  }
  const explained = explain(question as Question, facts);
  if (!explained.ok) throw new Fault('input', `${file}: ${explained.detail}`);
  if (options.json) io.out(JSON.stringify(explained.value));
  else for (const line of explanationLines(explained.value)) io.out(line);
  return explained.value.answer.verdict === 'allow' ? EXIT.done : EXIT.refused;
}

async function startFrom(options: Options, given: Json, file: string): Promise<{ readonly question: string; readonly facts: Json }> {
  const id = text(options, 'decision');
  if (id === undefined) {
    const { question, facts } = given;
    if (typeof question !== 'string' || typeof facts !== 'object' || facts === null)
      throw new Fault('input', `${file}: no "question" and "facts"`);
    return { question, facts: facts as Json };
  }
  const entry = await withAudit(options, (audit) => audit.find(id));
  if (typeof entry?.body['question'] !== 'string') throw new Fault('input', `there is no record ${id} with facts`);
  return { question: entry.body['question'], facts: structuredClone(entry.body['facts']) as Json };
}

function parse(file: string, source: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new Fault('input', `${file}: not JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Fault('input', `${file}: not a JSON object`);
  const stranger = Object.keys(value).find((name) => !['note', 'question', 'facts', 'set'].includes(name));
  if (stranger !== undefined) throw new Fault('input', `${file}: ${stranger} is not known: question, facts and set are`);
  return value as Json;
}

function change(facts: Json, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let node: Json = facts;
  for (const name of names) {
    const next = node[name];
    if (typeof next !== 'object' || next === null) throw new Fault('input', `set: ${path} leads nowhere at ${name}`);
    node = next as Json;
  }
  node[last] = value;
}
