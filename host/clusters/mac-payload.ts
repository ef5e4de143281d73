/** Payloads of IEEE 802.15.4 MAC command frames (7.3) and of beacons (7.2.2.1), and the ZigBee beacon payload (ZigBee 3.6.7). */
import { bits, dec, decPart, each, eui, flagPart, from, has, hex, hexPart, left, raw, when, type Format } from './item.ts';

const mac = (name: string): string => `wpan.${name}`;

const capability = bits(
  1,
  '',
  [
    flagPart(mac('cinfo.alt_coord'), 0x01),
    flagPart(mac('cinfo.device_type'), 0x02),
    flagPart(mac('cinfo.power_src'), 0x04),
    flagPart(mac('cinfo.idle_rx'), 0x08),
    flagPart(mac('cinfo.sec_capable'), 0x40),
    flagPart(mac('cinfo.alloc_addr'), 0x80),
  ],
  'capability',
);

const gtsRequest = bits(
  1,
  '',
  [decPart(mac('gtsreq.length'), 0x0f), flagPart(mac('gtsreq.direction'), 0x10), flagPart(mac('gtsreq.type'), 0x20)],
  'characteristics',
);

/** What follows the command identifier; commands that are nothing but their identifier stand with an empty format. */
export const MAC_COMMANDS: Readonly<Record<number, Format>> = {
  0x01: [capability],
  0x02: [hex(2, mac('asoc.addr'), 'address'), hex(1, mac('assoc.status'), 'status')],
  0x03: [hex(1, mac('disassoc.reason'), 'reason')],
  0x04: [],
  0x05: [],
  0x06: [],
  0x07: [],
  0x08: [
    hex(2, mac('realign.pan'), 'pan'),
    hex(2, mac('realign.addr'), 'coordinator'),
    dec(1, mac('realign.channel'), 'channel'),
    hex(2, mac('realign.addr'), 'address'),
    when(left(), [dec(1, mac('realign.channel_page'), 'channelPage')]),
  ],
  0x09: [gtsRequest],
};

const guaranteedSlots: Format = [
  bits(1, '', [decPart(mac('gts.count'), 0x07), flagPart(mac('gts.permit'), 0x80)], 'gts'),
  when(has('gts', 0x07), [
    hex(1, '', 'gtsDirections'),
    each(from('gts', 0, 0x07), 'slots', hex(2, mac('gts.address'), 'address'), hex(1, '', 'slot')),
  ]),
];

const pending: Format = [
  hex(1, '', 'pending'),
  each(from('pending', 0, 0x07), 'shorts', hex(2, mac('pending16'), 'address')),
  each(from('pending', 0, 0x70), 'longs', eui(mac('pending64'), 'address')),
];

/** MAC payload of a beacon, up to the beacon payload proper. */
export const BEACON: Format = [
  bits(
    2,
    '',
    [
      decPart(mac('beacon_order'), 0x000f),
      decPart(mac('superframe_order'), 0x00f0),
      decPart(mac('cap'), 0x0f00),
      flagPart(mac('battery_ext'), 0x1000),
      flagPart(mac('bcn_coord'), 0x4000),
      flagPart(mac('assoc_permit'), 0x8000),
    ],
    'superframe',
  ),
  ...guaranteedSlots,
  ...pending,
  raw('rest', '', 'payload'),
];

const beacon = (name: string): string => `zbee_beacon.${name}`;

/** ZigBee beacon payload: protocol identifier 0 and what a joining device must know of the network. */
export const ZIGBEE_BEACON: Format = [
  dec(1, beacon('protocol'), 'protocol'),
  bits(
    2,
    '',
    [
      hexPart(beacon('profile'), 0x000f),
      decPart(beacon('version'), 0x00f0),
      flagPart(beacon('router'), 0x0400),
      decPart(beacon('depth'), 0x7800),
      flagPart(beacon('end_dev'), 0x8000),
    ],
    'stack',
  ),
  eui(beacon('ext_panid'), 'extendedPan'),
  dec(3, beacon('tx_offset'), 'txOffset'),
  dec(1, beacon('update_id'), 'updateId'),
];
