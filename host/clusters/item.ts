/**
 * The table language: how the bytes of a payload follow one another, what they are called and how they are shown.
 *
 * A format is a list of items. One interpreter (`interpret.ts`) reads bytes by it, writes values by it, and lists the
 * fields under the names and in the form that Wireshark's display filters give them. Numbers are little-endian unless
 * an item says otherwise (ZCL 2.3.1, ZigBee 1.2.1.3). A format states what stands on the air; it forbids no value.
 */

/** How a number or a part of one is shown: hexadecimal in the width of its type, decimal, signed decimal, or 1/0. */
export type NumberShow = 'hex' | 'dec' | 'signed' | 'flag';

/** A part of a number under its own name. The mask tells which bits; `bytes` the width of its hexadecimal form. */
export interface Part {
  readonly name: string;
  readonly mask: number;
  readonly show: NumberShow;
  readonly bytes: number;
}

/** A number of 1 to 8 bytes; up to 6 bytes its value is a `number`, above a `bigint`. Parts are shown after the whole. */
export interface NumberItem {
  readonly kind: 'number';
  readonly name: string;
  readonly key: string;
  readonly bytes: number;
  readonly show: NumberShow | 'float' | 'utc' | 'unix' | 'hundredths' | 'minutes';
  readonly parts: readonly Part[];
  readonly bigEndian: boolean;
  /** Width of the hexadecimal form, in bytes. */
  readonly wide: number;
  /** What is added for show alone: a number (years count from 1900), or an earlier field. */
  readonly plus: number | string;
  /** How the same bytes, or the first of them, are shown where that is not how they are meant. */
  readonly shown: NumberItem | undefined;
}

/** An EUI-64; its value is the host's form, its show is pairs joined by colons or a hexadecimal number. */
export interface EuiItem {
  readonly kind: 'eui';
  readonly name: string;
  readonly key: string;
  readonly bigEndian: boolean;
  readonly show: 'pairs' | 'hex';
}

/**
 * How long a run of bytes or of groups is: fixed, to the end, as often as `least` bytes are left (but not more than `most`
 * times), told by a count before it, by the masked bits of an earlier field plus `bias`, or reckoned from several earlier
 * fields. With `least` a list that is told ends as well where fewer bytes are left, and a run of bytes with the payload.
 * `span` is an earlier field that tells how many bytes the records take; the last one may take more.
 * Where `none` is set, a count of all ones says that there is no value (ZCL 2.6.2.12): the value is null.
 */
export type Extent =
  | number
  | 'rest'
  | { readonly least: number; readonly most: number }
  | { readonly span: string }
  | { readonly reckon: (at: (key: string) => number) => number; readonly least: number }
  | { readonly prefix: 1 | 2; readonly name: string; readonly show: NumberShow; readonly none: boolean }
  | { readonly from: string; readonly bias: number; readonly mask: number; readonly least: number };

/** Bytes, text of one byte a character, or the bytes of a complex descriptor. */
export interface BlobItem {
  readonly kind: 'blob';
  readonly name: string;
  readonly key: string;
  readonly form: 'bytes' | 'text' | 'complex';
  readonly extent: Extent;
}

/** Items that are there only when a condition holds. Their values stand beside those around them. */
export interface WhenItem {
  readonly kind: 'when';
  readonly condition: Condition;
  readonly then: Format;
  readonly otherwise: Format;
}

/** Items chosen by an earlier number; `otherwise` for numbers without a row. */
export interface ChooseItem {
  readonly kind: 'choose';
  readonly on: string;
  readonly rows: Readonly<Record<number, Format>>;
  readonly otherwise: Format;
}

/** A group of items that repeats; its value is a list of records. Inner items see the fields around the group. */
export interface EachItem {
  readonly kind: 'each';
  readonly key: string;
  readonly count: Extent;
  readonly items: Format;
  /** The list ends early after a group in which this holds. */
  readonly until: FieldCondition | undefined;
}

/** What is shown without reading anything on: items laid over the next bytes, which stay unread; later items may ask for them. */
export interface GlanceItem {
  readonly kind: 'glance';
  readonly items: Format;
}

/** An earlier number, or one known from around the payload, shown once more; nothing where there is none. Takes no bytes. */
export interface AgainItem {
  readonly kind: 'again';
  readonly item: NumberItem;
}

/** One item of a format. */
export type Item = NumberItem | EuiItem | BlobItem | WhenItem | ChooseItem | EachItem | GlanceItem | AgainItem;

/** Items in wire order. */
export type Format = readonly Item[];

