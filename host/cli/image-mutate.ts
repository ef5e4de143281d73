/** `image mutate`: a named manipulation of an upgrade file, for tests and training. */
import { Fault } from '../model/fault.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { required, text } from './option.ts';
import type { Options, Program } from './program.ts';
import { sayWritten, writeSink } from './sink.ts';
import { readImage } from './source.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'image mutate [file]',
    summary: 'Spoils an upgrade file in one named way, or lists the ways; "-" is standard input or output.',
    examples: [
      'hearthgate image mutate --list',
      'hearthgate image mutate ppmid.ota --name payload-bit --out spoilt.ota',
      'hearthgate image mutate ppmid.ota --name signer-other --out - | hearthgate image verify - --ca maker.pub',
    ],
    codes: ['Code 2: there is no such manipulation, or the file lacks what it spoils.'],
    options: (command) => {
      command.option('--name <name>', 'which manipulation').option('--out <file>', 'where the file goes; an existing one is not touched');
      command.option('--list', 'list the manipulations', false);
    },
    action: mutate,
  });
}

async function mutate(io: Io, options: Options, file?: string): Promise<ExitCode> {
  const { MUTATIONS, mutation } = await import('../../firmware/image/mutate.ts');
  if (options['list'] === true) {
    if (options.json) io.out(JSON.stringify(MUTATIONS.map(({ name, what, caughtBy }) => ({ name, what, caughtBy }))));
    else for (const { name, what } of MUTATIONS) io.out(`${name.padEnd(28)} ${what}`);
    return EXIT.done;
  }
  if (file === undefined) throw new Fault('config', 'name a file, or ask for --list');
  const [{ Signer }, { loadModule }] = await Promise.all([import('../core/signer.ts'), import('../compose/gateway.ts')]);
  const { name, what, apply } = mutation(required(options, 'name'));
  const out = text(options, 'out') ?? '-';
  const signer = await Signer.load(await loadModule('signer.wasm'));
  const spoilt = apply(await readImage(io, file), (message, padding) => signer.mmo(message, padding));
  await writeSink(io, out, spoilt);
  sayWritten(io, out, options.json, { name, length: spoilt.length }, `${name}: ${what}`);
  return EXIT.done;
}
