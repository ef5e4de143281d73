/** NWK command frames (ZigBee 3.4): what follows the command identifier. */
import {
  bits,
  dec,
  decPart,
  each,
  eui,
  flagPart,
  from,
  has,
  hex,
  hexPart,
  is,
  left,
  masked,
  raw,
  signed,
  when,
  type Format,
  type Item,
} from './item.ts';

const cmd = (name: string): string => `zbee_nwk.cmd.${name}`;
const option = (name: string): string => cmd(`route.opts.${name}`);
const cost = dec(1, cmd('route.cost'), 'cost');
const routeId = dec(1, cmd('route.id'), 'routeId');
const destination = hex(2, cmd('route.dest'), 'destination');
const panId: Item = hex(2, 'zbee_nwk.panid', 'panId');

/** Command identifiers. */
export const NwkCommand = {
  ROUTE_REQUEST: 0x01,
  ROUTE_REPLY: 0x02,
  NETWORK_STATUS: 0x03,
  LEAVE: 0x04,
  ROUTE_RECORD: 0x05,
  REJOIN_REQUEST: 0x06,
  REJOIN_RESPONSE: 0x07,
  LINK_STATUS: 0x08,
  NETWORK_REPORT: 0x09,
  NETWORK_UPDATE: 0x0a,
  END_DEVICE_TIMEOUT_REQUEST: 0x0b,
  END_DEVICE_TIMEOUT_RESPONSE: 0x0c,
  LINK_POWER_DELTA: 0x0d,
} as const;

/** Status of a Network Status command about a command that is not known: its identifier follows (3.4.3.3.3). */
const UNKNOWN_COMMAND = 0x13;
/** Kinds of Network Report and Network Update, in the upper bits of their options; the last is one maker's. */
const [PAN_CONFLICT, PAN_UPDATE, KEY_TRACE] = [0x00, 0x00, 0xc0];

const capability = bits(
  1,
  cmd('cinfo'),
  [
    flagPart(cmd('cinfo.alt_coord'), 0x01),
    flagPart(cmd('cinfo.ffd'), 0x02),
    flagPart(cmd('cinfo.power'), 0x04),
    flagPart(cmd('cinfo.on_idle'), 0x08),
    flagPart(cmd('cinfo.security'), 0x40),
    flagPart(cmd('cinfo.alloc'), 0x80),
  ],
  'capability',
);

/** An entry of a list, of so many bytes, that is shown as a whole or not at all. */
const whole = (size: number, ...items: Item[]): Item => when(left(size), items, [raw(size, '', 'rest')]);

const linkStatus: Format = [
  bits(1, '', [flagPart(cmd('link.last'), 0x40), flagPart(cmd('link.first'), 0x20), decPart(cmd('link.count'), 0x1f)], 'options'),
  each(
    from('options', 0, 0x1f),
    'links',
    whole(
      3,
      hex(2, cmd('link.address'), 'address'),
      bits(1, '', [decPart(cmd('link.incoming_cost'), 0x07), decPart(cmd('link.outgoing_cost'), 0x70)], 'costs'),
    ),
  ),
];

