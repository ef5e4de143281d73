/**
 * Reads payloads by the table language: bytes → values and shown fields. The counterpart is `write.ts`.
 *
 * `write(format, read(format, x).values)` followed by the remainder of the reading gives x again, for every x that the
 * format can read to its end. Reading never looks past the payload: what is missing ends it, with all that was read so far.
 */
import { never } from '../model/fault.ts';
import type { BlobItem, Extent, Format, Item, NumberItem, Value, Values } from './item.ts';
import type { Run } from './run.ts';
import { holds, lengthFrom, lookup, numberAt, type Scope } from './scope.ts';
import { showBytes, showComplex, showNumber, showText } from './show.ts';
import { joined, shownField, Showing, type Field, type Shown } from './shown.ts';

export { fieldsOf, type Field } from './shown.ts';

/** What came of reading. */
export interface Reading {
  readonly fields: readonly Field[];
  readonly values: Values;
  /** Bytes after the last item. */
  readonly rest: Uint8Array;
  /** Offset at which bytes were missing; undefined when the format was read to its end. */
  readonly short: number | undefined;
}

/** As `Reading`; fields went to where they were asked to go. */
export type ReadInto = Omit<Reading, 'fields'>;

/** Reads a payload. `around` holds fields known from elsewhere, for conditions on them. */
export function read(format: Format, bytes: Uint8Array, around: Values = {}): Reading {
  const shown: Shown[] = [];
  const { values, rest, short } = readInto(shown, new Showing(), format, bytes, around);
  return { fields: shown.flatMap(({ fields }) => fields), values, rest, short };
}

/**
 * As `read`, for who reads many: what is shown is put behind `shown`, numbers as `showing` remembers them. A run may stand
 * before the format, which is read once for all that are equal.
 */
export function readInto(shown: Shown[], showing: Showing, format: Format, bytes: Uint8Array, around: Values = {}, run?: Run): ReadInto {
  const reader = new Reader(bytes, shown, showing);
  const begun = run !== undefined && bytes.length >= run.bytes;
  const values: Record<string, Value> = begun ? { ...(reader.run(run) as Record<string, Value>) } : {};
  let short: number | undefined;
  try {
    if (run !== undefined && !begun) reader.items(run.items, values, [values]);
    reader.items(format, values, [values, around]);
  } catch (error) {
    if (error !== SHORT) throw error;
    short = reader.offset;
  }
  return { values, rest: bytes.subarray(reader.offset), short };
}

/** Most bytes of a number that a `number` holds exactly; longer ones are bigints. */
const EXACT = 6;

const signed = (show: NumberItem['show']): boolean => show === 'signed' || show === 'hundredths';

/** The number that the bytes from `at` on make. */
const numberOf = (item: NumberItem, bytes: Uint8Array, at: number): number | bigint =>
  item.bytes > EXACT ? long(item, bytes, at) : short(item, bytes, at);

/** Numbers that a `number` holds exactly: one byte after the other, as arithmetic, since bit operations end at 32 bits. */
function short({ bytes: size, bigEndian, show }: NumberItem, bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (bytes[at + (bigEndian ? i : size - 1 - i)] as number);
  return signed(show) && value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value;
}

function long({ bytes: size, bigEndian, show }: NumberItem, bytes: Uint8Array, at: number): bigint {
  let value = 0n;
  for (let i = 0; i < size; i++) value = (value << 8n) | BigInt(bytes[at + (bigEndian ? i : size - 1 - i)] as number);
  return signed(show) ? BigInt.asIntN(8 * size, value) : value;
}

const SHOW: Readonly<Record<BlobItem['form'], (bytes: Uint8Array) => string>> = {
  bytes: showBytes,
  text: showText,
  complex: showComplex,
};

/** What ends a reading whose bytes do not last: no error of anybody's, and no stack is wanted. */
const SHORT = Symbol('short');

