/** IEEE 802.15.4 MAC headers (2015 clause 7.2, 9.4) as tables: frame control, auxiliary security header, and MIC. */
import { big, bits, dec, decPart, flagPart, glance, has, hex, hexPart, masked, raw, when, type Format, type NumberItem } from './item.ts';

const mac = (name: string): string => `wpan.${name}`;
const aux = (name: string): string => mac(`aux_sec.${name}`);

/** Frame control of every frame but a multipurpose one. */
export const MAC_FRAME_CONTROL: NumberItem = bits(2, mac('fcf'), [
  hexPart(mac('frame_type'), 0x0007),
  flagPart(mac('security'), 0x0008),
  flagPart(mac('pending'), 0x0010),
  flagPart(mac('ack_request'), 0x0020),
  flagPart(mac('pan_id_compression'), 0x0040),
  flagPart(mac('fcf.reserved'), 0x0080),
  flagPart(mac('seqno_suppression'), 0x0100),
  flagPart(mac('ie_present'), 0x0200),
  hexPart(mac('dst_addr_mode'), 0x0c00),
  decPart(mac('version'), 0x3000),
  hexPart(mac('src_addr_mode'), 0xc000),
]);

const multipurpose = [
  hexPart(mac('frame_type'), 0x0007, 2),
  flagPart(mac('long_frame_control'), 0x0008),
  hexPart(mac('dst_addr_mode'), 0x0030, 2),
  hexPart(mac('src_addr_mode'), 0x00c0, 2),
];

/** Frame control of a multipurpose frame in its short form: one byte, shown as wide as the long one. */
export const MULTIPURPOSE_SHORT: NumberItem = { ...bits(1, mac('fcf'), multipurpose), wide: 2 };

/** Frame control of a multipurpose frame in its long form. */
export const MULTIPURPOSE_LONG: NumberItem = bits(2, mac('fcf'), [
  ...multipurpose,
  flagPart(mac('pan_id_present'), 0x0100),
  flagPart(mac('security'), 0x0200),
  flagPart(mac('seqno_suppression'), 0x0400),
  flagPart(mac('pending'), 0x0800),
  decPart(mac('mpf_version'), 0x3000),
  flagPart(mac('ack_request'), 0x4000),
  flagPart(mac('ie_present'), 0x8000),
]);

const KEY_ID_MODE = 0x18;
const COUNTER_SUPPRESSED = 0x20;

const control: NumberItem = bits(
  1,
  aux('security_control_field'),
  [
    hexPart(aux('sec_level'), 0x07),
    hexPart(aux('key_id_mode'), KEY_ID_MODE),
    flagPart(aux('frame_counter_suppression'), COUNTER_SUPPRESSED),
    flagPart(aux('asn_in_nonce'), 0x40),
    hexPart(aux('reserved'), 0x80),
  ],
  'control',
);

// A key's source is shown as a number and, for those who filter, as bytes.
const source = (bytes: number): Format => [
  glance({ ...big(hex(bytes, aux('key_source'), 'source')), wide: 8 }),
  raw(bytes, aux('key_source.bytes'), 'sourceBytes'),
];

const auxiliary = (counter: Format): Format => [
  raw(0, aux('hdr'), 'header'),
  control,
  ...counter,
  when(masked('control', KEY_ID_MODE, 0x10), source(4)),
  when(masked('control', KEY_ID_MODE, 0x18), source(8)),
  when(has('control', KEY_ID_MODE), [hex(1, aux('key_index'), 'index')]),
];

const counter = dec(4, aux('frame_counter'), 'counter');

/** Auxiliary security header of 2006 (7.6.2). */
export const AUXILIARY_2006: Format = auxiliary([counter]);

/** Auxiliary security header of 2015 (9.4), whose counter may be left out. */
export const AUXILIARY_2015: Format = auxiliary([when(masked('control', COUNTER_SUPPRESSED, 0), [counter])]);

/** What a secured frame of 2003 has before its payload when it is encrypted (2003 clause 7.6.3). */
export const SECURED_2003: Format = [hex(4, mac('sec_frame_counter'), 'counter'), hex(1, mac('sec_key_sequence_counter'), 'sequence')];
