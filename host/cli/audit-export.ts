/** `audit export`, `audit heads` and `audit replay`: the log as a file for others, what others know of it, and its decisions once more. */
import type { Replayed } from '../compose/replay.ts';
import { Fault } from '../model/fault.ts';
import { anchorsOf, where, withAudit } from './audit-store.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { writeNew } from './new-file.ts';
import { eui, required } from './option.ts';
import type { Options, Program } from './program.ts';

const OPEN = 0o644;

/** Registers the verbs. */
export function register(program: Program): void {
  program.add({
    call: 'audit export',
    summary: 'Writes the whole log to a file that can be verified by nothing but itself and a public key.',
    examples: ['hearthgate audit export --config gateway.yaml --key keys/gateway.key --out audit.jsonl'],
    codes: ['Code 1: the log is damaged; nothing is written.'],
    options: (command) => {
      where(command);
      command.requiredOption('--key <file>', 'signing key of whose log it is').requiredOption('--out <file>', 'where the file goes');
    },
    action: exportLog,
  });
  program.add({
    call: 'audit heads',
    summary: "Shows the heads of gateways' logs that the S1SP side took from signed reports, one COUNT:HASH a line.",
    examples: ['hearthgate audit heads --config s1sp.yaml --gateway 02-00-00-00-00-00-02-01 > heads.txt'],
    options: (command) => {
      where(command);
      command.option('--gateway <eui64>', 'the gateway; may be left out where only one is known');
    },
    action: heads,
  });
  program.add({
    call: 'audit replay',
    summary: 'Asks the rules again on the facts of every recorded decision: they must answer the same.',
    examples: ['hearthgate audit replay --config gateway.yaml', 'hearthgate audit replay --data ./data --json'],
    codes: ['Code 0: all answer the same. Code 1: one does not, or the log is damaged.'],
    options: (command) => {
      where(command);
      command.option('--anchor <count:hash>', 'a head kept elsewhere').option('--anchors <file>', 'such heads, one a line');
    },
    action: replayLog,
  });
}

async function exportLog(io: Io, options: Options): Promise<ExitCode> {
  const [{ readFileText }, { requirePrivate }, { parseKeyFile }, { signHead }, { exportAudit }] = await Promise.all([
    import('../compose/files.ts'),
    import('../compose/secrets.ts'),
    import('../messages/keyfile.ts'),
    import('../messages/audit-head.ts'),
    import('../stores/audit-export.ts'),
  ]);
  const [path, out] = [required(options, 'key'), required(options, 'out')];
  await requirePrivate(path, '--key');
  const parsed = parseKeyFile(await readFileText(path, 65_536, 'config'));
  if (!parsed.ok) throw new Fault('config', `${path}: ${parsed.detail}`);
  const { environment, signer, signing } = parsed.value;
  if (signing === undefined) throw new Fault('config', `${path}: holds the public key alone; signing needs the private one`);
  return withAudit(options, async (audit, store) => {
    const verdict = audit.verify();
    if (!verdict.ok) {
      io.out(options.json ? JSON.stringify(verdict) : `damaged at record ${verdict.index} (${verdict.code}): ${verdict.detail}`);
      return EXIT.refused;
    }
    const file = exportAudit(store, verdict.head, (head) => signHead({ party: signer.party, environment, ...head }, signing));
    await writeNew(out, file, OPEN);
    const { count, hash } = verdict.head;
    io.out(options.json ? JSON.stringify({ file: out, head: verdict.head }) : `${out}: ${count} records, head ${count}:${hash}`);
    return EXIT.done;
  });
}

async function heads(io: Io, options: Options): Promise<ExitCode> {
  const { Heads } = await import('../stores/heads.ts');
  return withAudit(options, (_audit, store) => {
    const known = new Heads(store);
    const named = eui(options, 'gateway');
    const all = known.gateways();
    const gateway = named ?? (all.length === 1 ? all[0] : undefined);
    if (gateway === undefined) throw new Fault('config', `heads of ${all.length} gateways are known: say --gateway`);
    const found = known.all(gateway);
    if (options.json) io.out(JSON.stringify({ gateway, heads: found }));
    else for (const { count, hash } of found) io.out(`${count}:${hash}`);
    return EXIT.done;
  });
}

async function replayLog(io: Io, options: Options): Promise<ExitCode> {
  const anchors = await anchorsOf(options);
  const [{ isDecision, replay }, { Registers }] = await Promise.all([import('../compose/replay.ts'), import('../stores/registers.ts')]);
  return withAudit(options, (audit, store) => {
    const verdict = audit.verify(...anchors);
    const registers = new Registers(store);
    const replayed = verdict.ok
      ? audit
          .entries()
          .filter(isDecision)
          .map((entry) => replay(entry, registers))
      : [];
    const odd = replayed.filter(({ outcome }) => outcome !== 'same' && outcome !== 'needs-bytes');
    const same = replayed.filter(({ outcome }) => outcome === 'same').length;
    const bytes = replayed.filter(({ outcome }) => outcome === 'needs-bytes');
    const whole = verdict.ok && odd.length === 0;
    if (options.json)
      io.out(JSON.stringify({ ok: whole, chain: verdict, decisions: replayed.length, same, needBytes: counted(bytes), odd }));
    else {
      if (!verdict.ok) io.out(`damaged at record ${verdict.index} (${verdict.code}): ${verdict.detail}`);
      for (const { index, id, outcome, detail } of odd) io.out(`record ${index} ${id}: ${outcome}: ${detail}`);
      io.out(`${replayed.length} decisions, ${same} with the same answer`);
      if (bytes.length > 0) {
        io.out(`${bytes.length} rest on bytes that a record does not keep (a signature, a form, an image):`);
        for (const [code, count] of Object.entries(counted(bytes))) io.out(`  ${code}: ${count}`);
      }
    }
    return whole ? EXIT.done : EXIT.refused;
  });
}

/** How many rest on which code, which is their detail. */
const counted = (replayed: readonly Replayed[]): Readonly<Record<string, number>> =>
  replayed.reduce<Record<string, number>>((counts, { detail }) => ({ ...counts, [detail]: (counts[detail] ?? 0) + 1 }), {});
