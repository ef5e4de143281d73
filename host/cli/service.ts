/** Running a service until it is asked to stop: the same shape for gateway, S1SP and home. */
import type { Log } from '../ports/log.ts';
import { explain } from './errors.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';

/** Something that runs until it is stopped. */
export interface Running {
  /** What is told on standard output once it runs: one line of text, or the same as JSON. */
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** Starts a service, says so, and stops it in order at SIGINT or SIGTERM, or at once when it reports a fault. */
export async function serve(
  io: Io,
  json: boolean,
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent',
  start: (log: Log, onFault: (cause: unknown) => void) => Promise<Running>,
): Promise<ExitCode> {
  let failed: unknown;
  let wake: () => void = () => {};
  const ended = new Promise<void>((done) => (wake = done));
  const { pinoLog } = await import('../adapters/log-pino.ts');
  const running = await start(pinoLog(level), (cause) => {
    failed ??= cause ?? new Error('unknown fault');
    wake();
  });
  io.out(json ? JSON.stringify(running.json) : running.text);
  if (io.interrupted.aborted) wake();
  io.interrupted.addEventListener('abort', wake, { once: true });
  await ended;
  if (failed !== undefined) {
    const code = explain(io, failed, json);
    await running.stop().catch((cause: unknown) => io.err(`hearthgate: not stopped in order: ${String(cause)}`));
    return code;
  }
  await running.stop();
  return EXIT.done;
}
