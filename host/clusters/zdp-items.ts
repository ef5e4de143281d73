/** What several commands of the ZigBee Device Profile carry: addresses, descriptors, bindings. */
import { bits, choose, dec, decPart, each, eui, flagPart, hex, is, left, prefix, when, type Format, type Item } from './item.ts';

/** Prefix of Wireshark's names. */
export const zdp = (name: string): string => `zbee_zdp.${name}`;

/** Status of a response. */
export const status = dec(1, zdp('status'), 'status');
/** The device in question. */
export const address = hex(2, zdp('nwk_addr'), 'address');
/** The same by its EUI-64. */
export const ieee = eui(zdp('ext_addr'), 'eui');
/** Where a list begins. */
export const index = dec(1, zdp('index'), 'index');
/** An endpoint. */
export const endpoint = dec(1, zdp('endpoint'), 'endpoint');
/** A profile. */
export const profile = hex(2, zdp('profile'), 'profile');
/** Exponent of a scan, seconds of permission, or a command. */
export const duration = dec(1, zdp('duration'), 'duration');
/** A cluster that is served. */
export const inCluster = hex(2, zdp('in_cluster'), 'cluster');
/** A cluster that is used. */
export const outCluster = hex(2, zdp('out_cluster'), 'cluster');
/** Clusters in and out, each list with its count. */
export const clusterLists: Format = [
  each(prefix(1, zdp('in_count')), 'inputs', inCluster),
  each(prefix(1, zdp('out_count')), 'outputs', outCluster),
];

/** MAC capability information. */
export const capability = bits(
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

/** What a device serves its network as. Wireshark gives the backup discovery cache the name of the backup binding cache. */
export const server = bits(
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

/** Node descriptor (ZigBee 2.3.2.3). */
export const nodeDescriptor: Format = [
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

/** Power descriptor (ZigBee 2.3.2.4). */
export const powerDescriptor = bits(
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

/** Simple descriptor (ZigBee 2.3.2.5), without its length. */
export const simpleDescriptor: Format = [
  endpoint,
  profile,
  hex(2, zdp('app.device'), 'device'),
  { ...hex(1, zdp('app.version'), 'version'), wide: 2 },
  ...clusterLists,
];

/** A binding; its field `mode` says what kind of destination it has. */
export const boundTo = (mode: Item): Format => [
  eui(zdp('bind.src64'), 'source'),
  dec(1, zdp('bind.src_ep'), 'sourceEndpoint'),
  hex(2, zdp('cluster'), 'cluster'),
  mode,
  choose('mode', {
    1: [hex(2, zdp('bind.dst'), 'group')],
    3: [eui(zdp('bind.dst64'), 'destination'), dec(1, zdp('bind.dst_ep'), 'destinationEndpoint')],
  }),
];

/** Items that a response has when its status is success; otherwise it may end before them. */
export const onSuccess = (bytes: number, ...items: Item[]): Item => when(is('status', 0), items, [when(left(bytes), items)]);
