/** Entry of dist/hearthgate.mjs: every verb. A new verb is a file of its own and one line here. */
import process from 'node:process';
import * as audit from './audit.ts';
import * as auditExport from './audit-export.ts';
import * as benchFlash from './bench-flash.ts';
import * as benchPpc from './bench-ppc.ts';
import * as benchReport from './bench-report.ts';
import * as demo from './demo.ts';
import * as doctor from './doctor.ts';
import * as explain from './explain.ts';
import * as gatewayRun from './gateway-run.ts';
import * as hanDecode from './han-decode.ts';
import * as homeRun from './home-run.ts';
import * as imageBuild from './image-build.ts';
import * as imageCa from './image-ca.ts';
import * as imageDiff from './image-diff.ts';
import * as imageExtract from './image-extract.ts';
import * as imageInspect from './image-inspect.ts';
import * as imageMutate from './image-mutate.ts';
import * as imageSign from './image-sign.ts';
import * as imageVerify from './image-verify.ts';
import { processIo } from './io.ts';
import * as keysBackup from './keys-backup.ts';
import * as keysCertificate from './keys-certificate.ts';
import * as keysInstallCode from './keys-install-code.ts';
import * as keysNew from './keys-new.ts';
import * as keysReport from './keys-report.ts';
import * as keysRestore from './keys-restore.ts';
import * as keysRotate from './keys-rotate.ts';
import * as keysStatus from './keys-status.ts';
import * as labInit from './lab-init.ts';
import * as policyTry from './policy-try.ts';
import { run } from './program.ts';
import * as ppc from './ppc.ts';
import * as registerFile from './register-file.ts';
import * as registerFleet from './register-fleet.ts';
import * as registerStore from './register-store.ts';
import * as s1spRun from './s1sp-run.ts';
import * as upgradeCancel from './upgrade-cancel.ts';
import * as upgradeIssue from './upgrade-issue.ts';
import * as upgradeWatch from './upgrade-watch.ts';

const VERBS = [
  demo,
  gatewayRun,
  s1spRun,
  homeRun,
  labInit,
  upgradeIssue,
  upgradeWatch,
  upgradeCancel,
  benchFlash,
  benchPpc,
  benchReport,
  imageBuild,
  imageSign,
  imageCa,
  imageInspect,
  imageExtract,
  imageMutate,
  imageDiff,
  imageVerify,
  hanDecode,
  audit,
  auditExport,
  explain,
  policyTry,
  ppc,
  registerFile,
  registerStore,
  registerFleet,
  keysNew,
  keysInstallCode,
  keysCertificate,
  keysStatus,
  keysRotate,
  keysBackup,
  keysRestore,
  keysReport,
  doctor,
];

process.exitCode = await run(
  'hearthgate',
  process.argv.slice(2),
  processIo(process),
  VERBS.map((verb) => verb.register),
);
