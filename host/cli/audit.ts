/** `audit show` and `audit verify`: what a gateway or the S1SP decided and made devices do [R-MON-01], and whether that record is whole. */
import { Fault } from '../model/fault.ts';
import type { AuditEntry } from '../stores/audit-record.ts';
import type { AuditHead } from '../stores/audit-record.ts';
import { anchorsOf, where, withAudit } from './audit-store.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { eui, number, text } from './option.ts';
import type { Options, Program } from './program.ts';

/** Registers both verbs. */
export function register(program: Program): void {
  program.add({
    call: 'audit show',
    summary: 'Shows records of the audit log, oldest first.',
    examples: [
      'hearthgate audit show --config gateway.yaml --from 100',
      'hearthgate audit show --data ./data --type decision --json',
      'hearthgate audit show --data ./data --party 02-00-00-00-00-00-01-03 --device 02-00-00-00-00-00-02-02',
    ],
    options: (command) => {
      where(command);
      command
        .option('--from <index>', 'first record', '0')
        .option('--to <index>', 'record to stop before')
        .option('--type <type>', 'records of this type alone')
        .option('--party <eui64>', 'what this User asked for, alone')
        .option('--device <eui64>', 'what is about this device, alone')
        .option('--verdict <verdict>', 'allow, refuse or forward');
    },
    action: show,
  });
  program.add({
    call: 'audit verify',
    summary: 'Verifies the chain of the audit log, or of an exported file, from its head to its first record.',
    examples: [
      'hearthgate audit verify --config gateway.yaml',
      'hearthgate audit verify --data ./data --anchor 512:6b86b2…',
      'hearthgate audit verify --data ./data --anchors heads.txt',
      'hearthgate audit verify --file audit.jsonl --key gateway.key.pub',
    ],
    codes: ['Code 0: whole. Code 1: damaged; the record, or the line of the file, is named.'],
    options: (command) => {
      where(command);
      command
        .option('--anchor <count:hash>', 'a head that was kept elsewhere: finds a log that was cut or replaced')
        .option('--anchors <file>', 'such heads, one a line, as `audit heads` writes them')
        .option('--file <file>', 'an export instead of a store; with --key nothing else is needed')
        .option('--key <file>', 'public key file of whose log the export is');
    },
    action: async (io, options) => (text(options, 'file') === undefined ? verify(io, options) : verifyFile(io, options)),
  });
}

async function show(io: Io, options: Options): Promise<ExitCode> {
  const [from = 0, to] = [number(options, 'from', 0, Number.MAX_SAFE_INTEGER), number(options, 'to', 0, Number.MAX_SAFE_INTEGER)];
  const wanted = {
    type: text(options, 'type'),
    verdict: text(options, 'verdict'),
    party: eui(options, 'party'),
    device: eui(options, 'device'),
  };
  if (!VERDICTS.includes(wanted.verdict)) throw new Fault('config', `--verdict ${wanted.verdict} is not allow, refuse or forward`);
  return withAudit(options, (audit) => {
    const all = audit.entries();
    const entries = all.slice(from, to).filter((entry) => matches(entry, wanted, all));
    if (options.json) io.out(JSON.stringify({ head: audit.head(), entries }));
    else for (const entry of entries) io.out(lineOf(io, entry));
    return EXIT.done;
  });
}

async function verify(io: Io, options: Options): Promise<ExitCode> {
  const anchors = await anchorsOf(options);
  return withAudit(options, (audit) => {
    const verdict = audit.verify(...anchors);
    if (options.json) io.out(JSON.stringify(verdict));
    else if (verdict.ok)
      io.out(
        `${io.paint('good', 'whole')}: ${verdict.head.count} records, head ${verdict.head.count}:${verdict.head.hash}${heldTo(anchors)}`,
      );
    else io.out(`${io.paint('bad', 'damaged')} at record ${verdict.index} (${verdict.code}): ${verdict.detail}`);
    return verdict.ok ? EXIT.done : EXIT.refused;
  });
}

