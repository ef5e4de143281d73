/** Inputs that once broke an invariant, as files: written by the fuzzer, replayed by its test for good. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unhex } from '../../host/model/ids.ts';
import type { Failure } from './engine.ts';

/** A seed file as it stands. */
interface SeedFile {
  readonly target: string;
  readonly kind: string;
  readonly message: string;
  readonly input: string;
  readonly replay: string;
}

/** Writes a failure into a folder under a name made of target, kind and input; answers the path. */
export function writeSeed(folder: string, { target, kind, message, input }: Failure): string {
  const digest = createHash('sha256').update(target).update(input).digest('hex').slice(0, 8);
  const path = join(folder, `${target}-${kind}-${digest}.json`);
  const text = Buffer.from(input).toString('hex');
  const file: SeedFile = { target, kind, message, input: text, replay: `npm run fuzz -- --replay ${path}` };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify(file, undefined, 2)}\n`);
  return path;
}

/** Reads a seed file. Throws for one that is not. */
export function readSeed(path: string): Failure {
  const { target, kind, message, input } = JSON.parse(readFileSync(path, 'utf8')) as SeedFile;
  return { target, kind, message, input: unhex(input) };
}

/** The seed files of a folder; none when there is no folder. */
export const seedFiles = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(folder, name))
    : [];
