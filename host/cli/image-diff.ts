/** `image diff`: in what two upgrade files differ. */
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import type { Options, Program } from './program.ts';
import { readImage } from './source.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'image diff <a> <b>',
    summary: 'Tells in what two upgrade files differ, field by field and element by element; one of them may be "-".',
    examples: ['hearthgate image diff ppmid-1.ota ppmid-2.ota', 'hearthgate image diff shipped.ota received.ota --json'],
    codes: ['Code 0: they are the same. Code 1: they differ.'],
    action: diff,
  });
}

async function diff(io: Io, options: Options, a = '', b = ''): Promise<ExitCode> {
  const { diffImages } = await import('../../firmware/image/diff.ts');
  const found = diffImages(await readImage(io, a), await readImage(io, b));
  if (options.json) io.out(JSON.stringify(found));
  else {
    for (const each of found.differences) io.out(`${each.what.padEnd(20)} ${each.a}  →  ${each.b}`);
    io.out(found.first === undefined ? 'the same' : `${found.bytes} bytes differ, the first at ${found.first}`);
  }
  return found.first === undefined ? EXIT.done : EXIT.refused;
}
