/** Entry of dist/gateway.mjs: what a hub runs, and nothing of the lab, the virtual devices, the embedded broker or the S1SP's side [R-SEP-02]. */
import process from 'node:process';
import * as audit from './audit.ts';
import * as auditExport from './audit-export.ts';
import * as doctor from './doctor.ts';
import * as explain from './explain.ts';
import * as gatewayRun from './gateway-run.ts';
import { processIo } from './io.ts';
import * as keysBackup from './keys-backup.ts';
import * as keysCertificate from './keys-certificate.ts';
import * as keysInstallCode from './keys-install-code.ts';
import * as keysNew from './keys-new.ts';
import * as keysRestore from './keys-restore.ts';
import * as keysRotate from './keys-rotate.ts';
import * as keysStatus from './keys-status.ts';
import * as policyTry from './policy-try.ts';
import { run } from './program.ts';

const KEYS = [keysNew, keysInstallCode, keysCertificate, keysStatus, keysRotate, keysBackup, keysRestore];
const VERBS = [gatewayRun, doctor, ...KEYS, audit, auditExport, explain, policyTry];

process.exitCode = await run(
  'gateway',
  process.argv.slice(2),
  processIo(process),
  VERBS.map((verb) => verb.register),
);
