/**
 * ZCL general commands (ZCL 2.5) as tables. What an attribute's value looks like depends on its data type, and how it is
 * named and shown on the cluster: hence tables made per cluster.
 */
import type { Cluster } from './cluster.ts';
import { DATA_TYPES, isAnalog, UNKNOWN_VALUE } from './data-type.ts';
import { choose, dec, each, hex, is, left, not, raw, when, type Format, type Item } from './item.ts';

/** Identifiers of the general commands. */
export const GlobalCommand = {
  READ_ATTRIBUTES: 0x00,
  READ_ATTRIBUTES_RESPONSE: 0x01,
  WRITE_ATTRIBUTES: 0x02,
  WRITE_ATTRIBUTES_UNDIVIDED: 0x03,
  WRITE_ATTRIBUTES_RESPONSE: 0x04,
  WRITE_ATTRIBUTES_NO_RESPONSE: 0x05,
  CONFIGURE_REPORTING: 0x06,
  CONFIGURE_REPORTING_RESPONSE: 0x07,
  READ_REPORTING_CONFIGURATION: 0x08,
  READ_REPORTING_CONFIGURATION_RESPONSE: 0x09,
  REPORT_ATTRIBUTES: 0x0a,
  DEFAULT_RESPONSE: 0x0b,
  DISCOVER_ATTRIBUTES: 0x0c,
  DISCOVER_ATTRIBUTES_RESPONSE: 0x0d,
  DISCOVER_COMMANDS_RECEIVED: 0x11,
  DISCOVER_COMMANDS_RECEIVED_RESPONSE: 0x12,
  DISCOVER_COMMANDS_GENERATED: 0x13,
  DISCOVER_COMMANDS_GENERATED_RESPONSE: 0x14,
  DISCOVER_ATTRIBUTES_EXTENDED: 0x15,
  DISCOVER_ATTRIBUTES_EXTENDED_RESPONSE: 0x16,
} as const;

const ATTRIBUTE_ID = 0xe9;

const zcl = (name: string): string => `zbee_zcl.attr.${name}`;
const status = hex(1, zcl('status'), 'status');
const type = hex(1, zcl('data.type'), 'type');
const direction = hex(1, zcl('dir'), 'direction');

/** What a reporting configuration says after its data type; a reportable change only where values have an order. */
const intervals: Format = [
  dec(2, zcl('minint'), 'minimumInterval'),
  dec(2, zcl('maxint'), 'maximumInterval'),
  choose('type', Object.fromEntries(Object.entries(DATA_TYPES).filter(([id]) => isAnalog(Number(id))))),
];

/** Commands to the owner of the attributes; all others come from it. */
const TO_OWNER: ReadonlySet<number> = new Set([0x00, 0x02, 0x03, 0x05, 0x06, 0x08, 0x0c, 0x15]);

/** Whose attributes a general command speaks of: its own direction and whether it goes to or comes from their owner tell. */
export const attributeSide = (command: number, toServer: boolean): 'server' | 'client' =>
  TO_OWNER.has(command) === toServer ? 'server' : 'client';

