/**
 * What the frame benches are measured against: a reader of secured ZigBee data frames in plain TypeScript over node:crypto,
 * as one would write it without a core. It checks what the core checks of such a frame (FCS, level bits, MIC, counters that
 * rise) and reads no other kind: unicast data between short addresses in one PAN.
 */
import { createDecipheriv, type KeyObject } from 'node:crypto';

/** Keys by the key identifier of the auxiliary header. */
export interface PlainKeys {
  readonly network: KeyObject;
  readonly link: KeyObject;
}

/** What was read; nothing more than the callers compare. */
export interface PlainFrame {
  readonly mac: { readonly seq: number; readonly pan: number; readonly dst: number; readonly src: number };
  readonly nwk: { readonly dst: number; readonly src: number; readonly radius: number; readonly seq: number };
  readonly aps: {
    readonly dstEndpoint: number;
    readonly cluster: number;
    readonly profile: number;
    readonly srcEndpoint: number;
    readonly counter: number;
  };
  readonly zcl: { readonly control: number; readonly seq: number; readonly command: number };
  readonly payload: Buffer;
}

const FCF_DATA = 0x8861;
const NWK_SECURED = 0x0200;
const APS_SECURED = 0x20;
const KEY_ID_NETWORK = 0x08;
const EXTENDED_NONCE = 0x20;
const LEVEL_MASK = 0x07;
const ENC_MIC_32 = 0x05;
const MIC = 4;

const CRC = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0x8408 : 0);
  return crc;
});

/** A reader with its own counters. Throws for every frame that it does not accept. */
export class PlainReader {
  readonly #keys: PlainKeys;
  readonly #counters = new Map<string, number>();

  constructor(keys: PlainKeys) {
    this.#keys = keys;
  }

  /** Reads and opens one frame, FCS included. */
  read(psdu: Uint8Array): PlainFrame {
    const frame = Buffer.from(psdu.buffer, psdu.byteOffset, psdu.length);
    const end = frame.length - 2;
    if (fcs(frame, end) !== frame.readUInt16LE(end)) throw new Error('FCS');
    if (frame.readUInt16LE(0) !== FCF_DATA) throw new Error('frame control');
    const mac = { seq: frame.readUInt8(2), pan: frame.readUInt16LE(3), dst: frame.readUInt16LE(5), src: frame.readUInt16LE(7) };
    if ((frame.readUInt16LE(9) & NWK_SECURED) === 0) throw new Error('not secured');
    const nwk = { dst: frame.readUInt16LE(11), src: frame.readUInt16LE(13), radius: frame.readUInt8(15), seq: frame.readUInt8(16) };
    const apdu = this.#open(frame.subarray(9, end), 8, '');
    const source = frame.toString('hex', 22, 30);
    const aps = {
      dstEndpoint: apdu.readUInt8(1),
      cluster: apdu.readUInt16LE(2),
      profile: apdu.readUInt16LE(4),
      srcEndpoint: apdu.readUInt8(6),
      counter: apdu.readUInt8(7),
    };
    const asdu = (apdu.readUInt8(0) & APS_SECURED) === 0 ? apdu.subarray(8) : this.#open(apdu, 8, source);
    const zcl = { control: asdu.readUInt8(0), seq: asdu.readUInt8(1), command: asdu.readUInt8(2) };
    return { mac, nwk, aps, zcl, payload: asdu.subarray(3) };
  }

  /** Opens a layer whose auxiliary header stands at `at`; the nonce's source is `known` when the header has none. */
  #open(layer: Buffer, at: number, known: string): Buffer {
    const control = layer.readUInt8(at);
    if ((control & LEVEL_MASK) !== 0) throw new Error('level bits');
    const counter = layer.readUInt32LE(at + 1);
    const extended = (control & EXTENDED_NONCE) !== 0;
    const network = (control & 0x18) === KEY_ID_NETWORK;
    const source = extended ? layer.toString('hex', at + 5, at + 13) : known;
    const start = at + 5 + (extended ? 8 : 0) + (network ? 1 : 0);
    const stop = layer.length - MIC;
    const aad = Buffer.from(layer.subarray(0, start));
    aad[at] = control | ENC_MIC_32;
    const nonce = Buffer.alloc(13);
    nonce.write(source, 'hex');
    nonce.writeUInt32LE(counter, 8);
    nonce[12] = control | ENC_MIC_32;
    const decipher = createDecipheriv('aes-128-ccm', network ? this.#keys.network : this.#keys.link, nonce, { authTagLength: MIC });
    decipher.setAuthTag(layer.subarray(stop));
    decipher.setAAD(aad, { plaintextLength: stop - start });
    const plain = decipher.update(layer.subarray(start, stop));
    decipher.final();
    const heard = `${network ? 'nwk' : 'aps'}/${source}`;
    if (counter < (this.#counters.get(heard) ?? 0)) throw new Error('replay');
    this.#counters.set(heard, counter + 1);
    return plain;
  }
}

function fcs(frame: Buffer, end: number): number {
  let crc = 0;
  for (let i = 0; i < end; i++) crc = (crc >> 8) ^ CRC[(crc ^ frame[i]!) & 0xff]!;
  return crc;
}
