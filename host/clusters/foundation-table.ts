/**
 * ZCL general commands (ZCL 2.5) as tables, as Wireshark reads them: what an attribute's value looks like depends on its data
 * type, and how it is named and shown on the cluster; hence tables made per cluster. `foundation.ts` has the few commands that
 * this product itself speaks.
 *
 * An attribute that Wireshark shows in a way of its own is read in that way, whatever data type its record declares.
 */
import type { Cluster } from './cluster.ts';
import { isAnalog, shownTypes } from './data-type.ts';
import {
  again,
  choose,
  dec,
  each,
  from,
  glance,
  hex,
  is,
  left,
  mark,
  not,
  optional,
  raw,
  reckoned,
  when,
  whole,
  type Format,
  type Item,
} from './item.ts';

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
  READ_ATTRIBUTES_STRUCTURED: 0x0e,
  WRITE_ATTRIBUTES_STRUCTURED: 0x0f,
  WRITE_ATTRIBUTES_STRUCTURED_RESPONSE: 0x10,
  DISCOVER_COMMANDS_RECEIVED: 0x11,
  DISCOVER_COMMANDS_RECEIVED_RESPONSE: 0x12,
  DISCOVER_COMMANDS_GENERATED: 0x13,
  DISCOVER_COMMANDS_GENERATED_RESPONSE: 0x14,
  DISCOVER_ATTRIBUTES_EXTENDED: 0x15,
  DISCOVER_ATTRIBUTES_EXTENDED_RESPONSE: 0x16,
} as const;

const zcl = (name: string): string => `zbee_zcl.attr.${name}`;
const status = hex(1, zcl('status'), 'status');
const type = hex(1, zcl('data.type'), 'type');
const direction = hex(1, zcl('dir'), 'direction');
/** What a record is about: attributes that are reported, or received. */
const [REPORTED, RECEIVED] = [0, 1];
const ANALOG = Array.from({ length: 0x100 }, (_, id) => id).filter(isAnalog);
/** Wireshark shows so many records of a command at most, and so many selectors. */
const RECORDS = whole(1, 64);
const SELECTORS = whole(1, 16);

/** Attributes of one side of a cluster: their identifier, and a value by identifier and data type. */
interface Side {
  readonly attribute: Item;
  readonly value: Item;
}

function sideOf(cluster: Cluster | undefined, side: 'server' | 'client'): Side {
  const { attributeName = zcl('id'), attributes = {} } = (side === 'server' ? cluster : cluster?.client) ?? {};
  return {
    attribute: hex(2, attributeName, 'attribute'),
    value: choose('attribute', attributes, [choose('type', shownTypes(attributeName))]),
  };
}

/** Which element of a structured attribute is meant: indexes from the outside inwards. */
const selector = (count: string, index: string): Format => [
  dec(1, count, 'indicator'),
  each(from('indicator'), 'indexes', dec(2, index, 'index')),
];
// Wireshark shows the number and the indexes of a selector as read from the first bytes of the frame, and as many indexes as
// there should be even where the payload ends before them.
const shownSelector: Format = [
  again(dec(1, zcl('ind'), 'frameControl')),
  dec(1, '', 'indicator'),
  glance(each(from('indicator'), 'shown', again(dec(2, zcl('index'), 'frameStart')))),
  raw(
    reckoned((at) => 2 * at('indicator'), 1),
    '',
    'indexes',
  ),
];

