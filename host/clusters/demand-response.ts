/** Demand Response and Load Control cluster 0x0701 (ZSE annex D.2) as tables. */
import { cluster, command } from './cluster.ts';
import { END, bits, dec, decPart, flagPart, hex, hexPart, left, raw, shownAs, signed, utc, when } from './item.ts';

const drlc = (name: string): string => `zbee_zcl_se.drlc.${name}`;

/** The cluster. */
export const DEMAND_RESPONSE = cluster(0x0701, 'Demand Response and Load Control', 'zbee_zcl_se.drlc', () => ({
  attributeName: 'zbee_zcl.attr.id',
  attributes: { 0xfffe: hex(1, drlc('attr.attr_reporting_status')) },
  clientAttributeName: drlc('attr_client_id'),
  toServer: {
    0x00: command('Report Event Status', [
      hex(4, drlc('report_event.issuer_id')),
      hex(1, drlc('report_event.event_status')),
      utc(drlc('report_event.event_status_time')),
      hex(1, drlc('report_event.criticality_level_applied')),
      signed(2, drlc('report_event.cooling_temperature_set_point_applied')),
      signed(2, drlc('report_event.heating_temperature_set_point_applied')),
      signed(1, drlc('report_event.average_load_adjustment_percentage_applied')),
      hex(1, drlc('report_event.duty_cycle_applied')),
      bits(1, drlc('report_event.event_control'), [
        flagPart(drlc('randomize_start_time'), 0x1),
        flagPart(drlc('randomize_duration_time'), 0x2),
        hexPart(drlc('reserved'), 0xfc),
      ]),
      hex(1, drlc('report_event.signature_type')),
      raw('rest', drlc('report_event.signature')),
    ]),
    0x01: command('Get Scheduled Events', [
      utc(drlc('get_scheduled_events.start_time')),
      hex(1, drlc('get_scheduled_events.numbers_of_events')),
      // Wireshark shows the lowest byte of what came with Smart Energy 1.2, and takes no more than four.
      when(left(4), [
        shownAs(hex(4, drlc('get_scheduled_events.issuer_event_id')), hex(1, drlc('get_scheduled_events.issuer_event_id'))),
        END,
      ]),
    ]),
  },
  toClient: {
    0x00: command('Load Control Event', [
      hex(4, drlc('issuer_id')),
      bits(2, drlc('device_class'), [
        flagPart(drlc('device_class.hvac_compressor_or_furnace'), 0x1),
        flagPart(drlc('device_class.strip_heaters_baseboard_heaters'), 0x2),
        flagPart(drlc('device_class.water_heater'), 0x4),
        flagPart(drlc('device_class.pool_pump_spa_jacuzzi'), 0x8),
        flagPart(drlc('device_class.smart_appliances'), 0x10),
        flagPart(drlc('device_class.irrigation_pump'), 0x20),
        flagPart(drlc('device_class.managed_c_i_loads'), 0x40),
        flagPart(drlc('device_class.simple_misc_loads'), 0x80),
        flagPart(drlc('device_class.exterior_lighting'), 0x100),
        flagPart(drlc('device_class.interior_lighting'), 0x200),
        flagPart(drlc('device_class.electric_vehicle'), 0x400),
        flagPart(drlc('device_class.generation_systems'), 0x800),
        hexPart(drlc('device_class.reserved'), 0xf000),
      ]),
      hex(1, drlc('utility_enrollment_group')),
      dec(4, drlc('start_time')),
      dec(2, drlc('duration_in_minutes')),
      hex(1, drlc('criticality_level')),
      dec(1, drlc('cooling_temperature_offset')),
      dec(1, drlc('heating_temperature_offset')),
      signed(2, drlc('cooling_temperature_set_point')),
      signed(2, drlc('heating_temperature_set_point')),
      signed(1, drlc('average_load_adjustment_percentage')),
      hex(1, drlc('duty_cycle')),
      bits(1, drlc('event_control'), [
        flagPart(drlc('randomize_start_time'), 0x1),
        flagPart(drlc('randomize_duration_time'), 0x2),
        hexPart(drlc('reserved'), 0xfc),
      ]),
    ]),
    0x01: command('Cancel Load Control Event', [
      hex(4, drlc('issuer_id')),
      bits(2, drlc('device_class'), [
        flagPart(drlc('device_class.hvac_compressor_or_furnace'), 0x1),
        flagPart(drlc('device_class.strip_heaters_baseboard_heaters'), 0x2),
        flagPart(drlc('device_class.water_heater'), 0x4),
        flagPart(drlc('device_class.pool_pump_spa_jacuzzi'), 0x8),
        flagPart(drlc('device_class.smart_appliances'), 0x10),
        flagPart(drlc('device_class.irrigation_pump'), 0x20),
        flagPart(drlc('device_class.managed_c_i_loads'), 0x40),
        flagPart(drlc('device_class.simple_misc_loads'), 0x80),
        flagPart(drlc('device_class.exterior_lighting'), 0x100),
        flagPart(drlc('device_class.interior_lighting'), 0x200),
        flagPart(drlc('device_class.electric_vehicle'), 0x400),
        flagPart(drlc('device_class.generation_systems'), 0x800),
        hexPart(drlc('device_class.reserved'), 0xf000),
      ]),
      hex(1, drlc('utility_enrollment_group')),
      bits(1, drlc('cancel_control'), [
        flagPart(drlc('cancel_control.event_in_process'), 0x1),
        hexPart(drlc('cancel_control.reserved'), 0xfe),
      ]),
      bits(4, '', [decPart(drlc('effective_time'), 0xfe)], 'drlc'),
    ]),
    0x02: command('Cancel All Load Control Events', [
      bits(1, drlc('cancel_control'), [
        flagPart(drlc('cancel_control.event_in_process'), 0x1),
        hexPart(drlc('cancel_control.reserved'), 0xfe),
      ]),
    ]),
  },
}));