async function verifyFile(io: Io, options: Options): Promise<ExitCode> {
  const [file, key] = [text(options, 'file') ?? '', text(options, 'key')];
  if (text(options, 'data') !== undefined || text(options, 'config') !== undefined)
    throw new Fault('config', '--file is an export: --data and --config name a store, say one of them');
  if (key === undefined) throw new Fault('config', '--key is missing: a file is verified with the public key of whose log it is');
  const [{ readFileBytes, readFileText }, { parseKeyFile }, { openHead }, { verifyExport }] = await Promise.all([
    import('../compose/files.ts'),
    import('../messages/keyfile.ts'),
    import('../messages/audit-head.ts'),
    import('../stores/audit-export.ts'),
  ]);
  const parsed = parseKeyFile(await readFileText(key, 65_536, 'config'));
  if (!parsed.ok) throw new Fault('config', `${key}: ${parsed.detail}`);
  const anchors = await anchorsOf(options);
  const found = verifyExport(await readFileBytes(file), (signed) => openHead(signed, parsed.value.signer), anchors);
  if (options.json) io.out(JSON.stringify(found.ok ? { ok: true, head: found.value.head } : found));
  else if (found.ok) {
    const { count, hash } = found.value.head;
    io.out(`${io.paint('good', 'whole')}: ${count} records of ${parsed.value.signer.party}, head ${count}:${hash}${heldTo(anchors)}`);
  } else io.out(`${io.paint('bad', 'damaged')} at line ${found.line}, byte ${found.byte} (${found.code}): ${found.detail}`);
  return found.ok ? EXIT.done : EXIT.refused;
}

const heldTo = ({ length }: readonly AuditHead[]): string =>
  length === 0 ? '' : `, held to ${length} known head${length === 1 ? '' : 's'}`;

interface Wanted {
  readonly type: string | undefined;
  readonly verdict: string | undefined;
  readonly party: string | undefined;
  readonly device: string | undefined;
}

/** Stages of a job are about the User and the device of the decision that started it. */
function matches({ type, body }: AuditEntry, wanted: Wanted, all: readonly AuditEntry[]): boolean {
  if (wanted.type !== undefined && wanted.type !== type) return false;
  if (wanted.verdict !== undefined && wanted.verdict !== body['verdict']) return false;
  if (wanted.party === undefined && wanted.device === undefined) return true;
  const facts = (body['facts'] ?? all.find(({ id }) => id === body['job'])?.body['facts']) as Facts | undefined;
  const request = facts?.request ?? facts?.unverified?.request;
  const parties = [facts?.user?.party, facts?.unverified?.request.originator, facts?.who, body['user']];
  const party = wanted.party === undefined || parties.includes(wanted.party);
  const device = wanted.device === undefined || [request?.target, facts?.who, body['device']].includes(wanted.device);
  return party && device;
}

/** What facts of an order, of a message that a check refused, or of counted traffic say of who and which device. */
interface Facts {
  readonly user?: { readonly party: string };
  readonly request?: { readonly target: string };
  readonly unverified?: { readonly request: { readonly originator: string; readonly target: string } };
  readonly who?: string;
}

const VERDICTS: readonly (string | undefined)[] = [undefined, 'allow', 'refuse', 'forward', 'accepted', 'refused'];

function lineOf(io: Io, entry: AuditEntry): string {
  const time = new Date(entry.time).toISOString();
  return `${String(entry.index).padStart(6)}  ${io.paint('faint', time)}  ${entry.id}  ${io.paint('strong', entry.type)}  ${summary(entry)}`;
}

/** A body in a line: the facts of a decision are for `explain`. */
function summary({ body }: AuditEntry): string {
  const { facts: _facts, registers: _registers, documents: _documents, requirements: _ids, rules: _rules, ...rest } = body;
  return JSON.stringify(rest);
}
