/**
 * What came of each check of an upgrade file, in the order of `ImageCheck`, and the verdict over all of them.
 *
 * Every check starts open and is noted once; what is noted later changes nothing. The verdict starts refused.
 */
import { At, CheckResult, ImageReason } from '../abi/code.ts';
import { CHECK_END, CHECK_REASON, CHECK_RESULT, CHECK_START, IMG_CHECK_COUNT, IMG_CHECK_SIZE, IMG_CHECKS } from '../abi/layout.ts';
import { wipe } from '../bytes/memory.ts';

/** Forgets the file before. */
export function begin(): void {
  wipe(IMG_CHECKS, IMG_CHECK_SIZE * IMG_CHECK_COUNT);
}

/** Notes a check that looked at [start, end) of the file: passed with reason 0, else failed for it. */
export function note(check: i32, reason: i32, start: u32, end: u32): void {
  put(check, reason ? CheckResult.FAILED : CheckResult.PASSED, reason, start, end);
}

/** Notes that there is nothing for a check to look at, and that there need not be. */
export function absent(check: i32, at: u32): void {
  put(check, CheckResult.ABSENT, 0, at, at);
}

/** Whether a check has passed. */
export function passed(check: i32): bool {
  return load<u8>(at(check), CHECK_RESULT) === CheckResult.PASSED;
}

/** The code of the first failed check so far, 0 when none is. */
export function failure(): i32 {
  for (let check = 0; check < IMG_CHECK_COUNT; check++) {
    if (load<u8>(at(check), CHECK_RESULT) === CheckResult.FAILED) return At.IMAGE * 256 + <i32>load<u8>(at(check), CHECK_REASON);
  }
  return 0;
}

/** 0 when every check has passed or had nothing to look at; else the code of the first that failed. */
export function verdict(): i32 {
  let code: i32 = At.IMAGE * 256 + ImageReason.UNFINISHED;
  const failed = failure();
  if (failed) code = failed;
  else if (complete()) code = 0; // the one place where a file becomes accepted
  return code;
}

/** Whether no check is open. */
function complete(): bool {
  for (let check = 0; check < IMG_CHECK_COUNT; check++) if (load<u8>(at(check), CHECK_RESULT) === CheckResult.OPEN) return false;
  return true;
}

function put(check: i32, result: i32, reason: i32, start: u32, end: u32): void {
  const entry = at(check);
  if (load<u8>(entry, CHECK_RESULT) !== CheckResult.OPEN) return;
  store<u8>(entry, <u8>result, CHECK_RESULT);
  store<u8>(entry, <u8>reason, CHECK_REASON);
  store<u32>(entry, start, CHECK_START);
  store<u32>(entry, end, CHECK_END);
}

function at(check: i32): usize {
  return IMG_CHECKS + check * IMG_CHECK_SIZE;
}
