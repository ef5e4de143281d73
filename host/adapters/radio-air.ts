/** The Radio port over a transceiver on a shared medium: how a gateway takes part in the virtual home of its own process. */
import { Fault } from '../model/fault.ts';
import type { Medium, Transceiver } from '../ports/medium.ts';
import type { Radio, RadioSettings, Received, Sent } from '../ports/radio.ts';

/** A radio on a medium. It is attached by `open` and detached by `close`; it is never lost. */
export class AirRadio implements Radio {
  readonly #medium: Medium;
  readonly #name: string;
  #transceiver: Transceiver | undefined;
  #handler: (frame: Received) => void | Promise<void> = () => undefined;
  #tail: Promise<unknown> = Promise.resolve();

  /** `name` appears in traces of the medium only. */
  constructor(medium: Medium, name: string) {
    this.#medium = medium;
    this.#name = name;
  }

  async open(settings: RadioSettings): Promise<void> {
    if (this.#transceiver === undefined) {
      this.#transceiver = this.#medium.attach(this.#name);
      this.#transceiver.onFrame((frame) => this.#handler(frame));
    }
    this.#transceiver.configure(settings);
  }

  onFrame(handler: (frame: Received) => void | Promise<void>): void {
    this.#handler = handler;
  }

  send(psdu: Uint8Array): Promise<Sent> {
    const done = this.#tail.then(() => {
      if (this.#transceiver === undefined) throw new Fault('radio', 'the radio is not open');
      return this.#transceiver.send(psdu);
    });
    this.#tail = done.catch(() => undefined);
    return done;
  }

  onLost(_handler: (reason: string) => void): void {}

  async close(): Promise<void> {
    this.#transceiver?.detach();
    this.#transceiver = undefined;
  }
}
