/** What a verb reads: one limit for files and for pipes. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSource } from '../../host/cli/source.ts';
import type { Program } from '../../host/cli/program.ts';
import { FILE_LIMIT } from '../../host/compose/files.ts';
import { call, type Outcome } from './terminal.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hearthgate-source-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A verb that tells how many bytes it read. */
const length = (program: Program): void =>
  program.add({
    call: 'length <file>',
    summary: '',
    examples: [],
    action: async (io, _, file = '') => {
      io.out(`${(await readSource(io, file)).length}`);
      return 0;
    },
  });

/** Standard input of so many bytes, the same MiB again and again. */
function* pieces(total: number, taken: { bytes: number } = { bytes: 0 }): Iterable<Uint8Array> {
  const piece = new Uint8Array(2 ** 20);
  for (; taken.bytes < total; taken.bytes += piece.length) yield piece.subarray(0, Math.min(piece.length, total - taken.bytes));
}

function file(total: number): Promise<Outcome> {
  const path = join(folder, `${total}`);
  writeFileSync(path, '');
  truncateSync(path, total);
  return call([length], ['length', path]);
}

describe('a file and standard input', () => {
  test('may have as many bytes as the limit', async () => {
    expect(await file(FILE_LIMIT)).toMatchObject({ code: 0, out: `${FILE_LIMIT}` });
    expect(await call([length], ['length', '-'], { chunks: pieces(FILE_LIMIT) })).toMatchObject({ code: 0, out: `${FILE_LIMIT}` });
  });
  test('are unusable with one byte more: code 2, and the limit is named', async () => {
    expect(await file(FILE_LIMIT + 1)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`longer than ${FILE_LIMIT} bytes`) as string,
    });
    expect(await call([length], ['length', '-'], { chunks: pieces(FILE_LIMIT + 1) })).toMatchObject({
      code: 2,
      err: `hearthgate: standard input: longer than ${FILE_LIMIT} bytes`,
    });
  });
  test('of which the one does not end is given up where the limit is, not later', async () => {
    const taken = { bytes: 0 };
    expect((await call([length], ['length', '-'], { chunks: pieces(Infinity, taken) })).code).toBe(2);
    expect(taken.bytes).toBeLessThanOrEqual(FILE_LIMIT);
  });
});
