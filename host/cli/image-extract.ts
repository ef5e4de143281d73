/** `image extract`: the data of an element, or the upgrade file out of a wrapper. */
import { Fault } from '../model/fault.ts';
import { hex } from './image-verify.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { number, required } from './option.ts';
import type { Options, Program } from './program.ts';
import { sayWritten, writeSink } from './sink.ts';
import { readImage } from './source.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'image extract <file>',
    summary: 'Takes the data of one element, or the whole upgrade file, out of a file; "-" is standard input or output.',
    examples: [
      'hearthgate image extract ppmid.ota --out program.wasm',
      'hearthgate image extract ppmid.ota --tag 0x0006 --out - | xxd',
      'hearthgate image extract vendor.ota.signed --file --out vendor.ota',
    ],
    codes: ['Code 0: written. Code 1: the file has no such element. It is not verified: that is `image verify`.'],
    options: (command) => {
      command.requiredOption('--out <file>', 'where it goes; an existing file is not touched');
      command
        .option('--tag <tag>', 'tag of the element', '0x0000')
        .option('--index <number>', 'which of several with that tag, from 0', '0');
      command.option('--file', 'the upgrade file itself, without what stands before and behind it', false);
    },
    action: extract,
  });
}

async function extract(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const [{ inspectImage }, { unwrap }] = await Promise.all([
    import('../../firmware/image/inspect.ts'),
    import('../../firmware/image/wrapper.ts'),
  ]);
  const out = required(options, 'out');
  const [tag = 0, index = 0] = [number(options, 'tag', 0, 0xffff), number(options, 'index', 0, 0xffff)];
  const bytes = await readImage(io, file);
  const found = inspectImage(bytes);
  if (found.header === undefined) throw new Fault('input', `${file}: no upgrade file`);
  const { start, end } = unwrap(bytes);
  const element = found.elements.filter((each) => each.tag === tag)[index];
  if (options['file'] !== true && element === undefined) {
    io.err(`hearthgate: ${file}: no element ${hex(tag, 4)} at position ${index}`);
    return EXIT.refused;
  }
  const [from, to] = options['file'] === true || element === undefined ? [start, end] : [element.offset, element.offset + element.length];
  if (to > bytes.length) throw new Fault('input', `${file}: ends ${to - bytes.length} bytes before its element does`);
  await writeSink(io, out, bytes.subarray(from, to));
  sayWritten(io, out, options.json, { length: to - from, range: [from, to] }, `bytes ${from}-${to} of ${file}`);
  return EXIT.done;
}
