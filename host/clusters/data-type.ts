/**
 * ZCL data types (ZCL 2.6.2) as tables: how the value of each stands on the air and under which name it is shown.
 *
 * The value of an attribute stands under the key `value`: numbers as numbers (above 6 bytes as bigint), strings as text of
 * one byte a character, general data, EUI-64s and keys as bytes in air order; null where a string says it has no value.
 * Collections hold `elements` (`unread` when their type is unknown, neither when it is no data), structures hold `members`.
 * A type without a row has no length that anybody could know.
 */
import {
  choose,
  dec,
  each,
  flag,
  float,
  from,
  hex,
  is,
  left,
  mark,
  not,
  prefixOrNone,
  raw,
  signed,
  text,
  upTo,
  utc,
  when,
  type Format,
} from './item.ts';

/** Identifiers of the types that this product uses by name. */
export const DataType = {
  BOOLEAN: 0x10,
  BITMAP8: 0x18,
  BITMAP16: 0x19,
  BITMAP32: 0x1b,
  UINT8: 0x20,
  UINT16: 0x21,
  UINT24: 0x22,
  UINT32: 0x23,
  UINT48: 0x25,
  INT8: 0x28,
  INT16: 0x29,
  INT32: 0x2b,
  ENUM8: 0x30,
  ENUM16: 0x31,
  OCTET_STRING: 0x41,
  CHARACTER_STRING: 0x42,
  UTC_TIME: 0xe2,
  EUI64: 0xf0,
  KEY128: 0xf1,
} as const;

const ATTRIBUTE_ID = 0xe9;
const zcl = (name: string): string => `zbee_zcl.attr.${name}`;
const row = (first: number, formats: readonly Format[]): Record<number, Format> =>
  Object.fromEntries(formats.map((format, index) => [first + index, format]));
const sizes = [1, 2, 3, 4, 5, 6, 7, 8];

/** Types of one value, without collections. */
const SINGLE: Readonly<Record<number, Format>> = {
  0x00: [],
  ...row(
    0x08,
    sizes.map((size) => [raw(size, zcl('bytes'), 'value')]),
  ),
  0x10: [flag(zcl('boolean'), 'value')],
  ...row(
    0x18,
    sizes.map((size) => [hex(size, zcl(`bitmap${8 * size}`), 'value')]),
  ),
  ...row(
    0x20,
    sizes.map((size) => [dec(size, zcl(`uint${8 * size}`), 'value')]),
  ),
  ...row(
    0x28,
    sizes.map((size) => [signed(size, zcl(`int${size > 4 ? 64 : 8 * size}`), 'value')]),
  ),
  0x30: [dec(1, zcl('uint8'), 'value')],
  0x31: [dec(2, zcl('uint16'), 'value')],
  0x38: [raw(2, zcl('bytes'), 'value')],
  0x39: [float(4, zcl('float'), 'value')],
  0x3a: [float(8, zcl('float'), 'value')],
  0x41: [raw(prefixOrNone(1), zcl('ostr'), 'value')],
  0x42: [text(prefixOrNone(1), zcl('str'), 'value')],
  0x43: [raw(prefixOrNone(2), zcl('ostr'), 'value')],
  0x44: [text(prefixOrNone(2), zcl('str'), 'value')],
  0xe0: [dec(1, zcl('hours'), 'hours'), dec(1, zcl('mins'), 'minutes'), dec(1, zcl('secs'), 'seconds'), dec(1, zcl('csecs'), 'hundredths')],
  0xe1: [dec(1, zcl('yy'), 'year'), dec(1, zcl('mm'), 'month'), dec(1, zcl('md'), 'day'), dec(1, zcl('wd'), 'weekday')],
  0xe2: [utc(zcl('utc'), 'value')],
  0xe8: [hex(2, zcl('cid'), 'value')],
  0xe9: [hex(2, zcl('id'), 'value')],
  0xea: [raw(4, zcl('bytes'), 'value')],
  0xf0: [raw(8, zcl('bytes'), 'value')],
  0xf1: [raw(16, zcl('bytes'), 'value')],
};

/** What stands for a value whose type has no row: everything that is left, unread. */
export const UNKNOWN_VALUE: Format = [raw('rest', '', 'unread')];

const [ARRAY, STRUCTURE, SET, BAG] = [0x48, 0x4c, 0x50, 0x51];
const COLLECTIONS: readonly (readonly [type: number, kind: string])[] = [
  [ARRAY, 'array'],
  [SET, 'set'],
  [BAG, 'bag'],
];

const head = (kind: string): Format => [
  hex(1, zcl(`${kind}.elements_type`), 'elementType'),
  dec(2, zcl(`${kind}.elements_num`), 'elementCount'),
];

/** The rows as the ZCL means them: data type identifier → value. */
export const DATA_TYPES: Readonly<Record<number, Format>> = dataTypes();

function dataTypes(): Readonly<Record<number, Format>> {
  const rows: Record<number, Format> = { ...SINGLE };
  const known = [...Object.keys(SINGLE).map(Number), ARRAY, STRUCTURE, SET, BAG];
  const elements = each(from('elementCount'), 'elements', choose('elementType', rows));
  // Elements of no data take no bytes, so that any number of them would be read out of nothing: there are none to hold.
  // Elements of an unknown type have no length: what is left stands unread.
  const run = choose('elementType', { 0x00: [] }, [when(is('elementType', ...known), [elements], UNKNOWN_VALUE)]);
  for (const [type, kind] of COLLECTIONS) rows[type] = [...head(kind), run];
  const members = each(from('memberCount'), 'members', hex(1, '', 'type'), choose('type', rows, UNKNOWN_VALUE));
  rows[STRUCTURE] = [dec(2, '', 'memberCount'), members];
  return rows;
}

/**
 * The rows as Wireshark reads them. It takes no bytes for structures and unknown types, so that the next record begins where
 * the value does; a collection of such elements ends at its first; a collection may end with the payload. Values that are
 * attribute identifiers go by the name of the cluster's.
 */
export function shownTypes(attributeName: string): Readonly<Record<number, Format>> {
  const rows: Record<number, Format> = { ...SINGLE, [ATTRIBUTE_ID]: [hex(2, attributeName, 'value')] };
  const known = [
    ...Object.keys(SINGLE)
      .map(Number)
      .filter((type) => type !== 0x00),
    ARRAY,
    SET,
    BAG,
  ];
  const elements = each(upTo('elementCount'), 'elements', choose('elementType', rows));
  const remark = when(not(is('elementCount', 0)), [when(left(), [mark('zbee_zcl.zero_length_element')])]);
  const run = when(is('elementType', ...known), [elements], [remark]);
  for (const [type, kind] of COLLECTIONS) rows[type] = [...head(kind), run];
  return rows;
}

/** True for types whose values have an order, so that a reportable change makes sense (ZCL 2.5.7.1.6, table 2-10). */
export const isAnalog = (type: number): boolean => (type & 0xf0) === 0x20 || (type & 0xf8) === 0x38 || (type & 0xf8) === 0xe0;
