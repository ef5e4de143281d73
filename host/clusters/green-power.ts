/**
 * Green Power frames (ZigBee 14-0563, A.1.4) as tables: the stub NWK header, and the commands whose payload is the same for
 * every device. Commands about attributes are walked cluster by cluster elsewhere.
 */
import { bits, dec, decPart, each, flagPart, from, has, hex, hexPart, left, masked, raw, when, type Format } from './item.ts';

const gp = (name: string): string => `zbee_nwk_gp.${name}`;
const cmd = (name: string): string => gp(`cmd.${name}`);

/** Frame types. */
export const GreenPowerType = { DATA: 0, MAINTENANCE: 1 } as const;

/** Frame control and its extension. */
export const GREEN_POWER_CONTROL: Format = [
  bits(
    1,
    gp('fcf'),
    [
      hexPart(gp('frame_type'), 0x03),
      decPart(gp('proto_version'), 0x3c),
      flagPart(gp('auto_commissioning'), 0x40),
      flagPart(gp('fc_extension'), 0x80),
    ],
    'fcf',
  ),
  when(has('fcf', 0x80), [
    bits(
      1,
      gp('fc_ext'),
      [
        hexPart(gp('fc_ext_app_id'), 0x07),
        hexPart(gp('fc_ext_security_level'), 0x18),
        flagPart(gp('fc_ext_security_key'), 0x20),
        flagPart(gp('fc_ext_rxaftertx'), 0x40),
        hexPart(gp('fc_ext_direction'), 0x80),
      ],
      'extension',
    ),
  ]),
];

/** Who sends: by a source identifier, or by the EUI-64 of the MAC header and an endpoint. */
export const GREEN_POWER_SOURCE: Format = [hex(4, gp('source_id'), 'source')];
export const GREEN_POWER_ENDPOINT: Format = [dec(1, gp('endpoint'), 'endpoint')];
export const GREEN_POWER_COUNTER: Format = [dec(4, gp('security_frame_counter'), 'counter')];

/** Message integrity codes by their length. */
export const GREEN_POWER_MIC: Readonly<Record<number, Format>> = {
  2: [hex(2, gp('security_mic2'), 'mic')],
  4: [hex(4, gp('security_mic4'), 'mic')],
};

/** Identifier of a command. */
export const GREEN_POWER_COMMAND_ID = hex(1, gp('command_id'), 'command');

/** Identifiers of commands that are spoken of by name. */
export const GreenPowerCommand = {
  ATTRIBUTE_REPORTING: 0xa0,
  MANUFACTURER_ATTRIBUTE_REPORTING: 0xa1,
  MULTI_CLUSTER_REPORTING: 0xa2,
  MANUFACTURER_MULTI_CLUSTER_REPORTING: 0xa3,
  REQUEST_ATTRIBUTES: 0xa4,
  READ_ATTRIBUTES_RESPONSE: 0xa5,
  COMMISSIONING: 0xe0,
  DECOMMISSIONING: 0xe1,
  SUCCESS: 0xe2,
  CHANNEL_REQUEST: 0xe3,
  COMMISSIONING_REPLY: 0xf0,
  WRITE_ATTRIBUTES: 0xf1,
  READ_ATTRIBUTES: 0xf2,
  CHANNEL_CONFIGURATION: 0xf3,
} as const;

const key = raw(16, cmd('comm.security_key'), 'key');
const keyMic = hex(4, cmd('comm.gpd_key_mic'), 'keyMic');
const clusterId = hex(2, cmd('comm.cluster_id'), 'cluster');

const extendedOptions: Format = [
  bits(
    1,
    cmd('comm.ext_opt'),
    [
      hexPart(cmd('comm.ext_opt.seclevel_cap'), 0x03),
      hexPart(cmd('comm.ext_opt.key_type'), 0x1c),
      flagPart(cmd('comm.ext_opt.gpd_key_present'), 0x20),
      flagPart(cmd('comm.ext_opt.gpd_key_encr'), 0x40),
      flagPart(cmd('comm.ext_opt.outgoing_counter'), 0x80),
    ],
    'extendedOptions',
  ),
  when(has('extendedOptions', 0x20), [key, when(has('extendedOptions', 0x40), [keyMic])]),
  when(has('extendedOptions', 0x80), [hex(4, cmd('comm.out_counter'), 'outgoingCounter')]),
];

const applicationInformation: Format = [
  bits(
    1,
    cmd('comm.appli_info'),
    ['mip', 'mmip', 'gclp', 'crp'].map((name, i) => flagPart(cmd(`comm.appli_info.${name}`), 1 << i)),
    'application',
  ),
  when(has('application', 0x01), [hex(2, cmd('comm.manufacturer_id'), 'manufacturer')]),
  when(has('application', 0x02), [hex(2, cmd('comm.manufacturer_model_id'), 'model')]),
  when(has('application', 0x04), [
    dec(1, cmd('comm.gpd_cmd_num'), 'commandCount'),
    when(has('commandCount', 0xff), [
      raw(0, cmd('comm.gpd_cmd_id_list'), 'marker'),
      each(from('commandCount'), 'commands', GREEN_POWER_COMMAND_ID),
    ]),
  ]),
  when(has('application', 0x08), [
    bits(
      1,
      cmd('comm.length_of_clid_list'),
      [decPart(cmd('comm.length_of_clid_list_srv'), 0x0f), decPart(cmd('comm.length_of_clid_list_cli'), 0xf0)],
      'clusterCounts',
    ),
    when(has('clusterCounts', 0x0f), [
      raw(0, cmd('comm.clid_list_server'), 'marker'),
      each(from('clusterCounts', 0, 0x0f), 'server', clusterId),
    ]),
    when(has('clusterCounts', 0xf0), [
      raw(0, cmd('comm.clid_list_client'), 'marker'),
      each(from('clusterCounts', 0, 0xf0), 'client', clusterId),
    ]),
  ]),
];

