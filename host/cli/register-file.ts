/** `register seed`, `sign`, `slice` and `diff`: registers as files, before and after they are signed. */
import { Fault } from '../model/fault.ts';
import type { Statement, StatementKind, StatementOf } from '../model/register.ts';
import type { SeededKind } from '../compose/register-seeds.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { writeNew } from './new-file.ts';
import { number, oneOf, required } from './option.ts';
import type { Options, Program } from './program.ts';

const DAY = 86_400;

/** Registers the verbs. */
export function register(program: Program): void {
  program.add({
    call: 'register seed <kind>',
    summary: 'Prints a register that comes with the program, as JSON to be completed and signed.',
    examples: ['hearthgate register seed documents --environment lab > documents.json'],
    options: (command) => {
      command
        .requiredOption('--environment <environment>', 'lab or production')
        .option('--statement-version <number>', 'version of the statement', '1')
        .option('--valid-days <days>', 'how long it is valid from today on', '365');
    },
    action: seed,
  });
  program.add({
    call: 'register sign <file>',
    summary: 'Signs a register written in JSON with a key of the registration role. What is malformed is named by its place.',
    examples: ['hearthgate register sign documents.json --key keys/registration.key --out documents.cose'],
    options: (command) => {
      command.requiredOption('--key <file>', "the registration role's signing key").requiredOption('--out <file>', 'where it goes');
    },
    action: signFile,
  });
  program.add({
    call: 'register slice <file>',
    summary: "Cuts a list to what concerns one gateway's premises and models, and signs the slice.",
    examples: [
      'hearthgate register slice products.cose --device-log device-log.cose --inventory inventory.cose --suppliers suppliers.cose \\',
      '    --key keys/registration.key --out slice.cose',
    ],
    options: (command) => {
      command
        .requiredOption('--device-log <file>', "the gateway's device log")
        .requiredOption('--inventory <file>', 'its inventory record')
        .requiredOption('--suppliers <file>', 'its suppliers')
        .requiredOption('--key <file>', "the registration role's signing key")
        .requiredOption('--out <file>', 'where it goes');
    },
    action: slice,
  });
  program.add({
    call: 'register diff <old> <new>',
    summary: 'Shows what a register changes: entries added and removed, members changed.',
    examples: ['hearthgate register diff documents-1.json documents-2.cose'],
    codes: ['Code 0: nothing differs. Code 1: something does.'],
    action: diff,
  });
}

async function seed(io: Io, options: Options, kind = ''): Promise<ExitCode> {
  const [{ SEEDED_KINDS, seededStatement }, { statementText }] = await Promise.all([
    import('../compose/register-seeds.ts'),
    import('../compose/register-files.ts'),
  ]);
  if (!SEEDED_KINDS.includes(kind as SeededKind)) throw new Fault('config', `${kind} is not one of ${SEEDED_KINDS.join(', ')}`);
  const today = Math.floor(Date.now() / 1000 / DAY) * DAY;
  const days = number(options, 'validDays', 1, 36_500) ?? 365;
  const statement = seededStatement(kind as SeededKind, {
    version: number(options, 'statementVersion', 1, Number.MAX_SAFE_INTEGER) ?? 1,
    environment: oneOf(options, 'environment', ['lab', 'production']),
    issued: today,
    validFrom: today,
    validTo: today + days * DAY,
  });
  io.out(options.json ? JSON.stringify(JSON.parse(statementText(statement))) : statementText(statement));
  return EXIT.done;
}

async function signFile(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const { readStatementFile } = await import('../compose/register-files.ts');
  const { statement } = await readStatementFile(file);
  return write(io, options, statement);
}

async function slice(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const { readStatementFile, sliceForHome } = await import('../compose/register-files.ts');
  const of = async <K extends StatementKind>(option: string, kind: K): Promise<StatementOf<K>> => {
    const path = required(options, option);
    const { statement } = await readStatementFile(path);
    if (statement.kind !== kind) throw new Fault('config', `${path}: ${statement.kind}, not ${kind}`);
    return statement as StatementOf<K>;
  };
  const [log, inventory, suppliers] = await Promise.all([
    of('deviceLog', 'device-log'),
    of('inventory', 'inventory'),
    of('suppliers', 'suppliers'),
  ]);
  const { statement } = await readStatementFile(file);
  return write(io, options, sliceForHome(statement, { log, inventory, suppliers }));
}

async function write(io: Io, options: Options, statement: Statement): Promise<ExitCode> {
  const [{ loadSigningKey }, { sign }] = await Promise.all([import('../compose/load.ts'), import('../compose/register-files.ts')]);
  const { key } = await loadSigningKey(required(options, 'key'), statement.environment, ['registration']);
  const bytes = sign(statement, key);
  const out = required(options, 'out');
  await writeNew(out, bytes);
  const { kind, version } = statement;
  io.out(
    options.json
      ? JSON.stringify({ file: out, kind, version, bytes: bytes.length })
      : `${out}: ${kind} version ${version}, ${bytes.length} bytes`,
  );
  return EXIT.done;
}

async function diff(io: Io, options: Options, before = '', after = ''): Promise<ExitCode> {
  const { differences, readStatementFile } = await import('../compose/register-files.ts');
  const [old, now] = await Promise.all([readStatementFile(before), readStatementFile(after)]);
  const changes = differences(old.statement, now.statement);
  if (options.json) io.out(JSON.stringify({ kind: old.statement.kind, from: old.statement.version, to: now.statement.version, changes }));
  else {
    io.out(`${old.statement.kind} version ${old.statement.version} → ${now.statement.version}`);
    const sign = { added: '+', removed: '-', changed: '~' } as const;
    for (const { of, change, text: what } of changes) io.out(`${sign[change]} ${of}: ${what}`);
  }
  return changes.length === 0 ? EXIT.done : EXIT.refused;
}
