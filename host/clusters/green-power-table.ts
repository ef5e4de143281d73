/** Green Power cluster 0x0021 (ZigBee 14-0563, A.3.3) as tables: what sinks and proxies tell one another of Green Power devices. */
import { cluster, command } from './cluster.ts';
import {
  again,
  bits,
  dec,
  decPart,
  each,
  eui,
  flagPart,
  from,
  glance,
  has,
  hex,
  hexPart,
  is,
  masked,
  not,
  raw,
  reckoned,
  spanning,
  until,
  upTo,
  when,
  type Format,
  type Item,
} from './item.ts';

const n = (name: string): string => `zbee_zcl_general.gp.${name}`;

const bySource: Format = [hex(4, n('src_id'))];
const byEui: Format = [eui(n('gpd_ieee')), hex(1, n('endpoint'))];
/** The device that is meant: by its source identifier, or for every other application by its EUI-64 and an endpoint. */
const device: Item = when(masked('options', 0x07, 0), bySource, byEui);
const unknown = not(masked('options', 0x07, 0, 2));
/** In tables and requests, applications other than these two name no device. */
const known = (...items: Item[]): Format => [
  when(masked('options', 0x07, 0), [...bySource, ...items]),
  when(masked('options', 0x07, 2), [...byEui, ...items]),
];
const counter = dec(4, n('frame_cnt'));
const alias = hex(2, n('asn_alias'));
const radius = hex(1, n('fw_radius'));
const deviceId = hex(1, n('dev_id'));
const key = raw(16, n('gpd_key'));
const groups: Format = [
  dec(1, n('group_list.len'), 'groupCount'),
  each(from('groupCount'), 'groups', hex(2, n('group_list.group')), hex(2, n('group_list.alias'))),
];
const sinks: Format = [
  dec(1, n('sink_addr_list_len'), 'sinkCount'),
  each(from('sinkCount'), 'sinks', eui(n('sink_ieee')), hex(2, n('sink_nwk'))),
];
const security = bits(1, n('secur'), [hexPart(n('secur.secur_lev'), 0x3), hexPart(n('secur.secur_key_type'), 0x1c)], 'security');
/** A size of all ones stands for no payload at all. */
const payload: Format = [
  hex(1, n('command_id')),
  dec(1, n('payload_size'), 'size'),
  when(not(is('size', 0, 0xff)), [raw(upTo('size'), '', 'payload')]),
];
const proxy: Format = [
  hex(2, n('gpp_short')),
  bits(1, n('gpd_gpp_link'), [hexPart(n('gpp_gpd_link.rssi'), 0x3f), hexPart(n('gpp_gpd_link.lqi'), 0xc0)]),
];

const sinkEntry: Format = [
  bits(
    2,
    n('sink_tbl.entry.opt'),
    [
      hexPart(n('sink_tbl.entry.opt.app_id'), 0x7),
      hexPart(n('sink_tbl.entry.opt.comm_mode'), 0x18),
      flagPart(n('sink_tbl.entry.opt.seq_num_cap'), 0x20),
      flagPart(n('sink_tbl.entry.opt.rx_on_cap'), 0x40),
      flagPart(n('sink_tbl.entry.opt.fixed_loc'), 0x80),
      flagPart(n('sink_tbl.entry.opt.asn_alias'), 0x100),
      flagPart(n('sink_tbl.entry.opt.secur_use'), 0x200),
    ],
    'options',
  ),
  ...known(
    deviceId,
    when(masked('options', 0x18, 0x10), groups),
    when(has('options', 0x0100), [alias]),
    dec(1, n('groupcast_radius')),
    when(has('options', 0x0200), [security]),
    when(has('options', 0x0220), [counter]),
    when(has('options', 0x0200), [key]),
  ),
];