/** The general commands for one side of one cluster; undefined = a cluster without a table. */
export function foundation(cluster: Cluster | undefined, side: 'server' | 'client'): Readonly<Record<number, Format>> {
  const name = side === 'server' ? cluster?.attributeName : cluster?.client?.attributeName;
  const attribute = hex(2, name ?? zcl('id'), 'attribute');
  // A value that is an attribute identifier goes by the name of the cluster's identifiers.
  const byType = choose('type', { ...DATA_TYPES, [ATTRIBUTE_ID]: [{ ...attribute, key: 'value' }] }, UNKNOWN_VALUE);
  const own = side === 'client' && cluster?.client !== undefined ? cluster.client.attributes : cluster?.attributes;
  const value: Item = choose('attribute', guarded(own ?? {}, byType), [byType]);
  const writing: Format = [each('rest', 'records', attribute, type, value)];
  const reportable: Format = [when(is('direction', 0), [type, ...intervals], [dec(2, zcl('timeout'), 'timeout')])];
  const start = hex(2, zcl('start'), 'start');
  const maximum = dec(1, zcl('maxnum'), 'maximum');
  const complete = hex(1, zcl('dis'), 'complete');
  const commands: Format = [hex(1, 'zbee_zcl.cmd.start', 'start'), hex(1, 'zbee_zcl.cmd.maxnum', 'maximum')];
  const commandList: Format = [complete, each('rest', 'commands', hex(1, '', 'command'))];
  return {
    [GlobalCommand.READ_ATTRIBUTES]: [each('rest', 'records', attribute)],
    [GlobalCommand.READ_ATTRIBUTES_RESPONSE]: [each('rest', 'records', attribute, status, when(is('status', 0), [type, value]))],
    [GlobalCommand.WRITE_ATTRIBUTES]: writing,
    [GlobalCommand.WRITE_ATTRIBUTES_UNDIVIDED]: writing,
    [GlobalCommand.WRITE_ATTRIBUTES_RESPONSE]: [each('rest', 'records', status, when(not(is('status', 0)), [attribute]))],
    [GlobalCommand.WRITE_ATTRIBUTES_NO_RESPONSE]: writing,
    [GlobalCommand.CONFIGURE_REPORTING]: [each('rest', 'records', direction, attribute, ...reportable)],
    [GlobalCommand.CONFIGURE_REPORTING_RESPONSE]: [each('rest', 'records', status, when(left(3), [direction, attribute]))],
    [GlobalCommand.READ_REPORTING_CONFIGURATION]: [each('rest', 'records', direction, attribute)],
    [GlobalCommand.READ_REPORTING_CONFIGURATION_RESPONSE]: [
      each('rest', 'records', status, direction, attribute, when(is('status', 0), reportable)),
    ],
    [GlobalCommand.REPORT_ATTRIBUTES]: writing,
    [GlobalCommand.DEFAULT_RESPONSE]: [hex(1, 'zbee_zcl.cmd.id.rsp', 'command'), status],
    [GlobalCommand.DISCOVER_ATTRIBUTES]: [start, maximum],
    [GlobalCommand.DISCOVER_ATTRIBUTES_RESPONSE]: [hex(1, '', 'complete'), each('rest', 'records', attribute, type)],
    [GlobalCommand.DISCOVER_COMMANDS_RECEIVED]: commands,
    [GlobalCommand.DISCOVER_COMMANDS_RECEIVED_RESPONSE]: commandList,
    [GlobalCommand.DISCOVER_COMMANDS_GENERATED]: commands,
    [GlobalCommand.DISCOVER_COMMANDS_GENERATED_RESPONSE]: commandList,
    [GlobalCommand.DISCOVER_ATTRIBUTES_EXTENDED]: [start, maximum],
    [GlobalCommand.DISCOVER_ATTRIBUTES_EXTENDED_RESPONSE]: [
      complete,
      each('rest', 'records', hex(2, '', 'attribute'), raw(2, '', 'typeAndAccess')),
    ],
  };
}

/** Types whose values have so many bytes. */
const typesOf = (bytes: number): number[] =>
  Object.entries(DATA_TYPES)
    .filter(([, format]) => format.length === 1 && format.every((item) => widthOf(item) === bytes))
    .map(([type]) => Number(type));

const widthOf = (item: Item): number | undefined =>
  item.kind === 'number' ? item.bytes : item.kind === 'blob' && typeof item.extent === 'number' ? item.extent : undefined;

/** Attributes shown in their own way only where the declared type has their width: what follows must stay in step. */
function guarded(attributes: Readonly<Record<number, Format>>, byType: Item): Record<number, Format> {
  const rows = Object.entries(attributes).map(([id, format]) => {
    const width = format[0] === undefined ? undefined : widthOf(format[0]);
    return [id, width === undefined ? format : [when(is('type', ...typesOf(width)), format, [byType])]] as const;
  });
  return Object.fromEntries(rows);
}
