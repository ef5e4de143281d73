/** The licences of what the bundles contain, as one text. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { root } from './root.mjs';

/** Text of dist/LICENSES.txt for the bundled `inputs` (paths of esbuild's metafile). A package without licence text is a failure. */
export function licencesOf(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match !== null) packages.add(match[1]);
  }
  const native = `node_modules/@lmdb/lmdb-${process.platform}-${process.arch}`;
  const parts = [...packages].sort().map((path) => section(path));
  const rest = `${native} is the native part of lmdb and stands under the same licence; it contains LMDB itself (OpenLDAP Public License).`;
  return `Hearthgate is under the Apache License 2.0 (LICENSE). Its programs contain the packages below.\n\n${parts.join('\n')}\n${rest}\n`;
}

function section(path) {
  const { name, version, license } = JSON.parse(readFileSync(`${root}${path}/package.json`, 'utf8'));
  const file = readdirSync(root + path).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file !== undefined && existsSync(`${root}${path}/${file}`) ? readFileSync(`${root}${path}/${file}`, 'utf8').trim() : undefined;
  if (text === undefined && license === undefined) throw new Error(`${path} states no licence`);
  return `==== ${name} ${version} (${license ?? 'see below'})\n\n${text ?? `No licence file; its package.json says ${license}.`}\n`;
}
