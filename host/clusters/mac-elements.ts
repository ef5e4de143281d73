/**
 * Information elements of MAC frames (IEEE 802.15.4-2015 clause 7.4) as tables: header elements, payload elements, the MLME's
 * nested ones, and ZigBee's own (ZigBee 2017 annex D). Each row is the marker of the element and what its content holds; a
 * content longer than its row goes on unread.
 */
import { SUPERFRAME, ZIGBEE_BEACON } from './mac-payload.ts';
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
  raw,
  signed,
  unixTime,
  when,
  type Format,
  type Item,
} from './item.ts';

const mac = (name: string): string => `wpan.${name}`;
const tsch = (name: string): string => mac(`tsch.${name}`);

/** An element without a value of its own: its name alone is shown. */
const marker = (name: string): Item => raw(0, mac(name), 'marker');

/** An information element: under which name it is shown, and its content. */
export interface Element {
  readonly marker: Item;
  readonly content: Format;
}

const element = (name: string, content: Format = []): Element => ({ marker: marker(name), content });

/** Shown before the elements of a frame's header, and before those of its payload. */
export const HEADER_ELEMENTS_MARKER: Format = [marker('header_ie')];
export const PAYLOAD_ELEMENTS_MARKER: Format = [marker('payload_ie')];

/** Identifier and length of an element, by where it stands; the first two as numbers, for those who walk from one to the next. */
export const ELEMENT_HEAD = {
  header: bits(
    2,
    mac('header_ie_tlv'),
    [decPart(mac('header_ie.type'), 0x8000), hexPart(mac('header_ie.id'), 0x7f80), decPart(mac('header_ie.length'), 0x007f)],
    'head',
  ),
  payload: bits(
    2,
    mac('payload_ie_tlv'),
    [decPart(mac('payload_ie.type'), 0x8000), hexPart(mac('payload_ie.id'), 0x7800), decPart(mac('payload_ie.length'), 0x07ff)],
    'head',
  ),
  nestedShort: bits(
    2,
    mac('mlme.ie'),
    [decPart(mac('mlme.ie.type'), 0x8000), hexPart(mac('mlme.ie.id'), 0x7f00), decPart(mac('mlme.ie.length'), 0x00ff)],
    'head',
  ),
  nestedLong: bits(
    2,
    mac('mlme.ie'),
    [decPart(mac('mlme.ie.type'), 0x8000), hexPart(mac('mlme.ie.id'), 0x7800), decPart(mac('mlme.ie.length'), 0x07ff)],
    'head',
  ),
} as const;

const vendorContent = mac('header_ie.vendor_specific.content');

/** Elements of the header (table 7-7). */
export const HEADER_ELEMENTS: Readonly<Record<number, Element>> = {
  0x00: element('header_ie.vendor_specific', [
    dec(3, mac('header_ie.vendor_specific.vendor_oui'), 'oui'),
    when(left(), [raw('rest', vendorContent, 'content')], [raw(0, vendorContent, 'content')]),
  ]),
  0x1a: element('header_ie.csl', [
    signed(2, mac('header_ie.csl.phase'), 'phase'),
    signed(2, mac('header_ie.csl.period'), 'period'),
    when(left(2), [signed(2, mac('header_ie.csl.rendezvous_time'), 'rendezvous')]),
  ]),
  0x1d: element('header_ie.rdv', [
    signed(2, mac('header_ie.csl.rendezvous_time'), 'rendezvous'),
    when(left(2), [signed(2, mac('header_ie.csl.wakeup_interval'), 'wakeUp')]),
  ]),
  0x29: element('header_ie.global_time', [unixTime(4, mac('header_ie.global_time.value'), 'time')]),
  0x7e: element('header_ie.ht1'),
  0x7f: element('header_ie.ht2'),
};

/** Time correction (7.4.2.7): a signed number of 12 bits, which the table language does not know. */
export const TIME_CORRECTION = 0x1e;

/** Elements that end the header's: payload elements follow, or the payload does. */
export const HEADER_TERMINATION = { PAYLOAD_ELEMENTS: 0x7e, PAYLOAD: 0x7f } as const;

/** Elements of the payload (table 7-15) that this product reads, and those that end them or hold others. */
export const PayloadElement = { MLME: 0x1, VENDOR: 0x2, TERMINATION: 0xf } as const;

/** Their markers, and those of elements that no row describes. */
export const MARKER = {
  headerUnknown: marker('header_ie.unsupported'),
  timeCorrection: marker('header_ie.time_correction'),
  mlme: marker('mlme'),
  vendor: marker('payload_ie.vendor'),
  termination: marker('payload_ie.termination'),
  payloadUnknown: marker('payload_ie.unknown'),
  nestedUnknown: marker('mlme.unsupported'),
} as const;

