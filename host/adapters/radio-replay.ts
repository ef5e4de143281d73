/**
 * A radio that plays frames received before, such as those of a capture, with the pauses between them. Whatever is sent
 * counts as acknowledged and goes nowhere.
 */
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Radio, RadioSettings, Received, Sent } from '../ports/radio.ts';
import { InOrder } from './in-order.ts';

/** The radio. It begins to play at its first `open`. */
export class ReplayRadio implements Radio {
  readonly #frames: readonly Received[];
  readonly #clock: Clock;
  readonly #delivery: InOrder<Received>;
  readonly #sent: Uint8Array[] = [];
  readonly #ended: Promise<void>;
  #end: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;
  #timer: Cancel | undefined;
  #playing = false;
  #next = 0;
  #handled = 0;

  /** Frames in the order of their times, in milliseconds. */
  constructor(frames: readonly Received[], clock: Clock) {
    this.#frames = frames;
    this.#clock = clock;
    this.#ended = new Promise((done, failed) => ([this.#end, this.#fail] = [done, failed]));
    this.#ended.catch(() => undefined);
    this.#delivery = new InOrder((error) => this.#fail(error));
  }

  /** Resolves when the last frame was handled; rejects with what a handler rejected with. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** What was sent, in order. */
  get sent(): readonly Uint8Array[] {
    return this.#sent;
  }

  async open(_settings: RadioSettings): Promise<void> {
    if (!this.#playing) this.#schedule();
    this.#playing = true;
  }

  onFrame(handler: (frame: Received) => void | Promise<void>): void {
    this.#delivery.handle(async (frame) => {
      await handler(frame);
      if (++this.#handled === this.#frames.length) this.#end();
    });
  }

  async send(psdu: Uint8Array): Promise<Sent> {
    this.#sent.push(psdu);
    return 'sent';
  }

  onLost(_handler: (reason: string) => void): void {}

  async close(): Promise<void> {
    this.#timer?.();
  }

  #schedule(): void {
    const frame = this.#frames[this.#next];
    if (frame === undefined) return this.#next === 0 ? this.#end() : undefined;
    const before = this.#frames[this.#next - 1]?.time ?? frame.time;
    this.#timer = this.#clock.after(Math.max(0, frame.time - before), () => {
      this.#delivery.push(frame);
      this.#next++;
      this.#schedule();
    });
  }
}
