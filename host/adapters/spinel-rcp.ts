/**
 * The co-processor's end of Spinel: lets a host on a byte stream use a transceiver, as RCP firmware does on a dongle. So
 * the virtual home, in a process of its own, is driven by the very adapter that drives a real radio.
 *
 * One host at a time: a new stream takes the place of the last. A host begins with RESET, which forgets all settings.
 */
import { euiFromBytes, euiToBytes, type Eui64 } from '../model/ids.ts';
import type { ByteStream } from '../ports/byte-stream.ts';
import type { Transceiver } from '../ports/medium.ts';
import type { RadioSettings, Received, Sent } from '../ports/radio.ts';
import { encodeHdlc, HdlcDecoder } from './hdlc-lite.ts';
import {
  Capability,
  Command,
  decodeSpinel,
  encodeSpinel,
  packed,
  Property,
  PROTOCOL_MAJOR,
  Status,
  type SpinelFrame,
} from './spinel-frame.ts';
import { decodeTransmit, encodeReceive } from './spinel-raw.ts';

const PROTOCOL_MINOR = 3;
/** Interface type "Thread", as RCP firmware answers. */
const INTERFACE_TYPE = 3;
/** Signal strength that is told of every frame, in dBm: the virtual air has none. */
const RSSI = -50;
/** Status of each outcome of a transmission. */
const OUTCOME: Readonly<Record<Sent, number>> = { sent: Status.OK, 'no-ack': Status.NO_ACK, 'channel-busy': Status.CCA_FAILURE };

/** Size in bytes of each property that a host may set. */
const SETTABLE: ReadonlyMap<number, number> = new Map([
  [Property.PHY_ENABLED, 1],
  [Property.PHY_CHAN, 1],
  [Property.MAC_15_4_PANID, 2],
  [Property.MAC_15_4_SADDR, 2],
  [Property.MAC_15_4_LADDR, 8],
  [Property.MAC_SRC_MATCH_ENABLED, 1],
  [Property.MAC_PROMISCUOUS_MODE, 1],
  [Property.MAC_RAW_STREAM_ENABLED, 1],
]);

/** A co-processor around one transceiver. */
export class SpinelRcp {
  readonly #transceiver: Transceiver;
  readonly #constants: ReadonlyMap<number, Uint8Array>;
  readonly #settings = new Map<number, Uint8Array>();
  #stream: ByteStream | undefined;
  #sending = false;

