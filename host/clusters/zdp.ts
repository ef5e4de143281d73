/**
 * ZigBee Device Profile (ZigBee 2.4.3 and 2.4.4): what follows the transaction sequence number, by cluster identifier.
 */
import {
  bits,
  choose,
  dec,
  decPart,
  each,
  eui,
  flagPart,
  from,
  hex,
  is,
  left,
  mark,
  not,
  prefix,
  reckoned,
  when,
  type Format,
  type Item,
} from './item.ts';
import { DEPRECATED } from './zdp-deprecated.ts';
import {
  address,
  boundTo,
  capability,
  clusterLists,
  duration,
  endpoint,
  ieee,
  index,
  nodeDescriptor,
  onSuccess,
  powerDescriptor,
  profile,
  server,
  simpleDescriptor,
  status,
  zdp,
} from './zdp-items.ts';

/** Cluster identifiers of requests; a response has the same with bit 15 set. */
export const ZdpCluster = {
  NWK_ADDR: 0x0000,
  IEEE_ADDR: 0x0001,
  NODE_DESC: 0x0002,
  POWER_DESC: 0x0003,
  SIMPLE_DESC: 0x0004,
  ACTIVE_EP: 0x0005,
  MATCH_DESC: 0x0006,
  DEVICE_ANNCE: 0x0013,
  SYSTEM_SERVER_DISCOVERY: 0x0015,
  PARENT_ANNCE: 0x001f,
  BIND: 0x0021,
  UNBIND: 0x0022,
  MGMT_NWK_DISC: 0x0030,
  MGMT_LQI: 0x0031,
  MGMT_RTG: 0x0032,
  MGMT_BIND: 0x0033,
  MGMT_LEAVE: 0x0034,
  MGMT_PERMIT_JOINING: 0x0036,
  MGMT_NWK_UPDATE: 0x0038,
  MGMT_NWK_ENHANCED_UPDATE: 0x0039,
  MGMT_IEEE_JOINING_LIST: 0x003a,
  MGMT_NWK_UNSOLICITED_ENHANCED_UPDATE: 0x003b,
} as const;

/** Bit of a response's cluster identifier. */
export const ZDP_RESPONSE = 0x8000;

/** Transaction sequence number, before every ZDP payload. */
export const ZDP_SEQUENCE = dec(1, zdp('seqno'), 'sequence');

const ofDevice: Format = [address];
const statusOnly: Format = [status];
const associated: Format = [
  when(left(2), [
    dec(1, zdp('assoc_device_count'), 'count'),
    index,
    each(from('count'), 'devices', hex(2, zdp('assoc_device'), 'address')),
  ]),
];

const binding = boundTo(dec(1, zdp('addr_mode'), 'mode'));

const table = (name: string, ...items: Item[]): Format => [
  status,
  dec(1, zdp('table_size'), 'size'),
  index,
  dec(1, zdp('table_count'), 'count'),
  ...list(name, items),
];
const list = (name: string, items: readonly Item[]): Format => [
  ...(name === '' ? [] : [when(not(is('count', 0)), [mark(name)])]),
  each(from('count'), 'entries', ...items),
];

const network: Format = [
  eui(zdp('pan.eui64'), 'extendedPan'),
  dec(1, zdp('channel'), 'channel'),
  bits(1, '', [{ ...decPart(zdp('profile'), 0xff), show: 'hex', bytes: 2 }, decPart(zdp('profile_version'), 0xf0)], 'stack'),
  bits(1, '', [decPart(zdp('beacon'), 0x0f), decPart(zdp('superframe'), 0xf0)], 'orders'),
  bits(1, '', [decPart(zdp('permit_joining'), 0x01)], 'permitJoining'),
];

const neighbour: Format = [
  eui(zdp('extended_pan'), 'extendedPan'),
  ieee,
  hex(2, zdp('addr'), 'address'),
  bits(1, '', [decPart(zdp('table_entry_type'), 0x03), decPart(zdp('idle_rx'), 0x0c), decPart(zdp('relationship'), 0x70)], 'kind'),
  bits(1, '', [decPart(zdp('permit_joining'), 0x03)], 'permitJoining'),
  dec(1, zdp('depth'), 'depth'),
  dec(1, zdp('lqi'), 'lqi'),
];

const route: Format = [
  mark(zdp('routing.entry')),
  hex(2, zdp('routing.destination'), 'destination'),
  dec(1, zdp('routing.status'), 'status'),
  hex(2, zdp('routing.next_hop'), 'nextHop'),
];

const CHANNELS = 0x07ffffff;
const channels = bits(
  4,
  '',
  [decPart(zdp('channel_page'), 0xf8000000), { ...decPart(zdp('channel_mask'), CHANNELS), show: 'hex', bytes: 4 }],
  'channels',
);

const { NWK_ADDR, IEEE_ADDR, NODE_DESC, POWER_DESC, SIMPLE_DESC, ACTIVE_EP, MATCH_DESC, DEVICE_ANNCE, SYSTEM_SERVER_DISCOVERY } =
  ZdpCluster;
