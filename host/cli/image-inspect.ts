/** `image inspect`: what stands in an upgrade file byte by byte, what is odd about it, and what each check says of it. */
import type { Range } from '../../firmware/image/annotate.ts';
import type { Inspection } from '../../firmware/image/inspect.ts';
import type { ImageReport } from '../model/image.ts';
import { trustOf, trustOptions } from './image-trust.ts';
import { checkLine, hex } from './image-verify.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import type { Options, Program } from './program.ts';
import { readImage } from './source.ts';

/** Bytes in a line of the dump, and lines that long data gets. */
const LINE = 16;
const LINES = 4;

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'image inspect <file>',
    summary: 'Shows a ZigBee OTA upgrade file byte by byte, whatever is odd, and what each check says; "-" is standard input.',
    examples: [
      'hearthgate image inspect ppmid.ota',
      'hearthgate image inspect ppmid.ota --ca maker.pub',
      'hearthgate image inspect vendor.ota.signed --json',
    ],
    codes: ['Code 0: there is a header to show. Code 1: there is none. Whether a gateway would take it is `image verify`.'],
    options: (command) => {
      trustOptions(command);
      command.option('--all', 'show every byte, not the first lines of long data alone', false);
    },
    action: inspect,
  });
}

async function inspect(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const [{ annotate }, { inspectImage }, { unwrap }, { verifyImage }, { Core }, { loadModule }] = await Promise.all([
    import('../../firmware/image/annotate.ts'),
    import('../../firmware/image/inspect.ts'),
    import('../../firmware/image/wrapper.ts'),
    import('../core/image.ts'),
    import('../core/core.ts'),
    import('../compose/gateway.ts'),
  ]);
  const module = await loadModule('core.wasm');
  const trust = await trustOf(options, async () => (await Core.load(module)).curves);
  const bytes = await readImage(io, file);
  const found = inspectImage(bytes);
  const ranges = annotate(bytes, found);
  const { start, end } = unwrap(bytes);
  const expected = trust === undefined ? {} : { trust, signatureRequired: true };
  const report = verifyImage(module, [bytes.subarray(start, end)], expected);
  // A verifier that is given all of it judges all of it, and what stands around the file is none of its own.
  const whole = end - start === bytes.length ? undefined : verifyImage(module, [bytes], expected);
  if (options.json) {
    const { verdict, code = 'ok', checks, sha256, signature } = report;
    const outer = whole && { whole: { verdict: whole.verdict, code: whole.code ?? 'ok' } };
    io.out(JSON.stringify({ length: bytes.length, ...found, ranges, verdict, code, checks, sha256, signature, ...outer }));
  } else {
    show(io, bytes, found, ranges, report, options['all'] === true);
    if (whole !== undefined)
      io.out(`the whole of ${bytes.length} bytes: ${verdictOf(whole)}; \`image verify --unwrap\` takes the file inside alone`);
  }
  return found.header === undefined ? EXIT.refused : EXIT.done;
}

function show(
  io: Io,
  bytes: Uint8Array,
  { start = 0, elements, oddities }: Inspection,
  ranges: readonly Range[],
  report: ImageReport,
  all: boolean,
): void {
  for (const { start: from, end, name, value } of ranges) {
    const rows = Math.ceil((end - from) / LINE);
    const shown = all ? rows : Math.min(rows, LINES);
    for (let row = 0; row < shown; row++) {
      const at = from + row * LINE;
      const digits = Buffer.from(bytes.subarray(at, Math.min(at + LINE, end)))
        .toString('hex')
        .replace(/..(?=.)/g, '$& ');
      const told = row > 0 ? '' : value === undefined ? name : `${name}: ${value}`;
      io.out(`${at.toString(16).padStart(8, '0')}  ${io.paint('faint', digits.padEnd(3 * LINE))} ${told}`.trimEnd());
    }
    if (shown < rows) io.out(`${' '.repeat(10)}… ${end - from - shown * LINE} more bytes, up to ${end}`);
  }
  io.out('');
  for (const { tag, offset, length } of elements) io.out(`element ${hex(tag, 4)}  ${length} bytes at ${offset}-${offset + length}`);
  for (const { code, offset, detail } of oddities) io.out(`${io.paint('bad', 'odd')}  at ${offset}, ${code}: ${detail}`);
  const of = start === 0 ? '' : `, counted from byte ${start}`;
  io.out(`checks of ${report.length} bytes${of}: ${verdictOf(report)}`);
  for (const check of report.checks) io.out(checkLine(io, check));
}

const verdictOf = ({ verdict, code }: ImageReport): string => (code === undefined ? verdict : `${verdict} (${code})`);
