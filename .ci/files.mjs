/** Files of the build: content digests of trees, and writing a file so that nobody sees half of it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { root } from './root.mjs';

/** SHA-256 over names and contents of `sources` (files, or folders with all below) and of `outputs`, which may be missing. */
export function digestOf(sources, outputs) {
  const hash = createHash('sha256');
  for (const path of [...sources, ...outputs].flatMap(filesIn)) {
    hash.update(`${path}\0`);
    if (existsSync(root + path))
      hash.update(
        createHash('sha256')
          .update(readFileSync(root + path))
          .digest(),
      );
  }
  return hash.digest('hex');
}

/** The files at and below `path`, relative to the root, in order. */
export function filesIn(path) {
  if (!existsSync(root + path) || !statSync(root + path).isDirectory()) return [path];
  return readdirSync(root + path)
    .sort()
    .flatMap((name) => filesIn(`${path}/${name}`));
}

/** Writes `content` beside `path` and renames it into place. */
export function place(path, content) {
  const beside = `${root}${path}.${process.pid}.new`;
  mkdirSync(dirname(beside), { recursive: true });
  try {
    writeFileSync(beside, content);
    renameSync(beside, root + path);
  } finally {
    rmSync(beside, { force: true });
  }
}
