/** In what two upgrade files differ: fields of their headers, their elements, their bytes. */
import type { ImageHeader } from '../../host/model/image.ts';
import { tagName } from './format.ts';
import { inspectImage, type Inspection } from './inspect.ts';

/** One difference: what it is in, and how it reads on either side (`none` where a side has it not). */
export interface Difference {
  readonly what: string;
  readonly a: string;
  readonly b: string;
}

/** All differences of two files. */
export interface ImageDiff {
  readonly differences: readonly Difference[];
  /** Bytes that differ, place by place, and what the longer file has more. */
  readonly bytes: number;
  /** The first byte that differs; undefined when none does. */
  readonly first: number | undefined;
}

const NONE = 'none';

/** Compares two files. */
export function diffImages(a: Uint8Array, b: Uint8Array): ImageDiff {
  const [left, right] = [inspectImage(a), inspectImage(b)];
  const differences: Difference[] = [];
  const note = (what: string, x: string, y: string): void => void (x === y || differences.push({ what, a: x, b: y }));
  note('length', `${a.length}`, `${b.length}`);
  const names = new Set([...Object.keys(left.header ?? {}), ...Object.keys(right.header ?? {})]) as Set<keyof ImageHeader>;
  for (const name of names) note(name, told(name, left.header?.[name]), told(name, right.header?.[name]));
  for (let i = 0; i < Math.max(left.elements.length, right.elements.length); i++) {
    note(`element ${i}`, shape(left, i), shape(right, i));
    if (shape(left, i) === shape(right, i)) note(`data of element ${i}`, ...contents(a, left, b, right, i));
  }
  return { differences, ...compare(a, b) };
}

const told = (name: string, value: unknown): string => {
  if (value === undefined) return NONE;
  if (typeof value === 'number' && name !== 'totalSize' && name !== 'headerLength') return `0x${value.toString(16)}`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

function shape({ elements }: Inspection, index: number): string {
  const element = elements[index];
  if (element === undefined) return NONE;
  return `0x${element.tag.toString(16).padStart(4, '0')} ${tagName(element.tag)}, ${element.length} bytes`;
}

function contents(a: Uint8Array, left: Inspection, b: Uint8Array, right: Inspection, index: number): [string, string] {
  const data = (bytes: Uint8Array, { elements }: Inspection): Uint8Array => {
    const { offset = 0, length = 0 } = elements[index] ?? {};
    return bytes.subarray(offset, offset + length);
  };
  const [x, y] = [data(a, left), data(b, right)];
  const { bytes, first } = compare(x, y);
  if (first === undefined) return ['the same', 'the same'];
  const from = (side: Uint8Array): string => Buffer.from(side.subarray(first, first + 8)).toString('hex');
  return [`${bytes} other bytes, from byte ${first}: ${from(x)}…`, `${from(y)}…`];
}

function compare(a: Uint8Array, b: Uint8Array): { readonly bytes: number; readonly first: number | undefined } {
  const length = Math.max(a.length, b.length);
  let [bytes, first]: [number, number | undefined] = [0, undefined];
  for (let at = 0; at < length; at++) {
    if (a[at] === b[at]) continue;
    bytes++;
    first ??= at;
  }
  return { bytes, first };
}