class Reader {
  offset = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly shown: Shown[],
    readonly showing: Showing,
  ) {}

  items(format: Format, values: Record<string, Value>, scope: Scope): void {
    for (let i = 0; i < format.length; i++) this.item(format[i] as Item, values, scope);
  }

  /** Reads a run at the beginning, for which there are bytes enough. */
  run(run: Run): Values {
    let key = 0;
    for (let i = 0; i < run.bytes; i++) key = key * 256 + (this.bytes[i] as number);
    const known = this.showing.recall(run, key);
    if (known === undefined) return this.firstRun(run, key);
    if (known.shown !== undefined) this.shown.push(known.shown);
    this.offset = run.bytes;
    return known.values;
  }

  private firstRun(run: Run, key: number): Values {
    const before = this.shown.length;
    const values: Record<string, Value> = {};
    this.items(run.items, values, [values]);
    this.showing.note(run, key, { values, shown: joined(this.shown.slice(before)) });
    return values;
  }

  private item(item: Item, values: Record<string, Value>, scope: Scope): void {
    switch (item.kind) {
      case 'number':
        values[item.key] = this.number(item, scope);
        return;
      case 'eui': {
        const { id, shown } = this.showing.eui(item, this.take(8));
        values[item.key] = id;
        if (shown !== undefined) this.shown.push(shown);
        return;
      }
      case 'blob':
        values[item.key] = this.blob(item, scope);
        return;
      case 'when': {
        const { condition } = item;
        const holding = condition.kind === 'left' ? this.bytes.length - this.offset >= condition.bytes : holds(condition, scope);
        return this.items(holding ? item.then : item.otherwise, values, scope);
      }
      case 'choose':
        return this.items(item.rows[numberAt(scope, item.on)] ?? item.otherwise, values, scope);
      case 'each': {
        const count = this.extent(item.count, scope);
        const groups: Values[] = [];
        values[item.key] = count === null ? null : groups;
        const { count: told } = item;
        const { least } = typeof told === 'object' && 'least' in told ? told : { least: Number(told === 'rest') };
        const most = typeof told === 'object' && 'most' in told ? told.most : Number.POSITIVE_INFINITY;
        const end = typeof told === 'object' && 'span' in told ? this.offset + numberAt(scope, told.span) : Number.POSITIVE_INFINITY;
        while (groups.length < (count === null ? 0 : (count ?? most)) && this.offset < end && this.bytes.length - this.offset >= least) {
          const group: Record<string, Value> = {};
          groups.push(group);
          this.items(item.items, group, [group, ...scope]);
          if (item.until !== undefined && holds(item.until, [group, ...scope])) return;
        }
        return;
      }
      case 'glance': {
        const start = this.offset;
        this.items(item.items, values, scope);
        this.offset = start;
        return;
      }
      case 'again': {
        const value = lookup(scope, item.item.key);
        if (typeof value === 'number' || typeof value === 'bigint') this.showNumber(item.item, value, 0);
        return;
      }
      default:
        return never(item);
    }
  }

  private number(item: NumberItem, scope: Scope): number | bigint {
    const at = this.pass(item.bytes);
    const value = numberOf(item, this.bytes, at);
    const shown = item.shown ?? item;
    const plus = typeof shown.plus === 'string' ? numberAt(scope, shown.plus) : shown.plus;
    this.showNumber(shown, shown === item ? value : numberOf(shown, this.bytes, at), plus);
    return value;
  }

  private blob(item: BlobItem, scope: Scope): Uint8Array | string | null {
    const extent = this.extent(item.extent, scope);
    const left = this.bytes.length - this.offset;
    const mayEnd = typeof item.extent === 'object' && 'least' in item.extent && item.extent.least > 0;
    const bytes = this.take(extent === undefined || (mayEnd && left < (extent ?? 0)) ? left : (extent ?? 0));
    this.show(item.name, SHOW[item.form](bytes));
    if (extent === null) return null;
    return item.form === 'text' ? String.fromCharCode(...bytes) : bytes;
  }

  /** Undefined = to the end, null = says that it has no value. */
  private extent(extent: Extent, scope: Scope): number | undefined | null {
    if (typeof extent === 'number') return extent;
    if (extent === 'rest' || 'most' in extent || 'span' in extent) return undefined;
    if ('from' in extent || 'reckon' in extent) return lengthFrom(extent, scope);
    const bytes = this.take(extent.prefix);
    const count = (bytes[0] ?? 0) + 256 * (bytes[1] ?? 0);
    const none = extent.none && count === 256 ** extent.prefix - 1;
    this.show(extent.name, showNumber(none ? 0 : count, extent.show, extent.prefix));
    return none ? null : count;
  }

  private take(length: number): Uint8Array {
    const start = this.pass(length);
    return this.bytes.subarray(start, this.offset);
  }

  /** Goes on by so many bytes and answers where they begin. Throws where fewer are left. */
  private pass(length: number): number {
    const start = this.offset;
    if (this.bytes.length - start < length) throw SHORT;
    this.offset = start + length;
    return start;
  }

  private show(name: string, show: string): void {
    if (name !== '') this.shown.push(shownField(name, show));
  }

  private showNumber(item: NumberItem, value: number | bigint, plus: number): void {
    const shown = this.showing.number(item, value, plus);
    if (shown !== undefined) this.shown.push(shown);
  }
}
