/** Payloads of IEEE 802.15.4 MAC command frames (7.3) and of beacons (7.2.2.1), and the ZigBee beacon payload (ZigBee 3.6.7). */
import {
  big,
  bits,
  dec,
  decPart,
  each,
  eui,
  flagPart,
  from,
  glance,
  has,
  hex,
  hexPart,
  left,
  masked,
  text,
  when,
  type Format,
  type Item,
} from './item.ts';

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

/** Command identifiers (table 7-49). */
export const MacCommand = {
  ASSOCIATION_REQUEST: 0x01,
  ASSOCIATION_RESPONSE: 0x02,
  DISASSOCIATION: 0x03,
  DATA_REQUEST: 0x04,
  PAN_ID_CONFLICT: 0x05,
  ORPHAN: 0x06,
  BEACON_REQUEST: 0x07,
  REALIGNMENT: 0x08,
  GTS_REQUEST: 0x09,
  VENDOR_SPECIFIC: 0x24,
} as const;

/** Commands of networks other than ZigBee's (TRLE, DSME, RIT, DBS), whose bodies are not described. */
export const UNSUPPORTED_COMMANDS: ReadonlySet<number> = new Set([
  ...[0x0a, 0x0b, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x20, 0x21, 0x22, 0x23],
]);

/** What follows the command identifier; commands that are nothing but their identifier stand with an empty format. */
export const MAC_COMMANDS: Readonly<Record<number, Format>> = {
  [MacCommand.ASSOCIATION_REQUEST]: [capability],
  // The address counts by its status: alone it is not shown.
  [MacCommand.ASSOCIATION_RESPONSE]: [
    when(left(3), [hex(2, mac('asoc.addr'), 'address')], [hex(2, '')]),
    hex(1, mac('assoc.status'), 'status'),
  ],
  [MacCommand.DISASSOCIATION]: [hex(1, mac('disassoc.reason'), 'reason')],
  [MacCommand.DATA_REQUEST]: [],
  [MacCommand.PAN_ID_CONFLICT]: [],
  [MacCommand.ORPHAN]: [],
  [MacCommand.BEACON_REQUEST]: [],
  [MacCommand.REALIGNMENT]: [
    hex(2, mac('realign.pan'), 'pan'),
    hex(2, mac('realign.addr'), 'coordinator'),
    dec(1, mac('realign.channel'), 'channel'),
    hex(2, mac('realign.addr'), 'address'),
    when(left(), [dec(1, mac('realign.channel_page'), 'channelPage')]),
  ],
  [MacCommand.GTS_REQUEST]: [gtsRequest],
  [MacCommand.VENDOR_SPECIFIC]: [big(dec(3, mac('cmd.vendor_oui'), 'oui'))],
};

// One bit a slot, and no more bits than there are slots.
const direction = (slot: number): Item =>
  when(masked('gts', 0x07, ...[1, 2, 3, 4, 5, 6, 7].filter((count) => count > slot)), [
    glance(bits(1, '', [flagPart(mac('gts.direction'), 1 << slot)], 'direction')),
  ]);

const guaranteedSlots: Format = [
  bits(1, '', [decPart(mac('gts.count'), 0x07), flagPart(mac('gts.permit'), 0x80)], 'gts'),
  when(has('gts', 0x07), [
    ...[0, 1, 2, 3, 4, 5, 6].map(direction),
    hex(1, '', 'gtsDirections'),
    each(from('gts', 0, 0x07), 'slots', hex(2, mac('gts.address'), 'address'), hex(1, '', 'slot')),
  ]),
];

const pending: Format = [
  hex(1, '', 'pending'),
  each(from('pending', 0, 0x07), 'shorts', hex(2, mac('pending16'), 'address')),
  each(from('pending', 0, 0x70), 'longs', eui(mac('pending64'), 'address')),
];

/** Superframe specification (7.3.1.4). */
export const SUPERFRAME: Item = bits(
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
);

/** What a beacon of 2003 and 2006 has before its payload. Those of 2015 have information elements instead. */
export const BEACON: Format = [SUPERFRAME, ...guaranteedSlots, ...pending];

const beacon = (name: string): string => `zbee_beacon.${name}`;

const stack = bits(
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
);
const txOffset = dec(3, beacon('tx_offset'), 'txOffset');

/**
 * ZigBee beacon payload: protocol identifier 0 and what a joining device must know of the network. Before version 2 there is
 * no extended PAN identifier; the offset and the update identifier came in one after the other.
 */
export const ZIGBEE_BEACON: Format = [
  dec(1, beacon('protocol'), 'protocol'),
  stack,
  when(
    masked('stack', 0x00f0, 0x00, 0x10),
    [when(left(3), [txOffset])],
    [eui(beacon('ext_panid'), 'extendedPan'), when(left(3), [txOffset, when(left(), [dec(1, beacon('update_id'), 'updateId')])])],
  ),
];

const beaconIp = (name: string): string => `zbip_beacon.${name}`;

/** Beacon payload of ZigBee IP: protocol identifier 2. */
export const ZIGBEE_IP_BEACON: Format = [
  dec(1, beacon('protocol'), 'protocol'),
  bits(
    1,
    '',
    [
      flagPart(beaconIp('allow_join'), 0x01),
      flagPart(beaconIp('router'), 0x02),
      flagPart(beaconIp('host'), 0x04),
      flagPart(beaconIp('unsecure'), 0x80),
    ],
    'flags',
  ),
  text(16, beaconIp('network_id'), 'network'),
];
