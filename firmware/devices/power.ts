/**
 * Power of one virtual device: a clock whose timers die with it, and the place where a power cut ends.
 *
 * Everything that a device does runs through `run`, `after` or `watch`; once the power is off none of them does anything
 * more, and promises taken through `watch` never settle. What the device knew is then only what it wrote to its flash.
 */
import type { Cancel, Clock } from '../../host/ports/clock.ts';

/** Thrown by a memory at the operation at which the power went, and by everything that touches it before it is back. */
export class PowerCut extends Error {
  constructor() {
    super('the power is gone');
    this.name = 'PowerCut';
  }
}

/** The power of one run of a device, from switching on to switching off. */
export class Power implements Clock {
  readonly #clock: Clock;
  readonly #lost: () => void;
  #on = true;

  /** Power that is on; `lost` is called once when a PowerCut ends it. */
  constructor(clock: Clock, lost: () => void) {
    this.#clock = clock;
    this.#lost = lost;
  }

  get on(): boolean {
    return this.#on;
  }

  now(): number {
    return this.#clock.now();
  }

  after(delay: number, action: () => void): Cancel {
    return this.#clock.after(delay, () => this.run(action));
  }

  hold(): () => void {
    return this.#clock.hold();
  }

  /** Runs an action while the power is on; a PowerCut in it switches off, any other fault is passed on. */
  run(action: () => void): void {
    if (!this.#on) return;
    try {
      action();
    } catch (fault) {
      this.#fail(fault);
    }
  }

  /** A promise that settles as `work` does while the power is on, and never afterwards. */
  watch<T>(work: Promise<T>): Promise<T> {
    return new Promise((done, failed) => {
      work.then(
        (value) => this.#on && done(value),
        (fault: unknown) => this.#on && failed(fault),
      );
    });
  }

  /** Sees asynchronous work of the device to its end: as `run`. */
  start(work: () => Promise<void>): void {
    if (this.#on) work().catch((fault: unknown) => this.#fail(fault));
  }

  /** Switches off, without `lost`. */
  off(): void {
    this.#on = false;
  }

  #fail(fault: unknown): void {
    if (!(fault instanceof PowerCut)) throw fault;
    if (!this.#on) return;
    this.#on = false;
    this.#lost();
  }
}
