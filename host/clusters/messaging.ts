/** Messaging cluster 0x0703 (ZSE annex D.5) as tables. */
import { cluster, command } from './cluster.ts';
import { bits, dec, flagPart, hex, hexPart, is, mark, not, optional, prefixOrNone, text, utc, when } from './item.ts';

const msg = (name: string): string => `zbee_zcl_se.msg.${name}`;

/** The cluster. */
export const MESSAGING = cluster(0x0703, 'Messaging', 'zbee_zcl_se.msg', () => ({
  attributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Get Last Message', []),
    0x01: command('Message Confirmation', [
      hex(4, msg('message.id')),
      utc(msg('message.confirm_time')),
      ...optional(bits(1, '', [flagPart(msg('message.confirm.ctrl'), 0x1)], 'confirm'), text(prefixOrNone(1), msg('message'))),
    ]),
    0x02: command('Get Message Cancellation', [utc(msg('earliest_impl_time'))]),
  },
  toClient: {
    0x00: command('Display Message', [
      hex(4, msg('message.id')),
      bits(1, msg('message.ctrl'), [
        hexPart(msg('message.ctrl.tx'), 0x3),
        hexPart(msg('message.ctrl.importance'), 0xc),
        flagPart(msg('message.ctrl.enhconfirm'), 0x20),
        hexPart(msg('message.ctrl.reserved'), 0x50),
        flagPart(msg('message.ctrl.confirm'), 0x80),
      ]),
      dec(4, msg('message.start_time')),
      dec(2, msg('message.duration')),
      text(prefixOrNone(1), msg('message')),
      ...optional(bits(1, msg('message.ext.ctrl'), [flagPart(msg('message.ext.ctrl.status'), 0x1)], 'extCtrl')),
    ]),
    0x01: command('Cancel Message', [
      hex(4, msg('message.id')),
      hex(1, msg('message.ctrl'), 'control'),
      when(not(is('control', 0)), [mark(msg('msg_ctrl.deprecated'))]),
    ]),
    0x02: command('Display Protected Message', [
      hex(4, msg('message.id')),
      bits(1, msg('message.ctrl'), [
        hexPart(msg('message.ctrl.tx'), 0x3),
        hexPart(msg('message.ctrl.importance'), 0xc),
        flagPart(msg('message.ctrl.enhconfirm'), 0x20),
        hexPart(msg('message.ctrl.reserved'), 0x50),
        flagPart(msg('message.ctrl.confirm'), 0x80),
      ]),
      dec(4, msg('message.start_time')),
      dec(2, msg('message.duration')),
      text(prefixOrNone(1), msg('message')),
      ...optional(bits(1, msg('message.ext.ctrl'), [flagPart(msg('message.ext.ctrl.status'), 0x1)], 'extCtrl')),
    ]),
    0x03: command('Cancel All Messages', [utc(msg('impl_time'))]),
  },
}));
