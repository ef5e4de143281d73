/**
 * ZigBee APS headers (ZigBee 2.2.5.1) as tables. Conditions ask the frame control under the key `fcf`, which those who read
 * by these tables give.
 */
import {
  bits,
  dec,
  decPart,
  flagPart,
  from,
  has,
  hex,
  hexPart,
  masked,
  raw,
  when,
  type Format,
  type NumberItem,
  type Part,
} from './item.ts';
import { run, type Run } from './run.ts';

const aps = (name: string): string => `zbee_aps.${name}`;

const type: readonly Part[] = [hexPart(aps('type'), 0x03), hexPart(aps('delivery'), 0x0c)];
const flags: readonly Part[] = [flagPart(aps('security'), 0x20), flagPart(aps('ack_req'), 0x40), flagPart(aps('ext_header'), 0x80)];

/** Frame control; acknowledgements of ZigBee PRO say whether they name endpoints, indirect frames of 2004 which. */
export const APS_CONTROL: Readonly<Record<'plain' | 'acknowledgement' | 'indirect', NumberItem>> = {
  plain: bits(1, '', [...type, ...flags], 'fcf'),
  acknowledgement: bits(1, '', [...type, flagPart(aps('ack_format'), 0x10), ...flags], 'fcf'),
  indirect: bits(1, '', [...type, flagPart(aps('indirect_mode'), 0x10), ...flags], 'fcf'),
};

const GROUP = masked('fcf', 0x0c, 0x0c);
const destination = dec(1, aps('dst'), 'dstEndpoint');
const source = dec(1, aps('src'), 'srcEndpoint');
const group = hex(2, aps('group'), 'group');
const profile = hex(2, aps('profile'), 'profile');

/**
 * Addressing of a frame of ZigBee PRO to one endpoint, or to all of a device. What its cluster is called depends on the profile
 * behind it.
 */
export const apsUnicast = (cluster: string): Run => run(destination, hex(2, aps(cluster), 'cluster'), profile, source);

/** The same of a frame to a group. */
export const apsGroup = (cluster: string): Format => [group, hex(2, aps(cluster), 'cluster'), profile, source];

/** Addressing of an inter-PAN frame of ZigBee PRO, which names no endpoints. */
export const apsInterPan = (cluster: string): Format => [when(GROUP, [group]), hex(2, aps(cluster), 'cluster'), profile];

const cluster2004: NumberItem = { ...hex(1, aps('cluster'), 'cluster'), wide: 2 };
// An indirect frame names its endpoints, or neither, by a bit of its own.
const DIRECT_2004 = masked('fcf', 0x1c, 0x00, 0x04, 0x08, 0x10, 0x18);

/** The same of ZigBee 2004, whose clusters have one byte. */
export const APS_ADDRESSING_2004: Format = [when(DIRECT_2004, [destination]), cluster2004, profile, when(DIRECT_2004, [source])];
export const APS_INTER_PAN_2004: Format = [when(GROUP, [group]), cluster2004, profile];

/** What follows the addressing but in ZigBee 2004 and in inter-PAN frames. */
export const APS_COUNTER: Format = [dec(1, aps('counter'), 'counter')];

const TYPE_ACK = 0x02;

/** Extended header: fragments have a block number, their acknowledgements a bit field as well. */
export const APS_EXTENDED: Format = [
  when(has('fcf', 0x80), [
    bits(1, '', [hexPart(aps('fragmentation'), 0x03)], 'extended'),
    when(has('extended', 0x03), [
      dec(1, aps('block'), 'block'),
      when(masked('fcf', 0x03, TYPE_ACK), [
        bits(
          1,
          aps('block_acks'),
          Array.from({ length: 8 }, (_, i) => flagPart(aps(`block${i + 1}_ack`), 1 << i)),
          'ackBits',
        ),
      ]),
    ]),
  ]),
];

/** Start of the application frames of ZigBee 2004: how many transactions follow, of which kind. */
export const APPLICATION_FRAME: Format = [bits(1, '', [decPart('zbee_apf.count', 0x0f), hexPart('zbee_apf.type', 0xf0)], 'flags')];

const test = (name: string): string => aps(`t2.${name}`);

/** Buffer tests of ZigBee's second test profile, by cluster. */
export const BUFFER_TESTS: Readonly<Record<number, Format>> = {
  0x1c: [dec(1, test('btreq.octet_sequence_length'))],
  0x54: [
    dec(1, test('btres.octet_sequence_length_requested'), 'length'),
    hex(1, test('btres.status')),
    raw(from('length'), test('btres.octet_sequence')),
  ],
};
