/**
 * Builds ZigBee OTA upgrade files (ZCL specification 11.4): header with every optional field, elements in the order given,
 * an integrity code at the end. It signs nothing and judges nothing: unusual files are what a lab needs.
 */
import { Fault } from '../../host/model/fault.ts';
import { euiToAir, type Eui64 } from '../../host/model/ids.ts';
import {
  ELEMENT_HEADER,
  Field,
  FILE_IDENTIFIER,
  HEADER_MIN,
  HEADER_VERSION,
  Offset,
  STACK_ZIGBEE_PRO,
  Tag,
  TEXT_LENGTH,
} from './format.ts';

/** AES-MMO digest (16 bytes) of a message, with the padding that its length asks for, or with the short one whatever its length. */
export type Mmo = (message: Uint8Array, padding?: 'short') => Uint8Array;

/** An element to be written. */
export interface NewElement {
  readonly tag: number;
  readonly data: Uint8Array;
}

/** What a file shall say. */
export interface ImageSpec {
  readonly manufacturer: number;
  readonly imageType: number;
  readonly fileVersion: number;
  /** Default: ZigBee PRO. */
  readonly stackVersion?: number;
  /** At most 32 bytes of UTF-8; zero-padded. */
  readonly text: string;
  readonly credentialVersion?: number;
  readonly destination?: Eui64;
  readonly hardware?: { readonly min: number; readonly max: number };
  /** Further elements stand in the order given; a program is one with tag 0x0000. */
  readonly elements: readonly NewElement[];
}

/**
 * The upgrade file of a specification. With `mmo` an integrity code (tag 0x0003) closes it: AES-MMO over everything
 * before its tag, the convention most files in the field follow. Throws Fault `input` when a field does not fit.
 */
export function buildImage(spec: ImageSpec, mmo?: Mmo): Uint8Array {
  const optional = optionalFields(spec);
  const headerLength = HEADER_MIN + optional.length;
  const body = spec.elements.reduce((sum, { data }) => sum + ELEMENT_HEADER + data.length, 0);
  const file = new Uint8Array(headerLength + body + (mmo ? ELEMENT_HEADER + 16 : 0));
  const view = new DataView(file.buffer);

  const text = new TextEncoder().encode(spec.text);
  if (text.length > TEXT_LENGTH) throw new Fault('input', `the header string has ${text.length} bytes; at most ${TEXT_LENGTH} fit`);
  view.setUint32(Offset.IDENTIFIER, FILE_IDENTIFIER, true);
  view.setUint16(Offset.HEADER_VERSION, HEADER_VERSION, true);
  view.setUint16(Offset.HEADER_LENGTH, headerLength, true);
  view.setUint16(Offset.FIELD_CONTROL, fieldControl(spec), true);
  view.setUint16(Offset.MANUFACTURER, fit('manufacturer', spec.manufacturer, 0xffff), true);
  view.setUint16(Offset.IMAGE_TYPE, fit('imageType', spec.imageType, 0xffff), true);
  view.setUint32(Offset.FILE_VERSION, fit('fileVersion', spec.fileVersion, 0xffffffff), true);
  view.setUint16(Offset.STACK_VERSION, fit('stackVersion', spec.stackVersion ?? STACK_ZIGBEE_PRO, 0xffff), true);
  file.set(text, Offset.TEXT);
  view.setUint32(Offset.TOTAL_SIZE, file.length, true);
  file.set(optional, Offset.OPTIONAL);

  let at = headerLength;
  const element = (tag: number, data: Uint8Array): void => {
    view.setUint16(at, fit('tag', tag, 0xffff), true);
    view.setUint32(at + 2, data.length, true);
    file.set(data, at + ELEMENT_HEADER);
    at += ELEMENT_HEADER + data.length;
  };
  for (const { tag, data } of spec.elements) element(tag, data);
  if (mmo) element(Tag.INTEGRITY_CODE, mmo(file.subarray(0, at)));
  return file;
}

function fieldControl(spec: ImageSpec): number {
  return (
    (spec.credentialVersion === undefined ? 0 : Field.CREDENTIAL_VERSION) |
    (spec.destination === undefined ? 0 : Field.DESTINATION) |
    (spec.hardware === undefined ? 0 : Field.HARDWARE)
  );
}

function optionalFields({ credentialVersion, destination, hardware }: ImageSpec): Uint8Array {
  const bytes: number[] = [];
  if (credentialVersion !== undefined) bytes.push(fit('credentialVersion', credentialVersion, 0xff));
  if (destination !== undefined) bytes.push(...euiToAir(destination));
  for (const version of hardware ? [hardware.min, hardware.max] : []) {
    fit('hardware', version, 0xffff);
    bytes.push(version & 0xff, version >> 8);
  }
  return Uint8Array.from(bytes);
}

function fit(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new Fault('input', `${name} ${value} does not fit its field (0 to ${max})`);
}
