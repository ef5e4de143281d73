/** `register import`, `show`, `as-of` and `calendar`: registers in use. */
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { DocumentsStatement } from '../model/regulation.ts';
import type { StoredStatement } from '../stores/registers.ts';
import { dataDirectory, where } from './audit-store.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { writeNew } from './new-file.ts';
import { readingStore, readingStoreOrNone } from './open-store.ts';
import { eui, number, required, text } from './option.ts';
import type { Options, Program } from './program.ts';

/** Registers the verbs. */
export function register(program: Program): void {
  program.add({
    call: 'register import <file>',
    summary: 'Hands a signed register to the S1SP side: the running process takes it within seconds, or at its next start.',
    examples: ['hearthgate register import documents.cose --config s1sp.yaml'],
    codes: ['Code 1: the S1SP side would refuse it, for its signature, validity, version or contents; nothing is handed over.'],
    options: (command) => void command.requiredOption('--config <file>', "the S1SP's configuration"),
    action: importFile,
  });
  program.add({
    call: 'register show <what>',
    summary: 'Shows a register: a file, or with --data or --config a kind (suppliers, products, documents, …) as it is stored.',
    examples: [
      'hearthgate register show documents.cose',
      'hearthgate register show suppliers --data ./data --gateway 02-00-00-00-00-00-02-01',
      'hearthgate register show products --config s1sp.yaml --as-of 2026-01-15',
    ],
    options: (command) => {
      where(command);
      command
        .option('--gateway <eui64>', 'of this gateway: what is about it, or its slice')
        .option('--as-of <date>', 'the version that was valid then, instead of the newest')
        .option('--statement-version <number>', 'this version');
    },
    action: show,
  });
  program.add({
    call: 'register as-of <date>',
    summary:
      'Shows what was in force on a day: texts of the documents, passing provisions, and with --data or --config the versions of all registers.',
    examples: ['hearthgate register as-of 2020-11-24', 'hearthgate register as-of 2026-01-15 --data ./data'],
    options: where,
    action: asOf,
  });
  program.add({
    call: 'register calendar',
    summary: 'Lists the dates that the sources report, with source and standing; warns of those that cannot be right.',
    examples: ['hearthgate register calendar --year 2021', 'hearthgate register calendar --json'],
    options: (command) => {
      where(command);
      command.option('--year <year>', 'of this year alone');
    },
    action: calendar,
  });
}

async function importFile(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const [{ loadS1spConfig }, { readFileBytes }, { LIST_SIZE }, { inboxOf }, { judgeImport }, { SystemClock }] = await Promise.all([
    import('../compose/config.ts'),
    import('../compose/files.ts'),
    import('../messages/statement.ts'),
    import('../compose/statement-inbox.ts'),
    import('../compose/register-import.ts'),
    import('../adapters/system.ts'),
  ]);
  const config = await loadS1spConfig(required(options, 'config'));
  const bytes = await readFileBytes(file, LIST_SIZE);
  const judged = await readingStoreOrNone(config.data, (store) => judgeImport(bytes, { config, store, clock: new SystemClock() }));
  if (!judged.ok) {
    const { restsOn } = await import('../compose/requirement-texts.ts');
    io.out(options.json ? JSON.stringify(judged) : `refused ${judged.code}: ${judged.detail} [${restsOn(judged.requirements)}]`);
    return EXIT.refused;
  }
  const { statement, name } = judged.value;
  const { kind, version } = statement;
  if (name === undefined) {
    io.out(options.json ? JSON.stringify({ kind, version, known: true }) : `${kind} version ${version}: the S1SP side has it already`);
    return EXIT.done;
  }
  const folder = inboxOf(config.data);
  await mkdir(folder, { recursive: true });
  const part = join(folder, `${name}.part`); // whoever looks into the inbox sees whole files only
  await writeNew(part, bytes, 0o600);
  await rename(part, join(folder, name));
  io.out(
    options.json ? JSON.stringify({ kind, version, inbox: join(folder, name) }) : `${kind} version ${version}: handed to the S1SP side`,
  );
  return EXIT.done;
}

async function show(io: Io, options: Options, what = ''): Promise<ExitCode> {
  const { readStatementFile, statementText } = await import('../compose/register-files.ts');
  const inStore = text(options, 'data') !== undefined || text(options, 'config') !== undefined;
  const statement = inStore ? await stored(options, what) : (await readStatementFile(what)).statement;
  io.out(options.json ? JSON.stringify(JSON.parse(statementText(statement))) : statementText(statement));
  return EXIT.done;
}

async function stored(options: Options, kind: string) {
  const [version, at, gateway] = [
    number(options, 'statementVersion', 1, Number.MAX_SAFE_INTEGER),
    await instantOf(options),
    eui(options, 'gateway'),
  ];
  const { readStatement } = await import('../messages/statement.ts');
  const found = await withRegisters(options, (all) => {
    const ours = all.filter((each) => each.kind === kind && (gateway === undefined || each.gateway === gateway));
    const fitting = ours.filter((each) => {
      const read = readStatement(each.bytes);
      if (!read.ok) return false;
      const { validFrom, validTo } = read.value;
      return (version === undefined || each.version === version) && (at === undefined || (validFrom <= at && at < validTo));
    });
    return fitting.at(-1);
  });
  if (found === undefined) throw new Fault('input', `there is no ${kind} register like that in the store`);
  const read = readStatement(found.bytes);
  if (!read.ok) throw new Fault('store', `${kind} version ${found.version}: ${read.detail}`);
  return read.value;
}

