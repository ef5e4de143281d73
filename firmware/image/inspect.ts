/**
 * Reads an upgrade file for people: header, elements with their offsets, and whatever is odd about it. It takes any
 * bytes and never throws; it judges nothing either: the verdict over a file is the core's (`host/core/image.ts`).
 */
import { euiFromAir } from '../../host/model/ids.ts';
import type { ImageElement, ImageHeader } from '../../host/model/image.ts';
import { ELEMENT_HEADER, Field, HEADER_MIN, HEADER_VERSION, Offset, Tag, TEXT_LENGTH } from './format.ts';
import { findStart } from './wrapper.ts';

/** Names of what can be odd. */
export type OddityCode =
  | 'no-file-identifier' // nowhere in the bytes
  | 'wrapper-prefix' // bytes stand in front of the file
  | 'trailing-bytes' // bytes stand behind the declared total size
  | 'truncated' // the declared total size is not there
  | 'header-truncated'
  | 'header-version'
  | 'header-length' // does not agree with the field control
  | 'reserved-field-control'
  | 'text-not-printable'
  | 'raw-body' // what follows the header is no walk of elements
  | 'element-overrun' // an element is longer than what is left
  | 'rest-too-short' // up to five bytes are left behind the last element
  | 'no-upgrade-image' // a verifier takes such a file all the same: there is nothing in it to be run
  | 'integrity-code-not-last'
  | 'signature-not-last'
  | 'certificate-not-read'; // of no suite that the file is signed in: no verifier looks at it

/** Something odd, and at which byte of the input. */
export interface Oddity {
  readonly code: OddityCode;
  readonly offset: number;
  readonly detail: string;
}

const SIGNATURES: readonly number[] = [Tag.SIGNATURE_163, Tag.SIGNATURE_283];
/** The suite of a certificate by its tag, and the tag of that suite's signature. */
const CERTIFICATE_SUITES: ReadonlyMap<number, { readonly number: 1 | 2; readonly signature: number }> = new Map([
  [Tag.CERTIFICATE_163, { number: 1, signature: Tag.SIGNATURE_163 }],
  [Tag.CERTIFICATE_283, { number: 2, signature: Tag.SIGNATURE_283 }],
]);
/** What may follow an integrity code. */
const SIGNING: readonly number[] = [...SIGNATURES, Tag.CERTIFICATE_163, Tag.CERTIFICATE_283];

/** What stands in the bytes. Offsets of elements count from the first byte of the input. */
export interface Inspection {
  /** Where the upgrade file begins; undefined when there is none. */
  readonly start: number | undefined;
  readonly header: ImageHeader | undefined;
  readonly elements: readonly ImageElement[];
  readonly oddities: readonly Oddity[];
}

/** Inspects bytes that are said to be an upgrade file. */
export function inspectImage(bytes: Uint8Array): Inspection {
  const oddities: Oddity[] = [];
  const odd = (code: OddityCode, offset: number, detail: string): void => void oddities.push({ code, offset, detail });
  const start = findStart(bytes);
  if (start === undefined) {
    odd('no-file-identifier', 0, 'the bytes 1e f1 ee 0b are nowhere');
    return { start, header: undefined, elements: [], oddities };
  }
  if (start > 0) odd('wrapper-prefix', 0, `${start} bytes stand in front of the file`);
  if (bytes.length - start < HEADER_MIN) {
    odd('header-truncated', bytes.length, `a header has at least ${HEADER_MIN} bytes, ${bytes.length - start} are there`);
    return { start, header: undefined, elements: [], oddities };
  }
  const header = readHeader(bytes.subarray(start), (code, at, detail) => odd(code, start + at, detail));
  const end = start + header.totalSize;
  if (end > bytes.length) odd('truncated', bytes.length, `${end - bytes.length} of ${header.totalSize} bytes are missing`);
  if (end < bytes.length) odd('trailing-bytes', end, `${bytes.length - end} bytes stand behind the file`);
  const elements = walk(bytes, start + header.headerLength, Math.min(end, bytes.length), end, odd);
  return { start, header, elements, oddities };
}

/** Data of the first element with a tag, as far as it is there. */
export function elementData(bytes: Uint8Array, inspection: Inspection, tag: number): Uint8Array | undefined {
  const element = inspection.elements.find((candidate) => candidate.tag === tag);
  return element && bytes.slice(element.offset, element.offset + element.length);
}

