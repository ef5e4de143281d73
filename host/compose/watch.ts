/** Waiting for what others report, with a bound in real time: a story that stops must say where. */
import { Fault } from '../model/fault.ts';
import type { Report, ReportEvent } from '../model/job.ts';
import type { S1sp } from '../s1sp/s1sp.ts';

/** Longest wait for one step. */
const PATIENCE_MS = 60_000;

/** The reports of a gateway as the S1SP side took them, to be waited for in any order. */
export class ReportWatch {
  readonly #seen: Report[] = [];
  readonly #stop: () => void;
  #wake: () => void = () => {};
  #fault: unknown;

  constructor(s1sp: S1sp) {
    this.#stop = s1sp.onReport((report) => {
      this.#seen.push(report);
      this.#wake();
    });
  }

  /** Ends every wait with a fault, now and later. */
  fail(cause: unknown): void {
    this.#fault = cause;
    this.#wake();
  }

  /** Takes no further reports. */
  stop(): void {
    this.#stop();
  }

  /** The first report not yet taken that `match` accepts; those before it stay. Rejects with Fault `internal` after `patience`. */
  async next<T extends ReportEvent>(
    what: string,
    match: (event: ReportEvent) => event is T,
    patience = PATIENCE_MS,
  ): Promise<{ readonly report: Report; readonly event: T }> {
    const deadline = Date.now() + patience;
    for (;;) {
      if (this.#fault !== undefined) throw this.#fault;
      for (const [index, report] of this.#seen.entries()) {
        if (!match(report.event)) continue;
        this.#seen.splice(index, 1);
        return { report, event: report.event };
      }
      const left = deadline - Date.now();
      if (left <= 0) throw new Fault('internal', `${what} did not come within ${patience / 1000} s`);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, left);
        this.#wake = () => (clearTimeout(timer), done());
      });
    }
  }
}

/** Resolves when `holds` answers true, asked every few milliseconds. Rejects with Fault `internal` after `patience`. */
export async function until(what: string, holds: () => boolean, patience = PATIENCE_MS): Promise<void> {
  const deadline = Date.now() + patience;
  while (!holds()) {
    if (Date.now() > deadline) throw new Fault('internal', `${what} did not come within ${patience / 1000} s`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
