/** Key Establishment cluster 0x0800 (ZSE annex C) as tables. */
import { command, type Cluster } from './cluster.ts';
import { dec, hex, raw } from './item.ts';

const ke = (name: string): string => `zbee_zcl_se.ke.${name}`;

/** The cluster. */
export const KEY_ESTABLISHMENT: Cluster = {
  id: 0x0800,
  name: 'Key Establishment',
  attributeName: ke('attr_id'),
  attributes: {},
  client: { attributeName: ke('attr_client_id'), attributes: {} },
  toServer: {
    name: 'zbee_zcl_se.ke.cmd.srv_rx.id',
    commands: {
      0x00: command('Initiate Key Establishment Request', [
        hex(2, ke('attr.suite')),
        dec(1, ke('init.ephemeral.time')),
        dec(1, ke('init.confirm.time'), 'confirmTime'),
      ]),
      0x01: command('Ephemeral Data Request', [raw('rest', ke('qeu'))]),
      0x02: command('Confirm Key Data Request', [raw(16, ke('macu'))]),
      0x03: command('Terminate Key Establishment', [
        hex(1, ke('terminate.status')),
        dec(1, ke('terminate.wait.time')),
        hex(2, ke('attr.suite')),
      ]),
    },
  },
  toClient: {
    name: 'zbee_zcl_se.ke.cmd.srv_tx.id',
    commands: {
      0x00: command('Initiate Key Establishment Response', [
        hex(2, ke('attr.suite')),
        dec(1, ke('init.ephemeral.time')),
        dec(1, ke('init.confirm.time'), 'confirmTime'),
      ]),
      0x01: command('Ephemeral Data Response', [raw('rest', ke('qev'))]),
      0x02: command('Confirm Key Data Response', [raw(16, ke('macv'))]),
      0x03: command('Terminate Key Establishment', [
        hex(1, ke('terminate.status')),
        dec(1, ke('terminate.wait.time')),
        hex(2, ke('attr.suite')),
      ]),
    },
  },
};