const commissioning: Format = [
  hex(1, cmd('comm.dev_id'), 'device'),
  bits(
    1,
    cmd('comm.opt'),
    [
      flagPart(cmd('comm.opt.mac_seq_num_cap'), 0x01),
      flagPart(cmd('comm.opt.rxon_cap'), 0x02),
      flagPart(cmd('comm.opt.appli_info_present'), 0x04),
      flagPart(cmd('comm.opt.panid_req'), 0x10),
      flagPart(cmd('comm.opt.seq_key_req'), 0x20),
      flagPart(cmd('comm.opt.fixed_location'), 0x40),
      flagPart(cmd('comm.opt.ext_opt_field'), 0x80),
    ],
    'options',
  ),
  when(has('options', 0x80), extendedOptions),
  when(has('options', 0x04), applicationInformation),
];

/** A counter follows an encrypted key where the security level has one; older devices leave it out. */
export const REPLY_COUNTER_MISSING = gp('com_rep_no_out_cnt');
const replyCounter: Format = [
  when(left(4), [hex(4, cmd('comm_reply.frame_counter'), 'frameCounter')], [raw(0, REPLY_COUNTER_MISSING, 'marker')]),
];

const commissioningReply: Format = [
  bits(
    1,
    cmd('comm_reply.opt'),
    [
      flagPart(cmd('comm_reply.opt.pan_id_present'), 0x01),
      flagPart(cmd('comm_reply.opt.sec_key_present'), 0x02),
      flagPart(cmd('comm_reply.opt.sec_key_encr'), 0x04),
      hexPart(cmd('comm_reply.opt.sec_level'), 0x18),
      hexPart(cmd('comm_reply.opt.key_type'), 0xe0),
    ],
    'options',
  ),
  when(has('options', 0x01), [hex(2, cmd('comm_reply.pan_id'), 'pan')]),
  when(has('options', 0x02), [key]),
  when(masked('options', 0x06, 0x06), [keyMic, when(masked('options', 0x18, 0x10, 0x18), replyCounter)]),
];

const move: Format = [when(left(1), [dec(1, cmd('move_up_down.rate'), 'rate')])];
const step: Format = [dec(1, cmd('step_up_down.step_size'), 'size'), when(left(2), [dec(2, cmd('step_up_down.transition_time'), 'time')])];

const rows = (format: Format, ...ids: readonly number[]): Record<number, Format> => Object.fromEntries(ids.map((id) => [id, format]));

/** What follows the identifier; commands that are nothing but their identifier have no row. */
export const GREEN_POWER_COMMANDS: Readonly<Record<number, Format>> = {
  ...rows(move, 0x30, 0x31, 0x35, 0x36, 0x41, 0x42, 0x46, 0x47),
  ...rows(step, 0x32, 0x33, 0x37, 0x38, 0x43, 0x44, 0x48, 0x49),
  0x4a: [dec(2, cmd('move_color.ratex'), 'x'), dec(2, cmd('move_color.ratey'), 'y')],
  0x4b: [
    dec(2, cmd('step_color.stepx'), 'x'),
    dec(2, cmd('step_color.stepy'), 'y'),
    when(left(2), [dec(2, cmd('step_color.transition_time'), 'time')]),
  ],
  [GreenPowerCommand.COMMISSIONING]: commissioning,
  [GreenPowerCommand.CHANNEL_REQUEST]: [
    bits(1, cmd('ch_req'), [hexPart(cmd('ch_req.1st'), 0x0f), hexPart(gp('ch_req.2nd'), 0xf0)], 'channels'),
  ],
  [GreenPowerCommand.COMMISSIONING_REPLY]: commissioningReply,
  [GreenPowerCommand.CHANNEL_CONFIGURATION]: [
    bits(1, cmd('configuration_ch'), [hexPart(cmd('configuration_ch.operation_ch'), 0x0f)], 'channel'),
  ],
};

/** Manufacturer that a command about attributes of its own names. */
export const GREEN_POWER_MANUFACTURER: Format = [hex(2, cmd('manufacturer_code'), 'manufacturer')];

/** Options of the commands that read and write attributes. */
export const GREEN_POWER_ATTRIBUTE_OPTIONS: Format = [
  bits(
    1,
    cmd('read_att.opt'),
    [flagPart(cmd('read_att.opt.multi_record'), 0x01), flagPart(cmd('read_att.opt.man_field_present'), 0x02)],
    'options',
  ),
  when(has('options', 0x02), GREEN_POWER_MANUFACTURER),
];

/** Cluster of a record, and the bytes of its list where it has one. */
export const GREEN_POWER_CLUSTER: Format = [hex(2, gp('zcl.attr.cluster_id'), 'cluster')];
export const GREEN_POWER_LIST_LENGTH: Format = [dec(1, cmd('read_att.record_len'), 'length')];

/** Status of an attribute that was read; where it is not success, the data type follows under a name of its own. */
export const GREEN_POWER_STATUS = hex(1, gp('zcl.attr.status'), 'status');
export const GREEN_POWER_DATA_TYPE = hex(1, gp('zcl.attr.datatype'), 'type');
