/**
 * ZigBee Device Profile (ZigBee 2.4.3 and 2.4.4): what follows the transaction sequence number, by cluster identifier.
 *
 * Commands that revision 21 and later deprecate (complex and user descriptors, caches, end device bind, replace device …)
 * have no table: their payload is kept unread. A response whose status is not success may end after its status.
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
  prefix,
  when,
  type Format,
  type Item,
} from './item.ts';

const zdp = (name: string): string => `zbee_zdp.${name}`;

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
} as const;

/** Bit of a response's cluster identifier. */
export const ZDP_RESPONSE = 0x8000;

/** Transaction sequence number, before every ZDP payload. */
export const ZDP_SEQUENCE = dec(1, zdp('seqno'), 'sequence');

const status = dec(1, zdp('status'), 'status');
const address = hex(2, zdp('nwk_addr'), 'address');
const ieee = eui(zdp('ext_addr'), 'eui');
const index = dec(1, zdp('index'), 'index');
const endpoint = dec(1, zdp('endpoint'), 'endpoint');
const profile = hex(2, zdp('profile'), 'profile');
const duration = dec(1, zdp('duration'), 'duration');
const inCluster = hex(2, zdp('in_cluster'), 'cluster');
const outCluster = hex(2, zdp('out_cluster'), 'cluster');
const ofDevice: Format = [address];
const statusOnly: Format = [status];

const clusterLists: Format = [
  each(prefix(1, zdp('in_count')), 'inputs', inCluster),
  each(prefix(1, zdp('out_count')), 'outputs', outCluster),
];

const capability = bits(
  1,
  zdp('cinfo'),
  [
    flagPart(zdp('cinfo.alt_coord'), 0x01),
    flagPart(zdp('cinfo.ffd'), 0x02),
    flagPart(zdp('cinfo.power'), 0x04),
    flagPart(zdp('cinfo.idle_rx'), 0x08),
    flagPart(zdp('cinfo.security'), 0x40),
    flagPart(zdp('cinfo.alloc'), 0x80),
  ],
  'capability',
);

// Wireshark gives the backup discovery cache the name of the backup binding cache; so do we, to agree with it.
const server = bits(
  2,
  zdp('server'),
  [
    flagPart(zdp('server.pri_trust'), 0x0001),
    flagPart(zdp('server.bak_trust'), 0x0002),
    flagPart(zdp('server.pri_bind'), 0x0004),
    flagPart(zdp('server.bak_bind'), 0x0008),
    flagPart(zdp('server.pri_disc'), 0x0010),
    flagPart(zdp('server.bak_bind'), 0x0020),
    flagPart(zdp('server.nwk_mgr'), 0x0040),
    decPart(zdp('server.stack_compliance_revision'), 0xfe00),
  ],
  'server',
);

const nodeDescriptor: Format = [
  bits(
    2,
    '',
    [
      decPart(zdp('node.type'), 0x0007),
      flagPart(zdp('node.complex'), 0x0008),
      flagPart(zdp('node.user'), 0x0010),
      flagPart(zdp('node.freq.868mhz'), 0x0800),
      flagPart(zdp('node.freq.900mhz'), 0x2000),
      flagPart(zdp('node.freq.2400mhz'), 0x4000),
      flagPart(zdp('node.freq.eu_sub_ghz'), 0x8000),
    ],
    'node',
  ),
  capability,
  hex(2, zdp('node.manufacturer'), 'manufacturer'),
  dec(1, zdp('node.max_buffer'), 'maximumBuffer'),
  dec(2, zdp('node.max_incoming_transfer'), 'maximumIncoming'),
  server,
  dec(2, zdp('node.max_outgoing_transfer'), 'maximumOutgoing'),
  bits(1, zdp('dcf'), [flagPart(zdp('dcf.eaela'), 0x01), flagPart(zdp('dcf.esdla'), 0x02)], 'descriptorCapability'),
];

const powerDescriptor = bits(
  2,
  zdp('power'),
  [
    decPart(zdp('power.mode'), 0x000f),
    flagPart(zdp('power.avail.ac'), 0x0010),
    flagPart(zdp('power.avail.rech'), 0x0020),
    flagPart(zdp('power.avail.disp'), 0x0040),
    flagPart(zdp('power.source.ac'), 0x0100),
    flagPart(zdp('power.source.recharge'), 0x0200),
    flagPart(zdp('power.source.dispose'), 0x0400),
    decPart(zdp('power.level'), 0xf000),
  ],
  'power',
);

const simpleDescriptor: Format = [
  dec(1, zdp('simple_length'), 'length'),
  when(left(), [
    endpoint,
    profile,
    hex(2, zdp('app.device'), 'device'),
    { ...hex(1, zdp('app.version'), 'version'), wide: 2 },
    ...clusterLists,
  ]),
];

const associated: Format = [
  when(left(), [
    dec(1, zdp('assoc_device_count'), 'count'),
    when(left(), [index, each(from('count'), 'devices', hex(2, zdp('assoc_device'), 'address'))]),
  ]),
];

