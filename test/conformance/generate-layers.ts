/**
 * Generated captures of the layers below ZCL, as deterministic functions of a seed: what no capture at hand holds, and what no
 * device should send. Each is a file of its own, since link types and options are a file's.
 */
import { hex } from '../../host/model/ids.ts';
import { fcsOf, join, le, withFcs } from '../kit/frame-oracle.ts';
import { greenPowerFrame } from './generate-green-power.ts';
import { macFrame } from './generate-mac.ts';
import { LINK_KEY, NETWORK_KEY, ZigbeeFrames } from './generate-zigbee.ts';
import { Random } from './random.ts';

const [ETHERNET, WITH_FCS, NO_FCS, TAP] = [1, 195, 230, 283];
const START = 1_700_000_000;

/** A capture file: its name, its bytes, and whether frames end in CC24xx metadata. */
export interface GeneratedCapture {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Keys of the generated captures, as text. */
export const GENERATED_KEYS: readonly string[] = [NETWORK_KEY, LINK_KEY].map(hex);

/** The captures of a seed, of about `count` frames each. */
export function generateLayers(seed: number, count: number): GeneratedCapture[] {
  const mac = new Random(seed);
  const zigbee = new Random(seed + 1000);
  const green = new Random(seed + 2000);
  const frames = new ZigbeeFrames(zigbee);
  const many = (make: () => Uint8Array): Uint8Array[] => Array.from({ length: count }, make);
  const conversation = many(() => new Uint8Array(0)).flatMap(() => frames.next());
  const links = new Random(seed + 3000);
  return [
    {
      name: 'mac.pcap',
      bytes: pcap(
        many(() => withFcs(macFrame(mac))),
        WITH_FCS,
      ),
    },
    {
      name: 'mac-no-fcs.pcap',
      bytes: pcap(
        many(() => macFrame(mac)),
        NO_FCS,
      ),
    },
    { name: 'zigbee.pcap', bytes: pcap(conversation.map(withFcs), WITH_FCS) },
    {
      name: 'green-power.pcap',
      bytes: pcap(
        many(() => withFcs(greenPowerFrame(green))),
        WITH_FCS,
      ),
    },
    {
      name: 'noise.pcap',
      bytes: pcap(
        conversation.slice(0, count).map((frame) => damaged(links, withFcs(frame))),
        WITH_FCS,
      ),
    },
    {
      name: 'cut.pcap',
      bytes: pcap(conversation.slice(0, count).map(withFcs), WITH_FCS, (length) => Math.max(0, length - links.below(12))),
    },
    {
      name: 'tap.pcap',
      bytes: pcap(
        conversation.slice(0, count).map((frame) => tap(links, frame)),
        TAP,
      ),
    },
    {
      name: 'zep.pcap',
      bytes: pcap(
        conversation.slice(0, count).map((frame) => ethernet(links, zep(links, frame))),
        ETHERNET,
      ),
    },
  ];
}

/** A capture file; `kept` tells how many bytes of a packet the capture holds. */
function pcap(packets: readonly Uint8Array[], linkType: number, kept: (length: number) => number = (length) => length): Uint8Array {
  const header = join(le(0xa1b2c3d4, 4), le(2, 2), le(4, 2), le(0, 8), le(65_535, 4), le(linkType, 4));
  const records = packets.map((packet, i) => {
    const bytes = packet.subarray(0, kept(packet.length));
    return join(le(START + i, 4), le(0, 4), le(bytes.length, 4), le(packet.length, 4), bytes);
  });
  return join(header, ...records);
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
    () => tlv(7, le(random.below(2 ** 31), 8)),
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
  const port = random.once(12) ? 17_755 : 17_754;
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
