/**
 * Random NWK and APS frames, secured under keys that are known, under keys that are not, or not at all: every command, header
 * field and delivery mode, tunnels, fragments in any order, inter-PAN frames. What stands above APS is kept plain: it has a
 * generator of its own.
 */
import { bytes, derived, join, le, secured, type Envelope } from '../kit/frame-oracle.ts';
import type { Random } from './random.ts';

/** The keys that a reader of these captures is given. */
export const NETWORK_KEY = bytes('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf');
export const LINK_KEY = bytes('404142434445464748494a4b4c4d4e4f');
/** A key that nobody is given, until a Transport-Key command brings it. */
export const CARRIED_KEY = bytes('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf');
const UNKNOWN_KEY = bytes('0f0e0d0c0b0a09080706050403020100');

const NOTHING = new Uint8Array(0);
const PANS = [0x1a62, 0x1a63];
const DEVICES = 6;
const [PROFILE_ZDP, PROFILE_HA, PROFILE_SE, PROFILE_TEST_2] = [0x0000, 0x0104, 0x0109, 0x7f01];

/** The EUI-64 of a device, which now and then another has. */
const euiOf = (device: number): string => `020000000000${(0x1000 + device).toString(16)}`;
const shortOf = (device: number): number => (device === 0 ? 0 : 0x1000 + device);