async function asOf(io: Io, options: Options, date = ''): Promise<ExitCode> {
  const at = await dateOf(date, 'the date');
  const [{ misalignedTexts, textsInForce }, { passingAt }, { day }] = await Promise.all([
    import('../policy/texts.ts'),
    import('../policy/provisions.ts'),
    import('../model/calendar.ts'),
  ]);
  const { readStatement } = await import('../messages/statement.ts');
  const documents = await documentsOf(options);
  const texts = textsInForce(documents, at).map(({ document, version, effectiveFrom, source, standing }) => ({
    document,
    version,
    effectiveFrom,
    source,
    standing,
  }));
  const inStore = text(options, 'data') !== undefined || text(options, 'config') !== undefined;
  const registers = !inStore
    ? []
    : await withRegisters(options, (all) => {
        const valid = new Map<string, { readonly kind: string; readonly gateway: Eui64 | undefined; readonly version: number }>();
        for (const { kind, gateway, version, bytes } of all) {
          const read = readStatement(bytes);
          if (read.ok && read.value.validFrom <= at && at < read.value.validTo) valid.set(`${kind}/${gateway}`, { kind, gateway, version });
        }
        return [...valid.values()];
      });
  const warnings = misalignedTexts(documents, at).map(
    ({ document, version, alignedTo = '' }) =>
      `${document} ${version} belongs to S1SR ${alignedTo}, which is not the one in force: the register lacks the text after it`,
  );
  if (options.json) io.out(JSON.stringify({ at, texts, warnings, ...passingAt(documents, at), registers }));
  else {
    const { requirementStanding } = await import('../compose/requirement-texts.ts');
    for (const { document, version, effectiveFrom, source, standing } of texts)
      io.out(
        `${document} ${version} since ${effectiveFrom === 0 ? 'a day that the sources do not give' : day(effectiveFrom)} (${source}; ${requirementStanding(standing)})`,
      );
    const { provisions, varied } = passingAt(documents, at);
    for (const { provision, source } of provisions) io.out(`${provision} holds for a time (${source})`);
    for (const warning of warnings) io.out(`warning: ${warning}`);
    for (const { base, by } of varied) io.out(`${base}: varied by ${by.join(', ')}`);
    for (const { kind, gateway, version } of registers)
      io.out(`${kind}${gateway === undefined ? '' : ` of ${gateway}`} version ${version}`);
  }
  return EXIT.done;
}

async function calendar(io: Io, options: Options): Promise<ExitCode> {
  const [{ oddDates, outcomes }, { day }] = await Promise.all([import('../policy/designation.ts'), import('../model/calendar.ts')]);
  const year = text(options, 'year');
  const documents = await documentsOf(options);
  const entries = documents.calendar
    .filter(({ from }) => year === undefined || day(from).startsWith(year))
    .toSorted((a, b) => a.from - b.from);
  const [warnings, came] = [oddDates(entries), outcomes(entries)];
  if (options.json) io.out(JSON.stringify({ entries, outcomes: came, warnings }));
  else {
    const { requirementStanding } = await import('../compose/requirement-texts.ts');
    for (const { what, type, from, to, actual, source, standing } of entries) {
      const until = to === undefined ? '' : ` to ${day(to)}`;
      const ended = actual === undefined ? '' : `, came on ${day(actual)}`;
      io.out(`${day(from)}${until}  ${type.padEnd(12)} ${what}${ended} (${source}; ${requirementStanding(standing)})`);
    }
    for (const { what, kept } of came) if (!kept) io.out(`not within a month: ${what}`);
    for (const warning of warnings) io.out(`warning: ${warning}`);
  }
  return EXIT.done;
}

/** The newest register of documents of a store, or the one that comes with the program. */
async function documentsOf(options: Options): Promise<DocumentsStatement> {
  const inStore = text(options, 'data') !== undefined || text(options, 'config') !== undefined;
  if (inStore) {
    const statement = await stored({ json: false, data: text(options, 'data'), config: text(options, 'config') }, 'documents');
    if (statement.kind === 'documents') return statement;
  }
  const { seededStatement } = await import('../compose/register-seeds.ts');
  return seededStatement('documents', { version: 1, environment: 'lab', issued: 0, validFrom: 0, validTo: 1 });
}

/** Lets `use` read every register of the store that the options name. */
export async function withRegisters<T>(options: Options, use: (all: readonly StoredStatement[]) => T): Promise<T> {
  const { Registers } = await import('../stores/registers.ts');
  return readingStore(await dataDirectory(options), (store) => use(new Registers(store).all()));
}

/** The instant of `--as-of`. Throws Fault `config` for what is no date. */
export async function instantOf(options: Options): Promise<number | undefined> {
  const date = text(options, 'asOf');
  return date === undefined ? undefined : dateOf(date, '--as-of');
}

async function dateOf(date: string, what: string): Promise<number> {
  const { secondsOf } = await import('../messages/json-notation.ts');
  const at = secondsOf(date);
  if (at === undefined) throw new Fault('config', `${what} ${date} is neither a day (2020-11-24) nor an instant (2020-11-24T10:00:00Z)`);
  return at;
}
