/** An IEEE 802.15.4 radio as a port: whole frames, FCS included; acknowledgement and CSMA-CA are the radio's. */
import type { Eui64 } from '../model/ids.ts';

/** What a radio must know to filter and acknowledge. */
export interface RadioSettings {
  /** Channel 11 to 26 (2.4 GHz). */
  readonly channel: number;
  readonly panId: number;
  readonly shortAddress: number;
  readonly eui: Eui64;
}

/** A frame from the air. */
export interface Received {
  /** PSDU of 3 to 127 bytes; the last two are the FCS, already found right by the radio. */
  readonly psdu: Uint8Array;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly lqi: number;
}

/** How a transmission ended. */
export type Sent = 'sent' | 'no-ack' | 'channel-busy';

/** A radio. */
export interface Radio {
  /** Begins to receive. Rejects with Fault `radio`. May be called again to change the settings. */
  open(settings: RadioSettings): Promise<void>;
  /** Sets who is told of frames. The radio delivers one at a time and waits for the promise before the next. */
  onFrame(handler: (frame: Received) => void | Promise<void>): void;
  /** Sends a PSDU (its FCS included). Resolves when acknowledged, or sent when no acknowledgement was asked. One at a time, in call order. */
  send(psdu: Uint8Array): Promise<Sent>;
  /** Reports the loss of the radio (cable, process, connection). */
  onLost(handler: (reason: string) => void): void;
  close(): Promise<void>;
}
