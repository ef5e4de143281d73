/** Walks the information elements of a MAC frame (IEEE 802.15.4-2015 clause 7.4): those of its header, then those of its payload. */
import {
  ELEMENT_HEAD,
  HEADER_ELEMENTS,
  HEADER_ELEMENTS_MARKER,
  HEADER_TERMINATION,
  MARKER,
  NESTED_ELEMENTS,
  PAYLOAD_ELEMENTS_MARKER,
  PayloadElement,
  TIME_CORRECTION,
  VENDOR_OUI,
  ZIGBEE_ELEMENT_HEAD,
  ZIGBEE_ELEMENTS,
  ZIGBEE_OUI,
  type Element,
} from '../clusters/mac-elements.ts';
import type { Format, Item } from '../clusters/item.ts';
import { read } from '../clusters/read.ts';
import { showBytes, showHex } from '../clusters/show.ts';
import type { Finding } from './finding.ts';

const HEAD = 2;
const PAYLOAD_ELEMENT = 0x8000;
const UNKNOWN = 'wpan.ie.unknown_content';

/** What came of a walk: bytes walked over, and whether payload elements follow. */
export interface Walked {
  readonly length: number;
  readonly payloadElements: boolean;
}

/**
 * The elements at the start of `bytes`, up to the one that ends them or to the MIC of `mic` bytes. Undefined when one of
 * them does not fit.
 */
export function walkHeaderElements(bytes: Uint8Array, mic: number, finding: Finding): Walked | undefined {
  finding.show(read(HEADER_ELEMENTS_MARKER, bytes).fields);
  for (let at = 0; ;) {
    const head = headAt(bytes, at);
    const [id, length] = [(head >> 7) & 0xff, head & 0x7f];
    const end = at + HEAD + length;
    if (end > bytes.length) return cutShort(finding, bytes.length);
    headerElement(id, bytes.subarray(at, end), finding);
    at = end;
    if (id === HEADER_TERMINATION.PAYLOAD_ELEMENTS || id === HEADER_TERMINATION.PAYLOAD || at >= bytes.length - mic)
      return { length: at, payloadElements: id === HEADER_TERMINATION.PAYLOAD_ELEMENTS };
  }
}

/** The same for those at the start of the payload. Fewer than two bytes hold none: that is remarked upon. */
export function walkPayloadElements(bytes: Uint8Array, finding: Finding): Walked | undefined {
  if (bytes.length <= HEAD) {
    finding.remark('wpan.payload_ie.missing');
    return { length: 0, payloadElements: false };
  }
  finding.show(read(PAYLOAD_ELEMENTS_MARKER, bytes).fields);
  for (let at = 0; ;) {
    const head = headAt(bytes, at);
    const [id, length] = [(head >> 11) & 0xf, head & 0x7ff];
    const end = at + HEAD + length;
    if (end > bytes.length) return cutShort(finding, bytes.length);
    payloadElement(id, bytes.subarray(at, end), finding);
    at = end;
    if (id === PayloadElement.TERMINATION || bytes.length - at <= 1) return { length: at, payloadElements: false };
  }
}

const headAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0xff) + 256 * (bytes[at + 1] ?? 0xff);

const cutShort = (finding: Finding, offset: number): undefined => void finding.cutShort('mac', offset);

function headerElement(id: number, bytes: Uint8Array, finding: Finding): void {
  if (id === TIME_CORRECTION) return timeCorrection(bytes, finding);
  const known = HEADER_ELEMENTS[id];
  if (known !== undefined) return whole(known, ELEMENT_HEAD.header, bytes, finding);
  named(MARKER.headerUnknown, ELEMENT_HEAD.header, bytes, finding);
  finding.show([[UNKNOWN, showBytes(bytes.subarray(HEAD))]]);
  if ((headAt(bytes, 0) & PAYLOAD_ELEMENT) === 0) return finding.remark('wpan.ie_unsupported_id');
  finding.remark('wpan.payload_ie.in_header');
  finding.refuse('mac-element', 'a payload element stands among those of the header');
}

