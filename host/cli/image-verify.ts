/** `image verify`: the core's verdict over an upgrade file, as a gateway would reach it. */
import type { ImageCheck, ImageExpectation, ImageReport } from '../model/image.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { eui, number, sha256 } from './option.ts';
import type { Options, Program } from './program.ts';
import { readSource } from './source.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'image verify <file>',
    summary: 'Verifies a ZigBee OTA upgrade file; "-" is standard input.',
    examples: [
      'hearthgate image verify ppmid.ota',
      'hearthgate image verify ppmid.ota --sha256 9f86d0… --manufacturer 0x1001 --type 0x0084 --json',
      'curl -s https://images.example.invalid/ppmid.ota | hearthgate image verify -',
    ],
    codes: ['Code 0: accepted. Code 1: refused, with the first failed check. Code 2: the file cannot be read.'],
    options: (command) => {
      command.option('--sha256 <hex>', 'SHA-256 that the whole file must have').option('--length <bytes>', 'length that it must have');
      command.option('--manufacturer <code>', 'manufacturer code').option('--type <type>', 'image type');
      command.option('--file-version <version>', 'file version').option('--hardware <version>', 'hardware version that must be in range');
      command.option('--destination <eui64>', 'device that the file must be for, if it names one');
      command.option('--integrity', 'refuse a file without integrity code', false);
      command.option('--raw', 'the header is followed by a payload without elements', false);
    },
    action: verify,
  });
}

async function verify(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const expectation = expectationOf(options);
  const bytes = await readSource(io, file);
  const [{ compile }, { verifyImage }, { artefact, readFileBytes }] = await Promise.all([
    import('../core/module.ts'),
    import('../core/image.ts'),
    import('../compose/files.ts'),
  ]);
  const module = await compile(await readFileBytes(artefact('core.wasm'), undefined, 'core'));
  const report = verifyImage(module, [bytes], expectation);
  if (options.json) io.out(JSON.stringify({ ...report, code: report.code ?? null }));
  else show(io, file, report);
  return report.verdict === 'accepted' ? EXIT.done : EXIT.refused;
}

/** What the options ask of the file. Throws Fault `config` for an option that is not what it should be. */
export function expectationOf(options: Options): ImageExpectation {
  const asked = {
    digest: sha256(options, 'sha256'),
    length: number(options, 'length', 0, Number.MAX_SAFE_INTEGER),
    manufacturer: number(options, 'manufacturer', 0, 0xffff),
    imageType: number(options, 'type', 0, 0xffff),
    fileVersion: number(options, 'fileVersion', 0, 0xffffffff),
    hardwareVersion: number(options, 'hardware', 0, 0xffff),
    destination: eui(options, 'destination'),
    integrityRequired: options['integrity'] === true,
    body: options['raw'] === true ? 'raw' : 'tagged',
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as ImageExpectation;
}

function show(io: Io, file: string, report: ImageReport): void {
  const { verdict, header, length } = report;
  io.out(`${file}: ${verdict === 'accepted' ? io.paint('good', 'accepted') : `${io.paint('bad', 'refused')} (${report.code})`}`);
  io.out(`  ${length} bytes, SHA-256 ${report.sha256}`);
  if (header !== undefined) {
    const { manufacturer, imageType, fileVersion, text } = header;
    io.out(`  manufacturer ${hex(manufacturer, 4)}, type ${hex(imageType, 4)}, version ${hex(fileVersion, 8)}, ${JSON.stringify(text)}`);
  }
  for (const check of report.checks) io.out(lineOf(io, check));
}

function lineOf(io: Io, { name, result, expected, found }: ImageCheck): string {
  const colour = result === 'failed' ? 'bad' : result === 'passed' ? 'good' : 'faint';
  const values = result === 'failed' ? `expected ${expected}, found ${found}` : found;
  return `  ${io.paint(colour, result.padEnd(12))} ${name.padEnd(15)} ${values}`;
}

/** A number as it stands in documents: `0x` and `digits` hexadecimal digits. */
export const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
