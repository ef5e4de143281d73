/** Entry of dist/hearthgate.mjs: every verb. A new verb is a file of its own and one line here. */
import process from 'node:process';
import * as doctor from './doctor.ts';
import { processIo } from './io.ts';
import { run } from './program.ts';

const VERBS = [doctor];

process.exitCode = await run(
  'hearthgate',
  process.argv.slice(2),
  processIo(process),
  VERBS.map((verb) => verb.register),
);