  /** `hardwareAddress` is what the co-processor answers as its own EUI-64. */
  constructor(transceiver: Transceiver, hardwareAddress: Eui64) {
    this.#transceiver = transceiver;
    this.#constants = new Map([
      [Property.PROTOCOL_VERSION, Uint8Array.of(PROTOCOL_MAJOR, PROTOCOL_MINOR)],
      [Property.NCP_VERSION, new TextEncoder().encode('HEARTHGATE-RCP; virtual\0')],
      [Property.INTERFACE_TYPE, Uint8Array.of(INTERFACE_TYPE)],
      [Property.CAPS, Uint8Array.of(...packed(Capability.CONFIG_RADIO), ...packed(Capability.MAC_RAW))],
      [Property.HWADDR, euiToBytes(hardwareAddress)],
    ]);
    transceiver.onFrame((frame) => this.#forward(frame));
  }

  /** Serves the host on a stream, in place of any other, until the stream ends. */
  serve(stream: ByteStream): void {
    void this.#stream?.close();
    this.#stream = stream;
    const decoder = new HdlcDecoder();
    stream.onBytes((bytes) => {
      for (const frame of decoder.push(bytes)) if (this.#stream === stream) this.#receive(frame);
    });
    stream.onClosed(() => {
      if (this.#stream === stream) this.#stream = undefined;
    });
  }

  #receive(bytes: Uint8Array): void {
    const frame = decodeSpinel(bytes);
    if (!frame.ok) return;
    const { tid, command, property, value } = frame.value;
    if (command === Command.RESET) this.#reset();
    else if (property === undefined) this.#answer(tid, Status.INVALID_COMMAND);
    else if (command === Command.PROP_VALUE_GET) this.#get(tid, property);
    else if (command !== Command.PROP_VALUE_SET) this.#answer(tid, Status.INVALID_COMMAND);
    else if (property === Property.STREAM_RAW) void this.#transmit(tid, value);
    else this.#set(tid, property, value);
  }

  #reset(): void {
    this.#settings.clear();
    this.#answer(0, Status.RESET_SOFTWARE);
  }

  #get(tid: number, property: number): void {
    const value = this.#constants.get(property) ?? this.#settings.get(property);
    const size = SETTABLE.get(property);
    if (value !== undefined) this.#tell(tid, property, value);
    else if (size !== undefined) this.#tell(tid, property, new Uint8Array(size));
    else this.#answer(tid, Status.PROP_NOT_FOUND);
  }

  #set(tid: number, property: number, value: Uint8Array): void {
    const size = SETTABLE.get(property);
    if (size === undefined) return this.#answer(tid, Status.PROP_NOT_FOUND);
    if (value.length !== size) return this.#answer(tid, Status.PARSE_ERROR);
    if (property === Property.PHY_CHAN && (value[0]! < 11 || value[0]! > 26)) return this.#answer(tid, Status.INVALID_ARGUMENT);
    this.#settings.set(property, value.slice());
    const settings = this.#radioSettings();
    if (settings !== undefined) this.#transceiver.configure(settings);
    this.#tell(tid, property, value);
  }

  async #transmit(tid: number, value: Uint8Array): Promise<void> {
    const frame = decodeTransmit(value);
    if (frame === undefined) return this.#answer(tid, Status.PARSE_ERROR);
    if (!this.#listening() || this.#sending) return this.#answer(tid, Status.INVALID_STATE);
    this.#sending = true;
    const stream = this.#stream;
    const outcome = await this.#transceiver.send(frame.psdu.slice()).then(
      (sent) => OUTCOME[sent],
      () => Status.FAILURE,
    );
    this.#sending = false;
    if (this.#stream === stream) this.#answer(tid, outcome);
  }

  #forward({ psdu, time, lqi }: Received): void {
    if (!this.#listening()) return;
    const channel = this.#settings.get(Property.PHY_CHAN)![0]!;
    this.#tell(0, Property.STREAM_RAW, encodeReceive({ psdu, rssi: RSSI, flags: 0, lqi }, channel, BigInt(Math.floor(time * 1000))));
  }

  #listening(): boolean {
    return this.#isOn(Property.PHY_ENABLED) && this.#isOn(Property.MAC_RAW_STREAM_ENABLED) && this.#settings.has(Property.PHY_CHAN);
  }

  #isOn(property: number): boolean {
    return this.#settings.get(property)?.[0] === 1;
  }

  /** What the transceiver is to be set to; undefined until the host has said everything. */
  #radioSettings(): RadioSettings | undefined {
    const [channel, pan, short, eui] = [Property.PHY_CHAN, Property.MAC_15_4_PANID, Property.MAC_15_4_SADDR, Property.MAC_15_4_LADDR].map(
      (property) => this.#settings.get(property),
    );
    if (channel === undefined || pan === undefined || short === undefined || eui === undefined || !this.#listening()) return undefined;
    return { channel: channel[0]!, panId: pan[0]! | (pan[1]! << 8), shortAddress: short[0]! | (short[1]! << 8), eui: euiFromBytes(eui) };
  }

  #answer(tid: number, status: number): void {
    this.#tell(tid, Property.LAST_STATUS, packed(status));
  }

  #tell(tid: number, property: number, value: Uint8Array): void {
    const frame: SpinelFrame = { tid, command: Command.PROP_VALUE_IS, property, value };
    this.#stream?.write(encodeHdlc(encodeSpinel(frame)));
  }
}
