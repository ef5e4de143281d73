/** Entry of dist/hearthgate.mjs: every verb. A new verb is a file of its own and one line here. */
import process from 'node:process';
import * as audit from './audit.ts';
import * as doctor from './doctor.ts';
import { processIo } from './io.ts';
import * as keysNew from './keys-new.ts';
import { run } from './program.ts';

const VERBS = [doctor, keysNew, audit];

process.exitCode = await run(
  'hearthgate',
  process.argv.slice(2),
  processIo(process),
  VERBS.map((verb) => verb.register),
);
