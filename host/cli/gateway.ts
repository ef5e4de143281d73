/** Entry of dist/gateway.mjs: what a hub runs, and nothing of the lab, the virtual devices, the embedded broker or the S1SP's side [R-SEP-02]. */
import process from 'node:process';
import * as audit from './audit.ts';
import * as auditExport from './audit-export.ts';
import * as doctor from './doctor.ts';
import * as explain from './explain.ts';
import * as gatewayRun from './gateway-run.ts';
import { processIo } from './io.ts';
import * as keysNew from './keys-new.ts';
import * as policyTry from './policy-try.ts';
import { run } from './program.ts';

const VERBS = [gatewayRun, doctor, keysNew, audit, auditExport, explain, policyTry];

process.exitCode = await run(
  'gateway',
  process.argv.slice(2),
  processIo(process),
  VERBS.map((verb) => verb.register),
);
