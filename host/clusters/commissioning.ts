/** Commissioning 0x0015 and Poll Control 0x0020 (ZCL 13.2 and 3.16) as tables. */
import { cluster, command } from './cluster.ts';
import { bits, dec, flag, flagPart, hex, hexPart } from './item.ts';

/** Commissioning 0x0015. */
export const COMMISSIONING = cluster(0x0015, 'Commissioning', 'zbee_zcl_general.commissioning', (n) => ({
  attributes: {
    0x0005: hex(1, n('attr.stack_profile')),
    0x0006: hex(1, n('attr.startup_control')),
  },
  toServer: {
    0x00: command('Restart Device', [
      bits(1, n('restart_device_options'), [
        hexPart(n('restart_device_options.startup_mode'), 0x7),
        flagPart(n('restart_device_options.immediate'), 0x8),
        flagPart(n('restart_device_options.reserved'), 0xf0),
      ]),
      dec(1, n('delay')),
      dec(1, n('jitter')),
    ]),
    0x01: command('Save Startup Parameters', [hex(1, n('options')), dec(1, n('index'))]),
    0x02: command('Restore Startup Parameters', [hex(1, n('options')), dec(1, n('index'))]),
    0x03: command('Reset Startup Parameters', [
      bits(1, n('reset_startup_options'), [
        flagPart(n('reset_startup_options.current'), 0x1),
        flagPart(n('reset_startup_options.reset_all'), 0x2),
        flagPart(n('reset_startup_options.erase_index'), 0x4),
        flagPart(n('reset_startup_options.reserved'), 0xfc),
      ]),
      dec(1, n('index')),
    ]),
  },
  toClient: {
    0x00: command('Restart Device Response', [hex(1, n('status'))]),
    0x01: command('Save Startup Parameters Response', [hex(1, n('status'))]),
    0x02: command('Restore Startup Parameters Response', [hex(1, n('status'))]),
    0x03: command('Reset Startup Parameters Response', [hex(1, n('status'))]),
  },
}));

/** Poll Control 0x0020. */
export const POLL_CONTROL = cluster(0x0020, 'Poll Control', 'zbee_zcl_general.poll', (n) => ({
  refusesEmpty: 'both',
  toServer: {
    0x00: command('Check-in Response', [flag(n('start')), dec(2, n('fast_timeout'))]),
    0x01: command('Fast Poll Stop', []),
    0x02: command('Set Long Poll Interval', [dec(4, n('new_long_interval'))]),
    0x03: command('Set Short Poll Interval', [dec(2, n('new_short_interval'))]),
  },
  toClient: {
    0x00: command('Check-in', []),
  },
}));
