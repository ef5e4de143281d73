/** The air as a port: what a transceiver is attached to. The virtual one is `firmware/air`. */
import type { Received, Sent, RadioSettings } from './radio.ts';

/** One transceiver on the air: filters by address, acknowledges, retries, does CSMA-CA. */
export interface Transceiver {
  configure(settings: RadioSettings): void;
  send(psdu: Uint8Array): Promise<Sent>;
  /** Delivered one at a time; simulated time stands still until the promise resolves. */
  onFrame(handler: (frame: Received) => void | Promise<void>): void;
  detach(): void;
}

/** A medium that transceivers share. */
export interface Medium {
  /** Puts a transceiver on the air; `name` appears in traces only. It hears nothing before `configure`. */
  attach(name: string): Transceiver;
  /** Tells of every frame put on the air (acknowledgements included), as a sniffer would. */
  onTraffic(listener: (psdu: Uint8Array, timeMs: number) => void): void;
}
