/**
 * What each byte of an upgrade file is: ranges that follow one another without a gap from the first byte to the last, each
 * with a name and, where it says something, its value. For people; it judges nothing.
 */
import { CERTIFICATE_FIELDS, SIGNATURE_FIELDS, type FieldMap } from './element-fields.ts';
import { ELEMENT_HEADER, Field, HEADER_MIN, Offset, tagName, TEXT_LENGTH } from './format.ts';
import type { Inspection } from './inspect.ts';

/** Bytes [start, end) of the input and what they are. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  /** As it reads; undefined for what has no reading but its bytes. */
  readonly value?: string;
}

/** Fixed fields of the header: name, offset, bytes. */
const HEADER_FIELDS: readonly (readonly [string, number, number])[] = [
  ['file identifier', Offset.IDENTIFIER, 4],
  ['header version', Offset.HEADER_VERSION, 2],
  ['header length', Offset.HEADER_LENGTH, 2],
  ['field control', Offset.FIELD_CONTROL, 2],
  ['manufacturer', Offset.MANUFACTURER, 2],
  ['image type', Offset.IMAGE_TYPE, 2],
  ['file version', Offset.FILE_VERSION, 4],
  ['stack version', Offset.STACK_VERSION, 2],
  ['text', Offset.TEXT, TEXT_LENGTH],
  ['total size', Offset.TOTAL_SIZE, 4],
];

/** Ranges of the whole input. */
export function annotate(bytes: Uint8Array, { start, header, elements }: Inspection): readonly Range[] {
  const ranges: Range[] = [];
  const at = (): number => ranges.at(-1)?.end ?? 0;
  const put = (end: number, name: string, value?: string): void => {
    const until = Math.min(end, bytes.length);
    if (until > at()) ranges.push({ start: at(), end: until, name, ...(value === undefined ? {} : { value }) });
  };
  const little = (from: number, length: number): string => `0x${reversedHex(bytes.subarray(from, from + length))}`;
  if (start !== undefined && header !== undefined) {
    put(start, 'wrapper before the file');
    for (const [name, offset, length] of HEADER_FIELDS) {
      const value = name === 'text' ? JSON.stringify(header.text) : little(start + offset, length);
      put(start + offset + length, name, value);
    }
    optionalFields(start + HEADER_MIN, header, put);
    put(start + header.headerLength, 'header beyond its fields');
    const end = start + header.totalSize;
    for (const { tag, offset, length } of elements) {
      put(offset - ELEMENT_HEADER, 'no element');
      put(offset - ELEMENT_HEADER + 2, 'tag', `${little(offset - ELEMENT_HEADER, 2)}, ${tagName(tag)}`);
      put(offset, 'length', `${length}`);
      fieldsOf(tag, length).forEach(([name, size, read]) => put(at() + size, name, read?.(bytes.subarray(at(), at() + size))));
      put(offset + length, tagName(tag));
    }
    put(end, 'no element');
    put(bytes.length, 'wrapper behind the file');
  }
  put(bytes.length, 'no upgrade file');
  return ranges;
}

function optionalFields(
  from: number,
  { fieldControl, credentialVersion, destination, hardware }: NonNullable<Inspection['header']>,
  put: (end: number, name: string, value?: string) => void,
): void {
  let at = from;
  const field = (present: number, length: number, name: string, value: string | undefined): void => {
    if ((fieldControl & present) !== 0) put((at += length), name, value);
  };
  field(Field.CREDENTIAL_VERSION, 1, 'credential version', credentialVersion?.toString());
  field(Field.DESTINATION, 8, 'destination', destination);
  field(Field.HARDWARE, 2, 'lowest hardware version', hardware?.min.toString());
  field(Field.HARDWARE, 2, 'highest hardware version', hardware?.max.toString());
}

/** The fields of an element whose data has the length that they take; none of another. */
function fieldsOf(tag: number, length: number): FieldMap {
  const fields = CERTIFICATE_FIELDS[tag] ?? SIGNATURE_FIELDS[tag] ?? [];
  return fields.reduce((sum, [, size]) => sum + size, 0) === length ? fields : [];
}

const reversedHex = (bytes: Uint8Array): string => Buffer.from(bytes).reverse().toString('hex');
