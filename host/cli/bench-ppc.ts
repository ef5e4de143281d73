/** `bench ppc`: the test list of a pending product combination, and whether the combination may move to the eligible list. */
import type { BenchUnit } from '../compose/bench-device.ts';
import type { PpcItem, PpcReport } from '../lab/ppc-report.ts';
import { Fault } from '../model/fault.ts';
import { parseEui64, type Eui64 } from '../model/ids.ts';
import type { PendingStatement } from '../model/regulation.ts';
import type { Lists } from '../policy/pending.ts';
import { RADIO, radioChoice, radioOptions } from './bench-radio.ts';
import { reportKey, REPORT_OPTIONS, writeReport } from './bench-report.ts';
import { gather } from './image-trust.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { number, oneOf, required, text } from './option.ts';
import { listOf, writeLists } from './ppc-lists.ts';
import type { Options, Program } from './program.ts';
import { readSource } from './source.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'bench ppc <image>',
    summary: 'Runs the test list of a pending product combination with its PPMID image, and says whether it may move to the eligible list.',
    examples: [
      'hearthgate bench ppc ppmid.ota --pending pending.json --combinations combinations.cose --release IOC --approach ETAD-2.0 \\',
      '    --acknowledge laboratory --acknowledge 02-00-00-00-00-00-05-01 --report ppc.json --out next',
    ],
    codes: [
      'Code 0: every item passed, the combination may move to the eligible list. Code 1: it stays pending, or was refused before the test.',
    ],
    options: (command) => {
      command.requiredOption('--pending <file>', 'the pending combinations, signed or as JSON');
      command.requiredOption('--combinations <file>', 'the eligible combinations, signed or as JSON');
      command.option('--entry <number>', 'which of the pending combinations, counted from 1; needed when there are several');
      command.requiredOption('--release <release>', 'IOC, MOC or FOC: whose tests these are');
      command.requiredOption('--approach <version>', 'the testing approach document that governs them');
      command.option<readonly string[]>(
        '--acknowledge <side>',
        '"laboratory" and the requester: who acknowledged its obligations',
        gather,
        [],
      );
      command.option('--after <rule>', 'the rule change after which this is a retest');
      command.option('--needs-change <why>', 'a failure could not be mended without a change of the DCC systems or of the Code');
      command.option<readonly string[]>('--device <type=eui64>', 'which device is the ppmid, the esme, …; may be repeated', gather, []);
      command.option(...RADIO, 'air');
      radioOptions(command);
      for (const [flags, what] of REPORT_OPTIONS) command.option(flags, what);
      command.option('--out <folder>', 'write the lists that change, to be signed next: pending.json, and combinations.json if it passed');
    },
    action: ppc,
  });
}

async function ppc(io: Io, options: Options, name = ''): Promise<ExitCode> {
  const [{ testCombination }, key, { installCodes, ...choice }] = await Promise.all([
    import('../compose/ppc.ts'),
    reportKey(options),
    radioChoice(options),
  ]);
  const pending = await listOf(options, 'pending');
  const combinations = await listOf(options, 'combinations');
  const lists: Lists = { eligible: combinations.combinations, pending: pending.pending };
  const outcome = await testCombination({
    ...choice,
    lists,
    entry: entryOf(options, pending),
    image: await readSource(io, name),
    name,
    release: oneOf(options, 'release', ['IOC', 'MOC', 'FOC']),
    approach: required(options, 'approach'),
    acknowledged: (options['acknowledge'] as readonly string[]).map((side) => parseEui64(side) ?? side),
    after: text(options, 'after'),
    needsChange: text(options, 'needsChange'),
    units: unitsOf(options, installCodes),
    stop: io.interrupted,
    tell: (item) => io.out(options.json ? JSON.stringify({ event: 'item', ...item }) : itemLine(io, item)),
  });
  if (!outcome.ok) {
    if (io.interrupted.aborted) return EXIT.interrupted;
    if (options.json) io.out(JSON.stringify({ event: 'refused', code: outcome.code, detail: outcome.detail }));
    else io.out(`${io.paint('bad', 'refused')} (${outcome.code}): ${outcome.detail}`);
    return EXIT.refused;
  }
  const { report, lists: after } = outcome.value;
  tellEnd(io, options, report);
  await writeReport(io, options, report, key);
  const next = [{ ...pending, pending: after.pending }, ...(report.mayMove ? [{ ...combinations, combinations: after.eligible }] : [])];
  await writeLists(options, next);
  return report.mayMove ? EXIT.done : EXIT.refused;
}

function entryOf(options: Options, { pending }: PendingStatement): PendingStatement['pending'][number] {
  const given = number(options, 'entry', 1, Math.max(1, pending.length));
  if (given === undefined && pending.length > 1)
    throw new Fault('config', `--entry is missing: ${pending.length} combinations are pending`);
  const entry = pending[(given ?? 1) - 1];
  if (entry === undefined) throw new Fault('config', 'no combination is pending');
  return entry;
}

function unitsOf(options: Options, installCodes: ReadonlyMap<Eui64, Uint8Array>): ReadonlyMap<string, BenchUnit> {
  return new Map(
    (options['device'] as readonly string[]).map((value) => {
      const [, type, id = ''] = /^([a-z]+)=(.+)$/.exec(value) ?? [];
      const eui = parseEui64(id);
      if (type === undefined || eui === undefined) throw new Fault('config', `--device ${value} is not a type and its EUI-64: ppmid=02-…`);
      return [type, { eui, installCode: installCodes.get(eui) }];
    }),
  );
}

function tellEnd(io: Io, options: Options, report: PpcReport): void {
  const { result, mayMove, findings, delta, warnings } = report;
  if (options.json) return io.out(JSON.stringify({ event: 'result', result, mayMove, findings, delta, warnings }));
  for (const line of delta) io.out(`  ${line}`);
  for (const warning of warnings) io.out(`  warning: ${warning}`);
  if (findings !== undefined) io.out(`  ${findings}`);
  const word = mayMove ? io.paint('good', 'may move to the eligible list') : io.paint('bad', 'stays on the pending list');
  io.out(`${result}: the combination ${word}.`);
}

function itemLine(io: Io, { name, kind, verdict, detail }: PpcItem): string {
  const colour = verdict === 'passed' ? 'good' : verdict === 'not-applicable' ? 'faint' : 'bad';
  return `  ${io.paint(colour, verdict.padEnd(14))} ${kind.padEnd(8)} ${name.padEnd(33)} ${detail}`;
}
