/**
 * General clusters (ZCL chapter 3 and others) as tables: those that meters and displays carry with the values of their
 * attributes, the rest by the names of their attribute and command identifiers alone.
 */
import { command, type Cluster, type Commands } from './cluster.ts';
import { bits, dec, decPart, flagPart, hex, type Format } from './item.ts';

// Wireshark shows no command identifier for these, so neither do the fields.
const none: Commands = { name: '', commands: {} };
const value = (name: string) => ({
  hex: (bytes: number) => [hex(bytes, name, 'value')],
  dec: (bytes: number) => [dec(bytes, name, 'value')],
});

/** A cluster known by name: `prefix` begins Wireshark's names. */
const named = (id: number, name: string, prefix: string, attributes: Readonly<Record<number, Format>> = {}): Cluster => ({
  id,
  name,
  attributeName: `${prefix}.attr_id`,
  attributes,
  client: { attributeName: `${prefix}.attr_id`, attributes },
  toServer: { name: `${prefix}.cmd.srv_rx.id`, commands: {} },
  toClient: { name: `${prefix}.cmd.srv_tx.id`, commands: {} },
});

const basic = (name: string): string => `zbee_zcl_general.basic.attr.${name}`;

/** Basic 0x0000. */
const BASIC: Cluster = {
  ...named(0x0000, 'Basic', 'zbee_zcl_general.basic', {
    0x0007: value(basic('pwr_src')).hex(1),
    0x0012: value(basic('dev_en')).hex(1),
    0x0013: [
      bits(
        1,
        basic('alarm_mask'),
        [
          decPart(basic('alarm_mask.gen_hw_fault'), 0x01),
          decPart(basic('alarm_mask.gen_sw_fault'), 0x02),
          decPart(basic('alarm_mask.reserved'), 0xfc),
        ],
        'value',
      ),
    ],
    0x0014: [
      bits(
        1,
        basic('dis_loc_cfg'),
        [
          decPart(basic('dis_loc_cfg.reset'), 0x01),
          decPart(basic('dis_loc_cfg.dev_cfg'), 0x02),
          decPart(basic('dis_loc_cfg.reserved'), 0xfc),
        ],
        'value',
      ),
    ],
  }),
  toServer: { name: 'zbee_zcl_general.basic.cmd.srv_rx.id', commands: { 0x00: command('Reset to Factory Defaults', []) } },
  toClient: none,
};

const time = (name: string): string => `zbee_zcl_general.time.attr.time_status${name}`;

/** Time 0x000a. */
const TIME: Cluster = {
  ...named(0x000a, 'Time', 'zbee_zcl_general.time', {
    0x0001: [
      bits(
        1,
        time(''),
        [
          flagPart(time('.master'), 0x01),
          flagPart(time('.synchronized'), 0x02),
          flagPart(time('.master_zone_dst'), 0x04),
          flagPart(time('.superseding'), 0x08),
        ],
        'value',
      ),
    ],
  }),
  toServer: none,
  toClient: none,
};

/** Keep-Alive 0x0025. */
const KEEP_ALIVE: Cluster = {
  ...named(0x0025, 'Keep-Alive', 'zbee_zcl_se.keep_alive', {
    0x0000: value('zbee_zcl_se.keep_alive.attr.base').dec(1),
    0x0001: value('zbee_zcl_se.keep_alive.attr.jitter').dec(2),
    0xfffe: value('zbee_zcl_se.keep_alive.attr.attr_reporting_status').hex(1),
  }),
  client: { attributeName: 'zbee_zcl.attr.id', attributes: {} },
  toServer: none,
  toClient: none,
};

/** The tables. */
export const GENERAL: readonly Cluster[] = [
  BASIC,
  named(0x0001, 'Power Configuration', 'zbee_zcl_general.power_config'),
  named(0x0003, 'Identify', 'zbee_zcl_general.identify'),
  named(0x0004, 'Groups', 'zbee_zcl_general.groups'),
  named(0x0005, 'Scenes', 'zbee_zcl_general.scenes'),
  named(0x0006, 'On/Off', 'zbee_zcl_general.onoff', { 0x0000: value('zbee_zcl_general.onoff.attr.onoff').hex(1) }),
  named(0x0008, 'Level Control', 'zbee_zcl_general.level_control'),
  TIME,
  named(0x0020, 'Poll Control', 'zbee_zcl_general.poll'),
  named(0x0021, 'Green Power', 'zbee_zcl_general.gp'),
  KEEP_ALIVE,
  named(0x0201, 'Thermostat', 'zbee_zcl_hvac.thermostat'),
  named(0x0300, 'Color Control', 'zbee_zcl_lighting.color_control'),
  named(0x0405, 'Relative Humidity Measurement', 'zbee_zcl_meas_sensing.relhummeas', {
    0x0000: value('zbee_zcl_meas_sensing.relhummeas.attr.value').dec(2),
  }),
  named(0x0500, 'IAS Zone', 'zbee_zcl_ias.zone'),
];