type Note = (code: OddityCode, offset: number, detail: string) => void;

function readHeader(file: Uint8Array, odd: Note): ImageHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const fieldControl = view.getUint16(Offset.FIELD_CONTROL, true);
  const headerLength = view.getUint16(Offset.HEADER_LENGTH, true);
  const headerVersion = view.getUint16(Offset.HEADER_VERSION, true);
  if (headerVersion !== HEADER_VERSION) odd('header-version', Offset.HEADER_VERSION, `0x${headerVersion.toString(16)}, not 0x0100`);
  if (fieldControl > 7) odd('reserved-field-control', Offset.FIELD_CONTROL, `0x${fieldControl.toString(16)} sets reserved bits`);

  let at: number = Offset.OPTIONAL;
  const take = (present: number, length: number): number | undefined => {
    if ((fieldControl & present) === 0) return undefined;
    at += length;
    return at <= file.length ? at - length : undefined;
  };
  const credential = take(Field.CREDENTIAL_VERSION, 1);
  const destination = take(Field.DESTINATION, 8);
  const hardware = take(Field.HARDWARE, 4);
  if (at !== headerLength) odd('header-length', Offset.HEADER_LENGTH, `${headerLength}, while the field control asks for ${at}`);

  const raw = file.subarray(Offset.TEXT, Offset.TEXT + TEXT_LENGTH);
  const length = raw.indexOf(0) < 0 ? TEXT_LENGTH : raw.indexOf(0);
  if (raw.subarray(0, length).some((byte) => byte < 0x20 || byte === 0x7f)) odd('text-not-printable', Offset.TEXT, 'control characters');
  return {
    headerVersion,
    headerLength,
    fieldControl,
    manufacturer: view.getUint16(Offset.MANUFACTURER, true),
    imageType: view.getUint16(Offset.IMAGE_TYPE, true),
    fileVersion: view.getUint32(Offset.FILE_VERSION, true),
    stackVersion: view.getUint16(Offset.STACK_VERSION, true),
    text: new TextDecoder().decode(raw.subarray(0, length)),
    totalSize: view.getUint32(Offset.TOTAL_SIZE, true),
    credentialVersion: credential === undefined ? undefined : file[credential],
    destination: destination === undefined ? undefined : euiFromAir(file.subarray(destination, destination + 8)),
    hardware: hardware === undefined ? undefined : { min: view.getUint16(hardware, true), max: view.getUint16(hardware + 2, true) },
  };
}

/** Walks elements of [from, end); `declared` is where the file says it ends. */
function walk(bytes: Uint8Array, from: number, end: number, declared: number, odd: Note): ImageElement[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const elements: ImageElement[] = [];
  const met = new Set<number>(); // tags so far: a file may have very many elements
  let at = from;
  while (at + ELEMENT_HEADER <= end) {
    const tag = view.getUint16(at, true);
    const length = view.getUint32(at + 2, true);
    const offset = at + ELEMENT_HEADER;
    if (offset + length > declared) {
      if (elements.length === 0) odd('raw-body', at, `no element begins the body: tag 0x${tag.toString(16)} would have ${length} bytes`);
      else odd('element-overrun', at, `tag 0x${tag.toString(16)} has ${length} bytes, ${declared - offset} are left`);
      return elements;
    }
    if (met.has(Tag.INTEGRITY_CODE) && !SIGNING.includes(tag)) odd('integrity-code-not-last', at, `tag 0x${tag.toString(16)} follows it`);
    if (SIGNATURES.some((each) => met.has(each))) odd('signature-not-last', at, `tag 0x${tag.toString(16)} follows it`);
    elements.push({ tag, offset, length });
    met.add(tag);
    at = offset + length;
  }
  if (at < end) odd('rest-too-short', at, `${end - at} bytes are no element`);
  if (!met.has(Tag.UPGRADE_IMAGE)) odd('no-upgrade-image', Math.min(from, bytes.length), 'no upgrade image element (tag 0x0000)');
  for (const { tag, offset } of elements) {
    const suite = CERTIFICATE_SUITES.get(tag);
    if (suite !== undefined && !met.has(suite.signature))
      odd(
        'certificate-not-read',
        offset - ELEMENT_HEADER,
        `a certificate of suite ${suite.number}, in which nothing is signed: it is never looked at`,
      );
  }
  return elements;
}
