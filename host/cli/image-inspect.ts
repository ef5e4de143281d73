/** `image inspect`: what stands in an upgrade file, and what is odd about it. It judges nothing: that is `image verify`. */
import type { Inspection } from '../../firmware/image/inspect.ts';
import { hex } from './image-verify.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import type { Options, Program } from './program.ts';
import { readSource } from './source.ts';

const TAGS: Readonly<Record<number, string>> = {
  0x0000: 'upgrade image',
  0x0001: 'signature, suite 1',
  0x0002: 'signing certificate, suite 1',
  0x0003: 'integrity code',
  0x0004: 'picture data',
  0x0005: 'signature, suite 2',
  0x0006: 'signing certificate, suite 2',
};

/** First tag that belongs to manufacturers. */
const MANUFACTURER_TAGS = 0xf000;

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'image inspect <file>',
    summary: 'Shows header and elements of a ZigBee OTA upgrade file and whatever is odd; "-" is standard input.',
    examples: ['hearthgate image inspect ppmid.ota', 'hearthgate image inspect vendor.ota.signed --json'],
    codes: ['Code 0: there is a header to show. Code 1: there is none.'],
    action: inspect,
  });
}

async function inspect(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const { inspectImage } = await import('../../firmware/image/inspect.ts');
  const bytes = await readSource(io, file);
  const found = inspectImage(bytes);
  if (options.json) io.out(JSON.stringify({ length: bytes.length, ...found }));
  else show(io, bytes.length, found);
  return found.header === undefined ? EXIT.refused : EXIT.done;
}

function show(io: Io, length: number, { start, header, elements, oddities }: Inspection): void {
  if (header !== undefined) {
    const { hardware, destination, credentialVersion } = header;
    const rows: readonly (readonly [string, string | undefined])[] = [
      ['begins at byte', `${start} of ${length}`],
      ['manufacturer', hex(header.manufacturer, 4)],
      ['image type', hex(header.imageType, 4)],
      ['file version', hex(header.fileVersion, 8)],
      ['stack version', hex(header.stackVersion, 4)],
      ['text', JSON.stringify(header.text)],
      ['total size', `${header.totalSize}`],
      ['credential version', credentialVersion === undefined ? undefined : `${credentialVersion}`],
      ['destination', destination],
      ['hardware', hardware === undefined ? undefined : `${hex(hardware.min, 4)} to ${hex(hardware.max, 4)}`],
    ];
    for (const [name, value] of rows) if (value !== undefined) io.out(`${name.padEnd(20)}${value}`);
  }
  for (const { tag, offset, length: size } of elements)
    io.out(`${`element ${hex(tag, 4)}`.padEnd(20)}${size} bytes at ${offset}, ${tagName(tag)}`);
  for (const { code, offset, detail } of oddities) io.out(`${io.paint('bad', 'odd'.padEnd(20))}at ${offset}, ${code}: ${detail}`);
}

function tagName(tag: number): string {
  return TAGS[tag] ?? (tag >= MANUFACTURER_TAGS ? "a manufacturer's own" : 'reserved');
}
