/** Intruder alarm systems 0x0500 to 0x0502 (ZCL chapter 8) as tables. */
import { cluster, command } from './cluster.ts';
import { bits, dec, decPart, each, flagPart, from, hex, mark, raw } from './item.ts';

/** IAS Zone 0x0500. */
export const IAS_ZONE = cluster(0x0500, 'IAS Zone', 'zbee_zcl_ias.zone', (n) => ({
  refusesEmpty: 'both',
  attributes: {
    0x0000: { ...hex(1, n('state')), wide: 2 },
    0x0001: hex(2, n('type')),
    0x0002: bits(2, n('status'), [
      flagPart(n('status.alarm_1'), 0x1),
      flagPart(n('status.alarm_2'), 0x2),
      flagPart(n('status.tamper'), 0x4),
      flagPart(n('status.battery'), 0x8),
      flagPart(n('status.supervision_reports'), 0x10),
      flagPart(n('status.restore_reports'), 0x20),
      flagPart(n('status.trouble'), 0x40),
      flagPart(n('status.ac_mains'), 0x80),
    ]),
  },
  toServer: {
    0x00: command('Zone Enroll Response', [hex(1, n('enroll_code')), hex(1, n('zone_id'))]),
  },
  toClient: {
    0x00: command('Zone Status Change Notification', [
      bits(2, n('status'), [
        flagPart(n('status.alarm_1'), 0x1),
        flagPart(n('status.alarm_2'), 0x2),
        flagPart(n('status.tamper'), 0x4),
        flagPart(n('status.battery'), 0x8),
        flagPart(n('status.supervision_reports'), 0x10),
        flagPart(n('status.restore_reports'), 0x20),
        flagPart(n('status.trouble'), 0x40),
        flagPart(n('status.ac_mains'), 0x80),
      ]),
      hex(1, n('ext_status')),
      hex(1, n('zone_id')),
      dec(2, n('delay')),
    ]),
    0x01: command('Zone Enroll Request', [hex(2, n('type')), hex(2, n('manufacturer_code'))]),
  },
}));

/** IAS ACE 0x0501. */
export const IAS_ACE = cluster(0x0501, 'IAS ACE', 'zbee_zcl_sas.ias_ace', (n) => ({
  attributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Arm', [dec(1, n('arm_mode'))]),
    0x01: command('Bypass', [dec(1, n('no_of_zones')), mark(n('zone_id_list')), each(from('noOfZones'), 'zones', hex(1, n('zone_id')))]),
    0x02: command('Emergency', []),
    0x03: command('Fire', []),
    0x04: command('Panic', []),
    0x05: command('Get Zone ID Map', []),
    0x06: command('Get Zone Information', [hex(1, n('zone_id'))]),
  },
  toClient: {
    0x00: command('Arm Response', [dec(1, n('arm_notif'))]),
    0x01: command('Get Zone ID Map Response', [each(16, 'sections', hex(2, n('zone_id_map_section')))]),
    0x02: command('Get Zone Information Response', [hex(1, n('zone_id')), hex(2, n('zone_type')), raw(8, n('ieee_add'))]),
  },
}));

/** IAS WD 0x0502. */
export const IAS_WD = cluster(0x0502, 'IAS WD', 'zbee_zcl_sas.ias_wd', (n) => ({
  toServer: {
    0x00: command('Start Warning', [
      bits(1, '', [decPart(n('warning_mode'), 0xf0), decPart(n('strobe'), 0xc)]),
      hex(2, n('warning_duration')),
    ]),
    0x01: command('Squawk', [bits(1, '', [decPart(n('squawk_mode'), 0xf0), decPart(n('strobe'), 0x8), decPart(n('squawk_level'), 0x3)])]),
  },
}));
