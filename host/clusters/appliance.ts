/** Clusters of household appliances (ZCL chapter 15) as tables: control, identification, events, statistics; meter identification. */
import { cluster, command } from './cluster.ts';
import { big, bits, choose, dec, decPart, each, from, glance, hex, hexPart, raw, whole } from './item.ts';
import { shownTypes } from './data-type.ts';

/** Appliance Control 0x001b. */
export const APPLIANCE_CONTROL = cluster(0x001b, 'Appliance Control', 'zbee_zcl_general.applctrl', (n) => ({
  attributes: {
    0x0000: bits(2, n('time'), [decPart(n('time.mm'), 0x3f), hexPart(n('time.encoding_type'), 0xc0), decPart(n('time.hh'), 0xff00)]),
    0x0001: bits(2, n('time'), [decPart(n('time.mm'), 0x3f), hexPart(n('time.encoding_type'), 0xc0), decPart(n('time.hh'), 0xff00)]),
    0x0002: bits(2, n('time'), [decPart(n('time.mm'), 0x3f), hexPart(n('time.encoding_type'), 0xc0), decPart(n('time.hh'), 0xff00)]),
  },
  toServer: {
    0x00: command('Execution of a Command', [hex(1, n('execcmd.id'))]),
    0x01: command('Signal State', []),
    0x02: command('Write Functions', [
      each(
        'rest',
        'functions',
        hex(2, n('attr_func.id')),
        hex(1, n('attr_func.datatype')),
        choose(
          'id',
          {
            0x0000: [
              bits(2, n('time'), [decPart(n('time.mm'), 0x3f), hexPart(n('time.encoding_type'), 0xc0), decPart(n('time.hh'), 0xff00)]),
            ],
            0x0001: [
              bits(2, n('time'), [decPart(n('time.mm'), 0x3f), hexPart(n('time.encoding_type'), 0xc0), decPart(n('time.hh'), 0xff00)]),
            ],
            0x0002: [
              bits(2, n('time'), [decPart(n('time.mm'), 0x3f), hexPart(n('time.encoding_type'), 0xc0), decPart(n('time.hh'), 0xff00)]),
            ],
          },
          [choose('datatype', shownTypes(n('attr_id')))],
        ),
      ),
    ]),
    0x03: command('Overload Pause Resume', []),
    0x04: command('Overload Pause', []),
    0x05: command('Overload Warning', [hex(1, n('ovrlwarning.id'))]),
  },
  toClient: {
    0x00: command('Signal State Response', [
      hex(1, n('status')),
      bits(1, n('remote_enable_flags'), [hexPart(n('remenflags'), 0xf), hexPart(n('status2'), 0xf0)]),
      big(hex(3, n('status2.array'))),
    ]),
    0x01: command('Signal State Notification', [
      hex(1, n('status')),
      bits(1, n('remote_enable_flags'), [hexPart(n('remenflags'), 0xf), hexPart(n('status2'), 0xf0)]),
      big(hex(3, n('status2.array'))),
    ]),
  },
}));

/** Appliance Identification 0x0b00. */
export const APPLIANCE_IDENTIFICATION = cluster(0x0b00, 'Appliance Identification', 'zbee_zcl_ha.applident', (n) => ({
  attributes: {
    // Wireshark looks at eight bytes and takes seven.
    0x0000: [
      glance(raw(8, '', 'basic')),
      hex(2, n('attr.company.id'), 'company'),
      hex(2, n('attr.brand.id'), 'brand'),
      hex(2, n('attr.prod_type.id'), 'productType'),
      hex(1, n('attr.ceced_spec_ver')),
    ],
    0x0011: hex(2, n('attr.company.id')),
    0x0013: hex(2, n('attr.brand.id')),
    0x0018: [hex(1, n('string.len')), big(hex(2, n('attr.prod_type.name')))],
    0x0019: hex(2, n('attr.prod_type.id')),
    0x001a: hex(1, n('attr.ceced_spec_ver')),
  },
}));

/** Meter Identification 0x0b01. */
export const METER_IDENTIFICATION = cluster(0x0b01, 'Meter Identification', 'zbee_zcl_ha.metidt', (n) => ({
  attributes: {
    0x0001: hex(2, n('attr.meter_type.id')),
    0x0004: hex(2, n('attr.data_quality.id')),
  },
}));

/** Appliance Events and Alerts 0x0b02. */
export const APPLIANCE_EVENTS = cluster(0x0b02, 'Appliance Events and Alerts', 'zbee_zcl_ha.applevtalt', (n) => ({
  attributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Get Alerts', []),
  },
  toClient: {
    0x00: command('Get Alerts Response', [
      bits(1, '', [decPart(n('count.num'), 0xf), decPart(n('count.type'), 0xf0)], 'counts'),
      each(
        from('counts', 0, 0x0f),
        'alerts',
        big(
          bits(
            3,
            '',
            [
              hexPart(n('alert_id'), 0xff),
              hexPart(n('category'), 0xf00),
              hexPart(n('status'), 0x3000),
              hexPart(n('reserved'), 0xc000),
              hexPart(n('proprietary'), 0xff0000),
            ],
            'alert',
          ),
        ),
      ),
    ]),
    0x01: command('Alerts Notification', [
      bits(1, '', [decPart(n('count.num'), 0xf), decPart(n('count.type'), 0xf0)], 'counts'),
      each(
        from('counts', 0, 0x0f),
        'alerts',
        big(
          bits(
            3,
            '',
            [
              hexPart(n('alert_id'), 0xff),
              hexPart(n('category'), 0xf00),
              hexPart(n('status'), 0x3000),
              hexPart(n('reserved'), 0xc000),
              hexPart(n('proprietary'), 0xff0000),
            ],
            'alert',
          ),
        ),
      ),
    ]),
    0x02: command('Event Notification', [hex(1, n('event.header')), hex(1, n('event.id'))]),
  },
}));

/** Appliance Statistics 0x0b03. */
export const APPLIANCE_STATISTICS = cluster(0x0b03, 'Appliance Statistics', 'zbee_zcl_ha.applstats', (n) => ({
  toServer: {
    0x00: command('Log Request', [dec(4, n('log.id'))]),
    0x01: command('Log Queue Request', []),
  },
  toClient: {
    0x00: command('Log Notification', [
      dec(4, n('utc_time')),
      dec(4, n('log.id')),
      dec(4, n('log.length')),
      raw(from('length'), n('log.payload')),
    ]),
    0x01: command('Log Response', [
      dec(4, n('utc_time')),
      dec(4, n('log.id')),
      dec(4, n('log.length')),
      raw(from('length'), n('log.payload')),
    ]),
    0x02: command('Log Queue Response', [dec(1, n('log_queue_size')), each(whole(3), 'logs', dec(4, n('log.id')))]),
    0x03: command('Statistics Available', [dec(1, n('log_queue_size')), each(whole(3), 'logs', dec(4, n('log.id')))]),
  },
}));
