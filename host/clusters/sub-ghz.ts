/** Sub-GHz cluster 0x070b (ZSE annex D.13) as tables. */
import { command, type Cluster } from './cluster.ts';
import { dec, hex } from './item.ts';

const sub = (name: string): string => `zbee_zcl_se.sub_ghz.${name}`;

/** The cluster. */
export const SUB_GHZ: Cluster = {
  id: 0x070b,
  name: 'Sub-GHz',
  attributeName: sub('attr_id'),
  attributes: { 0xfffe: [hex(1, sub('attr.attr_reporting_status'), 'value')] },
  toServer: {
    name: 'zbee_zcl_se.sub_ghz.cmd.srv_rx.id',
    commands: {
      0x00: command('Get Suspend ZCL Messages Status', []),
    },
  },
  toClient: {
    name: 'zbee_zcl_se.sub_ghz.cmd.srv_tx.id',
    commands: {
      0x00: command('Suspend ZCL Messages', [dec(1, sub('zcl_messages_suspension_period'))]),
    },
  },
};
