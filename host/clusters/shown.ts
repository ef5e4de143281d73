/**
 * What is shown: fields under Wireshark's names, and how they stand in JSON. A number of few bytes comes again and again (a
 * frame control, a sequence number, a cluster), and so do the fields that its bits are shown as: they are worked out once.
 */
import { euiFromAir, euiFromBytes, type Eui64 } from '../model/ids.ts';
import type { EuiItem, NumberItem, Values } from './item.ts';
import type { Run } from './run.ts';
import { bitsOf, showEui, showItem, showNumber } from './show.ts';

/** A shown field: Wireshark's name and its `show`. */
export type Field = readonly [name: string, show: string];

/** Fields that come together, and their JSON: arrays of two strings, each behind a comma. */
export interface Shown {
  readonly fields: readonly Field[];
  readonly json: string;
}

/** Numbers of more bytes than this hardly come again. */
const REPEATING = 2;
/** Numbers, runs and EUI-64s that are remembered. */
const REMEMBERED = 65_536;

/** A run as read before. */
export interface Recalled {
  readonly values: Values;
  readonly shown: Shown | undefined;
}

/** An EUI-64 as read before: the half of it by which it is not found, what it is, and how an item shows it. */
interface Device {
  readonly half: number;
  readonly id: Eui64;
  readonly shown: Shown | undefined;
}

/** Shows fields, and remembers what comes again. */
export class Showing {
  readonly #numbers = new Map<NumberItem, Map<number, Shown>>();
  readonly #runs = new Map<Run, Map<number, Recalled>>();
  readonly #devices = new Map<EuiItem, Map<number, Device>>();
  #left = REMEMBERED;

  /** How a number is shown: itself unless it has no name, then its parts; undefined when nothing is. `plus` is added before. */
  number(item: NumberItem, value: number | bigint, plus: number): Shown | undefined {
    if (item.bytes > REPEATING || plus !== 0 || typeof value !== 'number') return numberShown(item, value, plus);
    const values = under(this.#numbers, item);
    const known = values.get(value);
    if (known !== undefined) return known;
    const shown = numberShown(item, value, 0);
    if (shown !== undefined) this.#remember(values, value, shown);
    return shown;
  }

  /** What a run of these bytes, taken as one number, gave before. */
  recall(run: Run, bytes: number): Recalled | undefined {
    return this.#runs.get(run)?.get(bytes);
  }

  /** Notes what a run gave. */
  note(run: Run, bytes: number, recalled: Recalled): void {
    this.#remember(under(this.#runs, run), bytes, recalled);
  }

  /** An EUI-64 of eight bytes, and how it is shown. */
  eui(item: EuiItem, bytes: Uint8Array): Omit<Device, 'half'> {
    const devices = under(this.#devices, item);
    const [first, half] = [quarter(bytes, 0), quarter(bytes, 4)];
    const known = devices.get(first);
    if (known?.half === half) return known;
    const id = item.bigEndian ? euiFromBytes(bytes) : euiFromAir(bytes);
    const shown = item.name === '' ? undefined : shownField(item.name, item.show === 'hex' ? `0x${id}` : showEui(id));
    const device = { half, id, shown };
    this.#remember(devices, first, device);
    return device;
  }

  #remember<K, V>(known: Map<K, V>, key: K, value: V): void {
    if (this.#left <= 0) return;
    this.#left--;
    known.set(key, value);
  }
}

/** The map under a key of a map of maps. */
function under<K, V>(maps: Map<K, Map<number, V>>, key: K): Map<number, V> {
  let map = maps.get(key);
  if (map === undefined) maps.set(key, (map = new Map()));
  return map;
}

/** Four bytes as a number. */
const quarter = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);

/** How a number is shown: itself unless it has no name, then its parts. */
export function fieldsOf(item: NumberItem, value: number | bigint, plus = 0): Field[] {
  const fields: Field[] = item.name === '' ? [] : [[item.name, showItem(item, value, plus)]];
  for (const part of item.parts) fields.push([part.name, showNumber(bitsOf(value, part.mask), part.show, part.bytes)]);
  return fields;
}

/** A number as it comes: what it is shown as holds no character that JSON escapes. */
function numberShown(item: NumberItem, value: number | bigint, plus: number): Shown | undefined {
  if (item.parts.length > 0 || item.name === '') return shownOf(fieldsOf(item, value, plus));
  const show = showItem(item, value, plus);
  return { fields: [[item.name, show]], json: `,["${item.name}","${show}"]` };
}

/** What was shown one after the other, as one. */
export function joined(shown: readonly Shown[]): Shown | undefined {
  return shown.length < 2 ? shown[0] : { fields: shown.flatMap(({ fields }) => fields), json: shown.map(({ json }) => json).join('') };
}

/** Fields as they come. */
export function shownOf(fields: readonly Field[]): Shown | undefined {
  // Joined, a text is one piece; added up, it would be put together anew each time that it is used.
  return fields.length === 0 ? undefined : { fields, json: fields.map(jsonOf).join('') };
}

/** A field as it comes. */
export const shownField = (name: string, show: string): Shown => {
  const field: Field = [name, show];
  return { fields: [field], json: jsonOf(field) };
};

/** Text that stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Names are Wireshark's and hold no character that JSON escapes; few values do. */
const jsonOf = ([name, show]: Field): string => (PLAIN.test(show) ? `,["${name}","${show}"]` : `,["${name}",${JSON.stringify(show)}]`);
