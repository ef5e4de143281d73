/**
 * ZDP commands that revision 21 of the ZigBee specification deprecates: complex and user descriptors, discovery caches, end
 * device bind, binding tables at a cache, replacing devices (ZigBee 2004 2.4.3 and 2.4.4). Wireshark says that they are.
 */
import {
  dec,
  each,
  eui,
  from,
  glance,
  hex,
  is,
  left,
  mark,
  not,
  raw,
  reckoned,
  text,
  when,
  type BlobItem,
  type Extent,
  type Format,
  type Item,
} from './item.ts';
import {
  address,
  boundTo,
  capability,
  endpoint,
  ieee,
  inCluster,
  index,
  nodeDescriptor,
  onSuccess,
  outCluster,
  powerDescriptor,
  profile,
  simpleDescriptor,
  status,
  zdp,
} from './zdp-items.ts';

const REMARK = mark(zdp('zdo_command_deprecated'));
const ofDevice: Format = [address, ieee];
const user: Format = [dec(1, zdp('user_length'), 'length'), text(from('length'), zdp('user'))];
const shownDescriptor = (extent: Extent): BlobItem => ({ ...raw(extent, zdp('complex')), form: 'complex' });
const LANGUAGE = 1;
/** One field of a complex descriptor; Wireshark shows language and character set whatever the length says. */
const complex: Format = [
  dec(1, zdp('complex_length'), 'length'),
  when(not(is('length', 0)), [
    glance(hex(1, '', 'tag')),
    when(is('tag', LANGUAGE), [glance(shownDescriptor(4)), raw(from('length'), '', 'language')], [shownDescriptor(from('length'))]),
  ]),
];
const binding = boundTo(dec(1, zdp('addr_mode'), 'mode'));
const bound = boundTo(dec(1, '', 'mode'));
const source = eui(zdp('bind.src64'), 'source');
const size = dec(2, zdp('table_size'), 'size');
const count = dec(2, zdp('table_count'), 'count');
const longIndex = dec(2, zdp('index'), 'index');
const entries = (...items: Item[]): Item => each(from('count'), 'entries', ...items);
/** Wireshark reads counts of clusters as two bytes and goes on after the first. */
const longLists: Format = [
  glance(dec(2, zdp('in_count'), 'inCount')),
  dec(1, '', 'inCountShort'),
  each(from('inCount'), 'inputs', inCluster),
  glance(dec(2, zdp('out_count'), 'outCount')),
  dec(1, '', 'outCountShort'),
  each(from('outCount'), 'outputs', outCluster),
];
/** Lists that begin at an index, which counts on from the clusters in to those out. */
const inputsLeft = each(
  reckoned((at) => at('inCount') - at('index'), 2),
  'inputs',
  inCluster,
);
const outputsLeft = each(
  reckoned((at) => at('outCount') - Math.max(0, at('index') - at('inCount')), 2),
  'outputs',
  outCluster,
);

/** Payloads by cluster identifier. */
const PAYLOADS: Readonly<Record<number, Format>> = {
  0x0010: [address],
  0x0011: [address],
  0x0012: ofDevice,
  0x0014: [address, ...user],
  0x0016: [
    ...ofDevice,
    dec(1, zdp('node_size'), 'nodeSize'),
    dec(1, zdp('power_size'), 'powerSize'),
    dec(1, zdp('ep_count'), 'endpointCount'),
    dec(1, zdp('simple_count'), 'count'),
    each(from('count'), 'sizes', dec(1, zdp('simple_size'), 'size')),
  ],
  0x0017: [...ofDevice, ...nodeDescriptor],
  0x0018: [...ofDevice, powerDescriptor],
  0x0019: [...ofDevice, dec(1, zdp('simple_count'), 'count'), each(from('count'), 'endpoints', endpoint)],
  0x001a: [...ofDevice, dec(1, zdp('simple_length'), 'length'), ...simpleDescriptor],
  0x001b: ofDevice,
  0x001c: ofDevice,
  0x001d: [address, endpoint, index],
  0x001e: [address, index],
  0x0020: [hex(2, zdp('target'), 'target'), ieee, endpoint, profile, ...longLists],
  0x0023: [ieee],
  0x0024: [ieee, endpoint, eui(zdp('replacement'), 'replacement'), dec(1, zdp('replacement_ep'), 'replacementEndpoint')],
  0x0025: binding,
  0x0026: binding,
  // Something must follow the count, even of nothing.
  0x0027: [size, longIndex, count, glance(raw(1, '', 'next')), entries(...bound)],
  0x0028: [longIndex],
  0x0029: [size, longIndex, count, entries(source)],
  0x002a: [longIndex],
  0x0035: [ieee, capability],
  0x0037: [index],
  0x8010: [status, onSuccess(2, address), when(is('status', 0), complex, [when(left(), complex)])],
  0x8011: [status, onSuccess(2, address), ...user],
  0x8012: [status],
  0x8014: [status, onSuccess(2, address)],
  0x8016: [status],
  0x8017: [status],
  0x8018: [status],
  0x8019: [status],
  0x801a: [status],
  0x801b: [status],
  0x801c: [hex(2, zdp('cache'), 'cache'), address, ieee],
  0x801d: [
    status,
    onSuccess(2, address),
    when(is('status', 0), [
      endpoint,
      dec(1, zdp('in_count'), 'inCount'),
      dec(1, zdp('out_count'), 'outCount'),
      index,
      inputsLeft,
      outputsLeft,
    ]),
  ],
  0x801e: [
    status,
    onSuccess(2, address),
    onSuccess(
      1,
      dec(1, zdp('ep_count'), 'count'),
      index,
      // As many bytes as there are endpoints in all must be left.
      glance(raw(from('count'), '', 'all')),
      each(
        reckoned((at) => at('count') - at('index')),
        'endpoints',
        endpoint,
      ),
    ),
  ],
  0x8023: [status, onSuccess(2, size, count, entries(...bound))],
  0x8024: [status],
  0x8025: [status],
  0x8026: [status],
  0x8027: [status, onSuccess(2, size)],
  0x8028: [status, onSuccess(2, size, longIndex, count, entries(...bound))],
  0x8029: [status],
  0x802a: [status, onSuccess(2, size, longIndex, count, entries(source))],
  0x8035: [status],
  0x8037: [
    status,
    dec(1, zdp('table_size'), 'size'),
    index,
    dec(1, zdp('table_count'), 'count'),
    entries(eui(zdp('cache_address'), 'cache'), hex(2, '', 'address')),
  ],
};

/** Requests and responses, by cluster. End Device Bind is older still, and has no remark. */
export const DEPRECATED: Readonly<Record<number, Format>> = {
  0x8020: [status],
  ...Object.fromEntries(Object.entries(PAYLOADS).map(([id, format]) => [id, [...format, REMARK]])),
};