/** Random frames of a few devices in two PANs. */
export class ZigbeeFrames {
  readonly #random: Random;
  #counter = 1;
  #apsCounter = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Frames without their FCS: one, or those of a message in fragments. */
  next(): Uint8Array[] {
    const random = this.#random;
    return random.pick([
      ...Array.from({ length: 6 }, () => () => [this.#mac(this.#nwk(1, nwkCommand(random)))]),
      ...Array.from({ length: 8 }, () => () => [this.#mac(this.#nwk(0, this.#aps()))]),
      () => this.#fragments().map((frame) => this.#mac(frame)),
      () => [this.#interPan()],
      () => [this.#association()],
      () => [this.#mac(join(le(0x0004 | random.below(2), 2), random.bytes(6), random.bytes(random.below(24))))],
      () => [this.#mac(join(le(0x0004, 2), random.bytes(6), applicationFrame(random)))],
      () => [this.#mac(this.#nwk(0, bufferTest(random)))],
    ])();
  }

  #mac(nwk: Uint8Array): Uint8Array {
    const random = this.#random;
    const compressed = !random.once(5);
    const pan = le(random.pick(PANS), 2);
    const [dst, src] = [random.below(DEVICES), random.below(DEVICES)];
    const fcf = 0x8801 | (compressed ? 0x40 : 0) | (random.once(2) ? 0x20 : 0) | (random.below(2) << 12);
    return join(le(fcf, 2), le(random.below(256), 1), pan, le(shortOf(dst), 2), compressed ? NOTHING : pan, le(shortOf(src), 2), nwk);
  }

  /** An association response, a realignment or a disassociation: what tells who has which address. */
  #association(): Uint8Array {
    const random = this.#random;
    const device = random.below(DEVICES);
    const body = random.pick([
      () => join(le(0x02, 1), le(random.once(6) ? 0xfffe : shortOf(device), 2), le(random.once(5) ? 1 : 0, 1)),
      () => join(le(0x08, 1), le(0x1a62, 2), le(0, 2), le(20, 1), le(shortOf(device), 2)),
      () => join(le(0x03, 1), le(1, 1)),
    ])();
    const toShort = random.once(8);
    const dst = toShort ? le(shortOf(device), 2) : bytes(euiOf(device)).toReversed();
    const fcf = 0xc003 | 0x40 | ((toShort ? 2 : 3) << 10);
    return join(le(fcf, 2), le(1, 1), le(random.pick(PANS), 2), dst, bytes(euiOf(0)).toReversed(), body);
  }

  #interPan(): Uint8Array {
    const random = this.#random;
    const toShort = random.once(2);
    const mac = join(
      le(0xc041 | ((toShort ? 2 : 3) << 10), 2),
      le(1, 1),
      le(0xffff, 2),
      toShort ? le(0xffff, 2) : random.bytes(8),
      random.bytes(8),
    );
    const group = random.once(3);
    const aps = join(le(3 | (group ? 0x0c : random.pick([0, 8])), 1), group ? random.bytes(2) : NOTHING, this.#profile());
    const version = random.once(5) ? 0x0007 : 0x000b;
    return join(mac, le(version, 2), random.once(6) ? random.bytes(random.below(20)) : join(aps, zclPayload(random)));
  }

  /** Cluster and profile: of none that has a table. */
  #profile(): Uint8Array {
    const profile = this.#random.pick([PROFILE_HA, PROFILE_SE, PROFILE_SE, 0xc05e, 0x1234]);
    return join(le(0xfd00 + this.#random.below(256), 2), le(profile, 2));
  }

  #nwk(type: number, payload: Uint8Array): Uint8Array {
    const random = this.#random;
    const flag = (bit: number, times: number): number => (random.once(times) ? bit : 0);
    const optional = flag(0x0100, 8) | flag(0x0400, 6) | flag(0x0800, 4) | flag(0x1000, 3) | flag(0x2000, 5);
    const isSecured = !random.once(4);
    const fcf = type | 0x0008 | (random.below(4) << 6) | optional | (isSecured ? 0x0200 : 0);
    const device = random.below(DEVICES);
    const relays = random.below(4);
    const header = join(
      le(fcf, 2),
      le(random.once(3) ? 0xfffd : shortOf(random.below(DEVICES)), 2),
      le(random.once(30) ? 0xffff : shortOf(device), 2),
      random.bytes(2),
      fcf & 0x0800 ? random.bytes(8) : NOTHING,
      fcf & 0x1000 ? bytes(euiOf(random.once(10) ? random.below(DEVICES) : device)).toReversed() : NOTHING,
      fcf & 0x0100 ? random.bytes(1) : NOTHING,
      fcf & 0x0400 ? join(le(relays, 1), random.bytes(1 + 2 * relays)) : NOTHING,
    );
    return isSecured ? secured(header, this.#envelope(NETWORK_KEY, random.once(12) ? this.#keyId() : 1), payload) : join(header, payload);
  }

  #keyId(): 0 | 1 | 2 | 3 {
    return this.#random.pick([0, 1, 2, 3]);
  }

  /** How a layer is secured: mostly with a key that is known, by the device or by another. */
  #envelope(key: Uint8Array, keyId: 0 | 1 | 2 | 3): Envelope {
    const random = this.#random;
    const known = random.once(10) ? UNKNOWN_KEY : random.once(8) ? CARRIED_KEY : key;
    return {
      key: keyId === 2 ? derived(known, 0) : keyId === 3 ? derived(known, 2) : known,
      source: euiOf(random.below(DEVICES)),
      counter: random.once(8) ? random.below(this.#counter) : this.#counter++,
      keyId,
      keySeq: random.below(2),
      extendedNonce: !random.once(3),
      level: random.once(12) ? random.below(8) : 0,
    };
  }

  #aps(): Uint8Array {
    const random = this.#random;
    const type = random.pick([0, 0, 1, 1, 2, 3]);
    const delivery = random.once(20) ? 1 : random.pick([0, 2, 3]);
    const format = type === 2 && random.once(2) ? 0x10 : random.once(30) ? 0x10 : 0;
    const isSecured = random.once(2);
    const extended = random.once(10);
    const fcf = type | (delivery << 2) | format | (isSecured ? 0x20 : 0) | (random.once(2) ? 0x40 : 0) | (extended ? 0x80 : 0);
    const addressed = type === 0 || type === 3 || (type === 2 && format === 0);
    const endpoint = delivery === 3 ? random.bytes(2) : type === 3 ? NOTHING : random.bytes(1);
    const header = join(
      le(fcf, 1),
      addressed ? join(endpoint, this.#profileOf(type), type === 3 ? NOTHING : random.bytes(1)) : NOTHING,
      type === 3 ? NOTHING : le(this.#apsCounter++ & 0xff, 1),
      extended ? join(le(random.below(256) & 0xfc, 1)) : NOTHING,
    );
    const payload = type === 1 ? this.#command() : type === 2 ? NOTHING : zclPayload(random);
    return isSecured ? secured(header, this.#envelope(LINK_KEY, this.#keyId()), payload) : join(header, payload);
  }

  #profileOf(type: number): Uint8Array {
    const random = this.#random;
    if (type === 2 && random.once(3)) return join(random.bytes(2), le(random.pick([PROFILE_ZDP, PROFILE_TEST_2]), 2));
    return this.#profile();
  }

  /** Every command with a body of its size, and now and then with bytes more. */
  #command(): Uint8Array {
    const random = this.#random;
    const id = random.once(10) ? random.below(32) : 1 + random.below(16);
    if (id === 0x0e) return join(le(id, 1), random.bytes(8), this.#aps());
    if (id === 0x05 && random.once(2)) return join(le(id, 1), le(random.below(6), 1), CARRIED_KEY, random.bytes(17));
    const sizes: Readonly<Record<number, number>> = {
      1: 32,
      2: 32,
      3: 32,
      4: 32,
      5: 34,
      6: 11,
      7: 8,
      8: 9,
      9: 1,
      10: 34,
      11: 34,
      12: 21,
      13: 21,
      15: 25,
      16: 10,
    };
    return join(le(id, 1), random.bytes((sizes[id] ?? 0) + (random.once(4) ? random.below(6) : 0)));
  }

  /** A message in blocks, in order or not, some of them twice or never. */
  #fragments(): Uint8Array[] {
    const random = this.#random;
    const blocks = 1 + random.below(5);
    const counter = this.#apsCounter++ & 0xff;
    const [src, dst] = [shortOf(random.below(DEVICES)), shortOf(random.below(DEVICES))];
    const address = join(random.bytes(1), this.#profile(), random.bytes(1));
    const zcl = join(le(0, 1), le(1, 1), le(0x00, 1));
    const isSecured = random.once(4);
    const frames = Array.from({ length: blocks }, (_, block) => {
      const extended = join(le(block === 0 ? 1 : 2, 1), le(block === 0 ? (random.once(20) ? random.below(4) : blocks) : block, 1));
      const header = join(le(0x80 | (isSecured ? 0x20 : 0) | (random.once(3) ? 0x40 : 0), 1), ...[address, le(counter, 1), extended]);
      const payload = join(block === 0 ? zcl : NOTHING, random.bytes(2 * (1 + random.below(6))));
      const aps = isSecured ? secured(header, this.#envelope(LINK_KEY, 0), payload) : join(header, payload);
      return join(le(0x0008, 2), le(dst, 2), le(src, 2), random.bytes(2), aps);
    });
    const ordered = random.once(3) ? random.shuffled(frames) : frames;
    return ordered.flatMap((frame) => (random.once(12) ? [] : random.once(6) ? [frame, frame] : [frame]));
  }
}

/** A NWK command with a body of its size, and now and then with bytes more. */
function nwkCommand(random: Random): Uint8Array {
  const id = random.once(12) ? random.below(256) : 1 + random.below(13);
  const more = random.bytes(random.once(4) ? random.below(6) : 0);
  const list = (size: number, count: number): Uint8Array => random.bytes(size * count);
  const count = random.below(4);
  const bodies: Readonly<Record<number, () => Uint8Array>> = {
    1: () => join(random.bytes(5), random.bytes(8)),
    2: () => join(random.bytes(7), random.bytes(16)),
    3: () => join(le(random.once(3) ? 0x13 : random.below(0x14), 1), random.bytes(3)),
    4: () => random.bytes(1),
    5: () => join(le(count, 1), list(2, count)),
    6: () => random.bytes(1),
    7: () => random.bytes(3),
    8: () => join(le(count | (random.below(8) << 5), 1), list(3, count)),
    9: () => join(le(count | (random.pick([0, 0, 6, 7, 3]) << 5), 1), random.bytes(8), random.bytes(16)),
    10: () => join(le(count | (random.pick([0, 0, 1]) << 5), 1), random.bytes(9), list(2, count)),
    11: () => random.bytes(2),
    12: () => random.bytes(2),
    13: () => join(random.bytes(1), le(count, 1), list(3, count)),
  };
  return join(le(id, 1), bodies[id]?.() ?? NOTHING, more);
}

/** A ZCL command of a cluster that has no table: a general one, or one of the cluster's own. */
function zclPayload(random: Random): Uint8Array {
  const direction = random.pick([0x00, 0x08, 0x10, 0x18]);
  if (random.once(2)) return join(le(direction | 1, 1), random.bytes(2), random.bytes(random.below(6)));
  const bodies = [() => join(le(0x00, 1), random.bytes(2 * random.below(4))), () => join(le(0x0b, 1), random.bytes(2))];
  return join(le(direction, 1), random.bytes(1), random.pick(bodies)());
}

/** A data frame of ZigBee 2004: transactions of either kind, complete or not. */
function applicationFrame(random: Random): Uint8Array {
  const profile = random.pick([PROFILE_HA, PROFILE_SE, 0x0102, 0x0107, 0x010b, 0xa1e0, 0xc25d]);
  const address = join(random.bytes(1), le(0xfd, 1), le(profile, 2), random.bytes(1));
  const [type, count] = [random.below(4), random.below(4)];
  const message = (): Uint8Array => {
    const text = random.bytes(2 + random.below(6));
    return join(le(random.below(256) & ~0x04, 1), le(text.length, 1), text);
  };
  const keyValue = (): Uint8Array =>
    join(
      le(1, 1),
      le(random.below(16) | (random.below(12) << 4), 1),
      random.bytes(2),
      le(random.below(5), 1),
      random.bytes(random.below(6)),
    );
  const transactions = Array.from({ length: count }, type === 1 ? keyValue : message);
  return join(le(0, 1), address, le(count | (type << 4), 1), ...transactions, random.bytes(random.below(3)));
}

/** A command of the second test profile. */
function bufferTest(random: Random): Uint8Array {
  const cluster = random.pick([0x1c, 0x54, 0x55]);
  const size = random.below(5);
  const address = join(random.bytes(1), le(cluster, 2), le(PROFILE_TEST_2, 2), random.bytes(1));
  return join(le(0, 1), address, random.bytes(1), le(size, 1), random.bytes(1 + size));
}
