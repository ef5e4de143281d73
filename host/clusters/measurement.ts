/** Measurement and sensing 0x0400 to 0x0406 (ZCL chapter 4) and Electrical Measurement 0x0b04 as tables. */
import { cluster, command } from './cluster.ts';
import { bits, dec, each, flagPart, hex, raw, signed, utc } from './item.ts';

/** Illuminance Measurement 0x0400. */
export const ILLUMINANCE = cluster(0x0400, 'Illuminance Measurement', 'zbee_zcl_meas_sensing.illummeas', (n) => ({
  attributes: {
    0x0000: dec(2, n('attr.value')),
    0x0001: dec(2, n('attr.value.min')),
    0x0002: dec(2, n('attr.value.max')),
    0x0003: dec(2, n('attr.tolerance')),
    0x0004: hex(1, n('attr.sensor_type')),
  },
}));

/** Illuminance Level Sensing 0x0401. */
export const ILLUMINANCE_LEVEL = cluster(0x0401, 'Illuminance Level Sensing', 'zbee_zcl_meas_sensing.illumlevelsen', (n) => ({
  attributes: {
    0x0000: hex(1, n('attr.level_status')),
    0x0001: hex(1, n('attr.light_sensor_type')),
    0x0010: dec(2, n('attr.target_level')),
  },
}));

/** Temperature Measurement 0x0402. */
export const TEMPERATURE = cluster(0x0402, 'Temperature Measurement', 'zbee_zcl_meas_sensing.tempmeas', (n) => ({
  attributeName: 'zbee_zcl_meas_sensing.tempmeas.attr_idd',
  attributes: {
    0x0000: signed(2, n('attr.value')),
    0x0001: signed(2, n('attr.value.min')),
    0x0002: signed(2, n('attr.value.max')),
    0x0003: dec(2, n('attr.tolerance')),
  },
}));

/** Pressure Measurement 0x0403. */
export const PRESSURE = cluster(0x0403, 'Pressure Measurement', 'zbee_zcl_meas_sensing.pressmeas', (n) => ({
  attributes: {
    0x0000: signed(2, n('attr.value')),
    0x0001: signed(2, n('attr.value.min')),
    0x0002: signed(2, n('attr.value.max')),
    0x0003: dec(2, n('attr.tolerance')),
    0x0010: signed(2, n('attr.scaled_value')),
    0x0011: signed(2, n('attr.scaled_value.min')),
    0x0012: signed(2, n('attr.scaled_value.max')),
    0x0013: dec(2, n('attr.scaled_tolerance')),
    0x0014: dec(1, n('attr.scale')),
  },
}));

/** Flow Measurement 0x0404. */
export const FLOW = cluster(0x0404, 'Flow Measurement', 'zbee_zcl_meas_sensing.flowmeas', (n) => ({
  attributes: {
    0x0000: dec(2, n('attr.value')),
    0x0001: dec(2, n('attr.value.min')),
    0x0002: dec(2, n('attr.value.max')),
    0x0003: dec(2, n('attr.tolerance')),
  },
}));

/** Relative Humidity Measurement 0x0405. */
export const HUMIDITY = cluster(0x0405, 'Relative Humidity Measurement', 'zbee_zcl_meas_sensing.relhummeas', (n) => ({
  attributes: {
    0x0000: dec(2, n('attr.value')),
    0x0001: dec(2, n('attr.value.min')),
    0x0002: dec(2, n('attr.value.max')),
    0x0003: dec(2, n('attr.tolerance')),
  },
}));

/** Occupancy Sensing 0x0406. */
export const OCCUPANCY = cluster(0x0406, 'Occupancy Sensing', 'zbee_zcl_meas_sensing.occsen', (n) => ({
  attributes: {
    0x0000: bits(1, n('attr.occupancy'), [flagPart(n('attr.occupancy_occupied'), 0x1)]),
    0x0001: hex(1, n('attr.occ_sensor_type')),
  },
}));

/** Electrical Measurement 0x0b04. */
export const ELECTRICAL = cluster(0x0b04, 'Electrical Measurement', 'zbee_zcl_meas_sensing.elecmes', (n) => ({
  clientAttributeName: 'zbee_zcl.attr.id',
  toServer: {
    0x00: command('Get Profile Info', []),
    0x01: command('Get Measurement Profile', [hex(2, n('attr_id')), utc(n('start_time')), dec(1, n('number_of_intervals'))]),
  },
  toClient: {
    0x00: command('Get Profile Info Response', [
      dec(1, n('profile_count')),
      dec(1, n('profile_interval_period')),
      dec(1, n('max_number_of_intervals')),
      each('rest', 'attributes', hex(2, n('attr_id'))),
    ]),
    0x01: command('Get Measurement Profile Response', [
      utc(n('start_time')),
      hex(1, n('status')),
      dec(1, n('profile_interval_period')),
      dec(1, n('number_of_intervals_delivered')),
      hex(2, n('attr_id')),
      raw('rest', n('intervals')),
    ]),
  },
}));
