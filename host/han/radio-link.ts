/**
 * The radio as the network layer wants it: opened once, opened again whenever it is lost, and never a reason to stop.
 *
 * A co-processor may restart, a cable or a connection may go; the home waits meanwhile. Attempts to open it again come after a pause
 * that doubles up to a bound, each of them logged.
 */
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Radio, RadioSettings, Received, Sent } from '../ports/radio.ts';

/** Pauses before attempts to open a lost radio: the first, and the longest that doubling leads to. */
export const REOPEN_MS = { first: 1_000, longest: 60_000 } as const;

/** What a link is made of. */
export interface RadioLinkParts {
  readonly radio: Radio;
  readonly settings: RadioSettings;
  readonly clock: Clock;
  readonly log: Log;
}

/** A radio that comes back. */
export class RadioLink {
  readonly #parts: RadioLinkParts;
  #closed = false;
  #reopening = false;
  /** Counts losses, so that one during an attempt is not overlooked. */
  #losses = 0;
  #cancel: Cancel = () => {};

  constructor(parts: RadioLinkParts) {
    this.#parts = parts;
  }

  /** Opens the radio and begins to hear. Rejects with Fault `radio` when it is not there at the start. */
  async open(onFrame: (received: Received) => Promise<void>): Promise<void> {
    const { radio, settings } = this.#parts;
    radio.onFrame(onFrame);
    radio.onLost((reason) => this.#lost(reason));
    await radio.open(settings);
  }

  /** Sends a PSDU. Never rejects: a frame that the radio did not take counts as not acknowledged, and whoever waits asks again. */
  async send(psdu: Uint8Array): Promise<Sent> {
    try {
      return await this.#parts.radio.send(psdu);
    } catch (cause) {
      this.#parts.log.warn('frame-not-sent', { reason: String(cause) });
      return 'no-ack';
    }
  }

  /** Closes the radio for good. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#parts.radio.close();
  }

  #lost(reason: string): void {
    if (this.#closed) return;
    this.#parts.log.error('radio-gone', { reason });
    this.#losses++;
    if (!this.#reopening) void this.#reopen();
  }

  async #reopen(): Promise<void> {
    const { radio, settings, log } = this.#parts;
    this.#reopening = true;
    for (let attempt = 1; !this.#closed; attempt++) {
      await this.#pause(Math.min(REOPEN_MS.first * 2 ** (attempt - 1), REOPEN_MS.longest));
      const losses = this.#losses;
      try {
        await radio.open(settings);
      } catch (cause) {
        log.warn('radio-not-back', { attempt, reason: String(cause) });
        continue;
      }
      if (losses !== this.#losses) continue;
      log.info('radio-back', { attempt });
      break;
    }
    this.#reopening = false;
    if (this.#closed) await radio.close();
  }

  /** Resolves after `delay`; never when the link is closed meanwhile. */
  #pause(delay: number): Promise<void> {
    return new Promise((done) => (this.#cancel = this.#parts.clock.after(delay, done)));
  }
}
