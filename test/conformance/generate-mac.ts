/** Random MAC frames: every type, version, addressing mode and flag, security headers, information elements, beacons, commands. */
import { join, le } from '../kit/frame-oracle.ts';
import type { Random } from './random.ts';

const [BEACON, DATA, COMMAND, MULTIPURPOSE] = [0, 1, 3, 5];
const V2015 = 2;
const NOTHING = new Uint8Array(0);

/** A frame without its FCS. */
export function macFrame(random: Random): Uint8Array {
  const type = random.once(4) ? random.below(8) : random.pick([BEACON, DATA, 2, COMMAND]);
  return type === MULTIPURPOSE ? multipurpose(random) : usual(random, type);
}

function usual(random: Random, type: number): Uint8Array {
  const version = random.once(12) ? 3 : random.below(3);
  const secured = random.once(5);
  const elements = version === V2015 && random.once(2);
  const suppressed = version === V2015 ? random.once(4) : random.once(40);
  const [dst, src] = [mode(random), mode(random)];
  const compressed = dst !== 0 && src !== 0 ? random.once(2) : random.once(version === V2015 ? 2 : 20);
  const flags = (random.below(4) << 4) | (random.once(20) ? 0x80 : 0);
  const fcf =
    type |
    (secured ? 0x08 : 0) |
    flags |
    (compressed ? 0x40 : 0) |
    (suppressed ? 0x100 : 0) |
    (elements ? 0x200 : random.once(30) ? 0x200 : 0) |
    (dst << 10) |
    (version << 12) |
    (src << 14);
  const header = join(
    le(fcf, 2),
    suppressed ? NOTHING : le(random.below(256), 1),
    addresses(random, { version, type, dst, src, compressed }),
  );
  return join(header, secured && version > 0 ? auxiliary(random) : NOTHING, content(random, type, version, elements));
}

const mode = (random: Random): number => (random.once(30) ? 1 : random.pick([0, 2, 2, 3]));

interface Addressing {
  readonly version: number;
  readonly type: number;
  readonly dst: number;
  readonly src: number;
  readonly compressed: boolean;
}

/** PAN identifiers where the standard has them; broadcasts often, since commands ask for them. */
function addresses(random: Random, { version, type, dst, src, compressed }: Addressing): Uint8Array {
  const pan = (): Uint8Array => (random.once(3) ? le(0xffff, 2) : random.bytes(2));
  const address = (kind: number): Uint8Array => (kind === 2 ? pan() : kind === 3 ? random.bytes(8) : NOTHING);
  const [dstPan, srcPan] = pans({ version, type, dst, src, compressed });
  return join(dstPan ? pan() : NOTHING, address(dst), srcPan ? pan() : NOTHING, address(src));
}

function pans({ version, type, dst, src, compressed }: Addressing): readonly [boolean, boolean] {
  if (version < V2015) return [dst > 0, src > 0 && !compressed];
  if (type > COMMAND) return [false, false];
  const table: Readonly<Record<string, readonly [boolean, boolean]>> = compressed
    ? { '00': [true, false], '02': [false, false], '03': [false, false], '20': [false, false], '30': [false, false], '33': [false, false] }
    : { '00': [false, false], '02': [false, true], '03': [false, true], '20': [true, false], '30': [true, false], '33': [true, false] };
  return table[`${dst}${src}`] ?? [true, !compressed];
}

function auxiliary(random: Random): Uint8Array {
  const control = random.below(256);
  const keyId = (control >> 3) & 3;
  const counter = random.once(2) || (control & 0x20) === 0 ? random.bytes(4) : NOTHING;
  return join(le(control, 1), counter, keyId === 0 ? NOTHING : random.bytes([0, 1, 5, 9][keyId] ?? 0));
}

function content(random: Random, type: number, version: number, elements: boolean): Uint8Array {
  const before = elements ? informationElements(random) : NOTHING;
  if (type === BEACON) return join(before, version < V2015 ? beaconFields(random) : NOTHING, beaconPayload(random));
  if (type === COMMAND)
    return join(before, le(random.once(6) ? random.below(256) : 1 + random.below(0x24), 1), random.bytes(random.below(12)));
  return join(before, random.bytes(random.below(40)));
}

function multipurpose(random: Random): Uint8Array {
  const long = random.once(2);
  const fcf = MULTIPURPOSE | (long ? 0x08 : 0) | (random.pick([0, 2, 3]) << 4) | (random.pick([0, 2, 3]) << 6);
  const upper = long ? random.below(256) & (random.once(8) ? 0xff : 0xcf) : 0;
  return join(le(fcf, 1), long ? le(upper, 1) : NOTHING, random.bytes(4 + random.below(40)));
}

