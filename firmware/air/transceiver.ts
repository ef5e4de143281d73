/**
 * One transceiver on the virtual air: unslotted CSMA-CA, acknowledgement, retries and address filtering in "hardware"
 * (IEEE 802.15.4-2006 clauses 7.5.1.4, 7.5.6.2 and 7.5.6.4). It rejects no duplicates: a frame whose acknowledgement was
 * lost is delivered again, as with ordinary radios. Repeated detachment is harmless.
 */
import { sleep, type Clock } from '../../host/ports/clock.ts';
import type { Transceiver } from '../../host/ports/medium.ts';
import type { RadioSettings, Received, Sent } from '../../host/ports/radio.ts';
import { fcsGood } from './fcs.ts';
import { accepts, acknowledged, acknowledgement, sequence, wantsAcknowledgement } from './filter.ts';
import type { Seeded } from './seeded.ts';
import {
  ACK_BYTES,
  ACK_WAIT_US,
  CCA_US,
  MAX_BACKOFFS,
  MAX_BE,
  MAX_RETRIES,
  MIN_BE,
  TURNAROUND_US,
  UNIT_BACKOFF_US,
  airtime,
} from './timing.ts';

/** What a transceiver needs of the air. */
export interface Ether {
  readonly clock: Clock;
  readonly random: Seeded;
  /** Whether nothing has been on the channel since `since` (milliseconds). */
  quietSince(channel: number, since: number): boolean;
  /** Puts a frame on the air at once and calls `ended` with its last bit. */
  emit(from: AirTransceiver, channel: number, psdu: Uint8Array, ended: () => void): void;
  leave(station: AirTransceiver): void;
}

const LQI = 255;
const ms = (us: number): number => us / 1000;
const ACK_TIME = ms(TURNAROUND_US + airtime(ACK_BYTES));

/** A transceiver attached to an `Air`. */
export class AirTransceiver implements Transceiver {
  readonly name: string;
  readonly #ether: Ether;
  #settings: RadioSettings | undefined;
  #handler: ((frame: Received) => void | Promise<void>) | undefined;
  #outbox: Promise<unknown> = Promise.resolve();
  #inbox: Promise<void> = Promise.resolve();
  #awaited: { sequence: number; arrived: () => void } | undefined;
  /** Until when its own acknowledgement keeps the transmitter. */
  #acknowledgingUntil = -Infinity;

  constructor(ether: Ether, name: string) {
    this.#ether = ether;
    this.name = name;
  }

  /** Channel that it listens to; undefined before `configure` and after `detach`. */
  get channel(): number | undefined {
    return this.#settings?.channel;
  }

  configure(settings: RadioSettings): void {
    this.#settings = settings;
  }

  onFrame(handler: (frame: Received) => void | Promise<void>): void {
    this.#handler = handler;
  }

  send(psdu: Uint8Array): Promise<Sent> {
    const frame = psdu.slice();
    const sent = this.#outbox.then(() => this.#send(frame));
    this.#outbox = sent;
    return sent;
  }

  detach(): void {
    this.#settings = undefined;
    this.#handler = undefined;
    this.#ether.leave(this);
  }

  /** Takes a frame that reached the antenna whole or with flipped bits. Called by the air. */
  hear(psdu: Uint8Array): void {
    if (this.#settings === undefined || !fcsGood(psdu)) return;
    const number = acknowledged(psdu);
    if (number !== undefined) {
      if (this.#awaited?.sequence === number) this.#awaited.arrived();
      return;
    }
    const accepted = accepts(psdu, this.#settings);
    if (accepted === 'no') return;
    if (accepted === 'unicast' && wantsAcknowledgement(psdu)) this.#acknowledge(psdu);
    this.#deliver(psdu);
  }

  /** Takes a second copy of a frame, without acknowledging it again. Called by the air. */
  hearAgain(psdu: Uint8Array): void {
    if (this.#settings !== undefined && acknowledged(psdu) === undefined && accepts(psdu, this.#settings) !== 'no') this.#deliver(psdu);
  }

  #acknowledge(psdu: Uint8Array): void {
    const { clock } = this.#ether;
    this.#acknowledgingUntil = clock.now() + ACK_TIME;
    clock.after(ms(TURNAROUND_US), () => {
      if (this.#settings) this.#ether.emit(this, this.#settings.channel, acknowledgement(psdu), () => undefined);
    });
  }

  #deliver(psdu: Uint8Array): void {
    const frame: Received = { psdu: psdu.slice(), time: this.#ether.clock.now(), lqi: LQI };
    const release = this.#ether.clock.hold();
    this.#inbox = this.#inbox.then(() => this.#handler?.(frame)).finally(release);
  }

  async #send(psdu: Uint8Array): Promise<Sent> {
    for (let attempt = 0; attempt <= MAX_RETRIES; attempt++) {
      if (!(await this.#findClearChannel())) return 'channel-busy';
      const settings = this.#settings;
      if (settings === undefined) return 'no-ack';
      await new Promise<void>((ended) => void this.#ether.emit(this, settings.channel, psdu, ended));
      if (!wantsAcknowledgement(psdu) || (await this.#acknowledged(sequence(psdu)))) return 'sent';
    }
    return 'no-ack';
  }

  /** CSMA-CA: true when the channel was clear and the transmitter is ready, false after too many busy assessments. */
  async #findClearChannel(): Promise<boolean> {
    const { clock, random } = this.#ether;
    let exponent = MIN_BE;
    for (let busy = 0; busy <= MAX_BACKOFFS;) {
      const own = this.#acknowledgingUntil - clock.now();
      if (own > 0) await sleep(clock, own);
      await sleep(clock, ms(random.below(2 ** exponent) * UNIT_BACKOFF_US + CCA_US));
      if (this.#settings === undefined) return true;
      if (this.#acknowledgingUntil > clock.now()) continue;
      if (this.#ether.quietSince(this.#settings.channel, clock.now() - ms(CCA_US))) {
        await sleep(clock, ms(TURNAROUND_US));
        return true;
      }
      busy++;
      exponent = Math.min(exponent + 1, MAX_BE);
    }
    return false;
  }

  #acknowledged(number: number): Promise<boolean> {
    return new Promise((done) => {
      const end = (got: boolean): void => {
        this.#awaited = undefined;
        cancel();
        done(got);
      };
      const cancel = this.#ether.clock.after(ms(ACK_WAIT_US), () => end(false));
      this.#awaited = { sequence: number, arrived: () => end(true) };
    });
  }
}