/** 7.4.2.7: twelve bits in two's complement, and the negative acknowledgement in the highest. */
function timeCorrection(bytes: Uint8Array, finding: Finding): void {
  named(MARKER.timeCorrection, ELEMENT_HEAD.header, bytes, finding);
  if (bytes.length < HEAD + 2) return void finding.cutShort('mac', bytes.length);
  const value = headAt(bytes, HEAD);
  finding.show([
    ['wpan.header_ie.time_correction.time_sync_info', showHex(value, 2)],
    ['wpan.header_ie.time_correction.value', ((value << 20) >> 20).toString()],
    ['wpan.nack', value & 0x8000 ? '1' : '0'],
  ]);
  if (value & 0x7000) finding.remark('wpan.time_correction.error');
  extra(bytes.subarray(HEAD + 2), finding);
}

function payloadElement(id: number, bytes: Uint8Array, finding: Finding): void {
  switch (id) {
    case PayloadElement.MLME:
      named(MARKER.mlme, ELEMENT_HEAD.payload, bytes, finding);
      return nested(bytes.subarray(HEAD), finding);
    case PayloadElement.VENDOR:
      named(MARKER.vendor, ELEMENT_HEAD.payload, bytes, finding);
      return vendor(bytes.subarray(HEAD), finding);
    case PayloadElement.TERMINATION:
      return whole({ marker: MARKER.termination, content: [] }, ELEMENT_HEAD.payload, bytes, finding);
    default:
      named(MARKER.payloadUnknown, ELEMENT_HEAD.payload, bytes, finding);
      finding.show([[UNKNOWN, showBytes(bytes.subarray(HEAD))]]);
      finding.remark('wpan.ie_unsupported_id');
  }
}

/** Elements of the MLME: identifiers of the long form are counted from 0x100. */
function nested(bytes: Uint8Array, finding: Finding): void {
  for (let at = 0; bytes.length - at > 1;) {
    const head = headAt(bytes, at);
    const long = (head & 0x8000) !== 0;
    const id = long ? 0x100 + ((head >> 11) & 0xf) : (head >> 8) & 0x7f;
    const end = at + HEAD + (head & (long ? 0x7ff : 0xff));
    if (end > bytes.length) return void finding.cutShort('mac', bytes.length);
    const item = long ? ELEMENT_HEAD.nestedLong : ELEMENT_HEAD.nestedShort;
    const known = NESTED_ELEMENTS[id];
    const element = bytes.subarray(at, end);
    if (known === undefined) {
      named(MARKER.nestedUnknown, item, element, finding);
      if (element.length > HEAD) finding.show([['wpan.mlme.data', showBytes(element.subarray(HEAD))]]);
      finding.remark('wpan.ie_unsupported_id');
    } else content(known.content, named(known.marker, item, element, finding), finding);
    at = end;
  }
}

function vendor(bytes: Uint8Array, finding: Finding): void {
  const { fields, values, rest, short } = read([VENDOR_OUI], bytes);
  finding.show(fields);
  if (short !== undefined) return void finding.cutShort('mac', short);
  if (values['oui'] === ZIGBEE_OUI) zigbee(rest, finding);
}

/** ZigBee's elements: one at least, and one after the other to the end. */
function zigbee(bytes: Uint8Array, finding: Finding): void {
  let left = bytes;
  do {
    const head = read([ZIGBEE_ELEMENT_HEAD], left);
    finding.show(head.fields);
    if (head.short !== undefined) return void finding.cutShort('mac', head.short);
    const value = head.values['head'] as number;
    const format = ZIGBEE_ELEMENTS[value >> 6];
    left = format === undefined ? head.rest.subarray(value & 0x3f) : content(format, head.rest, finding);
  } while (left.length > 0);
}

/** A known element: its name, head and content, then what its length holds beyond. */
function whole({ marker, content: format }: Element, head: Item, bytes: Uint8Array, finding: Finding): void {
  extra(content(format, named(marker, head, bytes, finding), finding), finding);
}

/** Shows name and head of an element and gives its content. */
function named(marker: Item, head: Item, bytes: Uint8Array, finding: Finding): Uint8Array {
  const { fields, rest } = read([marker, head], bytes);
  finding.show(fields);
  return rest;
}

function content(format: Format, bytes: Uint8Array, finding: Finding): Uint8Array {
  const { fields, rest, short } = read(format, bytes);
  finding.show(fields);
  if (short !== undefined) finding.cutShort('mac', short);
  return short === undefined ? rest : rest.subarray(rest.length);
}

function extra(bytes: Uint8Array, finding: Finding): void {
  if (bytes.length === 0) return;
  finding.show([[UNKNOWN, showBytes(bytes)]]);
  finding.remark('wpan.ie_unknown_extra_content');
}
