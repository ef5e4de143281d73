/**
 * What is shown: fields under Wireshark's names, and how they stand in JSON. A number of few bytes comes again and again (a
 * frame control, a sequence number, a cluster), and so do the fields that its bits are shown as: they are worked out once.
 */
import type { NumberItem } from './item.ts';
import { bitsOf, showItem, showNumber } from './show.ts';

/** A shown field: Wireshark's name and its `show`. */
export type Field = readonly [name: string, show: string];

/** Fields that come together, and their JSON: arrays of two strings, joined by commas. */
export interface Shown {
  readonly fields: readonly Field[];
  readonly json: string;
}

/** Numbers of more bytes than this hardly come again. */
const REPEATING = 2;
/** Numbers that are remembered. */
const REMEMBERED = 65_536;

/** Shows fields, and remembers what comes again. */
export class Showing {
  readonly #known = new Map<NumberItem, Map<number, Shown>>();
  #left = REMEMBERED;

  /** How a number is shown: itself unless it has no name, then its parts; undefined when nothing is. `plus` is added before. */
  number(item: NumberItem, value: number | bigint, plus: number): Shown | undefined {
    if (item.bytes > REPEATING || plus !== 0 || typeof value !== 'number') return shownOf(fieldsOf(item, value, plus));
    let values = this.#known.get(item);
    if (values === undefined) this.#known.set(item, (values = new Map()));
    const known = values.get(value);
    if (known !== undefined) return known;
    const shown = shownOf(fieldsOf(item, value));
    if (shown !== undefined && this.#left > 0) {
      this.#left--;
      values.set(value, shown);
    }
    return shown;
  }
}

/** How a number is shown: itself unless it has no name, then its parts. */
export function fieldsOf(item: NumberItem, value: number | bigint, plus = 0): Field[] {
  const fields: Field[] = item.name === '' ? [] : [[item.name, showItem(item, value, plus)]];
  for (const part of item.parts) fields.push([part.name, showNumber(bitsOf(value, part.mask), part.show, part.bytes)]);
  return fields;
}

/** Fields as they come. */
export function shownOf(fields: readonly Field[]): Shown | undefined {
  // Joined, a text is one piece; added up, it would be put together anew each time that it is used.
  return fields.length === 0 ? undefined : { fields, json: fields.map(jsonOf).join(',') };
}

/** A field as it comes. */
export const shownField = (name: string, show: string): Shown => {
  const field: Field = [name, show];
  return { fields: [field], json: jsonOf(field) };
};

/** Text that stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** Names are Wireshark's and hold no character that JSON escapes; few values do. */
const jsonOf = ([name, show]: Field): string => (PLAIN.test(show) ? `["${name}","${show}"]` : `["${name}",${JSON.stringify(show)}]`);
