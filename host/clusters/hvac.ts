/** Heating, ventilation and air conditioning 0x0200 to 0x0204 (ZCL chapter 6) as tables. */
import { cluster, command } from './cluster.ts';
import { bits, dec, each, flagPart, from, has, hex, hundredths, minutes, when } from './item.ts';

/** Pump Configuration and Control 0x0200. */
export const PUMP = cluster(0x0200, 'Pump Configuration and Control', 'zbee_zcl_hvac.pump_config_control', (n) => ({
  attributes: {
    0x0010: bits(2, n('attr.status'), [
      flagPart(n('attr.status.device_fault'), 0x1),
      flagPart(n('attr.status.supply_fault'), 0x2),
      flagPart(n('attr.status.speed_low'), 0x4),
      flagPart(n('attr.status.speed_high'), 0x8),
      flagPart(n('attr.status.local_override'), 0x10),
      flagPart(n('attr.status.running'), 0x20),
      flagPart(n('attr.status.rem_pressure'), 0x40),
      flagPart(n('attr.status.rem_flow'), 0x80),
      flagPart(n('attr.status.rem_temp'), 0x100),
    ]),
    0x0011: dec(1, n('attr.effective_opr_mode')),
    0x0012: dec(1, n('attr.ctrl_mode')),
    0x0020: dec(1, n('attr.opr_mode')),
    0x0021: dec(1, n('attr.ctrl_mode')),
    0x0022: bits(2, n('attr.alarm'), [
      flagPart(n('attr.alarm.volt_too_low'), 0x1),
      flagPart(n('attr.alarm.volt_too_high'), 0x2),
      flagPart(n('attr.alarm.pwr_missing_phase'), 0x4),
      flagPart(n('attr.alarm.press_too_low'), 0x8),
      flagPart(n('attr.alarm.press_too_high'), 0x10),
      flagPart(n('attr.alarm.dry_running'), 0x20),
      flagPart(n('attr.alarm.mtr_temp_too_high'), 0x40),
      flagPart(n('attr.alarm.mtr_fatal_fail'), 0x80),
      flagPart(n('attr.alarm.elec_temp_too_high'), 0x100),
      flagPart(n('attr.alarm.pump_block'), 0x200),
      flagPart(n('attr.alarm.sensor_fail'), 0x400),
      flagPart(n('attr.alarm.elec_non_fatal_fail'), 0x800),
      flagPart(n('attr.alarm.elec_fatal_fail'), 0x1000),
      flagPart(n('attr.alarm.gen_fault'), 0x2000),
    ]),
  },
}));

/** Thermostat 0x0201. */
export const THERMOSTAT = cluster(0x0201, 'Thermostat', 'zbee_zcl_hvac.thermostat', (n) => ({
  refusesEmpty: 'both',
  toServer: {
    0x00: command('Setpoint Raise or Lower', [hex(1, n('mode')), hundredths(1, n('amount'))]),
    0x01: command('Set Weekly Schedule', [
      hex(1, n('num_trans')),
      bits(1, n('day_sequence'), [
        flagPart(n('day.sunday'), 0x1),
        flagPart(n('day.monday'), 0x2),
        flagPart(n('day.tuesday'), 0x4),
        flagPart(n('day.wednesday'), 0x8),
        flagPart(n('day.thursday'), 0x10),
        flagPart(n('day.friday'), 0x20),
        flagPart(n('day.saturday'), 0x40),
        flagPart(n('day.vacation'), 0x80),
      ]),
      bits(1, n('mode_sequence'), [flagPart(n('mode.heat'), 0x1), flagPart(n('mode.cool'), 0x2)]),
      each(
        from('numTrans'),
        'transitions',
        minutes(n('time')),
        when(has('modeSequence', 0x01), [hundredths(2, n('heat'))]),
        when(has('modeSequence', 0x02), [hundredths(2, n('cool'))]),
      ),
    ]),
    0x02: command('Get Weekly Schedule', [
      bits(1, n('day_sequence'), [
        flagPart(n('day.sunday'), 0x1),
        flagPart(n('day.monday'), 0x2),
        flagPart(n('day.tuesday'), 0x4),
        flagPart(n('day.wednesday'), 0x8),
        flagPart(n('day.thursday'), 0x10),
        flagPart(n('day.friday'), 0x20),
        flagPart(n('day.saturday'), 0x40),
        flagPart(n('day.vacation'), 0x80),
      ]),
      bits(1, n('mode_sequence'), [flagPart(n('mode.heat'), 0x1), flagPart(n('mode.cool'), 0x2)]),
    ]),
    0x04: command('Get Relay Status Log', []),
  },
  toClient: {
    0x00: command('Get Weekly Schedule Response', [
      hex(1, n('num_trans')),
      bits(1, n('day_sequence'), [
        flagPart(n('day.sunday'), 0x1),
        flagPart(n('day.monday'), 0x2),
        flagPart(n('day.tuesday'), 0x4),
        flagPart(n('day.wednesday'), 0x8),
        flagPart(n('day.thursday'), 0x10),
        flagPart(n('day.friday'), 0x20),
        flagPart(n('day.saturday'), 0x40),
        flagPart(n('day.vacation'), 0x80),
      ]),
      bits(1, n('mode_sequence'), [flagPart(n('mode.heat'), 0x1), flagPart(n('mode.cool'), 0x2)]),
      each(
        from('numTrans'),
        'transitions',
        minutes(n('time')),
        when(has('modeSequence', 0x01), [hundredths(2, n('heat'))]),
        when(has('modeSequence', 0x02), [hundredths(2, n('cool'))]),
      ),
    ]),
    0x01: command('Get Relay Status Log Response', []),
  },
}));

/** Fan Control 0x0202. */
export const FAN_CONTROL = cluster(0x0202, 'Fan Control', 'zbee_zcl_hvac.fan_control', (n) => ({
  attributes: {
    0x0000: hex(1, n('attr.fan_mode')),
    0x0001: hex(1, n('attr.fan_mode_seq')),
  },
}));

/** Dehumidification Control 0x0203. */
export const DEHUMIDIFICATION = cluster(0x0203, 'Dehumidification Control', 'zbee_zcl_hvac.dehumidification_control', (n) => ({
  attributes: {
    0x0011: hex(1, n('attr.rel_humidity_mode')),
    0x0012: hex(1, n('attr.dehumidification_lockout')),
    0x0015: hex(1, n('attr.rel_humidity_display')),
  },
}));

/** Thermostat User Interface Configuration 0x0204. */
export const THERMOSTAT_UI = cluster(0x0204, 'Thermostat User Interface Configuration', 'zbee_zcl_hvac.thermostat_ui_config', (n) => ({
  attributes: {
    0x0000: hex(1, n('attr.temp_disp_mode')),
    0x0001: hex(1, n('attr.keypad_lockout')),
  },
}));
