/** Tunneling cluster 0x0704 (ZSE annex D.6) as tables. */
import { command, type Cluster } from './cluster.ts';
import { dec, each, flag, hex } from './item.ts';

const tun = (name: string): string => `zbee_zcl_se.tun.${name}`;

/** The cluster. */
export const TUNNELLING: Cluster = {
  id: 0x0704,
  name: 'Tunneling',
  attributeName: tun('attr_id'),
  attributes: { 0x0000: [dec(2, tun('attr.close_tunnel'), 'value')], 0xfffe: [hex(1, tun('attr.attr_reporting_status'), 'value')] },
  toServer: {
    name: 'zbee_zcl_se.tun.cmd.srv_rx.id',
    commands: {
      0x00: command('Request Tunnel', [
        hex(1, tun('protocol_id')),
        hex(2, tun('manufacturer_code')),
        flag(tun('flow_control_supported')),
        hex(2, tun('max_in_transfer_size')),
      ]),
      0x01: command('Close Tunnel', [hex(2, tun('tunnel_id'))]),
      0x02: command('Transfer Data', [hex(2, tun('tunnel_id'))]),
      0x03: command('Transfer Data Error', [hex(2, tun('tunnel_id')), hex(1, tun('transfer_data_status'))]),
      0x04: command('Ack Transfer Data', [hex(2, tun('tunnel_id')), hex(2, tun('octets_left'))]),
      0x05: command('Ready Data', [hex(2, tun('tunnel_id')), hex(2, tun('octets_left'))]),
      0x06: command('Get Supported Tunnel Protocols', [hex(1, tun('protocol_offset'))]),
    },
  },
  toClient: {
    name: 'zbee_zcl_se.tun.cmd.srv_tx.id',
    commands: {
      0x00: command('Request Tunnel Response', [
        hex(2, tun('tunnel_id')),
        hex(1, tun('transfer_status')),
        hex(2, tun('max_in_transfer_size')),
      ]),
      0x01: command('Transfer Data', [hex(2, tun('tunnel_id'))]),
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
  },
};
