/**
 * The tables and their interpreter as a target: reading never throws, never looks past the payload, makes no more of it than
 * its bytes are worth; and what was read whole is written as it was.
 *
 * Head of an input: three bytes made of the format's name, so that a seed means the same format when others are added; any
 * others choose one by number. The body is the payload.
 */
import type { Value, Values } from '../../host/clusters/item.ts';
import { read, type Reading } from '../../host/clusters/read.ts';
import { write } from '../../host/clusters/write.ts';
import type { NamedFormat } from './formats.ts';
import { Broken, mix, type Target } from './target.ts';

const HEAD = 3;
/** More than any payload on the air: a frame of 127 bytes has 116 at most behind its MAC header. */
const LIMIT = HEAD + 128;
/** Values and fields that a payload may give: one byte makes a few values at most, and the format some of its own. */
const VALUES_PER_BYTE = 4;
const FIELDS_PER_BYTE = 24;
const FIXED = 384;
const AROUND = [0x00, 0xff];

/** Formats under watch. */
export class FormatTarget implements Target {
  readonly name = 'tables';
  readonly head = HEAD;
  readonly limit = LIMIT;
  readonly patience = 50;
  readonly #formats: readonly NamedFormat[];
  readonly #byTag: ReadonlyMap<number, number>;
  readonly #outcomes = new Map<string, number>();
  readonly #window = new Uint8Array(3 * LIMIT);

  constructor(formats: readonly NamedFormat[]) {
    this.#formats = formats;
    this.#byTag = new Map(formats.map(({ name }, index) => [tagOf(name), index]));
  }

  seeds(): readonly Uint8Array[] {
    const bodies = [new Uint8Array(0), new Uint8Array(48), new Uint8Array(48).fill(1), Uint8Array.from({ length: 64 }, (_, i) => i)];
    return this.#formats.flatMap(({ name }) => bodies.map((body) => payloadOf(name, body)));
  }

  check(input: Uint8Array): number {
    const tag = (input[0] ?? 0) | ((input[1] ?? 0) << 8) | ((input[2] ?? 0) << 16);
    const index = this.#byTag.get(tag) ?? tag % this.#formats.length;
    const { name, format } = this.#formats[index] as NamedFormat;
    const readings = AROUND.map((pattern) => read(format, this.#place(input.subarray(HEAD), pattern)));
    const [reading, again] = readings as [Reading, Reading];
    const length = input.length - HEAD;
    const told = text(reading);
    if (told !== text(again)) throw new Broken('reads-past', `${name} depends on what stands around the payload`);
    if (reading.rest.byteOffset + reading.rest.length !== LIMIT + length)
      throw new Broken('rest', `${name}: what is left does not end with the payload`);
    if (reading.short !== undefined && reading.short > length) throw new Broken('offset', `${name} ends at ${reading.short} of ${length}`);
    const values = count(reading.values, name, length);
    if (values > FIXED + VALUES_PER_BYTE * length) throw new Broken('amplifies', `${name}: ${values} values out of ${length} bytes`);
    if (reading.fields.length > FIXED + FIELDS_PER_BYTE * length)
      throw new Broken('amplifies', `${name}: ${reading.fields.length} fields out of ${length} bytes`);
    if (reading.short === undefined) this.#writeBack(name, format, reading, input.subarray(HEAD));
    const outcome = reading.short === undefined ? 'read' : 'short';
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    const left = reading.short ?? length - reading.rest.length;
    return mix(mix(mix(mix(0, index), reading.short === undefined ? 1 : 2), left >> 2), mix(values >> 2, reading.fields.length >> 2));
  }

  outcomes(): ReadonlyMap<string, number> {
    return this.#outcomes;
  }

  #writeBack(name: string, format: NamedFormat['format'], reading: Reading, payload: Uint8Array): void {
    let written: Uint8Array;
    try {
      written = write(format, reading.values);
    } catch (cause) {
      throw new Broken('write', `${name} cannot be written as it was read: ${String(cause)}`, { cause });
    }
    const end = payload.length - reading.rest.length;
    if (Buffer.compare(written, payload.subarray(0, end)) !== 0) {
      const shown = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
      throw new Broken('write', `${name} is read of ${shown(payload.subarray(0, end))} and written as ${shown(written)}`);
    }
  }

  /** The payload in the middle of other bytes. */
  #place(payload: Uint8Array, pattern: number): Uint8Array {
    this.#window.fill(pattern);
    this.#window.set(payload, LIMIT);
    return this.#window.subarray(LIMIT, LIMIT + payload.length);
  }
}

/** The input that gives a payload to the format of this name. */
export function payloadOf(name: string, payload: Uint8Array): Uint8Array {
  const tag = tagOf(name);
  return Uint8Array.from([tag & 255, (tag >> 8) & 255, tag >> 16, ...payload]);
}

/** 24 bits of a name. */
function tagOf(name: string): number {
  let tag = 0x811c9dc5;
  for (const character of name) tag = Math.imul(tag ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (tag ^ (tag >>> 24)) & 0xff_ffff;
}

/** Everything a reading says, as text. */
const text = ({ fields, values, short }: Reading): string =>
  JSON.stringify([fields, values, short], (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

/** Counts the values; bytes among them must lie in the payload. */
function count(values: Values, name: string, length: number): number {
  let sum = 0;
  for (const value of Object.values(values) as Value[]) {
    sum++;
    if (value instanceof Uint8Array) {
      if (value.byteOffset < LIMIT || value.byteOffset + value.length > LIMIT + length)
        throw new Broken('reads-past', `${name}: bytes from outside the payload`);
    } else if (Array.isArray(value)) for (const group of value as readonly Values[]) sum += 1 + count(group, name, length);
  }
  return sum;
}
