/** A clock that tests move by hand. */
import type { Cancel, Clock } from '../../host/ports/clock.ts';

/** Starts at 2020-11-24T00:00:00Z unless told otherwise; stands still until `advance`. */
export class ManualClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ readonly due: number; readonly action: () => void }>();

  constructor(now = Date.UTC(2020, 10, 24)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, action: () => void): Cancel {
    const timer = { due: this.#now + Math.max(0, delay), action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  hold(): () => void {
    return () => undefined;
  }

  /** Timers that have not fired. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves on, firing what falls due in order; between timers everything that is ready to run is let run. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.due);
      due.action();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets everything run that waits for nothing but its turn. */
export const settle = (): Promise<void> => new Promise((done) => setImmediate(done));
