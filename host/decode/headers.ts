/**
 * MAC, NWK and APS headers as fields under Wireshark's names, from what the core read: no byte is parsed twice here.
 */
import { bits, dec, decPart, flagPart, hex, hexPart, type NumberItem, type Part } from '../clusters/item.ts';
import { showEui, showHex } from '../clusters/show.ts';
import { fieldsOf, type Field } from '../clusters/read.ts';
import type { ApsHeader, MacHeader, NwkHeader } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';

const mac = (name: string): string => `wpan.${name}`;
const nwk = (name: string): string => `zbee_nwk.${name}`;
const aps = (name: string): string => `zbee_aps.${name}`;

const MAC_FCF = bits(2, mac('fcf'), [
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

const NWK_FCF = bits(2, nwk('fcf'), [
  hexPart(nwk('frame_type'), 0x0003),
  decPart(nwk('proto_version'), 0x003c),
  hexPart(nwk('discovery'), 0x00c0),
  flagPart(nwk('multicast'), 0x0100),
  flagPart(nwk('security'), 0x0200),
  flagPart(nwk('src_route'), 0x0400),
  flagPart(nwk('ext_dst'), 0x0800),
  flagPart(nwk('ext_src'), 0x1000),
  flagPart(nwk('end_device_initiator'), 0x2000),
]);

const MULTICAST = bits(1, '', [
  decPart(nwk('multicast.mode'), 0x03),
  decPart(nwk('multicast.radius'), 0x1c),
  decPart(nwk('multicast.max_radius'), 0xe0),
]);

const APS_TYPE: readonly Part[] = [hexPart(aps('type'), 0x03), hexPart(aps('delivery'), 0x0c)];
const APS_FLAGS: readonly Part[] = [flagPart(aps('security'), 0x20), flagPart(aps('ack_req'), 0x40), flagPart(aps('ext_header'), 0x80)];
const APS_FCF = bits(1, '', [...APS_TYPE, ...APS_FLAGS]);
const APS_ACK_FCF = bits(1, '', [...APS_TYPE, flagPart(aps('ack_format'), 0x10), ...APS_FLAGS]);
const TYPE_ACK = 2;

const FRAGMENTATION = bits(1, '', [hexPart(aps('fragmentation'), 0x03)]);
const BLOCK_ACKS = bits(
  1,
  aps('block_acks'),
  Array.from({ length: 8 }, (_, i) => flagPart(aps(`block${i + 1}_ack`), 1 << i)),
);

/** Profile of ZDP, whose clusters Wireshark names apart. */
const PROFILE_ZDP = 0x0000;

/** Fields of the MAC header, without what stands behind it. */
export function macFields(header: MacHeader): Field[] {
  return [
    ...fieldsOf(MAC_FCF, header.fcf),
    ...number(dec(1, mac('seq_no')), header.seq),
    ...number(hex(2, mac('dst_pan')), header.dstPan),
    ...address(mac('dst'), header.dst),
    ...number(hex(2, mac('src_pan')), header.srcPan),
    ...address(mac('src'), header.src),
  ];
}

/** Fields of the NWK header up to the auxiliary security header. */
export function nwkFields(header: NwkHeader): Field[] {
  return [
    ...fieldsOf(NWK_FCF, header.fcf),
    ...number(hex(2, nwk('dst')), header.dst),
    ...number(hex(2, nwk('src')), header.src),
    ...number(dec(1, nwk('radius')), header.radius),
    ...number(dec(1, nwk('seqno')), header.seq),
    ...address(nwk('dst'), header.dstEui),
    ...address(nwk('src'), header.srcEui),
    ...number(MULTICAST, header.multicast),
    ...number(dec(1, nwk('relay.count')), header.sourceRoute?.relays.length),
    ...number(dec(1, nwk('relay.index')), header.sourceRoute?.index),
    ...(header.sourceRoute?.relays ?? []).map((relay): Field => [nwk('relay'), relay.toString()]),
  ];
}

/** Fields of the APS header up to the auxiliary security header. */
export function apsFields(header: ApsHeader): Field[] {
  const cluster = header.profile === PROFILE_ZDP ? 'zdp_cluster' : 'cluster';
  return [
    ...fieldsOf((header.fcf & 0x03) === TYPE_ACK ? APS_ACK_FCF : APS_FCF, header.fcf),
    ...number(dec(1, aps('dst')), header.dstEndpoint),
    ...number(hex(2, aps('group')), header.group),
    ...number(hex(2, aps(cluster)), header.cluster),
    ...number(hex(2, aps('profile')), header.profile),
    ...number(dec(1, aps('src')), header.srcEndpoint),
    ...number(dec(1, aps('counter')), header.counter),
    ...number(FRAGMENTATION, header.extended?.control),
    ...number(dec(1, aps('block')), header.extended?.block),
    ...number(BLOCK_ACKS, header.extended?.ackBits),
  ];
}

function number(item: NumberItem, value: number | undefined): readonly Field[] {
  return value === undefined ? [] : fieldsOf(item, value);
}

function address(name: string, value: number | Eui64 | undefined): Field[] {
  if (value === undefined) return [];
  return [typeof value === 'number' ? [`${name}16`, showHex(value, 2)] : [`${name}64`, showEui(value)]];
}