const proxyEntry: Format = [
  bits(
    2,
    n('proxy_tbl.entry.opt'),
    [
      hexPart(n('proxy_tbl.entry.opt.app_id'), 0x7),
      flagPart(n('proxy_tbl.entry.opt.entry_active'), 0x8),
      flagPart(n('proxy_tbl.entry.opt.entry_valid'), 0x10),
      flagPart(n('proxy_tbl.entry.opt.seq_num_cap'), 0x20),
      flagPart(n('proxy_tbl.entry.opt.lw_ucast_gps'), 0x40),
      flagPart(n('proxy_tbl.entry.opt.derived_group_gps'), 0x80),
      flagPart(n('proxy_tbl.entry.opt.comm_group_gps'), 0x100),
      flagPart(n('proxy_tbl.entry.opt.first_to_forward'), 0x200),
      flagPart(n('proxy_tbl.entry.opt.in_range'), 0x400),
      flagPart(n('proxy_tbl.entry.opt.gpd_fixed'), 0x800),
      flagPart(n('proxy_tbl.entry.opt.has_all_ucast_routes'), 0x1000),
      flagPart(n('proxy_tbl.entry.opt.asn_alias'), 0x2000),
      flagPart(n('proxy_tbl.entry.opt.secur_use'), 0x4000),
      flagPart(n('proxy_tbl.entry.opt.ext_opt'), 0x8000),
    ],
    'options',
  ),
  ...known(
    when(has('options', 0x2000), [alias]),
    when(has('options', 0x4000), [security]),
    when(has('options', 0x4020), [counter]),
    when(has('options', 0x4000), [key]),
    when(has('options', 0x0040), sinks),
    when(has('options', 0x0100), groups),
    dec(1, n('groupcast_radius')),
    when(not(masked('options', 0x0018, 0x0018)), [dec(1, n('proxy_tbl.entry.search_counter'))]),
    when(has('options', 0x8000), [
      bits(1, n('proxy_tbl.entry.ext_opt'), [flagPart(n('proxy_tbl.entry.ext_opt.full_ucast_gps'), 0x01)], 'extended'),
      when(has('extended', 0x01), sinks),
    ]),
  ),
];

/** A table as an attribute: its size, and entries until so many bytes are taken. Wireshark counts the size as part of them first. */
const table = (name: string, entry: Format): Format => [
  dec(2, n(name), 'size'),
  glance(
    raw(
      reckoned((at) => at('size') - 2),
      '',
      'table',
    ),
  ),
  until(unknown, each(spanning('size'), 'entries', ...entry)),
];

const applicationInformation: Format = [
  bits(
    1,
    n('pc.app_info'),
    [
      flagPart(n('pc.app.manuf_id_present'), 0x1),
      flagPart(n('pc.app.model_id_present'), 0x2),
      flagPart(n('pc.app.gpd_cmds_present'), 0x4),
      flagPart(n('pc.app.cluster_list_present'), 0x8),
    ],
    'application',
  ),
  when(has('application', 0x01), [hex(2, n('pc.manufacturer_id'))]),
  when(has('application', 0x02), [hex(2, n('pc.model_id'))]),
  when(has('application', 0x04), [
    dec(1, n('pc.n_gpd_commands'), 'commandCount'),
    each(from('commandCount'), 'commands', hex(1, n('pc.gpd_command'))),
  ]),
  when(has('application', 0x08), [
    bits(1, '', [decPart(n('pc.n_srv_clusters'), 0x0f), decPart(n('pc.n_clnt_clusters'), 0xf0)], 'clusterCounts'),
    each(from('clusterCounts', 0, 0x0f), 'servers', hex(2, n('pc.cluster'))),
    each(from('clusterCounts', 0, 0xf0), 'clients', hex(2, n('pc.cluster'))),
  ]),
];

const pairingConfiguration: Format = [
  bits(1, n('pc.actions'), [hexPart(n('pc.action.action'), 0x7), flagPart(n('pc.action.send_gp_pairing'), 0x8)], 'actions'),
  bits(
    2,
    n('pc.options'),
    [
      hexPart(n('pp.opt.app_id'), 0x7),
      hexPart(n('pc.opt.comm_mode'), 0x18),
      flagPart(n('pc.opt.seq_num_cap'), 0x20),
      flagPart(n('pc.opt.rx_on_cap'), 0x40),
      flagPart(n('pc.opt.fixed_loc'), 0x80),
      flagPart(n('pc.opt.asn_alias'), 0x100),
      flagPart(n('pc.opt.secur_use'), 0x200),
      flagPart(n('pc.opt.app_info_present'), 0x400),
    ],
    'options',
  ),
  device,
  deviceId,
  when(masked('options', 0x18, 0x10), groups),
  when(has('options', 0x0100), [alias]),
  radius,
  when(has('options', 0x0200), [
    bits(1, n('pc.secur_options'), [hexPart(n('pc.secur.secur_lev'), 0x3), hexPart(n('pc.secur.secur_key_type'), 0x1c)], 'security'),
    counter,
    key,
  ]),
  dec(1, n('pc.n_ep'), 'endpointCount'),
  each(from('endpointCount'), 'endpoints', hex(1, n('pc.endpoint'))),
  when(has('options', 0x0400), applicationInformation),
];

