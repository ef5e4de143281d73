/** `keys install-code`: whether a printed install code is one, and which link key it makes, by fingerprint. */
import { readInstallCode } from '../core/install-code.ts';
import { Fault } from '../model/fault.ts';
import { eui64, hex } from '../model/ids.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import type { Options, Program } from './program.ts';
import { readSource } from './source.ts';

/** A partner is part of a slot, not of the key. */
const NOBODY = eui64('0200000000000000');

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'keys install-code <code>',
    summary:
      "Checks a printed install code and shows the fingerprint of its link key; a code on a command line is everybody's on this machine.",
    examples: [
      "hearthgate keys install-code '83FE D340 7A93 9723 A5C6 39B2 6916 D505 C3B5'",
      'hearthgate keys install-code - < code.txt',
      'hearthgate keys install-code 83fed3407a932b70 --show',
    ],
    codes: ['Code 0: the code is right. Code 1: it is not; length, digit or CRC is named.'],
    options: (command) =>
      void command.option('--show', 'show the key itself: for the lab, it is then on the screen and in its history', false),
    action: check,
  });
}

async function check(io: Io, options: Options, code = ''): Promise<ExitCode> {
  const printed = code === '-' ? await readSource(io, code) : new TextEncoder().encode(code);
  try {
    const read = readInstallCode(printed);
    if (!read.ok) return refuse(io, options, read.code, read.detail);
    const bytes = read.value.length - 2;
    const [{ LabCore, Core }, { loadModule }] = await Promise.all([import('../core/core.ts'), import('../compose/gateway.ts')]);
    const core =
      options['show'] === true ? await LabCore.load(await loadModule('lab.wasm')) : await Core.load(await loadModule('core.wasm'));
    try {
      const made = core.keys.installCode(read.value, NOBODY);
      if (!made.ok) return refuse(io, options, made.code, made.detail);
      const fingerprint = core.keys.fingerprint(made.value);
      if (!fingerprint.ok) throw new Fault('core', fingerprint.detail);
      const shown = core instanceof LabCore ? core.exportKey(made.value) : undefined;
      const key = shown?.ok === true ? { key: hex(shown.value) } : {};
      if (options.json) io.out(JSON.stringify({ ok: true, bytes, fingerprint: fingerprint.value, ...key }));
      else io.out(`install code of ${bytes} bytes, link key ${fingerprint.value}${'key' in key ? ` (${key.key})` : ''}`);
      return EXIT.done;
    } finally {
      core.wipe();
    }
  } finally {
    printed.fill(0);
  }
}

function refuse(io: Io, options: Options, code: string, detail: string): ExitCode {
  if (options.json) io.out(JSON.stringify({ ok: false, code, detail }));
  else io.out(`${io.paint('bad', 'refused')}: ${code}: ${detail}`);
  return EXIT.refused;
}