const boundTo = (mode: Item): Format => [
  eui(zdp('bind.src64'), 'source'),
  dec(1, zdp('bind.src_ep'), 'sourceEndpoint'),
  hex(2, zdp('cluster'), 'cluster'),
  mode,
  choose('mode', {
    1: [hex(2, zdp('bind.dst'), 'group')],
    3: [eui(zdp('bind.dst64'), 'destination'), dec(1, zdp('bind.dst_ep'), 'destinationEndpoint')],
  }),
];
const binding = boundTo(dec(1, zdp('addr_mode'), 'mode'));

const table = (name: string, ...items: Item[]): Format => [
  status,
  when(left(), [dec(1, zdp('table_size'), 'size'), index, dec(1, zdp('table_count'), 'count'), ...list(name, items)]),
];
const list = (name: string, items: readonly Item[]): Format => [
  ...(name === '' ? [] : [mark(name)]),
  each(from('count'), 'entries', ...items),
];

const network: Format = [
  eui(zdp('pan.eui64'), 'extendedPan'),
  dec(1, zdp('channel'), 'channel'),
  bits(1, '', [{ ...decPart(zdp('profile'), 0x0f), show: 'hex', bytes: 2 }, decPart(zdp('profile_version'), 0xf0)], 'stack'),
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

const channels = bits(
  4,
  '',
  [decPart(zdp('channel_page'), 0xf8000000), { ...decPart(zdp('channel_mask'), 0x07ffffff), show: 'hex', bytes: 4 }],
  'channels',
);

const { NWK_ADDR, IEEE_ADDR, NODE_DESC, POWER_DESC, SIMPLE_DESC, ACTIVE_EP, MATCH_DESC, DEVICE_ANNCE, SYSTEM_SERVER_DISCOVERY } =
  ZdpCluster;
const { PARENT_ANNCE, BIND, UNBIND, MGMT_NWK_DISC, MGMT_LQI, MGMT_RTG, MGMT_BIND, MGMT_LEAVE, MGMT_PERMIT_JOINING, MGMT_NWK_UPDATE } =
  ZdpCluster;
const asked: Format = [dec(1, zdp('req_type'), 'kind'), index];
const endpoints: Format = [status, address, when(left(), [each(prefix(1, zdp('ep_count')), 'endpoints', endpoint)])];
const children: Format = [each(prefix(1, zdp('n_children')), 'children', ieee)];
const onSuccess = (...items: Item[]): Format => [status, address, when(is('status', 0), items)];

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
  [MGMT_NWK_UPDATE]: [
    channels,
    duration,
    choose(
      'duration',
      { 0xfe: [dec(1, zdp('update_id'), 'updateId')], 0xff: [dec(1, zdp('update_id'), 'updateId'), hex(2, zdp('manager'), 'manager')] },
      [when(left(), [dec(1, zdp('scan_count'), 'scanCount')])],
    ),
  ],
  [NWK_ADDR | ZDP_RESPONSE]: [status, ieee, address, ...associated],
  [IEEE_ADDR | ZDP_RESPONSE]: [status, ieee, address, ...associated],
  [NODE_DESC | ZDP_RESPONSE]: onSuccess(...nodeDescriptor),
  [POWER_DESC | ZDP_RESPONSE]: onSuccess(powerDescriptor),
  [SIMPLE_DESC | ZDP_RESPONSE]: [status, address, ...simpleDescriptor],
  [ACTIVE_EP | ZDP_RESPONSE]: endpoints,
  [MATCH_DESC | ZDP_RESPONSE]: endpoints,
  [SYSTEM_SERVER_DISCOVERY | ZDP_RESPONSE]: [status, server],
  [PARENT_ANNCE | ZDP_RESPONSE]: [status, ...children],
  [BIND | ZDP_RESPONSE]: statusOnly,
  [UNBIND | ZDP_RESPONSE]: statusOnly,
  [MGMT_NWK_DISC | ZDP_RESPONSE]: table('', ...network),
  [MGMT_LQI | ZDP_RESPONSE]: table('', ...neighbour),
  [MGMT_RTG | ZDP_RESPONSE]: table(zdp('routing'), ...route),
  [MGMT_BIND | ZDP_RESPONSE]: table('', ...boundTo(dec(1, '', 'mode'))),
  [MGMT_LEAVE | ZDP_RESPONSE]: statusOnly,
  [MGMT_PERMIT_JOINING | ZDP_RESPONSE]: statusOnly,
  [MGMT_NWK_UPDATE | ZDP_RESPONSE]: [
    status,
    channels,
    dec(2, zdp('tx_total'), 'transmissions'),
    dec(2, zdp('tx_fail'), 'failures'),
    each(prefix(1, zdp('channel_count')), 'energies', dec(1, zdp('channel_energy'), 'energy')),
  ],
};
