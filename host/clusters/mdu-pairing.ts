/** MDU Pairing cluster 0x070a (ZSE annex D.12) as tables. */
import { command, type Cluster } from './cluster.ts';
import { dec, each, eui, hex } from './item.ts';

const mdu = (name: string): string => `zbee_zcl_se.mdu_pairing.${name}`;

/** The cluster. */
export const MDU_PAIRING: Cluster = {
  id: 0x070a,
  name: 'MDU Pairing',
  attributeName: 'zbee_zcl.attr.id',
  attributes: {},
  toServer: {
    name: 'zbee_zcl_se.mdu_pairing.cmd.srv_rx.id',
    commands: {
      0x00: command('Pairing Request', [dec(4, mdu('local_info_version')), eui(mdu('requesting_device_eui64'))]),
    },
  },
  toClient: {
    name: 'zbee_zcl_se.mdu_pairing.cmd.srv_tx.id',
    commands: {
      0x00: command('Pairing Response', [
        dec(4, mdu('info_version')),
        dec(1, mdu('total_devices_number')),
        hex(1, mdu('command_index')),
        dec(1, mdu('total_commands_number')),
        each('rest', 'devices', eui(mdu('device_eui64'))),
      ]),
    },
  },
};
