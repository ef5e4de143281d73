/** A radio around another that tells a sink of every frame both ways, such as a writer of capture files. */
import type { Clock } from '../ports/clock.ts';
import type { Radio, RadioSettings, Received, Sent } from '../ports/radio.ts';

/** A frame that passed. */
export interface TracedFrame {
  readonly direction: 'received' | 'sent';
  readonly psdu: Uint8Array;
  /** Milliseconds since 1970: of reception, or of the order to send. */
  readonly time: number;
  /** How a transmission ended; undefined for received frames. */
  readonly outcome: Sent | undefined;
}

/** The wrapper. The sink is told of a received frame before its handler, of a sent one when its outcome is known. */
export class TracedRadio implements Radio {
  readonly #inner: Radio;
  readonly #clock: Clock;
  readonly #sink: (frame: TracedFrame) => void;

  constructor(inner: Radio, clock: Clock, sink: (frame: TracedFrame) => void) {
    this.#inner = inner;
    this.#clock = clock;
    this.#sink = sink;
  }

  open(settings: RadioSettings): Promise<void> {
    return this.#inner.open(settings);
  }

  onFrame(handler: (frame: Received) => void | Promise<void>): void {
    this.#inner.onFrame((frame) => {
      this.#sink({ direction: 'received', psdu: frame.psdu, time: frame.time, outcome: undefined });
      return handler(frame);
    });
  }

  async send(psdu: Uint8Array): Promise<Sent> {
    const time = this.#clock.now();
    const outcome = await this.#inner.send(psdu);
    this.#sink({ direction: 'sent', psdu, time, outcome });
    return outcome;
  }

  onLost(handler: (reason: string) => void): void {
    this.#inner.onLost(handler);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