/** Asks about the masked bits of an earlier field: whether they are one of the values, or any is set. */
export interface FieldCondition {
  readonly kind: 'field';
  readonly key: string;
  readonly mask: number;
  readonly values: readonly number[] | undefined;
  readonly not: boolean;
}

/** Asks about an earlier field, or whether at least so many bytes are left (in writing: whether the first value is given). */
export type Condition = FieldCondition | { readonly kind: 'left'; readonly bytes: number };

/** What a field holds; null for a string or list that says it has no value. */
export type Value = number | bigint | string | Uint8Array | readonly Values[] | null;

/** Fields by key. */
export interface Values {
  readonly [key: string]: Value | undefined;
}

/** The key of an item that gives none: the last word of its name, in camel case. */
function lastWord(name: string): string {
  const [first = '', ...others] = name.slice(name.lastIndexOf('.') + 1).split('_');
  return others.reduce((word, next) => word + next.charAt(0).toUpperCase() + next.slice(1), first);
}

const number = (bytes: number, name: string, key: string, show: NumberItem['show'], parts: readonly Part[] = []): NumberItem => ({
  kind: 'number',
  name,
  key,
  bytes,
  show,
  parts,
  bigEndian: false,
  wide: bytes > 4 ? 8 : bytes,
  plus: 0,
  shown: undefined,
});

/** A number shown in hexadecimal. An empty name is read and written but not shown. `key` is the last word of the name, in camel case, when left out. */
export const hex = (bytes: number, name: string, key = lastWord(name)): NumberItem => number(bytes, name, key, 'hex');

/** A number shown in decimal. */
export const dec = (bytes: number, name: string, key = lastWord(name)): NumberItem => number(bytes, name, key, 'dec');

/** A two's-complement number shown in decimal. */
export const signed = (bytes: number, name: string, key = lastWord(name)): NumberItem => number(bytes, name, key, 'signed');

/** A year of one byte, counted from 1900 and shown in full. */
export const year = (name: string, key = lastWord(name)): NumberItem => ({ ...dec(1, name, key), plus: 1900 });

/** A byte that is shown as 1 when it is not zero, else 0. */
export const flag = (name: string, key = lastWord(name)): NumberItem => number(1, name, key, 'flag');

/** IEEE 754 number of 4 or 8 bytes; its value is the raw bits, so that every pattern is kept. */
export const float = (bytes: 4 | 8, name: string, key = lastWord(name)): NumberItem => number(bytes, name, key, 'float');

/** UTCTime (ZCL 2.6.2.20): seconds since 2000-01-01T00:00:00Z, 4 bytes. */
export const utc = (name: string, key = lastWord(name)): NumberItem => number(4, name, key, 'utc');

/** A two's-complement number of hundredths, shown as a number with its fraction. */
export const hundredths = (bytes: number, name: string, key = lastWord(name)): NumberItem => number(bytes, name, key, 'hundredths');

/** Minutes of two bytes, shown as seconds. */
export const minutes = (name: string, key = lastWord(name)): NumberItem => number(2, name, key, 'minutes');

/** Seconds since 1970-01-01T00:00:00Z. */
export const unixTime = (bytes: number, name: string, key = lastWord(name)): NumberItem => number(bytes, name, key, 'unix');

/** A number with parts; an empty name shows the parts alone. */
export const bits = (bytes: number, name: string, parts: readonly Part[], key = lastWord(name), show: NumberShow = 'hex'): NumberItem =>
  number(
    bytes,
    name,
    key,
    show,
    parts.map((part) => (part.bytes === 0 ? { ...part, bytes } : part)),
  );

/** Part of a number: hexadecimal; `bytes` 0 takes the width of the whole. */
export const hexPart = (name: string, mask: number, bytes = 0): Part => ({ name, mask, show: 'hex', bytes });

/** Part of a number: decimal. */
export const decPart = (name: string, mask: number): Part => ({ name, mask, show: 'dec', bytes: 0 });

/** Part of a number: 1 or 0. */
export const flagPart = (name: string, mask: number): Part => ({ name, mask, show: 'flag', bytes: 0 });

/** The same number, most significant byte first. */
export const big = <T extends NumberItem | EuiItem>(item: T): T => ({ ...item, bigEndian: true });

/** An EUI-64, least significant byte first as on the air. */
export const eui = (name: string, key = lastWord(name)): EuiItem => ({ kind: 'eui', name, key, bigEndian: false, show: 'pairs' });

/** An EUI-64 that is shown as one hexadecimal number. */
export const euiHex = (name: string, key = lastWord(name)): EuiItem => ({ ...eui(name, key), show: 'hex' });

