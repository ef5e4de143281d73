/**
 * The Radio port over a Spinel radio co-processor: OpenThread's RCP firmware on an ordinary 802.15.4 dongle, or the
 * virtual home in a process of its own (spinel-rcp.ts), over a serial line or TCP.
 *
 * The co-processor filters by address, acknowledges, does CSMA-CA and repeats. Its source-address table is switched off,
 * so that it sets the frame-pending bit in every acknowledgement of a data request, as IEEE 802.15.4-2006 clause
 * 7.5.6.3 lets a coordinator that cannot look in time. After a loss, `open` connects anew.
 */
import { Fault } from '../model/fault.ts';
import { euiToBytes } from '../model/ids.ts';
import type { ByteStream } from '../ports/byte-stream.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Radio, RadioSettings, Received, Sent } from '../ports/radio.ts';
import { frameCheckSequence } from './crc16.ts';
import { InOrder } from './in-order.ts';
import { Capability, Property, PROTOCOL_MAJOR, Status, statusName, u16, unpack } from './spinel-frame.ts';
import { SpinelHost } from './spinel-host.ts';
import { decodeReceive, encodeTransmit, FLAG_BAD_FCS } from './spinel-raw.ts';

/** Bounds of a PSDU: a byte and the FCS; aMaxPHYPacketSize. */
const PSDU_BYTES = { least: 3, most: 127 };
/** Frames that may wait for the handler; more are dropped, for a handler so far behind must not fill the memory. */
const MAX_WAITING = 256;
/** macMaxCSMABackoffs and macMaxFrameRetries. */
const ATTEMPTS = { backoffs: 4, retries: 3 };
const FALSE = Uint8Array.of(0);
const TRUE = Uint8Array.of(1);

/** What the adapter needs. */
export interface SpinelParts {
  /** Opens the stream to the co-processor, anew after each loss. */
  readonly connect: () => Promise<ByteStream>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A radio behind Spinel. */
export class SpinelRadio implements Radio {
  readonly #parts: SpinelParts;
  readonly #frames: InOrder<Received>;
  #link: { readonly host: SpinelHost; readonly stream: ByteStream } | undefined;
  #channel = 0;
  /** A loss while opening is told by the rejection alone. */
  #opening = false;
  #onLost: (reason: string) => void = () => undefined;

  constructor(parts: SpinelParts) {
    this.#parts = parts;
    this.#frames = new InOrder((error) => parts.log.error('frame-handler-failed', { reason: String(error) }));
  }

  async open(settings: RadioSettings): Promise<void> {
    this.#opening = true;
    try {
      this.#link ??= await this.#connect();
      await this.#configure(this.#link.host, settings);
    } finally {
      this.#opening = false;
    }
  }

  onFrame(handler: (frame: Received) => void | Promise<void>): void {
    this.#frames.handle(handler);
  }

  onLost(handler: (reason: string) => void): void {
    this.#onLost = handler;
  }

  async send(psdu: Uint8Array): Promise<Sent> {
    if (this.#link === undefined) throw new Fault('radio', 'the radio is not open');
    const status = await this.#link.host.perform(Property.STREAM_RAW, encodeTransmit({ psdu, channel: this.#channel, ...ATTEMPTS }));
    if (status === Status.OK) return 'sent';
    if (status === Status.NO_ACK) return 'no-ack';
    if (status === Status.CCA_FAILURE) return 'channel-busy';
    throw new Fault('radio', `the radio does not send: ${statusName(status)}`);
  }

  /** The radio stops receiving, and acknowledging, before the stream ends. */
  async close(): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    if (link === undefined) return;
    try {
      await link.host.set(Property.PHY_ENABLED, FALSE);
    } catch (error) {
      this.#parts.log.debug('radio-close', { reason: String(error) });
    }
    await link.stream.close();
  }

  async #configure(host: SpinelHost, { channel, panId, shortAddress, eui }: RadioSettings): Promise<void> {
    await host.set(Property.PHY_ENABLED, TRUE);
    await host.set(Property.PHY_CHAN, Uint8Array.of(channel));
    await host.set(Property.MAC_15_4_PANID, u16(panId));
    await host.set(Property.MAC_15_4_SADDR, u16(shortAddress));
    await host.set(Property.MAC_15_4_LADDR, euiToBytes(eui));
    await host.set(Property.MAC_SRC_MATCH_ENABLED, FALSE);
    await host.set(Property.MAC_PROMISCUOUS_MODE, Uint8Array.of(0));
    await host.set(Property.MAC_RAW_STREAM_ENABLED, TRUE);
    this.#channel = channel;
  }

  async #connect(): Promise<{ readonly host: SpinelHost; readonly stream: ByteStream }> {
    const { connect, clock, log } = this.#parts;
    const stream = await connect();
    const host = new SpinelHost(stream, clock, {
      onProperty: (property, value) => property === Property.STREAM_RAW && this.#receive(value),
      onLost: (reason) => this.#lose(host, reason),
    });
    try {
      await host.reset();
      const [major = 0, minor = 0] = numbers(await host.get(Property.PROTOCOL_VERSION));
      if (major !== PROTOCOL_MAJOR) throw new Fault('radio', `the radio speaks Spinel ${major}.${minor}, this program ${PROTOCOL_MAJOR}`);
      const capabilities = numbers(await host.get(Property.CAPS));
      if (!capabilities.includes(Capability.MAC_RAW))
        throw new Fault('radio', 'the radio has no raw access to the MAC: it needs RCP firmware');
      const firmware = new TextDecoder().decode(await host.get(Property.NCP_VERSION)).replace(/\0.*$/s, '');
      log.info('radio-ready', { firmware, spinel: `${major}.${minor}` });
    } catch (error) {
      await stream.close();
      throw error;
    }
    return { host, stream };
  }

  #lose(host: SpinelHost, reason: string): void {
    const link = this.#link;
    if (link?.host !== host) return;
    this.#link = undefined;
    this.#parts.log.error('radio-lost', { reason });
    void link.stream.close();
    if (!this.#opening) this.#onLost(reason);
  }

  /** Some radios leave signal figures where the FCS was, having checked it: it is written anew. */
  #receive(value: Uint8Array): void {
    const raw = decodeReceive(value);
    const length = raw?.psdu.length ?? 0;
    if (raw === undefined || length < PSDU_BYTES.least || length > PSDU_BYTES.most || raw.flags & FLAG_BAD_FCS) return;
    if (this.#frames.length >= MAX_WAITING) return this.#parts.log.warn('radio-overrun', { waiting: MAX_WAITING });
    const psdu = raw.psdu.slice();
    psdu.set(u16(frameCheckSequence(psdu.subarray(0, -2))), length - 2);
    this.#frames.push({ psdu, time: this.#parts.clock.now(), lqi: raw.lqi });
  }
}

/** Packed integers, one after another; what is cut short at the end is left out. */
function numbers(value: Uint8Array): number[] {
  const found: number[] = [];
  for (let next = unpack(value); next !== undefined; next = unpack(value, next.end)) found.push(next.value);
  return found;
}
