/** A clock whose timers end with the gateway: after `stop` none fires any more and none keeps the process alive. */
import type { Cancel, Clock } from '../ports/clock.ts';

/** Counts the timers that are out and ends them together. */
export class StoppableClock implements Clock {
  readonly #inner: Clock;
  readonly #out = new Set<Cancel>();
  #stopped = false;

  constructor(inner: Clock) {
    this.#inner = inner;
  }

  now(): number {
    return this.#inner.now();
  }

  after(delay: number, action: () => void): Cancel {
    if (this.#stopped) return () => undefined;
    const inner = this.#inner.after(delay, () => {
      this.#out.delete(cancel);
      action();
    });
    const cancel = (): void => {
      this.#out.delete(cancel);
      inner();
    };
    this.#out.add(cancel);
    return cancel;
  }

  hold(): () => void {
    return this.#inner.hold();
  }

  /** Ends every timer; those asked for later never fire. */
  stop(): void {
    this.#stopped = true;
    for (const cancel of [...this.#out]) cancel();
  }
}
