/** Entry of dist/han-decode.js: `han decode`, and nothing that it does not need. */
import process from 'node:process';
import { register } from './han-decode.ts';
import { processIo } from './io.ts';
import { run } from './program.ts';

void run('hearthgate', process.argv.slice(2), processIo(process), [register]).then((code) => {
  process.exitCode = code;
});
