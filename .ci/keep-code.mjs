/** node .ci/keep-code.mjs SCRIPT CODE ARGUMENT…: runs a script of dist/ as host/cli/start.ts does and keeps its compiled code. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

const [file, code] = process.argv.splice(2, 2);
const { href } = pathToFileURL(file);
const script = new Script(readFileSync(file, 'latin1'), { filename: href });
process.on('exit', () => writeFileSync(code, script.createCachedData()));
script.runInThisContext()(createRequire(href), href);