/** The general commands to the server of a cluster, or to its client; undefined = a cluster without a table. */
export function foundation(cluster: Cluster | undefined, toServer: boolean): Readonly<Record<number, Format>> {
  const server = sideOf(cluster, 'server');
  const client = sideOf(cluster, 'client');
  // A request is about attributes of the one it goes to; an answer or a report about those of the one it comes from.
  const [asked, told] = toServer ? [server, client] : [client, server];
  const records = (...items: Item[]): Format => [each(RECORDS, 'records', ...items)];
  const writing = records(asked.attribute, type, asked.value);
  // Wireshark shows intervals behind all else of their record.
  const reportable = (side: Side): Format => [
    type,
    dec(2, '', 'minimumInterval'),
    dec(2, '', 'maximumInterval'),
    when(is('type', ...ANALOG), [side.value]),
    again(dec(2, zcl('minint'), 'minimumInterval')),
    again(dec(2, zcl('maxint'), 'maximumInterval')),
  ];
  const timeout = dec(2, zcl('timeout'), 'timeout');
  const byDirection = (reported: Side, received: Side): Item =>
    choose('direction', { [REPORTED]: [reported.attribute], [RECEIVED]: [received.attribute] }, [server.attribute]);
  const discover: Format = [hex(2, zcl('start'), 'start'), dec(1, zcl('maxnum'), 'maximum')];
  const complete = hex(1, zcl('dis'), 'complete');
  const commands: Format = [hex(1, 'zbee_zcl.cmd.start', 'start'), hex(1, 'zbee_zcl.cmd.maxnum', 'maximum')];
  // Wireshark lists what was discovered only where it is said to be incomplete.
  const discovered = (list: Item): Format => [complete, when(is('complete', 0), [list])];
  const commandList = discovered(each('rest', 'commands', hex(1, 'zbee_zcl.cs.cmd.id', 'command')));
  return {
    [GlobalCommand.READ_ATTRIBUTES]: [each('rest', 'records', asked.attribute)],
    [GlobalCommand.READ_ATTRIBUTES_RESPONSE]: records(told.attribute, status, when(is('status', 0), [type, told.value])),
    [GlobalCommand.WRITE_ATTRIBUTES]: writing,
    [GlobalCommand.WRITE_ATTRIBUTES_UNDIVIDED]: writing,
    [GlobalCommand.WRITE_ATTRIBUTES_RESPONSE]: records(status, when(not(is('status', 0)), [told.attribute])),
    [GlobalCommand.WRITE_ATTRIBUTES_NO_RESPONSE]: writing,
    [GlobalCommand.CONFIGURE_REPORTING]: records(
      direction,
      when(is('direction', REPORTED), [asked.attribute, ...reportable(asked)], [told.attribute, timeout]),
    ),
    [GlobalCommand.CONFIGURE_REPORTING_RESPONSE]: configured(byDirection(told, asked)),
    [GlobalCommand.READ_REPORTING_CONFIGURATION]: records(direction, byDirection(asked, told)),
    [GlobalCommand.READ_REPORTING_CONFIGURATION_RESPONSE]: records(
      status,
      direction,
      byDirection(told, asked),
      when(is('status', 0), [when(is('direction', REPORTED), reportable(told), [timeout])]),
    ),
    [GlobalCommand.REPORT_ATTRIBUTES]: records(told.attribute, type, told.value),
    [GlobalCommand.DEFAULT_RESPONSE]: [hex(1, 'zbee_zcl.cmd.id.rsp', 'command'), status],
    [GlobalCommand.DISCOVER_ATTRIBUTES]: discover,
    // Wireshark does not show whether the discovery is complete.
    [GlobalCommand.DISCOVER_ATTRIBUTES_RESPONSE]: [hex(1, '', 'complete'), ...records(told.attribute, type)],
    [GlobalCommand.READ_ATTRIBUTES_STRUCTURED]: [
      // Wireshark shows the selector before the attribute that stands before it.
      each(SELECTORS, 'records', glance(hex(2, '', 'before'), ...selector(zcl('ind'), zcl('index'))), asked.attribute, ...selector('', '')),
    ],
    [GlobalCommand.WRITE_ATTRIBUTES_STRUCTURED]: records(asked.attribute, ...shownSelector, type, asked.value),
    [GlobalCommand.WRITE_ATTRIBUTES_STRUCTURED_RESPONSE]: records(status, when(not(is('status', 0)), [told.attribute, ...shownSelector])),
    [GlobalCommand.DISCOVER_COMMANDS_RECEIVED]: commands,
    [GlobalCommand.DISCOVER_COMMANDS_RECEIVED_RESPONSE]: commandList,
    [GlobalCommand.DISCOVER_COMMANDS_GENERATED]: commands,
    [GlobalCommand.DISCOVER_COMMANDS_GENERATED_RESPONSE]: commandList,
    [GlobalCommand.DISCOVER_ATTRIBUTES_EXTENDED]: discover,
    // Wireshark looks at four bytes of a record, reads a value of the type where none stands, and shows the access bits as read
    // from the first byte of the frame.
    [GlobalCommand.DISCOVER_ATTRIBUTES_EXTENDED_RESPONSE]: discovered(
      each(
        RECORDS,
        'records',
        glance(raw(4, '', 'record')),
        told.attribute,
        type,
        told.value,
        again(hex(1, zcl('access.ctrl'), 'frameControl')),
        ...optional(hex(1, '', 'access')),
      ),
    ),
  };
}

/** A status alone when all went well; otherwise a record for each attribute that was not configured. */
const configured = (attribute: Item): Format => [
  when(
    left(2),
    [each(RECORDS, 'records', status, direction, attribute)],
    [when(left(), [status, when(not(is('status', 0)), [mark('zbee_zcl.cfg_rpt_rsp_short_non_success')])])],
  ),
];
