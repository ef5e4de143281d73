/**
 * A NOR flash: erasing sets all bits of a block, programming only clears bits. The power can be cut before, during or after
 * any operation; a torn operation leaves what real parts leave, the first bytes done and one byte half done.
 */
import { Fault } from '../../host/model/fault.ts';
import { PowerCut } from '../devices/power.ts';

/** What a part is like. */
export interface Geometry {
  /** Bytes erased together. */
  readonly eraseBlock: number;
  /** Program granularity: offsets and lengths are multiples of it. */
  readonly programUnit: number;
}

/** Bytes erased together by the part that virtual devices have. */
export const ERASE_BLOCK = 4096;
/** Its program granularity. */
export const PROGRAM_UNIT = 4;
/** That part. */
export const STANDARD: Geometry = { eraseBlock: ERASE_BLOCK, programUnit: PROGRAM_UNIT };

/** When in an operation the power goes: before, after, or when so many of its bytes were done and the next was being done. */
export type Cut = 'before' | 'after' | { readonly torn: number };

/** Asked before every operation, numbered from 0 in the life of the flash, with its bytes; undefined lets it happen. */
export type CutRule = (operation: number, length: number, kind: 'program' | 'erase') => Cut | undefined;

/** Bits that a byte torn while it was programmed keeps, and that one torn while it was erased has gained. */
const HALF_PROGRAMMED = 0x5a;
const HALF_ERASED = 0xa5;

/** A flash memory. */
export class Flash {
  readonly geometry: Geometry;
  readonly #cells: Uint8Array;
  #operations = 0;
  #powered = true;
  #rule: CutRule = () => undefined;

  /** An erased flash. `size` is a multiple of the erase block; else Fault `internal`. */
  constructor(size: number, geometry: Geometry = STANDARD) {
    if (size <= 0 || size % geometry.eraseBlock !== 0) throw new Fault('internal', `a flash of ${size} bytes is not made of whole blocks`);
    this.geometry = geometry;
    this.#cells = new Uint8Array(size).fill(0xff);
  }

  get size(): number {
    return this.#cells.length;
  }

  /** Programs and erasures so far, those that the power cut into included. */
  get operations(): number {
    return this.#operations;
  }

  /** A powered flash of the same contents, on which nothing has happened yet. */
  copy(): Flash {
    const copy = new Flash(this.size, this.geometry);
    copy.#cells.set(this.#cells);
    return copy;
  }

  /** Sets when the power goes. */
  cutWhen(rule: CutRule): void {
    this.#rule = rule;
  }

  /** Brings the power back. */
  powerOn(): void {
    this.#powered = true;
  }

  /** A copy of a range. */
  read(offset: number, length: number): Uint8Array {
    if (!this.#powered) throw new PowerCut();
    this.#check(offset, length, 1);
    return this.#cells.slice(offset, offset + length);
  }

  /** Whether a range holds nothing but set bits. */
  isErased(offset: number, length: number): boolean {
    const cells = this.read(offset, length);
    for (let i = 0; i < length; i++) if (cells[i] !== 0xff) return false;
    return true;
  }

  /** Clears bits. Throws Fault `internal` when a bit would have to be set: the range must have been erased. */
  program(offset: number, bytes: Uint8Array): void {
    this.#check(offset, bytes.length, this.geometry.programUnit);
    for (let i = 0; i < bytes.length; i++) {
      if ((~this.#cells[offset + i]! & bytes[i]!) !== 0) throw new Fault('internal', `flash byte ${offset + i} is not erased`);
    }
    this.#operate('program', bytes.length, (done, torn) => {
      this.#cells.set(bytes.subarray(0, done), offset);
      if (torn) this.#cells[offset + done]! &= bytes[done]! | HALF_PROGRAMMED;
    });
  }

  /** Erases the block that begins at `offset`. */
  erase(offset: number): void {
    const { eraseBlock } = this.geometry;
    this.#check(offset, eraseBlock, eraseBlock);
    this.#operate('erase', eraseBlock, (done, torn) => {
      this.#cells.fill(0xff, offset, offset + done);
      if (torn) this.#cells[offset + done]! |= HALF_ERASED;
    });
  }

  #operate(kind: 'program' | 'erase', length: number, act: (done: number, torn: boolean) => void): void {
    if (!this.#powered) throw new PowerCut();
    const cut = this.#rule(this.#operations++, length, kind);
    if (typeof cut === 'object') act(Math.min(cut.torn, length - 1), true);
    else if (cut !== 'before') act(length, false);
    if (cut === undefined) return;
    this.#powered = false;
    throw new PowerCut();
  }

  #check(offset: number, length: number, unit: number): void {
    const fits = offset >= 0 && length >= 0 && offset + length <= this.#cells.length;
    if (!fits || offset % unit !== 0 || length % unit !== 0) throw new Fault('internal', `flash range ${offset}+${length} is not usable`);
  }
}
