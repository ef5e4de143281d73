/** Writes payloads by the table language: values → bytes. The counterpart is `read.ts`. */
import { Fault, never } from '../model/fault.ts';
import { euiToAir, euiToBytes, type Eui64 } from '../model/ids.ts';
import type { Extent, Format, Item, NumberItem, Value, Values } from './item.ts';
import { holds, lengthFrom, numberAt, type Scope } from './scope.ts';

/** Writes a payload. Throws Fault `internal` for a missing value or one out of its item's range. */
export function write(format: Format, values: Values, around: Values = {}): Uint8Array {
  const out: number[] = [];
  writeItems(out, format, values, [{}, around]);
  return Uint8Array.from(out);
}

/**
 * What stands in front of an item, and no more, may be asked by it: as in reading, where a value of the same key that comes
 * later is not there yet. So the first of the scope grows with what is written.
 */
type Growing = readonly [written: Record<string, Value>, ...around: Scope];

function writeItems(out: number[], format: Format, values: Values, scope: Growing): void {
  for (const item of format) {
    writeItem(out, item, values, scope);
    if ('key' in item && values[item.key] !== undefined) scope[0][item.key] = values[item.key] as Value;
  }
}

function writeItem(out: number[], item: Item, values: Values, scope: Growing): void {
  switch (item.kind) {
    case 'number':
      return writeNumber(out, item, given(values, item.key));
    case 'eui': {
      const id = given(values, item.key) as Eui64;
      out.push(...(item.bigEndian ? euiToBytes(id) : euiToAir(id)));
      return;
    }
    case 'blob': {
      const value = given(values, item.key);
      const bytes =
        typeof value === 'string' ? Uint8Array.from(value, (character) => character.charCodeAt(0)) : (value as Uint8Array | null);
      writeExtent(out, item.extent, bytes?.length, item.key, scope);
      out.push(...(bytes ?? []));
      return;
    }
    case 'when': {
      const { condition } = item;
      const holding =
        condition.kind === 'left' ? item.then.some((first) => 'key' in first && values[first.key] !== undefined) : holds(condition, scope);
      return writeItems(out, holding ? item.then : item.otherwise, values, scope);
    }
    case 'choose':
      return writeItems(out, item.rows[numberAt(scope, item.on)] ?? item.otherwise, values, scope);
    case 'each': {
      const groups = given(values, item.key) as readonly Values[] | null;
      if (item.until === undefined) writeExtent(out, item.count, groups?.length, item.key, scope);
      for (const group of groups ?? []) writeItems(out, item.items, group, [{}, ...scope]);
      return;
    }
    case 'glance':
      // Its bytes are written by the items behind it, which may ask what it saw.
      return glanced(item.items, values, scope);
    case 'again':
      return;
    default:
      return never(item);
  }
}

function glanced(items: Format, values: Values, scope: Growing): void {
  for (const item of items) {
    if ('key' in item && values[item.key] !== undefined) scope[0][item.key] = values[item.key] as Value;
    if (item.kind === 'when') glanced([...item.then, ...item.otherwise], values, scope);
  }
}

function writeNumber(out: number[], item: NumberItem, value: Value): void {
  const whole = typeof value === 'bigint' || Number.isInteger(value) ? BigInt(value as number) : undefined;
  const width = 8 * item.bytes;
  const fits =
    whole !== undefined &&
    (item.show === 'signed' || item.show === 'hundredths' ? BigInt.asIntN(width, whole) : BigInt.asUintN(width, whole)) === whole;
  if (!fits) throw new Fault('internal', `${item.key} does not fit ${item.bytes} bytes: ${String(value)}`);
  for (let i = 0; i < item.bytes; i++) out.push(Number((whole >> BigInt(8 * (item.bigEndian ? item.bytes - 1 - i : i))) & 0xffn));
}

/** Writes the count of a run, and refuses a length that its format does not allow; `length` undefined = no value. */
function writeExtent(out: number[], extent: Extent, length: number | undefined, key: string, scope: Scope): void {
  if ((extent === 'rest' || (typeof extent === 'object' && ('most' in extent || 'span' in extent))) && length !== undefined) return;
  const counted = typeof extent === 'object' && 'prefix' in extent ? extent : undefined;
  if (counted === undefined) {
    const told = typeof extent === 'object' && ('from' in extent || 'reckon' in extent);
    const expected = told ? lengthFrom(extent, scope) : extent;
    const fewer = typeof extent === 'object' && 'least' in extent && extent.least > 0 && length !== undefined && length < Number(expected);
    if (expected !== length && !fewer) throw new Fault('internal', `${key} has length ${length} where its format says ${expected}`);
    return;
  }
  const all = 256 ** counted.prefix;
  const count = length ?? all - 1;
  if (count >= all - (counted.none ? 1 : 0) && length !== undefined)
    throw new Fault('internal', `${key} is too long for its count: ${length}`);
  if (length === undefined && !counted.none) throw new Fault('internal', `${key} must have a value`);
  for (let i = 0; i < counted.prefix; i++) out.push((count >> (8 * i)) & 0xff);
}

function given(values: Values, key: string): Value {
  const value = values[key];
  if (value === undefined) throw new Fault('internal', `${key} is missing`);
  return value;
}
