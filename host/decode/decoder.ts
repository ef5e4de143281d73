/**
 * Decodes captured frames layer by layer: tables show them, the core opens what is secured. Keys, addresses and fragments of a
 * frame serve the frames after it, as in a sniffer that listens.
 */
import type { Captured } from '../capture/captured.ts';
import type { SeVersion } from '../clusters/cluster.ts';
import { MacCommand, ZIGBEE_BEACON, ZIGBEE_IP_BEACON } from '../clusters/mac-payload.ts';
import { Showing } from '../clusters/shown.ts';
import type { Core } from '../core/core.ts';
import type { Eui64 } from '../model/ids.ts';
import { AddressBook } from './addresses.ts';
import { ApsCounters } from './aps-counters.ts';
import type { Decoded } from './decoded.ts';
import { Finding, Finished } from './finding.ts';
import { FrameControls, MacMode, MacType } from './frame-control.ts';
import { isGreenPower, readGreenPower } from './green-power.ts';
import { Keyring } from './keyring.ts';
import { linkFields } from './link.ts';
import { readMac, type CapturedFrame, type MacFrame, type MacKnowledge } from './mac.ts';
import type { Memory } from './memory.ts';
import { isNwk, readNwk } from './nwk.ts';
import { Reassembly } from './reassembly.ts';
import { Replays } from './replay.ts';
import { ZclTables } from './zcl-tables.ts';

/** How to decode. */
export interface DecodeOptions {
  /** Keys of 16 bytes, tried as network keys and as link keys. */
  readonly keys: readonly Uint8Array[];
  /** Use keys that commands of the capture bring. */
  readonly learn: boolean;
  /** Put key material into the fields (`zbee.sec.key`, `zbee_aps.cmd.key`), as Wireshark does. Otherwise it is left out. */
  readonly showKeys: boolean;
  /** Revision of Smart Energy by which its commands are read; 1.4 unless given. */
  readonly seVersion?: SeVersion;
}

export type { SeVersion };

const NO_SHORT_ADDRESS = 0xfffe;
const SUCCESS = 0;
const NOBODY = '0000000000000000' as Eui64;

/** Acknowledgements that are remembered. */
const REMEMBERED = 4096;
/** Frame control, sequence number and FCS. */
const ACKNOWLEDGEMENT_LEN = 5;

/** Decodes the frames of a capture, one after the other. */
export class Decoder {
  readonly #memory: Memory;
  readonly #mac: MacKnowledge;
  readonly #showing = new Showing();
  readonly #acknowledgements = new Map<number, Finding>();

  /** Takes a core of its own: keys are added to it. */
  constructor(core: Core, { keys, learn, showKeys, seVersion = '1.4' }: DecodeOptions) {
    const addresses = { mac: new AddressBook(), nwk: new AddressBook() };
    this.#memory = {
      ...{ core, addresses, learns: learn, showsKeys: showKeys, seVersion },
      ...{ keys: new Keyring(core, showKeys), greenPowerKeys: new Keyring(core, false) },
      ...{ zclTables: new ZclTables(), fragments: new Reassembly(), counters: new ApsCounters(), replays: new Replays() },
    };
    this.#mac = { controls: new FrameControls(), inferred: (pan, short) => addresses.mac.find(pan, short) };
    for (const key of keys) this.#memory.keys.add(key);
  }

  /** Decodes the next packet of a capture. */
  decode(captured: Captured): Decoded {
    const { number, time, psdu, header, missing } = captured;
    const acknowledgement = acknowledgementOf(captured);
    const known = acknowledgement === undefined ? undefined : this.#acknowledgements.get(acknowledgement);
    if (known !== undefined) return new Finished(number, time, known);
    const finding = new Finding(this.#showing);
    if (header !== undefined) finding.show(linkFields(header, (psdu?.length ?? 0) + missing));
    if (hasFrame(captured)) this.#frame(captured, finding);
    else finding.refuse('no-frame', 'the packet holds no IEEE 802.15.4 frame');
    if (acknowledgement !== undefined) this.#remember(acknowledgement, finding);
    return new Finished(number, time, finding);
  }

  #remember(acknowledgement: number, finding: Finding): void {
    finding.gather();
    if (this.#acknowledgements.size < REMEMBERED) this.#acknowledgements.set(acknowledgement, finding);
  }

  #frame(captured: CapturedFrame, finding: Finding): void {
    const mac = readMac(captured, finding, this.#mac);
    if (mac === undefined) return;
    this.#learn(mac);
    if (mac.payload === undefined || mac.command !== undefined) return;
    finding.unread = mac.payload;
    if (mac.payload.length === 0) return;
    if (mac.control.type === MacType.BEACON) showBeacon(mac, mac.payload, finding);
    if (mac.control.type === MacType.DATA) this.#data(captured, mac, mac.payload, finding);
  }

  /** A data frame's payload, where its first bytes and the addresses around it say that it is ZigBee's. */
  #data({ psdu, number }: CapturedFrame, mac: MacFrame, bytes: Uint8Array, finding: Finding): void {
    const offset = bytes.byteOffset - psdu.byteOffset;
    const frame = psdu.subarray(0, offset + bytes.length);
    const carried = { mac, bytes, offset, frame, number, missing: mac.missing };
    if (isGreenPower(mac, bytes)) readGreenPower(carried, finding, this.#memory);
    else if (isNwk(mac, bytes)) readNwk(carried, finding, this.#memory);
  }

  /** A device that joins is told its short address; what is told to a short address, as none should be, is noted of nobody. */
  #learn({ command, control, dst, dstPan = 0 }: MacFrame): void {
    const { status, address } = command?.values ?? {};
    if (typeof address !== 'number' || address === NO_SHORT_ADDRESS) return;
    const associated = command?.id === MacCommand.ASSOCIATION_RESPONSE && status === SUCCESS;
    const realigned = command?.id === MacCommand.REALIGNMENT && control.dstMode === MacMode.EXTENDED;
    if (associated || realigned) this.#memory.addresses.mac.note(dstPan, address, typeof dst === 'string' ? dst : NOBODY);
  }
}

const hasFrame = (captured: Captured): captured is CapturedFrame => captured.psdu !== undefined;

/** Beacon payloads of ZigBee and of ZigBee IP, which a protocol identifier tells; their senders have short addresses. */
function showBeacon({ control }: MacFrame, payload: Uint8Array, finding: Finding): void {
  const format = { 0: ZIGBEE_BEACON, 2: ZIGBEE_IP_BEACON }[payload[0] ?? -1];
  if (format === undefined || control.srcMode !== MacMode.SHORT) return;
  const { rest, short } = finding.read(format, payload);
  finding.unread = rest;
  if (short !== undefined) finding.refuse('truncated-zigbee-beacon', 'the zigbee-beacon payload ends inside a field');
}

/**
 * The bytes of a whole acknowledgement with its FCS, as a number. Half of all frames are acknowledgements; they tell of no other
 * frame and no other frame tells of them, so that equal ones are decoded once.
 */
function acknowledgementOf({ psdu, trailer, missing, header }: Captured): number | undefined {
  if (psdu?.length !== ACKNOWLEDGEMENT_LEN || trailer !== 'fcs' || missing > 0 || header !== undefined) return undefined;
  if (((psdu[0] as number) & 7) !== MacType.ACK || psdu[1] !== 0) return undefined;
  return psdu.reduce((number, byte) => number * 256 + byte, 0);
}
