/** A radio around another that misbehaves as told: for tests of what upper layers make of it. */
import { Fault } from '../model/fault.ts';
import type { Radio, RadioSettings, Received, Sent } from '../ports/radio.ts';

/** What shall go wrong; `number` counts frames of that direction from 1. What is left out goes well. */
export interface RadioFaults {
  /** Frames that the handler gets in place of a received one: none to lose it, two to double it, changed to corrupt it. */
  readonly receive?: (psdu: Uint8Array, number: number) => readonly Uint8Array[];
  /** An outcome other than undefined keeps a frame off the air and is answered in its place. */
  readonly send?: (psdu: Uint8Array, number: number) => Sent | undefined;
}

/** The wrapper. */
export class FaultyRadio implements Radio {
  readonly #inner: Radio;
  readonly #faults: RadioFaults;
  #onLost: (reason: string) => void = () => undefined;
  #received = 0;
  #sent = 0;
  #lost = false;

  constructor(inner: Radio, faults: RadioFaults = {}) {
    this.#inner = inner;
    this.#faults = faults;
  }

  /** Pulls the cable: nothing is received or sent until it is opened again. */
  lose(reason: string): void {
    this.#lost = true;
    this.#onLost(reason);
  }

  async open(settings: RadioSettings): Promise<void> {
    await this.#inner.open(settings);
    this.#lost = false;
  }

  onFrame(handler: (frame: Received) => void | Promise<void>): void {
    this.#inner.onFrame(async (frame) => {
      if (this.#lost) return;
      const frames = this.#faults.receive?.(frame.psdu, ++this.#received) ?? [frame.psdu];
      for (const psdu of frames) await handler({ ...frame, psdu });
    });
  }

  async send(psdu: Uint8Array): Promise<Sent> {
    if (this.#lost) throw new Fault('radio', 'the radio was lost');
    return this.#faults.send?.(psdu, ++this.#sent) ?? this.#inner.send(psdu);
  }

  onLost(handler: (reason: string) => void): void {
    this.#onLost = handler;
    this.#inner.onLost(handler);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