const {
  PARENT_ANNCE,
  BIND,
  UNBIND,
  MGMT_NWK_DISC,
  MGMT_LQI,
  MGMT_RTG,
  MGMT_BIND,
  MGMT_LEAVE,
  MGMT_PERMIT_JOINING,
  MGMT_NWK_UPDATE,
  MGMT_NWK_ENHANCED_UPDATE,
  MGMT_IEEE_JOINING_LIST,
  MGMT_NWK_UNSOLICITED_ENHANCED_UPDATE,
} = ZdpCluster;
const asked: Format = [dec(1, zdp('req_type'), 'kind'), index];
const endpoints: Format = [status, address, each(prefix(1, zdp('ep_count')), 'endpoints', endpoint)];
const children: Format = [each(prefix(1, zdp('n_children')), 'children', ieee)];
const described = (...items: Item[]): Format => [status, address, when(is('status', 0), items)];
const scanned: Format = [status, channels, dec(2, zdp('tx_total'), 'transmissions'), dec(2, zdp('tx_fail'), 'failures')];
/** One for each channel of the mask, at most. */
const energies: Format = [
  dec(1, zdp('channel_count'), 'count'),
  each(
    reckoned((at) => Math.min(at('count'), ones(at('channels') & CHANNELS))),
    'energies',
    dec(1, zdp('channel_energy'), 'energy'),
  ),
];
const ones = (mask: number): number => mask.toString(2).replaceAll('0', '').length;
const updateId = dec(1, zdp('update_id'), 'updateId');
/** How often is scanned up to the exponent 5; then commands to change channel, or manager. */
const scan: Format = [
  duration,
  when(is('duration', 0, 1, 2, 3, 4, 5), [dec(1, zdp('scan_count'), 'scanCount')]),
  choose('duration', { 0xfe: [updateId], 0xff: [updateId, hex(2, zdp('manager'), 'manager')] }),
];
const join = (name: string): string => zdp(`ieee_joining_list.${name}`);

/** Requests and announcements, by cluster; responses by cluster with bit 15 set. */
export const ZDP_COMMANDS: Readonly<Record<number, Format>> = {
  [NWK_ADDR]: [ieee, ...asked],
  [IEEE_ADDR]: [address, ...asked],
  [NODE_DESC]: ofDevice,
  [POWER_DESC]: ofDevice,
  [SIMPLE_DESC]: [address, endpoint],
  [ACTIVE_EP]: ofDevice,
  [MATCH_DESC]: [address, profile, ...clusterLists],
  [DEVICE_ANNCE]: [address, ieee, capability],
  [SYSTEM_SERVER_DISCOVERY]: [server],
  [PARENT_ANNCE]: children,
  [BIND]: binding,
  [UNBIND]: binding,
  [MGMT_NWK_DISC]: [hex(4, zdp('scan_channel'), 'channels'), duration, index],
  [MGMT_LQI]: [index],
  [MGMT_RTG]: [index],
  [MGMT_BIND]: [index],
  [MGMT_LEAVE]: [ieee, bits(1, '', [flagPart(zdp('leave.children'), 0x40), flagPart(zdp('leave.rejoin'), 0x80)], 'options')],
  [MGMT_PERMIT_JOINING]: [duration, dec(1, zdp('significance'), 'significance')],
  [MGMT_NWK_UPDATE]: [channels, ...scan],
  [MGMT_NWK_ENHANCED_UPDATE]: [each(prefix(1, zdp('channel_page_count')), 'pages', channels), ...scan],
  [MGMT_IEEE_JOINING_LIST]: [dec(1, join('start_index'), 'index')],
  [NWK_ADDR | ZDP_RESPONSE]: [status, ieee, address, ...associated],
  [IEEE_ADDR | ZDP_RESPONSE]: [status, ieee, address, ...associated],
  [NODE_DESC | ZDP_RESPONSE]: described(...nodeDescriptor),
  [POWER_DESC | ZDP_RESPONSE]: described(powerDescriptor),
  [SIMPLE_DESC | ZDP_RESPONSE]: [status, address, dec(1, zdp('simple_length'), 'length'), when(is('status', 0), simpleDescriptor)],
  [ACTIVE_EP | ZDP_RESPONSE]: endpoints,
  [MATCH_DESC | ZDP_RESPONSE]: endpoints,
  [SYSTEM_SERVER_DISCOVERY | ZDP_RESPONSE]: [status, onSuccess(2, server)],
  [PARENT_ANNCE | ZDP_RESPONSE]: [status, ...children],
  [BIND | ZDP_RESPONSE]: statusOnly,
  [UNBIND | ZDP_RESPONSE]: statusOnly,
  [MGMT_NWK_DISC | ZDP_RESPONSE]: table('', ...network),
  [MGMT_LQI | ZDP_RESPONSE]: table('', ...neighbour),
  [MGMT_RTG | ZDP_RESPONSE]: table(zdp('routing'), ...route),
  [MGMT_BIND | ZDP_RESPONSE]: table('', ...boundTo(dec(1, '', 'mode'))),
  [MGMT_LEAVE | ZDP_RESPONSE]: statusOnly,
  [MGMT_PERMIT_JOINING | ZDP_RESPONSE]: statusOnly,
  [MGMT_NWK_UPDATE | ZDP_RESPONSE]: [...scanned, ...energies],
  [MGMT_NWK_ENHANCED_UPDATE | ZDP_RESPONSE]: [...scanned, ...energies],
  [MGMT_IEEE_JOINING_LIST | ZDP_RESPONSE]: [
    status,
    when(is('status', 0), [
      dec(1, join('update_id'), 'updateId'),
      dec(1, join('policy'), 'policy'),
      dec(1, join('total'), 'total'),
      when(not(is('total', 0)), [dec(1, join('start'), 'start'), each(prefix(1, join('count')), 'devices', eui(join('ieee'), 'eui'))]),
    ]),
  ],
  [MGMT_NWK_UNSOLICITED_ENHANCED_UPDATE | ZDP_RESPONSE]: [
    ...scanned,
    dec(2, zdp('tx_retries'), 'retries'),
    dec(1, zdp('period_time_results'), 'period'),
  ],
  ...DEPRECATED,
};
