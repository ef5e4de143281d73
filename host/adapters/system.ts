/** The machine's clock and randomness. */
import { randomBytes } from 'node:crypto';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';

/** Node fires longer timers at once; they are made of several. */
const LONGEST_TIMER = 0x7fff_ffff;

/**
 * Wall-clock time that never goes back: when the machine's clock is set back, `now` stands still until it is caught up
 * with; when it is set forward (a board without battery hearing of NTP), `now` follows. Timers keep their own pace.
 */
export class SystemClock implements Clock {
  readonly #read: () => number;
  #latest = Number.NEGATIVE_INFINITY;

  /** `read` gives the machine's time in milliseconds; tests give their own. */
  constructor(read: () => number = Date.now) {
    this.#read = read;
  }

  now(): number {
    this.#latest = Math.max(this.#latest, this.#read());
    return this.#latest;
  }

  after(delay: number, action: () => void): Cancel {
    let timer: NodeJS.Timeout;
    const start = (left: number): void => {
      const part = Math.min(Math.max(left, 0), LONGEST_TIMER);
      timer = setTimeout(() => (left > part ? start(left - part) : action()), part);
    };
    start(delay);
    return () => clearTimeout(timer);
  }

  hold(): () => void {
    return () => undefined;
  }
}

/** The operating system's random number generator. */
export class SystemEntropy implements Entropy {
  bytes(length: number): Uint8Array {
    return new Uint8Array(randomBytes(length));
  }
}