function beaconFields(random: Random): Uint8Array {
  const slots = random.once(3) ? random.below(8) : 0;
  const guaranteed = slots === 0 ? le(random.once(2) ? 0x80 : 0, 1) : join(le(slots | 0x80, 1), random.bytes(1 + 3 * slots));
  const [shorts, longs] = random.once(3) ? [random.below(4), random.below(3)] : [0, 0];
  return join(random.bytes(2), guaranteed, le(shorts | (longs << 4), 1), random.bytes(2 * shorts + 8 * longs));
}

function beaconPayload(random: Random): Uint8Array {
  const zigbee = (): Uint8Array =>
    join(le(0, 1), le(random.below(16) | (random.below(4) << 4), 1), random.bytes(random.pick([9, 12, 13, 13, 13, 16])));
  return random.pick([zigbee, zigbee, () => join(le(2, 1), random.bytes(17 + random.below(4))), () => random.bytes(random.below(20))])();
}

/** An element with its head: identifier and length, in the header or in the payload. */
const headerElement = (id: number, bytes: Uint8Array): Uint8Array => join(le((id << 7) | bytes.length, 2), bytes);
const payloadElement = (id: number, bytes: Uint8Array): Uint8Array => join(le(0x8000 | (id << 11) | bytes.length, 2), bytes);

function informationElements(random: Random): Uint8Array {
  const sizes: Readonly<Record<number, readonly number[]>> = {
    0x00: [3, 5, 9],
    0x1a: [4, 6, 8],
    0x1d: [2, 4, 5],
    0x1e: [2, 4],
    0x29: [4, 6],
  };
  const known = (): Uint8Array => {
    const id = random.pick(Object.keys(sizes).map(Number));
    return headerElement(id, random.bytes(random.pick(sizes[id] ?? [0])));
  };
  const other = (): Uint8Array => headerElement(random.pick([0x05, 0x1b, 0x1c, 0x21, 0x25, 0x30, 0x7d]), random.bytes(random.below(6)));
  const list = Array.from({ length: random.below(3) }, () => (random.once(4) ? other() : known()));
  const payload = random.once(2);
  const end = headerElement(payload ? 0x7e : 0x7f, NOTHING);
  return join(...list, end, payload ? payloadElements(random) : NOTHING);
}

function payloadElements(random: Random): Uint8Array {
  const nested = (): Uint8Array => {
    const long = random.once(4);
    const id = long ? random.pick([0x8, 0x9, 0xa]) : random.pick([0x1a, 0x1c, 0x1d, 0x1e, 0x1e, 0x20, 0x33]);
    const bytes = id === 0x1a ? random.bytes(6) : id === 0x1c ? random.bytes(random.pick([1, 25, 27])) : random.bytes(1 + random.below(6));
    return join(le(long ? 0x8000 | (id << 11) | bytes.length : (id << 8) | bytes.length, 2), bytes);
  };
  const slotframe = (): Uint8Array => {
    const bytes = join(le(1, 1), random.bytes(3), le(2, 1), random.bytes(10));
    return join(le((0x1b << 8) | bytes.length, 2), bytes);
  };
  const zigbee = (): Uint8Array =>
    random.pick([
      () => join(le((0 << 6) | 10, 2), random.bytes(10)),
      () => join(le((1 << 6) | 1, 2), random.bytes(1)),
      () => join(le((2 << 6) | 19, 2), le(0, 1), le(0x22, 1), random.bytes(13), random.bytes(4)),
      () => join(le((9 << 6) | 3, 2), random.bytes(3)),
    ])();
  const vendor = (): Uint8Array => join(le(0x4a191b, 3), zigbee(), random.once(3) ? zigbee() : NOTHING);
  const list = Array.from({ length: 1 + random.below(2) }, () =>
    random.pick([
      () => payloadElement(1, join(nested(), random.once(3) ? slotframe() : NOTHING)),
      () => payloadElement(2, random.once(4) ? random.bytes(3 + random.below(5)) : vendor()),
      () => payloadElement(random.pick([0x6, 0xa, 0xe]), random.bytes(random.below(6))),
    ])(),
  );
  return join(...list, random.once(2) ? payloadElement(0xf, NOTHING) : NOTHING);
}