/** What follows the command identifier. */
export const NWK_COMMANDS: Readonly<Record<number, Format>> = {
  [NwkCommand.ROUTE_REQUEST]: [
    bits(
      1,
      cmd('route.opts'),
      [flagPart(option('mcast'), 0x40), flagPart(option('dest_ext'), 0x20), hexPart(option('many2one'), 0x18)],
      'options',
    ),
    routeId,
    destination,
    cost,
    when(has('options', 0x20), [eui(cmd('route.dest_ext'), 'destinationEui')]),
  ],
  [NwkCommand.ROUTE_REPLY]: [
    bits(
      1,
      cmd('route.opts'),
      [flagPart(option('mcast'), 0x40), flagPart(option('resp_ext'), 0x20), flagPart(option('orig_ext'), 0x10)],
      'options',
    ),
    routeId,
    hex(2, cmd('route.orig'), 'originator'),
    hex(2, cmd('route.resp'), 'responder'),
    cost,
    when(has('options', 0x10), [eui(cmd('route.orig_ext'), 'originatorEui')]),
    when(has('options', 0x20), [eui(cmd('route.resp_ext'), 'responderEui')]),
  ],
  [NwkCommand.NETWORK_STATUS]: [
    hex(1, cmd('status'), 'status'),
    destination,
    when(is('status', UNKNOWN_COMMAND), [hex(1, cmd('status.unknown_command_id'), 'unknownCommand')]),
  ],
  [NwkCommand.LEAVE]: [
    bits(
      1,
      '',
      [flagPart(cmd('leave.rejoin'), 0x20), flagPart(cmd('leave.request'), 0x40), flagPart(cmd('leave.children'), 0x80)],
      'options',
    ),
  ],
  [NwkCommand.ROUTE_RECORD]: [
    dec(1, cmd('relay_count'), 'relayCount'),
    each(from('relayCount'), 'relays', hex(2, cmd('relay_device'), 'address')),
  ],
  [NwkCommand.REJOIN_REQUEST]: [capability],
  [NwkCommand.REJOIN_RESPONSE]: [hex(2, cmd('addr'), 'address'), hex(1, cmd('rejoin_status'), 'status')],
  [NwkCommand.LINK_STATUS]: linkStatus,
  [NwkCommand.NETWORK_REPORT]: [
    bits(1, '', [hexPart(cmd('report.type'), 0xe0), decPart(cmd('report.count'), 0x1f)], 'options'),
    eui(cmd('epid'), 'extendedPan'),
    when(masked('options', 0xe0, PAN_CONFLICT), [each(from('options', 0, 0x1f), 'pans', panId)]),
    when(masked('options', 0xe0, KEY_TRACE), [raw(16, 'zbee_nwk.zboss_key', 'keyTrace')]),
  ],
  [NwkCommand.NETWORK_UPDATE]: [
    bits(1, '', [hexPart(cmd('update.type'), 0xe0), decPart(cmd('update.count'), 0x1f)], 'options'),
    eui(cmd('epid'), 'extendedPan'),
    dec(1, cmd('update.id'), 'updateId'),
    when(masked('options', 0xe0, PAN_UPDATE), [each(from('options', 0, 0x1f), 'pans', panId)]),
  ],
  [NwkCommand.END_DEVICE_TIMEOUT_REQUEST]: [dec(1, cmd('ed_tmo_req'), 'timeout'), hex(1, cmd('ed_config'), 'configuration')],
  [NwkCommand.END_DEVICE_TIMEOUT_RESPONSE]: [
    dec(1, cmd('ed_tmo_rsp_status'), 'status'),
    bits(
      1,
      cmd('ed_prnt_info'),
      [
        flagPart(cmd('ed_prnt_info.mac_data_poll_keepalive'), 0x01),
        flagPart(cmd('ed_prnt_info.ed_tmo_req_keepalive'), 0x02),
        flagPart(cmd('power_negotiation_supported'), 0x04),
      ],
      'parent',
    ),
  ],
  [NwkCommand.LINK_POWER_DELTA]: [
    bits(1, '', [hexPart(cmd('link_pwr_delta.type'), 0x03)], 'options'),
    dec(1, cmd('link_pwr_delta.list_count'), 'count'),
    each(from('count'), 'deltas', hex(2, cmd('link_pwr_delta.address'), 'address'), signed(1, cmd('link_pwr_delta.power_delta'), 'delta')),
  ],
};

const repair = bits(1, cmd('route.opts'), [flagPart(option('repair'), 0x80)], 'options');

/** The same before ZigBee PRO, where the options of routing commands were others. */
export const NWK_COMMANDS_2004: Readonly<Record<number, Format>> = {
  ...NWK_COMMANDS,
  ...Object.fromEntries(
    [NwkCommand.ROUTE_REQUEST, NwkCommand.ROUTE_REPLY].map((id) => [id, [repair, ...(NWK_COMMANDS[id] ?? []).slice(1)]]),
  ),
};
