/** MDU Pairing cluster 0x070a (ZSE annex D.12) as tables. */
import { cluster, command } from './cluster.ts';
import { dec, each, eui, hex, upTo } from './item.ts';

const mdu = (name: string): string => `zbee_zcl_se.mdu_pairing.${name}`;

/** The cluster. */
export const MDU_PAIRING = cluster(0x070a, 'MDU Pairing', 'zbee_zcl_se.mdu_pairing', () => ({
  attributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Pairing Request', [dec(4, mdu('local_info_version')), eui(mdu('requesting_device_eui64'))]),
  },
  toClient: {
    0x00: command('Pairing Response', [
      dec(4, mdu('info_version')),
      dec(1, mdu('total_devices_number')),
      hex(1, mdu('command_index')),
      dec(1, mdu('total_commands_number')),
      each(upTo('totalDevicesNumber', 8), 'devices', eui(mdu('device_eui64'))),
    ]),
  },
}));
