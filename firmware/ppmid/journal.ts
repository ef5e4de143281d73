/**
 * A journal in flash: appends records of several kinds and answers the last one of a kind that was written whole.
 *
 * Two blocks take turns. A block begins with a snapshot, the last record of every kind in one; single records follow. The
 * block in force is the one whose snapshot has the higher number, and the other is erased only to begin its successor: a
 * power cut at any operation leaves the old or the new record of the kind that was written, and every other as it was.
 *
 * On flash: marker u16, length u16, number u32, CRC-32 u32 of length, number and body, then the body, padded with ff to the
 * program unit; a body is a row of kind u8, length u16, bytes. All little-endian. Nothing is remembered over an operation of
 * the flash: what it says is what is true, whoever wrote it.
 */
import { crc32 } from 'node:zlib';
import { Fault } from '../../host/model/fault.ts';
import type { Flash } from './flash.ts';

/** Kinds of records. */
export const Kind = { BOOT: 1, SETTINGS: 2 } as const;

/** A kind of record. */
export type Kind = (typeof Kind)[keyof typeof Kind];

const MARKER = 0x524a;
const HEADER = 12;
const ENTRY_HEADER = 3;

type Entries = ReadonlyMap<number, Uint8Array>;

/** What a block holds: the entries in force, the number of its last record, and where that ends. */
interface Scanned {
  readonly entries: Entries;
  readonly number: number;
  readonly end: number;
}

/** The block in force, and what it holds; undefined when neither holds anything. */
interface InForce {
  readonly block: number;
  readonly scanned: Scanned | undefined;
}

/** Bytes of flash that a journal takes: two blocks. */
export const journalSize = (flash: Flash): number => 2 * flash.geometry.eraseBlock;

/** The journal of the two blocks at `offset`. */
export class Journal {
  readonly #flash: Flash;
  readonly #offset: number;
  #read: { readonly at: number; readonly found: InForce } | undefined;

  constructor(flash: Flash, offset: number) {
    this.#flash = flash;
    this.#offset = offset;
  }

  /** Body of the last record of a kind that was written whole, or undefined when there is none. */
  last(kind: Kind): Uint8Array | undefined {
    return this.#inForce().scanned?.entries.get(kind);
  }

  /**
   * Appends a record; it is the last of its kind as soon as this returns. Throws Fault `internal` when it and the last of
   * every other kind do not fit a block together.
   */
  append(kind: Kind, body: Uint8Array): void {
    const { block, scanned } = this.#inForce();
    const { eraseBlock } = this.#flash.geometry;
    const number = (scanned?.number ?? 0) + 1;
    const record = this.#encode(number, new Map([[kind, body]]));
    if (scanned !== undefined && scanned.end + record.length <= eraseBlock) {
      const at = this.#at(block) + scanned.end;
      if (this.#flash.isErased(at, eraseBlock - scanned.end)) return this.#flash.program(at, record);
    }
    const snapshot = this.#encode(number, new Map([...(scanned?.entries ?? []), [kind, body]]));
    if (snapshot.length > eraseBlock) throw new Fault('internal', `a journal record of ${body.length} bytes does not fit its block`);
    const next = scanned === undefined ? 0 : 1 - block;
    this.#flash.erase(this.#at(next));
    this.#flash.program(this.#at(next), snapshot);
  }

  #at(block: number): number {
    return this.#offset + block * this.#flash.geometry.eraseBlock;
  }

  #inForce(): InForce {
    const at = this.#flash.operations;
    if (this.#read?.at !== at) this.#read = { at, found: this.#scan() };
    return this.#read.found;
  }

  #scan(): InForce {
    const { eraseBlock } = this.#flash.geometry;
    const [first, second] = [0, 1].map((block) => scan(this.#flash.read(this.#at(block), eraseBlock), this.#flash.geometry.programUnit));
    const later = second !== undefined && second.number > (first?.number ?? 0);
    return later ? { block: 1, scanned: second } : { block: 0, scanned: first };
  }

  #encode(number: number, entries: Entries): Uint8Array {
    const length = [...entries.values()].reduce((sum, body) => sum + ENTRY_HEADER + body.length, 0);
    const record = new Uint8Array(padded(HEADER + length, this.#flash.geometry.programUnit)).fill(0xff);
    const view = new DataView(record.buffer);
    view.setUint16(0, MARKER, true);
    view.setUint16(2, length, true);
    view.setUint32(4, number, true);
    let at = HEADER;
    for (const [kind, body] of entries) {
      view.setUint8(at, kind);
      view.setUint16(at + 1, body.length, true);
      record.set(body, at + ENTRY_HEADER);
      at += ENTRY_HEADER + body.length;
    }
    view.setUint32(8, checksum(record.subarray(2, 8), record.subarray(HEADER, at)), true);
    return record;
  }
}

/** Reads the whole records of a block in their order; undefined when its snapshot is not whole. */
function scan(block: Uint8Array, unit: number): Scanned | undefined {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const entries = new Map<number, Uint8Array>();
  let number: number | undefined;
  let at = 0;
  while (at + HEADER <= block.length && view.getUint16(at, true) === MARKER) {
    const end = at + HEADER + view.getUint16(at + 2, true);
    if (end > block.length) break;
    if (view.getUint32(at + 8, true) !== checksum(block.subarray(at + 2, at + 8), block.subarray(at + HEADER, end))) break;
    number = view.getUint32(at + 4, true);
    for (let entry = at + HEADER; entry < end;) {
      const next = entry + ENTRY_HEADER + view.getUint16(entry + 1, true);
      entries.set(view.getUint8(entry), block.slice(entry + ENTRY_HEADER, next));
      entry = next;
    }
    at = padded(end, unit);
  }
  return number === undefined ? undefined : { entries, number, end: at };
}

const padded = (length: number, unit: number): number => Math.ceil(length / unit) * unit;

const checksum = (head: Uint8Array, body: Uint8Array): number => crc32(body, crc32(head));
