/** Upgrade files for tests, byte by byte as the format has them, right by default and wrong where asked. */
import * as oracle from '../crypto/oracle.ts';

/** An element; `length` overrides the announced one. */
export interface Element {
  readonly tag: number;
  readonly data: Uint8Array;
  readonly length?: number;
}

/** What a file is made of; everything has a right value. */
export interface FileParts {
  readonly magic?: number;
  readonly headerVersion?: number;
  readonly headerLength?: number;
  readonly fieldControl?: number;
  readonly credential?: number;
  readonly destination?: Uint8Array;
  readonly hardware?: readonly [number, number];
  readonly total?: number;
  readonly elements?: readonly Element[];
  /** Bytes behind the elements, counted in the total size. */
  readonly tail?: Uint8Array;
  /** Adds the integrity code, by the convention named. */
  readonly integrity?: 'before-tag' | 'with-tag-header' | 'short-padding';
}

/** Numbers of the header that tests look for. */
export const HEADER = { manufacturer: 0x1234, type: 0xabcd, fileVersion: 0x01020304, stack: 2, text: 'Hearthgate test image' } as const;

const u16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
const u32 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);

/** An element as bytes. */
export const element = ({ tag, data, length = data.length }: Element): Uint8Array => Buffer.concat([u16(tag), u32(length), data]);

/** A file. */
export function otaFile(parts: FileParts = {}): Uint8Array {
  const elements = Buffer.concat((parts.elements ?? [{ tag: 0, data: oracle.pattern(40) }]).map(element));
  const optional = Buffer.concat([
    parts.credential === undefined ? u32(0).subarray(4) : Uint8Array.of(parts.credential),
    parts.destination ?? new Uint8Array(),
    parts.hardware === undefined ? new Uint8Array() : Buffer.concat(parts.hardware.map(u16)),
  ]);
  const announced = (parts.credential === undefined ? 0 : 1) | (parts.destination ? 2 : 0) | (parts.hardware ? 4 : 0);
  const headerLength = 56 + optional.length;
  const total = headerLength + elements.length + (parts.integrity ? 22 : 0) + (parts.tail?.length ?? 0);
  const body = Buffer.concat([
    u32(parts.magic ?? 0x0beef11e),
    u16(parts.headerVersion ?? 0x0100),
    u16(parts.headerLength ?? headerLength),
    u16(parts.fieldControl ?? announced),
    u16(HEADER.manufacturer),
    u16(HEADER.type),
    u32(HEADER.fileVersion),
    u16(HEADER.stack),
    Buffer.concat([Buffer.from(HEADER.text), Buffer.alloc(32)], 32),
    u32(parts.total ?? total),
    optional,
    elements,
  ]);
  return Buffer.concat([body, integrityElement(body, parts.integrity), parts.tail ?? new Uint8Array()]);
}

function integrityElement(body: Uint8Array, convention: FileParts['integrity']): Uint8Array {
  const header = Buffer.concat([u16(3), u32(16)]);
  switch (convention) {
    case undefined:
      return new Uint8Array();
    case 'before-tag':
      return Buffer.concat([header, oracle.mmo(body)]);
    case 'with-tag-header':
      return Buffer.concat([header, oracle.mmo(Buffer.concat([body, header]))]);
    case 'short-padding':
      return Buffer.concat([header, oracle.mmo(body, { short: true })]);
  }
}
