/** Sub-GHz cluster 0x070b (ZSE annex D.13) as tables. */
import { cluster, command } from './cluster.ts';
import { dec, hex } from './item.ts';

const sub = (name: string): string => `zbee_zcl_se.sub_ghz.${name}`;

/** The cluster. */
export const SUB_GHZ = cluster(0x070b, 'Sub-GHz', 'zbee_zcl_se.sub_ghz', () => ({
  attributes: { 0xfffe: hex(1, sub('attr.attr_reporting_status')) },
  clientAttributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Get Suspend ZCL Messages Status', []),
  },
  toClient: {
    0x00: command('Suspend ZCL Messages', [dec(1, sub('zcl_messages_suspension_period'))]),
  },
}));
