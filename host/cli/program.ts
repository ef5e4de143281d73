/**
 * The command line: verbs register themselves, a word of theirs may be a group (`image verify`), and each run answers one
 * exit code. Wrong usage is one line and code 2; `--help` and `--version` are code 0.
 */
import { Command, CommanderError } from 'commander';
import { guard } from './errors.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { VERSION } from '../model/version.ts';

/** What a verb's file exports as `register`. */
export type Register = (program: Program) => void;

/** A verb: how it is called, what it takes, what it does. */
export interface Verb {
  /** Words of the call, with arguments as commander writes them: `image verify <file>`. */
  readonly call: string;
  /** One sentence. */
  readonly summary: string;
  /** Lines shown under "Examples:" in its help; one that begins with a space goes on with the line before. */
  readonly examples: readonly string[];
  /** What exit codes mean here ("Code 1: …"), when more than they mean everywhere; the help then leaves those out of its own line. */
  readonly codes?: readonly string[];
  /** Adds options; `--json` is there already. */
  readonly options?: (command: Command) => void;
  /** Does it. `options.json` is always present; arguments come in the order of `call`. */
  readonly action: (io: Io, options: Options, ...args: readonly string[]) => Promise<ExitCode>;
}

/** Parsed options of a call. */
export type Options = Readonly<Record<string, unknown>> & { readonly json: boolean };

/** Where verbs are registered. */
export interface Program {
  add(verb: Verb): void;
}

/** Runs `argv` (without node and script) over the verbs of `registers`. Never throws. */
export async function run(name: string, argv: readonly string[], io: Io, registers: readonly Register[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const root = new Command(name).description('Gateway runtime of a GB SMETS1 Communications Hub.').version(VERSION).exitOverride();
  root.configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()), outputError: () => {} });
  root.addHelpText('after', `\n${CODES}\n\nEvery verb takes --json and --help.`);
  const program: Program = {
    add: (verb) =>
      register(root, verb, async (options, args) => {
        code = await guard(io, options.json, () => verb.action(io, options, ...args));
      }),
  };
  for (const each of registers) each(program);
  try {
    await root.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    if (error.code !== 'commander.help') io.err(`${name}: ${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}`);
    return EXIT.unusable;
  }
  return code;
}

const MEANINGS: Readonly<Record<ExitCode, string>> = {
  [EXIT.done]: 'done',
  [EXIT.refused]: 'refused or failed',
  [EXIT.unusable]: 'unusable input or usage',
  [EXIT.environment]: 'environment fault',
  [EXIT.interrupted]: 'interrupted',
};
const codesBut = (told: string): readonly string[] =>
  Object.entries(MEANINGS).flatMap(([code, meaning]) => (told.includes(`Code ${code}:`) ? [] : [`${code} ${meaning}`]));
const CODES = `Exit codes: ${codesBut('').join(', ')}.`;
/** The codes that a verb does not tell by itself. */
const furtherCodes = (told: string): string => (told.includes('Code ') ? `Further exit codes: ${codesBut(told).join(', ')}.` : CODES);

function register(root: Command, verb: Verb, action: (options: Options, args: readonly string[]) => Promise<void>): void {
  const words = verb.call.split(' ');
  const first = words.findIndex((word) => /^[<[]/.test(word));
  const names = first < 0 ? words : words.slice(0, first);
  const parent = names.slice(0, -1).reduce(group, root);
  const command = parent
    .command([names.at(-1), ...words.slice(names.length)].join(' '))
    .summary(verb.summary)
    .description(verb.summary);
  verb.options?.(command);
  command.option('--json', 'JSON on standard output, one object a line', false);
  const examples = ['Examples:', ...verb.examples.map((line) => `  ${line.startsWith(' ') ? ' ' : '$'} ${line}`)];
  const codes = verb.codes ?? [];
  command.addHelpText('after', `\n${[...examples, '', ...codes, furtherCodes(codes.join('\n'))].join('\n')}`);
  command.action(async (...all: unknown[]) => {
    const args = all.slice(0, -2).flat() as string[];
    await action(command.opts<Options>(), args);
  });
}

function group(parent: Command, name: string): Command {
  const known = parent.commands.find((command) => command.name() === name);
  return known ?? parent.command(name).description(`Verbs about ${name}.`);
}