/** The maker that a vendor's element names. */
export const VENDOR_OUI: Item = dec(3, mac('payload_ie.vendor.oui'), 'oui');

const link: Format = [
  raw(0, tsch('link_info'), 'marker'),
  dec(2, tsch('link_timeslot'), 'timeslot'),
  dec(2, tsch('channel_offset'), 'channelOffset'),
  bits(
    1,
    tsch('link_options'),
    ['tx', 'rx', 'shared', 'timekeeping', 'priority'].map((name, i) => flagPart(tsch(`link_options.${name}`), 1 << i)),
    'options',
  ),
];

const timeslotTimes = [
  'cca_offset',
  'cca',
  'tx_offset',
  'rx_offset',
  'rx_ack_delay',
  'tx_ack_delay',
  'rx_wait',
  'ack_wait',
  'turnaround',
  'max_ack',
];
const lengths = (bytes: number): Format => [dec(bytes, tsch('timeslot.max_tx'), 'maxTx'), dec(bytes, tsch('timeslot.length'), 'length')];

const filter = (name: string): string => mac(`eb_filter.${name}`);
const beaconFilter: Format = [
  bits(
    1,
    mac('eb_filter'),
    [
      flagPart(filter('pjoin'), 0x01),
      flagPart(filter('lqi'), 0x02),
      flagPart(filter('contains_prob'), 0x04),
      decPart(filter('attr_id'), 0x18),
    ],
    'filter',
  ),
  when(has('filter', 0x02), [dec(1, filter('lqi_minimum'), 'lqi')]),
  when(has('filter', 0x04), [dec(1, filter('prob'), 'probability')]),
  ...[1, 2, 3].map((bytes) => when(masked('filter', 0x18, bytes << 3), [{ ...hex(bytes, filter('attr_id_bits'), 'attributes'), wide: 3 }])),
];
/** Wireshark shows the name of a beacon filter as if the whole element were one number: its last byte, or its fourth. */
const lastOfFour: Item = when(
  left(4),
  [glance(raw(3, '', 'before'), hex(1, mac('eb_filter'), 'last'))],
  [
    when(
      left(3),
      [glance(raw(2, '', 'before'), hex(1, mac('eb_filter'), 'last'))],
      [glance(raw(1, '', 'before'), hex(1, mac('eb_filter'), 'last'))],
    ),
  ],
);

/** Elements nested in the MLME's, by their identifier; those above 0xff are of the long form (tables 7-16 and 7-17). */
export const NESTED_ELEMENTS: Readonly<Record<number, Element>> = {
  0x1a: element('tsch.time_sync', [dec(5, tsch('asn'), 'asn'), dec(1, tsch('join_metric'), 'joinMetric')]),
  0x1b: element('tsch.slotframe', [
    dec(1, tsch('slotframe_num'), 'count'),
    each(
      from('count'),
      'slotframes',
      dec(1, tsch('slotframe_handle'), 'handle'),
      dec(2, tsch('slotframe_size'), 'size'),
      dec(1, tsch('nb_links'), 'linkCount'),
      each(from('linkCount'), 'links', ...link),
    ),
  ]),
  0x1c: element('tsch.timeslot', [
    hex(1, tsch('timeslot.id'), 'id'),
    when(left(), [...timeslotTimes.map((name) => dec(2, tsch(`timeslot.${name}`), name)), when(left(5), lengths(3), lengths(2))]),
  ]),
  0x1e: { marker: lastOfFour, content: beaconFilter },
  0x109: element('channel_hopping', [
    hex(1, tsch('hopping_sequence_id'), 'sequence'),
    when(left(2), [raw('rest', mac('mlme.data'), 'data')]),
  ]),
};

const zigbee = (name: string): string => `zbee_nwk.zigbee_${name}`;

/** ZigBee's maker identifier in vendor elements. */
export const ZIGBEE_OUI = 0x4a191b;

/** Identifier and length of an element within ZigBee's. */
export const ZIGBEE_ELEMENT_HEAD: Item = bits(
  2,
  zigbee('ie'),
  [hexPart(zigbee('ie.id'), 0xffc0), decPart(zigbee('ie.length'), 0x003f)],
  'head',
);

/** Content of ZigBee's elements; a row takes as many bytes as it has fields, whatever its length says. */
export const ZIGBEE_ELEMENTS: Readonly<Record<number, Format>> = {
  0x00: [eui(zigbee('rejoin.ext_panid'), 'extendedPan'), hex(2, zigbee('rejoin.source_address'), 'source')],
  0x01: [signed(1, zigbee('ie.tx_power'), 'txPower')],
  0x02: [...ZIGBEE_BEACON, SUPERFRAME, big(hex(2, zigbee('ie.source_address'), 'source'))],
};
