/**
 * A journal in flash: appends records and answers the last one that was written whole. Two blocks take turns, so that the
 * last record is never erased before its successor stands. A power cut at any operation leaves the old or the new record.
 *
 * Record: marker u16, length u16, number u32, CRC-32 u32 of length, number and body, then the body, padded with ff to the
 * program unit. All little-endian.
 */
import { crc32 } from 'node:zlib';
import { Fault } from '../../host/model/fault.ts';
import { ERASE_BLOCK, PROGRAM_UNIT, type Flash } from './flash.ts';

/** Bytes of flash that a journal takes: two blocks. */
export const JOURNAL_SIZE = 2 * ERASE_BLOCK;

const MARKER = 0x524a;
const HEADER = 12;

/** Longest body of a record. */
export const RECORD_MAX = ERASE_BLOCK - HEADER;

interface Found {
  readonly number: number;
  readonly body: Uint8Array;
  readonly block: number;
}

/** A journal of the two blocks at `offset`. */
export class Journal {
  readonly #flash: Flash;
  readonly #offset: number;
  #last: Found | undefined;
  /** Where the next record goes in the block of the last one; ERASE_BLOCK when that block takes no more. */
  #free = ERASE_BLOCK;

  /** Opens the journal: finds the last whole record. */
  constructor(flash: Flash, offset: number) {
    this.#flash = flash;
    this.#offset = offset;
    for (const block of [0, 1]) {
      const { last, free } = scan(flash.read(offset + block * ERASE_BLOCK, ERASE_BLOCK), block);
      if (last === undefined || last.number < (this.#last?.number ?? 0)) continue;
      this.#last = last;
      this.#free = free;
    }
  }

  /** Body of the last record written whole, or undefined when there is none. */
  last(): Uint8Array | undefined {
    return this.#last?.body.slice();
  }

  /** Appends a record; it is the last one as soon as this returns. Throws Fault `internal` when it is longer than RECORD_MAX. */
  append(body: Uint8Array): void {
    if (body.length > RECORD_MAX) throw new Fault('internal', `a journal record of ${body.length} bytes does not fit its block`);
    const number = (this.#last?.number ?? 0) + 1;
    const record = encode(number, body);
    let block = this.#last?.block ?? 1;
    let at = this.#free;
    if (at + record.length > ERASE_BLOCK) {
      block = 1 - block;
      at = 0;
      this.#flash.erase(this.#offset + block * ERASE_BLOCK);
    }
    this.#flash.program(this.#offset + block * ERASE_BLOCK + at, record);
    this.#last = { number, body: body.slice(), block };
    this.#free = at + record.length;
  }
}

function encode(number: number, body: Uint8Array): Uint8Array {
  const record = new Uint8Array(padded(HEADER + body.length)).fill(0xff);
  const view = new DataView(record.buffer);
  view.setUint16(0, MARKER, true);
  view.setUint16(2, body.length, true);
  view.setUint32(4, number, true);
  view.setUint32(8, checksum(record.subarray(2, 8), body), true);
  record.set(body, HEADER);
  return record;
}

/** The last whole record of a block, and where erased space begins behind it (ERASE_BLOCK when something torn stands there). */
function scan(block: Uint8Array, index: number): { last: Found | undefined; free: number } {
  const view = new DataView(block.buffer);
  let at = 0;
  let last: Found | undefined;
  while (at + HEADER <= ERASE_BLOCK && view.getUint16(at, true) === MARKER) {
    const length = view.getUint16(at + 2, true);
    if (at + HEADER + length > ERASE_BLOCK) break;
    const body = block.slice(at + HEADER, at + HEADER + length);
    if (view.getUint32(at + 8, true) !== checksum(block.subarray(at + 2, at + 8), body)) break;
    last = { number: view.getUint32(at + 4, true), body, block: index };
    at += padded(HEADER + length);
  }
  return { last, free: block.subarray(at).every((byte) => byte === 0xff) ? at : ERASE_BLOCK };
}

const padded = (length: number): number => Math.ceil(length / PROGRAM_UNIT) * PROGRAM_UNIT;

const checksum = (head: Uint8Array, body: Uint8Array): number => crc32(body, crc32(head));