const tableRequest: Format = [
  bits(
    1,
    n('proxy_sink_tbl_req.options'),
    [hexPart(n('proxy_sink_tbl_req.options.app_id'), 0x7), hexPart(n('proxy_sink_tbl_req.options.req_type'), 0x18)],
    'options',
  ),
  when(masked('options', 0x18, 0x00), known()),
  when(masked('options', 0x18, 0x08), [dec(1, n('proxy_sink_tbl_req.index'))]),
];

const tableResponse = (entry: Format): Format => [
  hex(1, n('proxy_sink_tbl_resp.status')),
  dec(1, n('proxy_sink_tbl_resp.entries_total')),
  dec(1, n('proxy_sink_tbl_resp.start_index')),
  dec(1, n('proxy_sink_tbl_resp.entries_count'), 'count'),
  until(unknown, each(from('count'), 'entries', ...entry)),
];

const pairing: Format = [
  bits(
    3,
    n('pairing.opt'),
    [
      hexPart(n('pairing.opt.app_id'), 0x7),
      flagPart(n('pairing.opt.add_sink'), 0x8),
      flagPart(n('pairing.opt.remove_gpd'), 0x10),
      hexPart(n('pairing.opt.comm_mode'), 0x60),
      flagPart(n('pairing.opt.gpd_fixed'), 0x80),
      flagPart(n('pairing.opt.seq_num_cap'), 0x100),
      hexPart(n('pairing.opt.secur_lev'), 0x600),
      hexPart(n('pairing.opt.secur_key_type'), 0x3800),
      flagPart(n('pairing.opt.frame_counter_present'), 0x4000),
      flagPart(n('pairing.opt.key_present'), 0x8000),
      flagPart(n('pairing.opt.asn_alias_present'), 0x10000),
      flagPart(n('pairing.opt.fwd_radius_present'), 0x20000),
    ],
    'options',
  ),
  device,
  when(masked('options', 0x70, 0x60), [eui(n('sink_ieee')), hex(2, n('sink_nwk'))]),
  when(masked('options', 0x70, 0x20, 0x40), [hex(2, n('sink_grp'))]),
  when(has('options', 0x000008), [deviceId]),
  when(has('options', 0x004000), [counter]),
  when(has('options', 0x008000), [key]),
  when(has('options', 0x010000), [alias]),
  when(has('options', 0x020000), [radius]),
];

