/** `ppc request` and `show`: asking for the test of a pending product combination, and what a party may see of one (004 6.5, 6.10-6.14). */
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { CombinationMember } from '../model/dated.ts';
import type { CombinationsStatement } from '../model/register.ts';
import type { PendingEntry } from '../model/regulation.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { eui, oneOf, required, text } from './option.ts';
import { listOf, writeLists } from './ppc-lists.ts';
import type { Options, Program } from './program.ts';

/** Registers the verbs. */
export function register(program: Program): void {
  program.add({
    call: 'ppc request <combination>',
    summary: 'Puts a combination on the list of pending ones, whoever asks: a party of the Code or any other testing participant.',
    examples: [
      'hearthgate ppc request combination.json --pending pending.json --combinations combinations.cose --requester 02-00-00-00-00-00-05-01 \\',
      '    --reason upgrade --announced --out next',
    ],
    codes: ['Code 1: the combination is eligible already, or under test.'],
    options: (command) => {
      command.requiredOption('--pending <file>', 'the pending combinations, signed or as JSON');
      command.requiredOption('--combinations <file>', 'the eligible combinations, signed or as JSON');
      command.requiredOption('--requester <eui64>', 'who asks');
      command.option('--party', 'who asks is a party of the Code', false);
      command.requiredOption('--reason <reason>', 'upgrade, replacement or pre-existing');
      command.option('--announced', 'the test was announced beforehand', false);
      command.option('--share', 'what goes wrong may be told to others', false);
      command.option('--out <folder>', 'write the list as it is then, to be signed next: pending.json');
    },
    action: request,
  });
  program.add({
    call: 'ppc show',
    summary: 'Shows what a party may see of the pending combinations, or whether device tests may be made with one combination.',
    examples: [
      'hearthgate ppc show --pending pending.json --as 02-00-00-00-00-00-05-01',
      'hearthgate ppc show --combination combination.json --pending pending.json --combinations combinations.cose --as 02-00-00-00-00-00-05-01',
    ],
    codes: ['With --combination, code 1: device tests are not for it.'],
    options: (command) => {
      command.requiredOption('--pending <file>', 'the pending combinations, signed or as JSON');
      command.option('--combination <file>', 'whether device tests may be made with this one');
      command.option('--combinations <file>', 'the eligible combinations, signed or as JSON; needed with --combination');
      command.requiredOption('--as <eui64>', 'who asks');
    },
    action: show,
  });
}

async function request(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const [pending, combinations] = await Promise.all([listOf(options, 'pending'), listOf(options, 'combinations')]);
  const combination = await combinationOf(file, combinations);
  const policy = await import('../policy/pending.ts');
  const done = policy.request(
    { eligible: combinations.combinations, pending: pending.pending },
    {
      combination,
      requester: partyOf(options, 'requester'),
      requesterIsParty: options['party'] === true,
      reason: oneOf<PendingEntry['reason']>(options, 'reason', ['upgrade', 'replacement', 'pre-existing']),
      requested: Math.floor(Date.now() / 1000),
      forecast: options['announced'] === true,
      shared: options['share'] === true,
    },
  );
  if (!done.ok) {
    io.out(options.json ? JSON.stringify(done) : `refused ${done.code}: ${done.detail}`);
    return EXIT.refused;
  }
  const { lists, warning } = done.value;
  await writeLists(options, [{ ...pending, pending: lists.pending }]);
  if (options.json) io.out(JSON.stringify({ status: 'requested', pending: lists.pending.length, warning }));
  else
    io.out(
      `requested: ${lists.pending.length} combinations are pending, none of them eligible${warning === undefined ? '' : `; warning: ${warning}`}`,
    );
  return EXIT.done;
}

async function show(io: Io, options: Options): Promise<ExitCode> {
  const [by, file] = [partyOf(options, 'as'), text(options, 'combination')];
  const [{ deviceTest, view }, pending] = await Promise.all([import('../policy/pending.ts'), listOf(options, 'pending')]);
  if (file === undefined) {
    const { model } = await import('../policy/wording.ts');
    const seen = pending.pending.map((entry) => ({ combination: entry.combination, ...view(entry, by) }));
    if (options.json) io.out(JSON.stringify({ pending: seen }));
    else {
      for (const [i, { combination, status, findings, route }] of seen.entries()) {
        io.out(`${i + 1}: ${status}${findings === undefined ? '' : `: ${findings}`}${route === undefined ? '' : `; ${route}`}`);
        for (const member of combination) io.out(`  ${member.type.padEnd(5)} ${model(member)}`);
      }
      io.out(`${seen.length} pending`);
    }
    return EXIT.done;
  }
  const combinations = await listOf(options, 'combinations');
  const combination = await combinationOf(file, combinations);
  const may = deviceTest({ eligible: combinations.combinations, pending: pending.pending }, combination);
  if (options.json) io.out(JSON.stringify(may.ok ? { eligible: true } : may));
  else io.out(may.ok ? 'eligible: device tests may be made with it' : `refused ${may.code}: ${may.detail}`);
  return may.ok ? EXIT.done : EXIT.refused;
}

/** A combination from a file: the JSON list of its members, as one entry of the register `combinations` has them. */
async function combinationOf(path: string, like: CombinationsStatement): Promise<readonly CombinationMember[]> {
  const [{ readFileText }, { statementOfJson }, { statementText }] = await Promise.all([
    import('../compose/files.ts'),
    import('../messages/statement-json.ts'),
    import('../compose/register-files.ts'),
  ]);
  const content = await readFileText(path);
  let members: unknown;
  try {
    members = JSON.parse(content);
  } catch (cause) {
    throw new Fault('input', `${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
  const around = JSON.parse(statementText(like)) as object;
  const read = statementOfJson({ ...around, combinations: [members] });
  if (!read.ok) throw new Fault('input', `${path}: ${read.detail}`);
  return read.value.kind === 'combinations' ? (read.value.combinations[0] ?? []) : [];
}

function partyOf(options: Options, name: string): Eui64 {
  required(options, name);
  return eui(options, name) as Eui64;
}
