/** `image build`: a ZigBee OTA upgrade file around a program, closed by an integrity code. */
import { createHash } from 'node:crypto';
import { Fault } from '../model/fault.ts';
import { gather } from './image-trust.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { eui, number, required, text } from './option.ts';
import type { Options, Program } from './program.ts';
import { sayWritten, writeSink } from './sink.ts';
import { readSource } from './source.ts';

/** Tag of the element that holds the program. */
const UPGRADE_IMAGE = 0x0000;

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'image build <program>',
    summary: 'Builds a ZigBee OTA upgrade file from a program; "-" is standard input or output.',
    examples: [
      "hearthgate image build app.bin --manufacturer 0x1234 --type 0x0084 --file-version 0x00000102 --text 'PPMID 1.2' --out ppmid.ota",
      'hearthgate image build app.bin --manufacturer 0x1234 --type 0x0084 --file-version 2 --hardware 1-3 --element 0xf000=notes.txt --out x.ota',
      'hearthgate image build app.bin --manufacturer 0x1234 --type 0x0084 --file-version 2 --out - | hearthgate image sign - --key signer.key --out x.ota',
    ],
    options: (command) => {
      command.requiredOption('--out <file>', 'where the file goes; an existing one is not touched');
      command.requiredOption('--manufacturer <code>', 'manufacturer code').requiredOption('--type <type>', 'image type');
      command.requiredOption('--file-version <version>', 'file version').option('--text <text>', 'header text of at most 32 bytes', '');
      command.option('--stack <version>', 'stack version', '0x0002').option('--credential <version>', 'security credential version');
      command
        .option('--hardware <min-max>', 'hardware versions that it is for')
        .option('--destination <eui64>', 'the one device that it is for');
      command.option<readonly string[]>('--element <tag=file>', 'a further element behind the program; may be repeated', gather, []);
      command.option('--no-integrity', 'leave the integrity code out');
    },
    action: build,
  });
}

async function build(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const [{ buildImage }, { Signer }, { artefact, readFileBytes }] = await Promise.all([
    import('../../firmware/image/build.ts'),
    import('../core/signer.ts'),
    import('../compose/files.ts'),
  ]);
  const further = (options['element'] as readonly string[]).map(async (each) => {
    const [tag, path] = elementOf(each);
    return { tag, data: await readSource(io, path) };
  });
  const [credentialVersion, destination, hardware] = [
    number(options, 'credential', 0, 0xff),
    eui(options, 'destination'),
    hardwareOf(options),
  ];
  const spec = {
    manufacturer: needed(options, 'manufacturer', 'manufacturer', 0xffff),
    imageType: needed(options, 'type', 'type', 0xffff),
    fileVersion: needed(options, 'fileVersion', 'file-version', 0xffffffff),
    stackVersion: needed(options, 'stack', 'stack', 0xffff),
    text: text(options, 'text') ?? '',
    ...(credentialVersion === undefined ? {} : { credentialVersion }),
    ...(destination === undefined ? {} : { destination }),
    ...(hardware === undefined ? {} : { hardware }),
    elements: [{ tag: UPGRADE_IMAGE, data: await readSource(io, file) }, ...(await Promise.all(further))],
  };
  const signer =
    options['integrity'] === true ? await Signer.load(await readFileBytes(artefact('signer.wasm'), undefined, 'core')) : undefined;
  const image = buildImage(spec, signer === undefined ? undefined : (message, padding) => signer.mmo(message, padding));
  const out = required(options, 'out');
  await writeSink(io, out, image);
  const sha256 = createHash('sha256').update(image).digest('hex');
  sayWritten(io, out, options.json, { length: image.length, sha256 }, `${image.length} bytes, SHA-256 ${sha256}`);
  return EXIT.done;
}

function needed(options: Options, name: string, flag: string, max: number): number {
  const value = number(options, name, 0, max);
  if (value === undefined) throw new Fault('config', `--${flag} is missing`);
  return value;
}

function hardwareOf(options: Options): { readonly min: number; readonly max: number } | undefined {
  const range = text(options, 'hardware');
  if (range === undefined) return undefined;
  const [min = NaN, max = NaN] = range.split('-').map((part) => (/^(0x[0-9a-f]{1,4}|\d{1,5})$/i.test(part) ? Number(part) : NaN));
  if (!(min <= max && max <= 0xffff)) throw new Fault('config', `--hardware ${range} is not MIN-MAX, each from 0 to 65535`);
  return { min, max };
}

function elementOf(value: string): readonly [tag: number, path: string] {
  const [, tag, path] = /^(0x[0-9a-f]{1,4}|\d{1,5})=(.+)$/i.exec(value) ?? [];
  if (tag === undefined || path === undefined || Number(tag) > 0xffff) throw new Fault('config', `--element ${value} is not TAG=FILE`);
  return [Number(tag), path];
}
