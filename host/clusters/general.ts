/** General clusters (ZCL chapter 3) as tables: those that nearly every device carries, Time and Keep-Alive of Smart Energy among them. */
import { cluster, command, type Cluster } from './cluster.ts';
import { bits, dec, decPart, flagPart, hex, is, when } from './item.ts';

/** Basic 0x0000. */
const BASIC = cluster(0x0000, 'Basic', 'zbee_zcl_general.basic', (n) => ({
  attributes: {
    0x0007: hex(1, n('attr.pwr_src')),
    0x0012: hex(1, n('attr.dev_en')),
    0x0013: bits(1, n('attr.alarm_mask'), [
      decPart(n('attr.alarm_mask.gen_hw_fault'), 0x1),
      decPart(n('attr.alarm_mask.gen_sw_fault'), 0x2),
      decPart(n('attr.alarm_mask.reserved'), 0xfc),
    ]),
    0x0014: bits(1, n('attr.dis_loc_cfg'), [
      decPart(n('attr.dis_loc_cfg.reset'), 0x1),
      decPart(n('attr.dis_loc_cfg.dev_cfg'), 0x2),
      decPart(n('attr.dis_loc_cfg.reserved'), 0xfc),
    ]),
  },
  toServer: {
    0x00: command('Reset to Factory Defaults', []),
  },
}));

/** Power Configuration 0x0001. */
const POWER_CONFIGURATION = cluster(0x0001, 'Power Configuration', 'zbee_zcl_general.power_config', (n) => ({
  attributes: {
    0x0000: dec(2, n('attr.mains_voltage')),
    0x0001: dec(1, n('attr.mains_frequency')),
    0x0010: bits(1, n('attr.mains_alarm_mask'), [
      decPart(n('attr.mains_alarm_mask.mains_too_low'), 0x1),
      decPart(n('attr.mains_alarm_mask.mains_too_high'), 0x2),
      decPart(n('attr.mains_alarm_mask.reserved'), 0xfc),
    ]),
    0x0011: dec(2, n('attr.mains_volt_min')),
    0x0012: dec(2, n('attr.mains_volt_max')),
    0x0013: dec(2, n('attr.mains_dwell_tp')),
    0x0020: dec(1, n('attr.batt_voltage')),
    0x0021: dec(1, n('attr.batt_percentage')),
    0x0031: hex(1, n('attr.batt_type')),
    0x0032: dec(2, n('attr.batt_AHr')),
    0x0034: dec(1, n('attr.batt_rated_voltage')),
    0x0035: bits(1, n('attr.batt_alarm_mask'), [
      decPart(n('batt_attr.alarm_mask.batt_too_low'), 0x1),
      decPart(n('attr.batt_alarm_mask.reserved'), 0xfe),
    ]),
    0x0036: dec(1, n('attr.batt_voltage_min_thr')),
  },
}));

/** Device Temperature Configuration 0x0002. */
const DEVICE_TEMPERATURE = cluster(
  0x0002,
  'Device Temperature Configuration',
  'zbee_zcl_general.device_temperature_configuration',
  (n) => ({
    attributes: {
      0x0010: bits(1, n('attr.device_temp_alarm_mask'), [
        decPart(n('attr.device_temp_alarm_mask.too_low'), 0x1),
        decPart(n('attr.device_temp_alarm_mask.too_high'), 0x2),
        decPart(n('attr.device_temp_alarm_mask.reserved'), 0xfc),
      ]),
    },
  }),
);

/** Identify 0x0003. */
const IDENTIFY = cluster(0x0003, 'Identify', 'zbee_zcl_general.identify', (n) => ({
  attributes: {
    0x0000: dec(2, n('attr.identify_time')),
  },
  toServer: {
    0x00: command('Identify', [dec(2, n('attr.identify_time'))]),
    0x01: command('Identify Query', []),
    0x40: command('Trigger Effect', [hex(1, n('effect_id')), dec(1, n('effect_variant'))]),
  },
  toClient: {
    0x00: command('Identify Query Response', [dec(2, n('identify_timeout'))]),
  },
}));

