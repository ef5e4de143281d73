/** Tunneling cluster 0x0704 (ZSE annex D.6) as tables. */
import { cluster, command } from './cluster.ts';
import { big, dec, each, flag, glance, hex, is, shownAs, when, type Format } from './item.ts';

const tun = (name: string): string => `zbee_zcl_se.tun.${name}`;

/**
 * The octets of another protocol behind the tunnel's identifier stay unread. Wireshark takes them for GBCS, which no SMETS1
 * device speaks: it wants one octet at least, and shows those that would begin a GBCS transfer.
 */
const [GET, GET_RESPONSE, PUT] = [0x01, 0x02, 0x03];
const transfer = hex(1, 'gbcs_tunnel.command', 'transfer');
const TRANSFER: Format = [
  hex(2, tun('tunnel_id')),
  glance(hex(1, '', 'begin')),
  when(is('begin', GET, PUT), [glance(transfer)]),
  when(is('begin', GET_RESPONSE), [glance(transfer, dec(1, 'gbcs_tunnel.remaining'))]),
];

/** The cluster. */
export const TUNNELLING = cluster(0x0704, 'Tunneling', 'zbee_zcl_se.tun', () => ({
  attributes: {
    // Wireshark reads the timeout most significant byte first.
    0x0000: shownAs(dec(2, tun('attr.close_tunnel')), big(dec(2, tun('attr.close_tunnel')))),
    0xfffe: hex(1, tun('attr.attr_reporting_status')),
  },
  clientAttributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Request Tunnel', [
      hex(1, tun('protocol_id')),
      hex(2, tun('manufacturer_code')),
      flag(tun('flow_control_supported')),
      hex(2, tun('max_in_transfer_size')),
    ]),
    0x01: command('Close Tunnel', [hex(2, tun('tunnel_id'))]),
    0x02: command('Transfer Data', TRANSFER),
    0x03: command('Transfer Data Error', [hex(2, tun('tunnel_id')), hex(1, tun('transfer_data_status'))]),
    0x04: command('Ack Transfer Data', [hex(2, tun('tunnel_id')), hex(2, tun('octets_left'))]),
    0x05: command('Ready Data', [hex(2, tun('tunnel_id')), hex(2, tun('octets_left'))]),
    0x06: command('Get Supported Tunnel Protocols', [hex(1, tun('protocol_offset'))]),
  },
  toClient: {
    0x00: command('Request Tunnel Response', [
      hex(2, tun('tunnel_id')),
      hex(1, tun('transfer_status')),
      hex(2, tun('max_in_transfer_size')),
    ]),
    0x01: command('Transfer Data', TRANSFER),
    0x02: command('Transfer Data Error', [hex(2, tun('tunnel_id')), hex(1, tun('transfer_data_status'))]),
    0x03: command('Ack Transfer Data', [hex(2, tun('tunnel_id')), hex(2, tun('octets_left'))]),
    0x04: command('Ready Data', [hex(2, tun('tunnel_id')), hex(2, tun('octets_left'))]),
    0x05: command('Supported Tunnel Protocols Response', [
      flag(tun('protocol_list_complete')),
      hex(1, tun('protocol_count')),
      each('rest', 'entries', hex(2, tun('manufacturer_code')), hex(1, tun('protocol_id'))),
    ]),
    0x06: command('Tunnel Closure Notification', [hex(2, tun('tunnel_id'))]),
  },
}));
