/** Energy Management cluster 0x0706 (ZSE annex D.8) as tables. */
import { cluster, command } from './cluster.ts';
import { bits, flagPart, hex, hexPart, signed, utc } from './item.ts';

const em = (name: string): string => `zbee_zcl_se.energy_management.${name}`;

/** The cluster. */
export const ENERGY_MANAGEMENT = cluster(0x0706, 'Energy Management', 'zbee_zcl_se.energy_management', () => ({
  attributes: { 0xfffe: hex(1, em('attr.attr_reporting_status')) },
  clientAttributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Manage Event', [
      hex(4, em('issuer_id')),
      bits(2, em('device_class'), [
        flagPart(em('device_class.hvac_compressor_or_furnace'), 0x1),
        flagPart(em('device_class.strip_heaters_baseboard_heaters'), 0x2),
        flagPart(em('device_class.water_heater'), 0x4),
        flagPart(em('device_class.pool_pump_spa_jacuzzi'), 0x8),
        flagPart(em('device_class.smart_appliances'), 0x10),
        flagPart(em('device_class.irrigation_pump'), 0x20),
        flagPart(em('device_class.managed_c_i_loads'), 0x40),
        flagPart(em('device_class.simple_misc_loads'), 0x80),
        flagPart(em('device_class.exterior_lighting'), 0x100),
        flagPart(em('device_class.interior_lighting'), 0x200),
        flagPart(em('device_class.electric_vehicle'), 0x400),
        flagPart(em('device_class.generation_systems'), 0x800),
        hexPart(em('device_class.reserved'), 0xf000),
      ]),
      hex(1, em('utility_enrollment_group')),
      bits(1, em('action_required'), [
        flagPart(em('action_required.opt_out_of_event'), 0x1),
        flagPart(em('action_required.opt_into_event'), 0x2),
        flagPart(em('action_required.disable_duty_cycling'), 0x4),
        flagPart(em('action_required.enable_duty_cycling'), 0x8),
        hexPart(em('action_required.reserved'), 0xf0),
      ]),
    ]),
  },
  toClient: {
    0x00: command('Report Event Status', [
      hex(4, em('report_event.issuer_id')),
      hex(1, em('report_event.event_status')),
      utc(em('report_event.event_status_time')),
      hex(1, em('report_event.criticality_level_applied')),
      signed(2, em('report_event.cooling_temperature_set_point_applied')),
      signed(2, em('report_event.heating_temperature_set_point_applied')),
      signed(1, em('report_event.average_load_adjustment_percentage_applied')),
      hex(1, em('report_event.duty_cycle_applied')),
      bits(1, em('report_event.event_control'), [
        flagPart(em('report_event.randomize_start_time'), 0x1),
        flagPart(em('report_event.randomize_duration_time'), 0x2),
        hexPart(em('reserved'), 0xfc),
      ]),
    ]),
  },
}));
