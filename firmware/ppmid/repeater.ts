/** The one timer of a client: what it waits for, and what it repeats at growing intervals while nobody answers. */
import type { Cancel, Clock } from '../../host/ports/clock.ts';

/** First wait for an answer; it doubles with each repetition up to the longest. */
export const ANSWER_WAIT_MS = 1_000;
const ANSWER_WAIT_MAX_MS = 60_000;

/** Timer and repetition. */
export class Repeater {
  readonly #clock: Clock;
  #cancel: Cancel = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Does something later; whatever was waited for or repeated before is forgotten. */
  after(delay: number, action: () => void): void {
    this.#cancel();
    this.#cancel = this.#clock.after(delay, action);
  }

  /** Sends, and sends again until something else is set; after `tries` sends nobody answered `exhausted` is called. */
  repeat(tries: number, send: () => void, exhausted: () => void): void {
    let sent = 0;
    const again = (): void => {
      if (sent >= tries) return exhausted();
      const wait = Math.min(ANSWER_WAIT_MS * 2 ** sent, ANSWER_WAIT_MAX_MS);
      sent++;
      this.after(wait, again);
      send();
    };
    again();
  }
}
