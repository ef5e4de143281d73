/** `audit show` and `audit verify`: what a gateway or the S1SP decided, and whether that record is whole. */
import type { Command } from 'commander';
import { Fault } from '../model/fault.ts';
import type { Digest } from '../model/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Audit } from '../stores/audit.ts';
import type { AuditEntry, AuditHead } from '../stores/audit-record.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { readingStore } from './open-store.ts';
import { number, text } from './option.ts';
import type { Options, Program } from './program.ts';

/** Registers both verbs. */
export function register(program: Program): void {
  program.add({
    call: 'audit show',
    summary: 'Shows records of the audit log, oldest first.',
    examples: ['hearthgate audit show --config gateway.yaml --from 100', 'hearthgate audit show --data ./data --type decision --json'],
    options: (command) => {
      where(command);
      command
        .option('--from <index>', 'first record', '0')
        .option('--to <index>', 'record to stop before')
        .option('--type <type>', 'records of this type alone');
    },
    action: show,
  });
  program.add({
    call: 'audit verify',
    summary: 'Verifies the chain of the audit log from its head to its first record.',
    examples: ['hearthgate audit verify --config gateway.yaml', 'hearthgate audit verify --data ./data --anchor 512:6b86b2…'],
    codes: ['Code 0: whole. Code 1: damaged; the record is named.'],
    options: (command) => {
      where(command);
      command.option('--anchor <count:hash>', 'a head that was kept elsewhere: finds a log that was cut or replaced');
    },
    action: verify,
  });
}

async function show(io: Io, options: Options): Promise<ExitCode> {
  const [from = 0, to] = [number(options, 'from', 0, Number.MAX_SAFE_INTEGER), number(options, 'to', 0, Number.MAX_SAFE_INTEGER)];
  return withAudit(options, async (audit) => {
    const type = text(options, 'type');
    const entries = audit.entries(from, to).filter((entry) => type === undefined || entry.type === type);
    if (options.json) io.out(JSON.stringify({ head: audit.head(), entries }));
    else for (const entry of entries) io.out(lineOf(io, entry));
    return EXIT.done;
  });
}

async function verify(io: Io, options: Options): Promise<ExitCode> {
  const anchor = anchorOf(options);
  return withAudit(options, async (audit) => {
    const verdict = audit.verify(anchor);
    if (options.json) io.out(JSON.stringify(verdict));
    else if (verdict.ok)
      io.out(`${io.paint('good', 'whole')}: ${verdict.head.count} records, head ${verdict.head.count}:${verdict.head.hash}`);
    else io.out(`${io.paint('bad', 'damaged')} at record ${verdict.index} (${verdict.code}): ${verdict.detail}`);
    return verdict.ok ? EXIT.done : EXIT.refused;
  });
}

function where(command: Command): void {
  command.option('--data <directory>', 'the data directory').option('--config <file>', "the gateway's configuration, which names it");
}

async function withAudit(options: Options, use: (audit: Audit) => Promise<ExitCode>): Promise<ExitCode> {
  const { Audit } = await import('../stores/audit.ts');
  return readingStore(await dataDirectory(options), (store) => use(new Audit(store, UNUSED)));
}

async function dataDirectory(options: Options): Promise<string> {
  const [data, config] = [text(options, 'data'), text(options, 'config')];
  if (data !== undefined) return data;
  if (config === undefined) throw new Fault('config', 'say where the store is: --data or --config');
  const { loadGatewayConfig } = await import('../compose/config.ts');
  return (await loadGatewayConfig(config)).data;
}

function anchorOf(options: Options): AuditHead | undefined {
  const anchor = text(options, 'anchor');
  if (anchor === undefined) return undefined;
  const [, count, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(anchor) ?? [];
  if (count === undefined || hash === undefined) throw new Fault('config', `--anchor ${anchor} is not COUNT:HASH`);
  return { count: Number(count), hash: hash as Digest };
}

function lineOf(io: Io, entry: AuditEntry): string {
  const time = new Date(entry.time).toISOString();
  return `${String(entry.index).padStart(6)}  ${io.paint('faint', time)}  ${entry.id}  ${io.paint('strong', entry.type)}  ${JSON.stringify(entry.body)}`;
}

/** Reading the log asks no time. */
const UNUSED: Clock = {
  now: () => {
    throw new Fault('internal', 'reading the audit log asks no time');
  },
  after: () => () => undefined,
  hold: () => () => undefined,
};