/** Green Power 0x0021. */
export const GREEN_POWER = cluster(0x0021, 'Green Power', 'zbee_zcl_general.gp', () => ({
  refusesEmpty: 'both',
  attributes: {
    0x0001: table('sink_tbl_len', sinkEntry),
    0x0002: bits(1, n('attr.gps_communication_mode'), [hexPart(n('attr.gps_communication_mode.mode'), 0x3)]),
    0x0003: bits(1, n('attr.gps_comm_exit_mode'), [
      flagPart(n('attr.gps_comm_exit_mode.on_comm_window_expire'), 0x1),
      flagPart(n('attr.gps_comm_exit_mode.on_pairing_success'), 0x2),
      flagPart(n('attr.gps_comm_exit_mode.on_gp_proxy_comm_mode'), 0x4),
    ]),
    0x0005: bits(1, n('attr.gps_secur_lvl'), [
      hexPart(n('attr.gps_secur_lvl.min_gpd_secur_lvl'), 0x3),
      flagPart(n('attr.gps_secur_lvl.protection_with_gp_link_key'), 0x4),
      flagPart(n('attr.gps_secur_lvl.involve_tc'), 0x8),
    ]),
    0x0006: bits(3, n('attr.gps_func'), [
      flagPart(n('attr.gps_func.gp_feature'), 0x1),
      flagPart(n('attr.gps_func.direct_comm'), 0x2),
      flagPart(n('attr.gps_func.derived_gcast_comm'), 0x4),
      flagPart(n('attr.gps_func.pre_commissioned_gcast_comm'), 0x8),
      flagPart(n('attr.gps_func.full_ucast_comm'), 0x10),
      flagPart(n('attr.gps_func.lw_ucast_comm'), 0x20),
      flagPart(n('attr.gps_func.proximity_bidir_op'), 0x40),
      flagPart(n('attr.gps_func.multi_hop_bidir_op'), 0x80),
      flagPart(n('attr.gps_func.proxy_tbl_maintenance'), 0x100),
      flagPart(n('attr.gps_func.proximity_commissioning'), 0x200),
      flagPart(n('attr.gps_func.multi_hop_commissioning'), 0x400),
      flagPart(n('attr.gps_func.ct_based_commissioning'), 0x800),
      flagPart(n('attr.gps_func.maintenance_of_gpd'), 0x1000),
      flagPart(n('attr.gps_func.gpd_secur_lvl_00'), 0x2000),
      flagPart(n('attr.gps_func.gpd_secur_lvl_01'), 0x4000),
      flagPart(n('attr.gps_func.gpd_secur_lvl_10'), 0x8000),
      flagPart(n('attr.gps_func.gpd_secur_lvl_11'), 0x10000),
      flagPart(n('attr.gps_func.sink_tbl_based_gcast_forwarding'), 0x20000),
      flagPart(n('attr.gps_func.translation_table'), 0x40000),
      flagPart(n('attr.gps_func.gpd_ieee_address'), 0x80000),
    ]),
    0x0007: bits(3, n('attr.gps_active_func'), [flagPart(n('attr.gps_active_func.gp_functionality'), 0x1)]),
    0x0011: table('proxy_tbl_len', proxyEntry),
    0x0016: bits(3, n('attr.gpp_func'), [
      flagPart(n('attr.gpp_func.gp_feature'), 0x1),
      flagPart(n('attr.gpp_func.direct_comm'), 0x2),
      flagPart(n('attr.gpp_func.derived_gcast_comm'), 0x4),
      flagPart(n('attr.gpp_func.pre_commissioned_gcast_comm'), 0x8),
      flagPart(n('attr.gpp_func.full_ucast_comm'), 0x10),
      flagPart(n('attr.gpp_func.lw_ucast_comm'), 0x20),
      flagPart(n('attr.gpp_func.bidir_op'), 0x80),
      flagPart(n('attr.gpp_func.proxy_tbl_maintenance'), 0x100),
      flagPart(n('attr.gpp_func.gp_commissioning'), 0x400),
      flagPart(n('attr.gpp_func.ct_based_commissioning'), 0x800),
      flagPart(n('attr.gpp_func.maintenance_of_gpd'), 0x1000),
      flagPart(n('attr.gpp_func.gpd_secur_lvl_00'), 0x2000),
      flagPart(n('attr.gpp_func.gpd_secur_lvl_01'), 0x4000),
      flagPart(n('attr.gpp_func.gpd_secur_lvl_10'), 0x8000),
      flagPart(n('attr.gpp_func.gpd_secur_lvl_11'), 0x10000),
      flagPart(n('attr.gpp_func.gpd_ieee_address'), 0x80000),
    ]),
    0x0017: bits(3, n('attr.gpp_active_func'), [flagPart(n('attr.gpp_active_func.gp_functionality'), 0x1)]),
  },
  toServer: {
    0x00: command('GP Notification', [
      bits(
        2,
        n('notif.opt'),
        [
          hexPart(n('notif.opt.app_id'), 0x7),
          flagPart(n('notif.opt.also_unicast'), 0x8),
          flagPart(n('notif.opt.also_derived_grp'), 0x10),
          flagPart(n('notif.opt.also_comm_grp'), 0x20),
          hexPart(n('notif.opt.secur_lev'), 0xc0),
          hexPart(n('notif.opt.secur_key_type'), 0x700),
          flagPart(n('comm_notif.opt.rx_after_tx'), 0x800),
          flagPart(n('comm_notif.opt.tx_q_full'), 0x1000),
          flagPart(n('notif.opt.bidir_cap'), 0x2000),
          flagPart(n('notif.opt.proxy_info'), 0x4000),
        ],
        'options',
      ),
      device,
      counter,
      ...payload,
      when(has('options', 0x4000), proxy),
    ]),
    0x01: command('GP Pairing Search', []),
    0x03: command('GP Tunneling Stop', []),
    0x04: command('GP Commissioning Notification', [
      bits(
        2,
        n('comm_notif.options'),
        [
          hexPart(n('comm_notif.opt.app_id'), 0x7),
          flagPart(n('comm_notif.opt.rx_after_tx'), 0x8),
          hexPart(n('comm_notif.opt.secur_lev'), 0x30),
          hexPart(n('comm_notif.opt.secur_key_type'), 0x1c0),
          flagPart(n('comm_notif.opt.secur_failed'), 0x200),
          flagPart(n('comm_notif.opt.bidir_cap'), 0x400),
          flagPart(n('comm_notif.opt.proxy_info'), 0x800),
        ],
        'options',
      ),
      device,
      counter,
      ...payload,
      when(has('options', 0x0800), proxy),
      when(has('options', 0x0200), [hex(4, n('mic'))]),
    ]),
    0x05: command('GP Sink Commissioning Mode', [
      bits(
        1,
        n('sink_comm_mode.options'),
        [
          flagPart(n('sink_comm_mode.options.action'), 0x1),
          flagPart(n('sink_comm_mode.options.inv_gpm_in_secur'), 0x2),
          flagPart(n('sink_comm_mode.options.inv_gpm_in_pairing'), 0x4),
          flagPart(n('sink_comm_mode.options.inv_proxies'), 0x8),
        ],
        'options',
      ),
      hex(2, n('sink_comm_mode.gpm_addr_for_secur')),
      hex(2, n('sink_comm_mode.gpm_addr_for_pairing')),
      dec(1, n('sink_comm_mode.sink_ep')),
    ]),
    0x07: command('GP Translation Table Update', []),
    0x08: command('GP Translation Table Request', []),
    0x09: command('GP Pairing Configuration', pairingConfiguration),
    0x0a: command('GP Sink Table Request', tableRequest),
    0x0b: command('GP Proxy Table Response', tableResponse(proxyEntry)),
  },
  toClient: {
    0x00: command('GP Notification Response', []),
    0x01: command('GP Pairing', pairing),
    0x02: command('GP Proxy Commissioning Mode', [
      bits(
        1,
        n('proxy_comm_mode.options'),
        [
          decPart(n('proxy_comm_mode.opt.action'), 0x1),
          hexPart(n('proxy_comm_mode.opt.exit_mode'), 0xe),
          flagPart(n('proxy_comm_mode.opt.ch_present'), 0x10),
          flagPart(n('proxy_comm_mode.opt.unicast'), 0x20),
        ],
        'options',
      ),
      when(has('options', 0x01), [
        again(
          bits(
            1,
            '',
            [
              hexPart(n('proxy_comm_mode.opt.exit_mode'), 0xe),
              flagPart(n('proxy_comm_mode.opt.exit_mode.win_expire'), 0x2),
              flagPart(n('proxy_comm_mode.opt.exit_mode.pair_succs'), 0x4),
              flagPart(n('proxy_comm_mode.opt.exit_mode.proxy_comm_mode'), 0x8),
            ],
            'options',
          ),
        ),
      ]),
      when(has('options', 0x02), [dec(2, n('proxy_comm_mode.comm_window'))]),
      when(has('options', 0x10), [dec(1, n('proxy_comm_mode.channel'))]),
    ]),
    0x06: command('GP Response', [
      bits(1, n('response.opt'), [hexPart(n('response.opt.app_id'), 0x7), hexPart(n('response.opt.tx_on_ep_match'), 0x8)], 'options'),
      hex(2, n('response.tmpmaster_addr')),
      bits(1, n('response.tmpmaster_tx_chan'), [hexPart(n('response.opt.tx_chan'), 0x0f)]),
      device,
      ...payload,
    ]),
    0x08: command('GP Translation Table Response', []),
    0x0a: command('GP Sink Table Response', tableResponse(sinkEntry)),
    0x0b: command('GP Proxy Table Request', tableRequest),
  },
}));
