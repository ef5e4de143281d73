/** `image verify`: the core's verdict over an upgrade file, by the verifier that a gateway calls. */
import type { ImageCheck, ImageExpectation, ImageReport } from '../model/image.ts';
import { trustOf, trustOptions } from './image-trust.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { eui, number, oneOf, sha256 } from './option.ts';
import type { Options, Program } from './program.ts';
import { readImage } from './source.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'image verify <file>',
    summary: 'Verifies a ZigBee OTA upgrade file, signature and all; "-" is standard input.',
    examples: [
      'hearthgate image verify ppmid.ota --ca maker.pub --signer 02-00-00-00-00-00-00-07',
      'hearthgate image verify ppmid.ota --ca 0207a445022d9f39f49bdc38380026a27a9e0a1799313ab28c5c1a1c6b605154db1dff6752 --json',
      'hearthgate image verify ppmid.ota --sha256 9f86d0… --manufacturer 0x1001 --type 0x0084',
      'curl -s https://images.example.invalid/ppmid.ota | hearthgate image verify -',
    ],
    codes: [
      'With --ca the file must be signed. Without, a file without signature may pass, and one with a signature is refused.',
      'A gateway asks for an integrity code and for at most 16 MiB where its configuration says nothing else: --require-integrity and',
      '--maximum-size ask the same. Without them a file may lack the code and have any length.',
      'With --json: verdict, code ("ok" when accepted), checks, sha256, length, header (null when it was not read), elements, elementsSeen (how',
      'many there are, should they be too many to be listed); signature, wrapper and hint if any.',
      'Code 0: accepted. Code 1: refused, with the code of the first failed check. Code 2: the file cannot be read, or is empty.',
    ],
    options: (command) => {
      trustOptions(command);
      command.option('--sha256 <hex>', 'SHA-256 that the whole file must have; with --unwrap: the file inside');
      command.option('--length <bytes>', 'length that it must have, likewise');
      command.option('--manufacturer <code>', 'manufacturer code').option('--type <type>', 'image type');
      command.option('--file-version <version>', 'file version').option('--hardware <version>', 'hardware version that must be in range');
      command.option('--destination <eui64>', 'device that the file must be for, if it names one');
      command.option('--integrity, --require-integrity', 'refuse a file without integrity code', false);
      command.option('--maximum-size <bytes>', 'refuse a longer file');
      command.option('--body <tagged|raw>', 'what stands behind the header: elements, or one payload', 'tagged');
      command.option('--unwrap', 'verify the upgrade file inside another: bytes before and behind it are left out', false);
    },
    action: verify,
  });
}

async function verify(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const asked = expectationOf(options);
  const [{ Core }, { verifyImage }, { withElements }, { loadModule }] = await Promise.all([
    import('../core/core.ts'),
    import('../core/image.ts'),
    import('../core/image-elements.ts'),
    import('../compose/gateway.ts'),
  ]);
  const module = await loadModule('core.wasm');
  const trust = await trustOf(options, async () => (await Core.load(module)).curves);
  const given = await readImage(io, file);
  const { bytes, wrapper } = options['unwrap'] === true ? await unwrapped(given) : { bytes: given, wrapper: undefined };
  const expected = { ...asked, ...(trust === undefined ? {} : { trust, signatureRequired: true }) };
  const report = withElements(verifyImage(module, [bytes], expected), bytes);
  const hint = await hintOf(report, bytes);
  if (options.json)
    io.out(
      JSON.stringify({
        ...report,
        code: report.code ?? 'ok',
        header: report.header ?? null,
        ...(wrapper === undefined ? {} : { wrapper }),
        ...(hint === undefined ? {} : { hint }),
      }),
    );
  else {
    if (wrapper !== undefined) io.out(`unwrapped: ${wrapper.before} bytes before the file and ${wrapper.behind} behind it were left out`);
    show(io, file, report);
    if (hint !== undefined) io.out(`  hint: ${hint}`);
  }
  return report.verdict === 'accepted' ? EXIT.done : EXIT.refused;
}

/** What the options ask of the file. Throws Fault `config` for an option that is not what it should be. */
function expectationOf(options: Options): ImageExpectation {
  const asked = {
    digest: sha256(options, 'sha256'),
    length: number(options, 'length', 0, Number.MAX_SAFE_INTEGER),
    manufacturer: number(options, 'manufacturer', 0, 0xffff),
    imageType: number(options, 'type', 0, 0xffff),
    fileVersion: number(options, 'fileVersion', 0, 0xffffffff),
    hardwareVersion: number(options, 'hardware', 0, 0xffff),
    destination: eui(options, 'destination'),
    integrityRequired: options['requireIntegrity'] === true,
    maximumSize: number(options, 'maximumSize', 0, Number.MAX_SAFE_INTEGER),
    body: oneOf(options, 'body', ['tagged', 'raw']),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as ImageExpectation;
}

async function unwrapped(
  given: Uint8Array,
): Promise<{ readonly bytes: Uint8Array; readonly wrapper: { readonly before: number; readonly behind: number } }> {
  const { unwrap } = await import('../../firmware/image/wrapper.ts');
  const { start, end } = unwrap(given);
  return { bytes: given.subarray(start, end), wrapper: { before: start, behind: given.length - end } };
}

/** What else could be asked of a file that was refused for its shape. The verdict stays: nothing is guessed. */
async function hintOf({ code }: ImageReport, bytes: Uint8Array): Promise<string | undefined> {
  if (code === 'raw-body') return 'no element begins behind the header: --body raw takes what stands there as one payload';
  if (code !== 'bad-magic' && code !== 'bad-total-size') return undefined;
  const { wrapped } = await import('../../firmware/image/wrapper.ts');
  const inner = wrapped(bytes);
  if (inner === undefined) return undefined;
  return `an upgrade file stands at byte ${inner.start}, with ${bytes.length - inner.end} bytes behind its end: --unwrap verifies that file alone`;
}

function show(io: Io, file: string, report: ImageReport): void {
  const { verdict, header, length } = report;
  io.out(`${file}: ${verdict === 'accepted' ? io.paint('good', 'accepted') : `${io.paint('bad', 'refused')} (${report.code})`}`);
  io.out(`  ${length} bytes, SHA-256 ${report.sha256}`);
  if (header !== undefined) {
    const { manufacturer, imageType, fileVersion, text } = header;
    io.out(`  manufacturer ${hex(manufacturer, 4)}, type ${hex(imageType, 4)}, version ${hex(fileVersion, 8)}, ${JSON.stringify(text)}`);
  }
  for (const check of report.checks) io.out(checkLine(io, check));
  const left = report.elementsSeen - report.elements.length;
  if (left > 0) io.out(`  the last ${left} of ${report.elementsSeen} elements are not listed`);
}

/** A check as one line for people. */
export function checkLine(io: Io, { name, result, expected, found, range }: ImageCheck): string {
  const colour = result === 'failed' ? 'bad' : result === 'passed' ? 'good' : 'faint';
  const values = result === 'passed' ? found : result === 'failed' ? `expected ${expected}, found ${found}` : `${found} (${expected})`;
  return `  ${io.paint(colour, result.padEnd(12))} ${name.padEnd(15)} ${`${range[0]}-${range[1]}`.padEnd(15)} ${values}`;
}

/** A number as it stands in documents: `0x` and `digits` hexadecimal digits. */
export const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
