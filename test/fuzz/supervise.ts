/** Watches the engine's thread from outside: passes on what it says, and ends it when an input never does. */
import { Worker } from 'node:worker_threads';
import type { Failure } from './engine.ts';
import { look, share } from './shared.ts';
import type { Message, Report } from './worker.ts';

/** What a run ended by. */
export interface Outcome {
  readonly report: Report | undefined;
  readonly failure: Failure | undefined;
}

/** Times in milliseconds: how long an input may run, and how often to look. */
export interface Patience {
  readonly hangMs: number;
  readonly lookMs: number;
}

/** Runs the text of a script in a thread with `options` and shared memory; `say` gets its reports. Rejects when the thread fails. */
export function supervise(script: string, options: unknown, { hangMs, lookMs }: Patience, say: (report: Report) => void): Promise<Outcome> {
  const shared = share();
  const worker = new Worker(script, { eval: true, workerData: { options, shared } });
  return new Promise((done, fail) => {
    let names: readonly string[] | undefined;
    let report: Report | undefined;
    let [beat, since] = [-1, performance.now()];
    const watch = setInterval(() => {
      const now = look(shared);
      if (now.beat !== beat || names === undefined) [beat, since] = [now.beat, performance.now()];
      if (performance.now() - since < hangMs) return;
      const message = `an input of ${now.input.length} bytes does not end`;
      end({ report, failure: { target: names?.[now.target] ?? 'unknown', kind: 'hang', message, input: now.input } });
    }, lookMs);
    const end = (outcome: Outcome): void => {
      clearInterval(watch);
      void worker.terminate().then(() => done(outcome));
    };
    worker.on('error', (error) => {
      clearInterval(watch);
      fail(error);
    });
    worker.on('message', (message: Message) => {
      if (message.kind === 'targets') names = message.names;
      else if (message.kind === 'end') end(message);
      else say((report = message.report));
    });
  });
}
