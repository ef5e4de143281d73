/** Touchlink Commissioning 0x1000 (ZCL 13.3) as tables. */
import { cluster, command } from './cluster.ts';
import { bits, dec, each, eui, flagPart, from, hex, hexPart, is, raw, shownAs, when, type Format } from './item.ts';

const n = (name: string): string => `zbee_zcl_general.touchlink.${name}`;
const capability = bits(1, n('zbee'), [hexPart(n('zbee.type'), 0x03), flagPart(n('zbee.rxidle'), 0x04)]);
const information = bits(1, n('info'), [
  flagPart(n('info.factory'), 0x01),
  flagPart(n('info.assignment'), 0x02),
  flagPart(n('info.initiator'), 0x10),
  flagPart(n('info.undefined'), 0x20),
  hexPart(n('info.profile.interop'), 0x80),
]);
const keys = bits(2, n('key_bitmask'), [
  flagPart(n('key_bitmask.dev'), 0x0001),
  flagPart(n('key_bitmask.master'), 0x0010),
  flagPart(n('key_bitmask.cert'), 0x8000),
]);
const network = eui(n('ext_panid'));
const updateId = dec(1, n('nwk_update_id'));
const place: Format = [dec(1, n('channel')), hex(2, n('panid'))];
const address = dec(2, n('nwk_addr'));
const status = hex(1, n('status'));
const ranges: Format = [
  hex(2, n('group_begin')),
  hex(2, n('group_end')),
  hex(2, n('addr_range_begin')),
  hex(2, n('addr_range_end')),
  hex(2, n('group_range_begin')),
  hex(2, n('group_range_end')),
];
const key: Format = [network, dec(1, n('key_index')), raw(16, n('key'))];
const join: Format = [...key, updateId, ...place, address, ...ranges];
const endpoint: Format = [
  dec(1, n('endpoint')),
  // Wireshark shows the lower half of a profile.
  shownAs(hex(2, n('profile_id')), hex(1, n('profile_id'))),
  hex(2, n('device_id')),
  hex(1, n('version')),
];
const index = dec(1, n('index'));

/** Touchlink Commissioning 0x1000. Every command, known or not, begins with a transaction. */
export const TOUCHLINK = cluster(0x1000, 'Touchlink Commissioning', 'zbee_zcl_general.touchlink', () => ({
  attributeName: 'zbee_zcl.attr.id',
  refusesEmpty: 'both',
  begin: [hex(4, n('transaction_id'))],
  toServerName: n('rx_cmd_id'),
  toServer: {
    0x00: command('Scan Request', [capability, information]),
    0x02: command('Device Information Request', [index]),
    0x06: command('Identify Request', [dec(2, n('duration'))]),
    0x07: command('Reset to Factory New Request', []),
    0x10: command('Network Start Request', [...key, ...place, address, ...ranges, eui(n('init_eui')), hex(2, n('init_addr'))]),
    0x12: command('Network Join Router Request', join),
    0x14: command('Network Join End Device Request', join),
    0x16: command('Network Update Request', [network, updateId, ...place, address]),
    0x41: command('Get Group Identifiers Request', [index]),
    0x42: command('Get Endpoint List Request', [index]),
  },
  toClientName: n('tx_cmd_id'),
  toClient: {
    0x01: command('Scan Response', [
      dec(1, n('rssi_correction')),
      capability,
      information,
      keys,
      hex(4, n('response_id')),
      network,
      updateId,
      ...place,
      address,
      dec(1, n('sub_devices')),
      dec(1, n('total_groups')),
      when(is('subDevices', 1), [...endpoint, dec(1, n('group_count'))]),
    ]),
    0x03: command('Device Information Response', []),
    0x11: command('Network Start Response', [status, network, updateId, ...place]),
    0x13: command('Network Join Router Response', [status]),
    0x15: command('Network Join End Device Response', [status]),
    0x40: command('Endpoint Information', [eui(n('ext_addr')), address, ...endpoint]),
    0x41: command('Get Group Identifiers Response', [
      dec(1, n('total_groups')),
      index,
      dec(1, n('group_count')),
      each(from('groupCount'), 'groups', hex(2, n('group_id')), hex(1, n('group_type'))),
    ]),
    0x42: command('Get Endpoint List Response', []),
  },
}));
