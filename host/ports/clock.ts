/** Time as a port: nothing in the product asks the machine for it directly. */

/** Ends a timer that has not fired; harmless afterwards. */
export type Cancel = () => void;

/** A clock. `now` never goes back in one run. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z; may have a fraction (the air counts in microseconds). */
  now(): number;
  /** Runs `action` once, `delay` milliseconds from now. */
  after(delay: number, action: () => void): Cancel;
  /**
   * Says that work is under way whose end real time decides (a write, a message): a clock of simulated time stands
   * still until the returned function is called. A real clock ignores it.
   */
  hold(): () => void;
}

/** Resolves `delay` milliseconds from now. */
export const sleep = (clock: Clock, delay: number): Promise<void> => new Promise((done) => void clock.after(delay, done));

/** Whole seconds since 1970, as messages carry them. */
export const seconds = (clock: Clock): number => Math.floor(clock.now() / 1000);
