/**
 * Generated captures of the layers below ZCL, as deterministic functions of a seed: what no capture at hand holds, and what no
 * device should send. Each is a file of its own, since link types and options are a file's.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { hex } from '../../host/model/ids.ts';
import { fcsOf, join, le, withFcs } from '../kit/frame-oracle.ts';
import { greenPowerFrame } from './generate-green-power.ts';
import { macFrame } from './generate-mac.ts';
import { LINK_KEY, NETWORK_KEY, ZigbeeFrames } from './generate-zigbee.ts';
import { Random } from './random.ts';

const [ETHERNET, WITH_FCS, NO_FCS, TAP] = [1, 195, 230, 283];
const START = 1_700_000_000;

/** A capture file: its name and its bytes. */
export interface GeneratedCapture {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Writes the captures of a seed, and the keys that open them, into a folder of their own in this one. Answers its path. */
export function writeLayers(directory: string, seed: number, count: number): string {
  const own = resolve(directory, 'layers');
  mkdirSync(own, { recursive: true });
  for (const { name, bytes } of generateLayers(seed, count)) writeFileSync(resolve(own, name), bytes);
  writeFileSync(resolve(own, 'keys.txt'), [NETWORK_KEY, LINK_KEY].map(hex).join('\n'));
  return own;
}

/** The captures of a seed, of about `count` frames each. */
export function generateLayers(seed: number, count: number): GeneratedCapture[] {
  const [mac, zigbee, green, links] = [0, 1000, 2000, 3000].map((more) => new Random(seed + more)) as [Random, Random, Random, Random];
  const many = <T>(make: () => T): T[] => Array.from({ length: count }, make);
  const frames = new ZigbeeFrames(zigbee);
  const conversation = many(() => frames.next()).flat();
  const some = conversation.slice(0, count);
  return [
    capture(
      'mac',
      WITH_FCS,
      many(() => withFcs(macFrame(mac))),
    ),
    capture(
      'mac-no-fcs',
      NO_FCS,
      many(() => macFrame(mac)),
    ),
    capture('zigbee', WITH_FCS, conversation.map(withFcs)),
    capture(
      'green-power',
      WITH_FCS,
      many(() => withFcs(greenPowerFrame(green))),
    ),
    capture(
      'noise',
      WITH_FCS,
      some.map((frame) => damaged(links, withFcs(frame))),
    ),
    capture('cut', WITH_FCS, some.map(withFcs), (length) => Math.max(0, length - links.below(12))),
    capture(
      'tap',
      TAP,
      some.map((frame) => tap(links, frame)),
    ),
    capture(
      'zep',
      ETHERNET,
      some.map((frame) => ethernet(links, zep(links, frame))),
    ),
  ];
}

/** A capture file; `kept` tells how many bytes of a packet the capture holds. */
function capture(
  name: string,
  linkType: number,
  packets: readonly Uint8Array[],
  kept: (length: number) => number = (length) => length,
): GeneratedCapture {
  const header = join(le(0xa1b2c3d4, 4), le(2, 2), le(4, 2), le(0, 8), le(65_535, 4), le(linkType, 4));
  const records = packets.map((packet, i) => {
    const bytes = packet.subarray(0, kept(packet.length));
    return join(le(START + i, 4), le(0, 4), le(bytes.length, 4), le(packet.length, 4), bytes);
  });
  return { name: `${name}.pcap`, bytes: join(header, ...records) };
}

/** A frame with a bit or two wrong, its FCS left as it was or put right. */
function damaged(random: Random, frame: Uint8Array): Uint8Array {
  const wrong = Uint8Array.from(frame);
  for (let i = 0; i <= random.below(2); i++) {
    const at = random.below(wrong.length - 2);
    wrong[at] = (wrong[at] ?? 0) ^ (1 << random.below(8));
  }
  return random.once(2) ? wrong : withFcs(wrong.subarray(0, -2));
}

const tlv = (type: number, bytes: Uint8Array): Uint8Array =>
  join(le(type, 2), le(bytes.length, 2), bytes, new Uint8Array(-bytes.length & 3));

function float(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return bytes;
}

function tap(random: Random, frame: Uint8Array): Uint8Array {
  const fcsType = random.pick([0, 1, 1, 2]);
  const optional = [
    () => tlv(1, float(-random.below(1000) / 8)),
    () => tlv(2, le(random.below(1_000_000), 4)),
    () => tlv(3, le(11 + random.below(16), 3)),
    () => tlv(4, join(le(random.below(10), 1), le(random.below(10), 1), le(random.below(8), 1))),
    () => tlv(5, le(random.once(6) ? 0 : 2_000_000 + random.below(1_000_000), 8)),
    () => tlv(6, le(3_000_000 + random.below(3_000_000), 8)),
    () => tlv(7, le(random.below(2 ** 31), 8)),
    () => tlv(8, le(random.once(6) ? 9_000_000 : 1 + random.below(2_000_000), 8)),
    () => tlv(9, le(random.below(20_000), 4)),
    () => tlv(10, le(random.below(256), 1)),
    () => tlv(11, float(random.below(3_000_000))),
    () => tlv(12, join(float(random.below(900_000)), float(random.below(1000)), le(random.below(100), 2))),
  ].filter(() => random.once(3));
  const tlvs = join(tlv(0, le(fcsType, 1)), ...optional.map((make) => make()));
  const trailer = [new Uint8Array(0), le(fcsOf(frame), 2), random.bytes(4)][fcsType] ?? new Uint8Array(0);
  return join(le(0, 2), le(4 + tlvs.length, 2), tlvs, frame, trailer);
}

function zep(random: Random, frame: Uint8Array): Uint8Array {
  const mode = random.below(2);
  const psdu = mode === 1 ? withFcs(frame) : join(frame, random.bytes(2));
  const front = join(le(11 + random.below(16), 1), random.bytes(2), le(mode, 1), random.bytes(1));
  if (random.once(3)) return join(le(0x5845, 2), le(1, 1), front, random.bytes(7), le(psdu.length, 1), psdu);
  if (random.once(10)) return join(le(0x5845, 2), le(2, 1), le(2, 1), random.bytes(4));
  const time = random.once(10) ? new Uint8Array(8) : join(le(random.once(5) ? 0x10 : 0xd8, 1), random.bytes(7));
  return join(le(0x5845, 2), le(2, 1), le(1, 1), front, time, random.bytes(4), new Uint8Array(10), le(psdu.length, 1), psdu);
}

const big = (value: number, length: number): Uint8Array => le(value, length).toReversed();

function ethernet(random: Random, datagram: Uint8Array): Uint8Array {
  const port = random.once(12) ? 17_753 : 17_754;
  const udp = join(big(40_000, 2), big(port, 2), big(datagram.length + 8, 2), big(0, 2), datagram);
  const options = random.once(4) ? Uint8Array.of(1, 1, 1, 0) : new Uint8Array(0);
  const host = new Uint8Array(16);
  const ip = random.once(3)
    ? join(big(0x60000000, 4), big(udp.length, 2), big(17, 1), big(64, 1), host, host, udp)
    : join(
        big(0x45 + options.length / 4, 1),
        big(0, 1),
        big(20 + options.length + udp.length, 2),
        big(0, 4),
        big(64, 1),
        big(17, 1),
        big(0, 2),
        big(0x7f000001, 4),
        big(0x7f000001, 4),
        options,
        udp,
      );
  const tag = random.once(4) ? join(big(0x8100, 2), big(5, 2)) : new Uint8Array(0);
  return join(
    new Uint8Array(12),
    tag,
    big(ip[0] === 0x60 ? 0x86dd : 0x0800, 2),
    ip,
    random.once(4) ? new Uint8Array(6) : new Uint8Array(0),
  );
}
