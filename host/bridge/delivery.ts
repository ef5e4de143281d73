/**
 * Emptying a durable outbox: its entries in order, one at a time, each forgotten only when it is out. What could not be sent stays where it is, and goes
 * out when somebody asks again: at the next entry, connection or start.
 */
import type { Log } from '../ports/log.ts';

/** Entries that wait, in order. */
export interface Outgoing {
  /** The next entries to send, lowest number first; none when all are sent. */
  pending(): readonly { readonly sequence: number; readonly bytes: Uint8Array }[];
  /** Forgets an entry that is out; resolves when durable. */
  done(sequence: number): Promise<void>;
}

/** What a delivery works with. */
export interface DeliveryParts {
  readonly outgoing: Outgoing;
  /** Resolves when the broker has it. */
  readonly send: (bytes: Uint8Array) => Promise<void>;
  /** Told when an entry could not be sent. */
  readonly log: Pick<Log, 'warn'>;
  /** Event of that line of the log. */
  readonly event: string;
}

/** The delivery of one outbox. */
export class Delivery {
  readonly #parts: DeliveryParts;
  #under: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Sends what waits. Returns at once. */
  deliver(): void {
    if (this.#stopped) return;
    if (this.#under !== undefined) {
      this.#again = true;
      return;
    }
    this.#under = this.#drain()
      .catch((cause: unknown) => this.#parts.log.warn(this.#parts.event, { reason: String(cause) }))
      .finally(() => {
        this.#under = undefined;
        if (this.#again) {
          this.#again = false;
          this.deliver();
        }
      });
  }

  /** Resolves when no delivery is under way. */
  async settled(): Promise<void> {
    while (this.#under !== undefined) await this.#under;
  }

  /** Sends nothing more than what is being sent. */
  stop(): void {
    this.#stopped = true;
  }

  async #drain(): Promise<void> {
    const { outgoing, send } = this.#parts;
    for (let batch = outgoing.pending(); batch.length > 0; batch = outgoing.pending()) {
      for (const { sequence, bytes } of batch) {
        if (this.#stopped) return;
        await send(bytes);
        await outgoing.done(sequence);
      }
    }
  }
}
