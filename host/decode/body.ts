/**
 * Payloads behind the headers: which table describes them, and what it shows. Knows no core and no keys.
 */
import { APS_COMMANDS } from '../clusters/aps-commands.ts';
import { clusterOf } from '../clusters/catalogue.ts';
import type { Commands, SeVersion } from '../clusters/cluster.ts';
import { foundation } from '../clusters/foundation-table.ts';
import { bits, dec, flagPart, hex, hexPart, type Format, type Values } from '../clusters/item.ts';
import { BEACON, MAC_COMMANDS, ZIGBEE_BEACON } from '../clusters/mac-payload.ts';
import { NWK_COMMANDS } from '../clusters/nwk-commands.ts';
import { fieldsOf, read, type Field } from '../clusters/read.ts';
import { ZDP_COMMANDS, ZDP_SEQUENCE } from '../clusters/zdp.ts';
import type { ApsHeader, ZclHeader } from '../model/frame.ts';

/** A payload as read. */
export interface Body {
  readonly fields: readonly Field[];
  readonly values: Values;
  /** What the table does not describe. */
  readonly rest: Uint8Array;
  /** Set when the payload ends inside a field: the kind of payload. */
  readonly truncated: string | undefined;
}

/** Nothing to read. */
export const EMPTY: Body = { fields: [], values: {}, rest: new Uint8Array(0), truncated: undefined };

const ZIGBEE_PROTOCOL = 0;

const FRAME_TYPE = 0x03;
const SERVER_TO_CLIENT = 0x08;
const ZCL_CONTROL = bits(1, '', [
  hexPart('zbee_zcl.type', 0x03),
  flagPart('zbee_zcl.ms', 0x04),
  flagPart('zbee_zcl.dir', 0x08),
  flagPart('zbee_zcl.ddr', 0x10),
]);
const MANUFACTURER = hex(2, 'zbee_zcl.cmd.mc');
const SEQUENCE = dec(1, 'zbee_zcl.cmd.tsn');

/** A MAC command: its identifier and what follows. */
export const macCommand = (payload: Uint8Array): Body => command('mac', 'wpan.cmd', MAC_COMMANDS, payload);

/** An NWK command: its identifier and what follows. */
export const nwkCommand = (payload: Uint8Array): Body => command('nwk', 'zbee_nwk.cmd.id', NWK_COMMANDS, payload);

/** An APS command: its identifier and what follows. */
export const apsCommand = (payload: Uint8Array): Body => command('aps', 'zbee_aps.cmd.id', APS_COMMANDS, payload);

/** A beacon's MAC payload; its beacon payload stands in `values.payload`. */
export const beacon = (payload: Uint8Array): Body => describe('beacon', BEACON, payload);

/** A ZigBee beacon payload; empty for those of other protocols. */
export const zigbeeBeacon = (payload: Uint8Array): Body =>
  payload[0] === ZIGBEE_PROTOCOL ? describe('zigbee-beacon', ZIGBEE_BEACON, payload) : { ...EMPTY, rest: payload };

/** A ZDP command: transaction sequence number and what follows. */
export const zdpCommand = (cluster: number, payload: Uint8Array): Body =>
  describe('zdp', [ZDP_SEQUENCE, ...(ZDP_COMMANDS[cluster] ?? [])], payload);

/** A ZCL command: its header and what follows. Commands of a manufacturer (other than 0) have no cluster table. */
export function zclCommand(aps: ApsHeader, header: ZclHeader, payload: Uint8Array, seVersion: SeVersion): Body {
  const cluster = (header.manufacturer ?? 0) === 0 && aps.cluster !== undefined ? clusterOf(aps.cluster) : undefined;
  const toServer = (header.control & SERVER_TO_CLIENT) === 0;
  const direction = toServer ? cluster?.toServer : cluster?.toClient;
  const specific = (header.control & FRAME_TYPE) !== 0;
  const name = specific ? (direction?.name ?? 'zbee_zcl.cs.cmd.id') : 'zbee_zcl.cmd.id';
  const format = specific ? formatOf(direction, header.command, seVersion) : foundation(cluster, toServer)[header.command];
  const empty = specific && payload.length === 0 && direction?.refusesEmpty !== true;
  const body = empty ? EMPTY : describe('zcl', format ?? [], payload, aroundOf(header));
  const fields = [
    ...fieldsOf(ZCL_CONTROL, header.control),
    ...(header.manufacturer === undefined ? [] : fieldsOf(MANUFACTURER, header.manufacturer)),
    ...fieldsOf(SEQUENCE, header.seq),
    ...(name === '' ? [] : fieldsOf(hex(1, name), header.command)),
    ...body.fields,
  ];
  return { ...body, fields };
}

/** What tables may ask of the header: its first byte, and its first two as a number. */
const aroundOf = ({ control, manufacturer, seq }: ZclHeader): Values => ({
  frameControl: control,
  frameStart: control | (((manufacturer ?? seq) & 0xff) << 8),
});

function formatOf(direction: Commands | undefined, command: number, seVersion: SeVersion): Format {
  const named = direction?.commands[command];
  const format = (seVersion === '1.1b' ? named?.before12 : undefined) ?? named?.format ?? [];
  return direction === undefined || direction.begin.length === 0 ? format : [...direction.begin, ...format];
}

function command(kind: string, name: string, commands: Readonly<Record<number, Format>>, payload: Uint8Array): Body {
  return describe(kind, [hex(1, name, 'command'), ...(commands[payload[0] ?? -1] ?? [])], payload);
}

function describe(kind: string, format: Format, payload: Uint8Array, around: Values = {}): Body {
  const { fields, values, rest, short } = read(format, payload, around);
  return { fields, values, rest, truncated: short === undefined ? undefined : kind };
}