/** On/Off 0x0006. */
const ON_OFF = cluster(0x0006, 'On/Off', 'zbee_zcl_general.onoff', (n) => ({
  attributes: {
    0x0000: hex(1, n('attr.onoff')),
    0x4000: hex(1, n('attr.globalscenecontrol')),
    0x4001: dec(2, n('attr.ontime')),
    0x4002: dec(2, n('attr.offwaittime')),
    0x4003: hex(1, n('attr.startuponoff')),
  },
  toServer: {
    0x00: command('Off', []),
    0x01: command('On', []),
    0x02: command('Toggle', []),
    0x40: command('Off with effect', [hex(1, n('effect_identifier')), hex(1, n('effect_variant'))]),
    0x41: command('On with recall global scene', []),
    0x42: command('On with timed off', [
      bits(1, n('onoff_control_mask'), [
        decPart(n('onoff_control_mask.accept_only_when_on'), 0x1),
        decPart(n('onoff_control_mask.reserved'), 0xfe),
      ]),
      dec(2, n('attr.ontime')),
      dec(2, n('attr.offwaittime')),
    ]),
  },
}));

/** On/Off Switch Configuration 0x0007. */
const ON_OFF_SWITCH = cluster(0x0007, 'On/Off Switch Configuration', 'zbee_zcl_general.onoff_switch_configuration', () => ({
  attributes: {
    0x0000: hex(1, 'zbee_zcl_general.onoff.attr.switch_type'),
    0x0010: hex(1, 'zbee_zcl_general.onoff.attr.switch_actions'),
  },
}));

/** Level Control 0x0008. */
const LEVEL = cluster(0x0008, 'Level Control', 'zbee_zcl_general.level_control', (n) => ({
  attributes: {
    0x0000: dec(1, n('attr.current_level')),
    0x0001: dec(2, n('attr.remaining_time')),
    0x0010: dec(2, n('attr.onoff_transmit_time')),
    0x0011: dec(1, n('attr.on_level')),
    0x4000: hex(1, n('attr.startup_level')),
  },
  toServer: {
    0x00: command('Move to Level', [dec(1, n('level')), dec(2, n('transit_time'))]),
    0x01: command('Move', [hex(1, n('move_mode')), dec(1, n('rate'))]),
    0x02: command('Step', [hex(1, n('step_mode')), dec(1, n('step_size')), dec(2, n('transit_time'))]),
    0x03: command('Stop', []),
    0x04: command('Move to Level with OnOff', [dec(1, n('level')), dec(2, n('transit_time'))]),
    0x05: command('Move with OnOff', [hex(1, n('move_mode')), dec(1, n('rate'))]),
    0x06: command('Step with OnOff', [hex(1, n('step_mode')), dec(1, n('step_size')), dec(2, n('transit_time'))]),
    0x07: command('Stop with OnOff', []),
  },
}));

/** Alarms 0x0009. */
const ALARMS = cluster(0x0009, 'Alarms', 'zbee_zcl_general.alarms', (n) => ({
  toServer: {
    0x00: command('Reset Alarm', [hex(1, n('alarm_code')), hex(2, n('cluster_id'))]),
    0x01: command('Reset All Alarms', []),
    0x02: command('Get Alarm', []),
    0x03: command('Reset Alarm Log', []),
  },
  toClient: {
    0x00: command('Alarm', [hex(1, n('alarm_code')), hex(2, n('cluster_id'))]),
    0x01: command('Get Alarm Response', [
      dec(1, n('status')),
      when(is('status', 0), [hex(1, n('alarm_code')), hex(2, n('cluster_id')), hex(4, n('timestamp'))]),
    ]),
  },
}));

/** Time 0x000a. */
const TIME = cluster(0x000a, 'Time', 'zbee_zcl_general.time', (n) => ({
  attributes: {
    0x0001: bits(1, n('attr.time_status'), [
      flagPart(n('attr.time_status.master'), 0x1),
      flagPart(n('attr.time_status.synchronized'), 0x2),
      flagPart(n('attr.time_status.master_zone_dst'), 0x4),
      flagPart(n('attr.time_status.superseding'), 0x8),
    ]),
  },
}));

/** Keep-Alive 0x0025. */
const KEEP_ALIVE = cluster(0x0025, 'Keep-Alive', 'zbee_zcl_se.keep_alive', (n) => ({
  clientAttributeName: 'zbee_zcl.attr.id',
  attributes: {
    0x0000: dec(1, n('attr.base')),
    0x0001: dec(2, n('attr.jitter')),
    0xfffe: hex(1, n('attr.attr_reporting_status')),
  },
}));

/** The tables. */
export const GENERAL: readonly Cluster[] = [
  BASIC,
  POWER_CONFIGURATION,
  DEVICE_TEMPERATURE,
  IDENTIFY,
  ON_OFF,
  ON_OFF_SWITCH,
  LEVEL,
  ALARMS,
  TIME,
  KEEP_ALIVE,
];
