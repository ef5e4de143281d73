/**
 * What people read when something goes wrong: one line that names file, offset or key, and an exit code. A stack trace is
 * shown only when HEARTHGATE_DEBUG is set.
 */
import { Fault, never } from '../model/fault.ts';
import type { FaultCode } from '../model/fault.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';

/** The exit code that a kind of fault ends a verb with. */
export function exitOf(code: FaultCode): ExitCode {
  switch (code) {
    case 'config':
    case 'input':
      return EXIT.unusable;
    case 'store':
    case 'radio':
    case 'broker':
    case 'core':
    case 'internal':
      return EXIT.environment;
    default:
      return never(code);
  }
}

/** Says what `error` is and answers the exit code. With `json`, the same stands on standard output as `{"error": …}`. */
export function explain(io: Io, error: unknown, json: boolean): ExitCode {
  const fault = error instanceof Fault ? error : new Fault('internal', `unexpected: ${messageOf(error)}`, { cause: error });
  const line = fault.message.replaceAll(/\s*\n\s*/g, ' ');
  io.err(`hearthgate: ${line}`);
  if (io.debug) io.err(stackOf(fault));
  if (json) io.out(JSON.stringify({ error: { code: fault.code, message: line } }));
  return exitOf(fault.code);
}

/**
 * Runs the body of a verb: its answer is the exit code, an exception is explained. What an interrupted verb threw on its
 * way out is not an error of its own.
 */
export async function guard(io: Io, json: boolean, body: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await body();
  } catch (error) {
    if (io.interrupted.aborted && !io.debug) return EXIT.interrupted;
    return explain(io, error, json);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? `${error.stack}` : `${error.stack}\ncaused by: ${stackOf(error.cause)}`;
}
