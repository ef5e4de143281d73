/**
 * Payloads behind the headers: which table describes them, and what it shows. Knows no core and no keys.
 */
import { APS_COMMANDS, APS_COMMANDS_2004 } from '../clusters/aps-commands.ts';
import { clusterOf } from '../clusters/catalogue.ts';
import type { Commands, SeVersion } from '../clusters/cluster.ts';
import { APPLICATION_FRAME, BUFFER_TESTS } from '../clusters/aps-header.ts';
import { GREEN_POWER_COMMANDS } from '../clusters/green-power.ts';
import { bits, dec, flagPart, has, hex, hexPart, when, type Format, type NumberItem, type Values } from '../clusters/item.ts';
import { NWK_COMMANDS, NWK_COMMANDS_2004 } from '../clusters/nwk-commands.ts';
import { read, type Field } from '../clusters/read.ts';
import { ZDP_COMMANDS, ZDP_SEQUENCE } from '../clusters/zdp.ts';
import type { ApsHeader, ZclHeader } from '../model/frame.ts';
import type { ZclTables } from './zcl-tables.ts';

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
const ZCL_START: Format = [{ ...ZCL_CONTROL, key: 'control' }, when(has('control', 0x04), [MANUFACTURER]), SEQUENCE];

/** Commands of a layer: their identifiers and what follows. */
class LayerCommands {
  readonly #formats: ReadonlyMap<number | undefined, Format>;
  readonly #identifier: NumberItem;

  constructor(name: string, commands: Readonly<Record<number, Format>>) {
    this.#identifier = hex(1, name, 'command');
    this.#formats = new Map(Object.entries(commands).map(([id, format]) => [Number(id), [this.#identifier, ...format]]));
  }

  /** How a payload is read that begins with this identifier. */
  of(identifier: number | undefined): Format {
    return this.#formats.get(identifier) ?? [this.#identifier];
  }
}

const NWK = { pro: new LayerCommands('zbee_nwk.cmd.id', NWK_COMMANDS), '2004': new LayerCommands('zbee_nwk.cmd.id', NWK_COMMANDS_2004) };
const APS = { pro: new LayerCommands('zbee_aps.cmd.id', APS_COMMANDS), '2004': new LayerCommands('zbee_aps.cmd.id', APS_COMMANDS_2004) };
const ZDP: ReadonlyMap<number, Format> = new Map(
  Object.entries(ZDP_COMMANDS).map(([cluster, format]) => [Number(cluster), [ZDP_SEQUENCE, ...format]]),
);
const ZDP_UNKNOWN: Format = [ZDP_SEQUENCE];

/** How a NWK command is read, in ZigBee PRO or before it: its identifier and what follows. */
export const nwkCommand = ([identifier]: Uint8Array, pro: boolean): Format => NWK[pro ? 'pro' : '2004'].of(identifier);

/** How an APS command is read, in ZigBee PRO or before it: its identifier and what follows. */
export const apsCommand = ([identifier]: Uint8Array, pro: boolean): Format => APS[pro ? 'pro' : '2004'].of(identifier);

/** How a ZDP command is read: transaction sequence number and what follows. */
export const zdpCommand = (cluster: number): Format => ZDP.get(cluster) ?? ZDP_UNKNOWN;

/** What follows the identifier of a Green Power command. */
export const greenPowerCommand = (command: number, payload: Uint8Array): Body =>
  describe('green-power', GREEN_POWER_COMMANDS[command] ?? [], payload);

/** The application frame in which ZigBee 2004 carried what ZCL carries since. */
export const applicationFrame = (payload: Uint8Array): Body => describe('application', APPLICATION_FRAME, payload);

/** A command of ZigBee's second test profile: buffer tests are described. */
export const bufferTest = (cluster: number, payload: Uint8Array): Body => describe('test', BUFFER_TESTS[cluster] ?? [], payload);

/** What there is of a ZCL header that does not fit. */
export const zclStart = (payload: Uint8Array): readonly Field[] => read(ZCL_START, payload).fields;

/** A ZCL command: its header, and what its payload is read by. Commands of a manufacturer (other than 0) have no cluster table. */
export function zclCommand(aps: ApsHeader, header: ZclHeader, payload: Uint8Array, tables: ZclTables, seVersion: SeVersion): ZclPlan {
  const cluster = (header.manufacturer ?? 0) === 0 && aps.cluster !== undefined ? clusterOf(aps.cluster) : undefined;
  const toServer = (header.control & SERVER_TO_CLIENT) === 0;
  const direction = toServer ? cluster?.toServer : cluster?.toClient;
  const specific = (header.control & FRAME_TYPE) !== 0;
  const name = specific ? (direction?.name ?? 'zbee_zcl.cs.cmd.id') : 'zbee_zcl.cmd.id';
  const format = specific ? formatOf(direction, header.command, seVersion) : tables.general(cluster, toServer)[header.command];
  const empty = specific && payload.length === 0 && direction?.refusesEmpty !== true;
  return {
    control: ZCL_CONTROL,
    manufacturer: MANUFACTURER,
    sequence: SEQUENCE,
    command: tables.command(name),
    format: empty ? [] : (format ?? []),
  };
}

/** How a ZCL frame is read and shown. */
export interface ZclPlan {
  readonly control: NumberItem;
  readonly manufacturer: NumberItem;
  readonly sequence: NumberItem;
  readonly command: NumberItem;
  readonly format: Format;
}

/** What tables may ask of the header: its first byte, and its first two as a number. */
export const aroundZcl = ({ control, manufacturer, seq }: ZclHeader): Values => ({
  frameControl: control,
  frameStart: control | (((manufacturer ?? seq) & 0xff) << 8),
});

function formatOf(direction: Commands | undefined, command: number, seVersion: SeVersion): Format {
  const named = direction?.commands[command];
  const format = (seVersion === '1.1b' ? named?.before12 : undefined) ?? named?.format ?? [];
  return direction === undefined || direction.begin.length === 0 ? format : [...direction.begin, ...format];
}

function describe(kind: string, format: Format, payload: Uint8Array, around: Values = {}): Body {
  const { fields, values, rest, short } = read(format, payload, around);
  return { fields, values, rest, truncated: short === undefined ? undefined : kind };
}