/** Bytes of a fixed length or to the end, or of the length an earlier field tells. */
export const raw = (extent: Extent, name: string, key = lastWord(name)): BlobItem => ({ kind: 'blob', name, key, form: 'bytes', extent });

/** Text of a fixed length, to the end, or of the length an earlier field tells. */
export const text = (extent: Extent, name: string, key = lastWord(name)): BlobItem => ({ kind: 'blob', name, key, form: 'text', extent });

/** Extent told by a count before it, shown under `name` unless that is empty. */
export const prefix = (size: 1 | 2, name = '', show: NumberShow = 'dec'): Extent => ({ prefix: size, name, show, none: false });

/** As `prefix`, and all ones means that there is no value; shown as 0. */
export const prefixOrNone = (size: 1 | 2, name = ''): Extent => ({ prefix: size, name, show: 'dec', none: true });

/** Extent told by bits of an earlier field (moved down to bit 0), plus `bias`. */
export const from = (key: string, bias = 0, mask = 0xffffffff): Extent => ({ from: key, bias, mask, least: 0 });

/** As `from`, and the run may end before, where fewer than `least` bytes are left: lists that go on in another command. */
export const upTo = (key: string, least = 1): Extent => ({ from: key, bias: 0, mask: 0xffffffff, least });

/** As often as `least` bytes are left, and not more than `most` times: what is left of a list may be less than a record. */
export const whole = (least: number, most = Number.POSITIVE_INFINITY): Extent => ({ least, most });

/** As many records as take the bytes that an earlier field tells. */
export const spanning = (span: string): Extent => ({ span });

/** A length reckoned from earlier fields; below zero it is zero. `least` as in `upTo`. */
export const reckoned = (reckon: (at: (key: string) => number) => number, least = 0): Extent => ({ reckon, least });

/** A group that repeats. */
export const each = (count: Extent, key: string, ...items: Item[]): EachItem => ({ kind: 'each', key, count, items, until: undefined });

/** The same list, which ends early after a group in which the condition holds. */
export const until = (condition: FieldCondition, list: EachItem): EachItem => ({ ...list, until: condition });

/** Nothing may follow: bytes that do make the payload one that cannot be read. */
export const END: Item = {
  kind: 'when',
  condition: { kind: 'left', bytes: 1 },
  then: [{ kind: 'blob', name: '', key: 'end', form: 'bytes', extent: Number.POSITIVE_INFINITY }],
  otherwise: [],
};

/** Items under a condition. */
export const when = (condition: Condition, then: Format, otherwise: Format = []): WhenItem => ({
  kind: 'when',
  condition,
  then,
  otherwise,
});

/** Items that later revisions added at the end: each is there when bytes are left. */
export const optional = (...items: Item[]): readonly WhenItem[] => items.map((item) => when(left(), [item]));

/** Items chosen by an earlier number. */
export const choose = (on: string, rows: Readonly<Record<number, Format>>, otherwise: Format = []): ChooseItem => ({
  kind: 'choose',
  on,
  rows,
  otherwise,
});

/** Items laid over the next bytes without reading on. */
export const glance = (...items: Item[]): GlanceItem => ({ kind: 'glance', items });

/** A field that is a name and nothing else: lists and remarks of Wireshark's. */
export const mark = (name: string): Item => glance(raw(0, name));

/** The number of an earlier field, by the key of this item, shown as this item says. */
export const again = (item: NumberItem): AgainItem => ({ kind: 'again', item });

/** A number that Wireshark shows by another item than the one it is: `item` is meant, `shown` is seen. */
export const shownAs = (item: NumberItem, shown: NumberItem): NumberItem => ({ ...item, shown });

const on = (key: string, mask: number, values?: readonly number[]): FieldCondition => ({ kind: 'field', key, mask, values, not: false });

/** Holds when any bit of the mask is set in an earlier field. */
export const has = (key: string, mask: number): FieldCondition => on(key, mask);

/** Holds when an earlier field is one of the values. */
export const is = (key: string, ...values: number[]): FieldCondition => on(key, 0xffffffff, values);

/** Holds when the masked bits of an earlier field are one of the values. */
export const masked = (key: string, mask: number, ...values: number[]): FieldCondition => on(key, mask, values);

/** The opposite of a condition on a field. */
export const not = (condition: FieldCondition): FieldCondition => ({ ...condition, not: !condition.not });

/** Holds when at least so many bytes are left. */
export const left = (bytes = 1): Condition => ({ kind: 'left', bytes });
