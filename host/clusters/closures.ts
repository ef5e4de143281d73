/** Shade Configuration 0x0100 and Door Lock 0x0101 (ZCL 7.2 and 7.3) as tables. */
import { cluster, command } from './cluster.ts';
import { bits, decPart, flagPart, hex } from './item.ts';

/** Shade Configuration 0x0100. */
export const SHADE_CONFIGURATION = cluster(0x0100, 'Shade Configuration', 'zbee_zcl_closures.shade_configuration', (n) => ({
  attributes: {
    0x0002: bits(1, n('attr.status'), [
      flagPart(n('attr.status.shade_operational'), 0x1),
      flagPart(n('attr.status.shade_adjusting'), 0x2),
      decPart(n('attr.status.shade_direction'), 0x4),
      decPart(n('attr.status.motor_forward_direction'), 0x8),
    ]),
    0x0011: hex(1, n('attr.mode')),
  },
}));

/** Door Lock 0x0101. */
export const DOOR_LOCK = cluster(0x0101, 'Door Lock', 'zbee_zcl_closures.door_lock', (n) => ({
  attributes: {
    0x0000: hex(1, n('attr.lock_state')),
    0x0001: hex(1, n('attr.lock_type')),
    0x0002: bits(1, '', [flagPart(n('attr.actuator_enabled'), 0x1)]),
    0x0003: hex(1, n('attr.door_state')),
  },
  toServer: {
    0x00: command('Lock Door', []),
    0x01: command('Unlock Door', []),
  },
  toClient: {
    0x00: command('Lock Door Response', [hex(1, n('status'))]),
    0x01: command('Unlock Door Response', [hex(1, n('status'))]),
  },
}));
