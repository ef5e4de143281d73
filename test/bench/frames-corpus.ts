/**
 * The frames of the frame benches: what a hub hears during an upgrade, 40 % Image Block Requests, 40 % Image Block Responses
 * with 40 bytes of the image, 20 % metering reports. No two are alike: sequence numbers, counters, offsets, file data and
 * readings move on, and the eight devices take turns unevenly.
 */
import { bytes, join, le, macData, secured } from '../kit/frame-oracle.ts';

/** How far the frames are secured. */
export type Security = 'plain' | 'nwk' | 'nwk+aps';

/** Network key, of sequence number 0. */
export const NETWORK_KEY = bytes('0102030405060708090a0b0c0d0e0f10');
/** Link key that every device of the corpus shares with the trust centre. */
export const LINK_KEY = bytes('f0e1d2c3b4a5968778695a4b3c2d1e0f');
/** PAN of the corpus. */
export const PAN = 0x1a62;

/** A device of the corpus. */
export interface Device {
  readonly short: number;
  readonly eui: string;
}

const DEVICES: readonly Device[] = Array.from({ length: 8 }, (_, i) => ({
  short: 0x1000 + 0x111 * i,
  eui: `02000000000002${(0x10 + i).toString(16)}`,
}));
const HUB: Device = { short: 0x0000, eui: '0200000000000001' };

/** Every device that sends in the corpus, the hub among them. */
export const SENDERS: readonly Device[] = [HUB, ...DEVICES];

/** `count` frames, FCS included, the same at every call. */
export function corpus(count: number, security: Security): readonly Uint8Array[] {
  const random = generator(0x2545f491);
  return Array.from({ length: count }, (_, i) => frame(i, security, random));
}

/** A frame as a CC24xx sniffer gives it: signal strength, and a verdict on the FCS, in the place of the FCS. */
export const judged = (frame: Uint8Array): Uint8Array => join(frame.subarray(0, -2), bytes('d8 ea'));

function frame(i: number, security: Security, random: () => number): Uint8Array {
  const device = DEVICES[random() % DEVICES.length] ?? HUB;
  const kind = random() % 5;
  const response = kind === 2 || kind === 3;
  const [from, to] = response ? [HUB, device] : [device, HUB];
  const body = kind < 2 ? blockRequest(random) : response ? blockResponse(random) : report(random);
  const cluster = kind === 4 ? '0207' : '1900';
  const asdu = join(bytes(kind === 4 ? '18' : response ? '19' : '01'), le(random() & 0xff, 1), body);
  const apsSecured = security === 'nwk+aps';
  const header = join(bytes(apsSecured ? '20 01' : '00 01'), bytes(cluster), bytes('0901 01'), le(i & 0xff, 1));
  const counter = 1000 + i;
  const apdu = apsSecured
    ? secured(header, { key: LINK_KEY, source: from.eui, counter, keyId: 0, extendedNonce: true }, asdu)
    : join(header, asdu);
  const network = join(
    bytes(security === 'plain' ? '0800' : '0802'),
    le(to.short, 2),
    le(from.short, 2),
    bytes('1e'),
    le(random() & 0xff, 1),
  );
  const npdu =
    security === 'plain' ? join(network, apdu) : secured(network, { key: NETWORK_KEY, source: from.eui, counter, keyId: 1 }, apdu);
  return macData(npdu, from.short, to.short, i & 0xff);
}

/** Command 3: field control, manufacturer, image type, file version, offset, maximum data size. */
const blockRequest = (random: () => number): Uint8Array =>
  join(bytes('03 00 b11a 8400 00020000'), le((random() >>> 8) * 40, 4), bytes('28'));

/** Command 5: status, manufacturer, image type, file version, offset, data size, data. */
const blockResponse = (random: () => number): Uint8Array =>
  join(bytes('05 00 b11a 8400 00020000'), le((random() >>> 8) * 40, 4), bytes('28'), Uint8Array.from({ length: 40 }, random));

/** Command 10: instantaneous demand (24 bits signed) and current summation delivered (48 bits unsigned). */
const report = (random: () => number): Uint8Array => join(bytes('0a 0004 2a'), le(random() >>> 8, 3), bytes('0000 25'), le(random(), 6));

/** A xorshift of 32 bits: the same frames at every call. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}
