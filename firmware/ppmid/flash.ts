/**
 * A NOR flash: erasing sets all bits of a block, programming only clears bits. The power can be cut before, during or
 * after any operation; a torn operation leaves what real parts leave, a part of the range done and one word half done.
 */
import { Fault } from '../../host/model/fault.ts';
import { PowerCut } from '../devices/power.ts';

/** Bytes erased together. */
export const ERASE_BLOCK = 4096;
/** Program granularity: offsets and lengths are multiples of it. */
export const PROGRAM_UNIT = 4;

/** When in an operation the power goes. */
export type Cut = 'before' | 'torn' | 'after';

/** Asked before every operation, numbered from 0 in the life of the flash; undefined lets it happen. */
export type CutRule = (operation: number, kind: 'program' | 'erase') => Cut | undefined;

/** A flash memory. */
export class Flash {
  readonly #cells: Uint8Array;
  #operations = 0;
  #powered = true;
  #rule: CutRule = () => undefined;

  /** An erased flash. `size` is a multiple of ERASE_BLOCK; else Fault `internal`. */
  constructor(size: number) {
    if (size <= 0 || size % ERASE_BLOCK !== 0) throw new Fault('internal', `a flash of ${size} bytes is not made of whole blocks`);
    this.#cells = new Uint8Array(size).fill(0xff);
  }

  get size(): number {
    return this.#cells.length;
  }

  /** Programs and erasures so far, those that the power cut into included. */
  get operations(): number {
    return this.#operations;
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

  /** Clears bits. Throws Fault `internal` when a bit would have to be set: the range must have been erased. */
  program(offset: number, bytes: Uint8Array): void {
    this.#check(offset, bytes.length, PROGRAM_UNIT);
    for (let i = 0; i < bytes.length; i++) {
      if ((~this.#cells[offset + i]! & bytes[i]!) !== 0) throw new Fault('internal', `flash byte ${offset + i} is not erased`);
    }
    this.#operate('program', (part) => {
      const whole = part === 'torn' ? wordsBelow(bytes.length / 2) : bytes.length;
      this.#cells.set(bytes.subarray(0, whole), offset);
      for (let i = whole; part === 'torn' && i < whole + PROGRAM_UNIT; i++) this.#cells[offset + i]! &= bytes[i]! | 0x5a;
    });
  }

  /** Erases the block that begins at `offset`. */
  erase(offset: number): void {
    this.#check(offset, ERASE_BLOCK, ERASE_BLOCK);
    this.#operate('erase', (part) => {
      const whole = part === 'torn' ? ERASE_BLOCK / 2 : ERASE_BLOCK;
      this.#cells.fill(0xff, offset, offset + whole);
      for (let i = whole; part === 'torn' && i < whole + PROGRAM_UNIT; i++) this.#cells[offset + i]! |= 0xa5;
    });
  }

  #operate(kind: 'program' | 'erase', act: (part: 'whole' | 'torn') => void): void {
    if (!this.#powered) throw new PowerCut();
    const cut = this.#rule(this.#operations++, kind);
    if (cut !== 'before') act(cut === 'torn' ? 'torn' : 'whole');
    if (cut === undefined) return;
    this.#powered = false;
    throw new PowerCut();
  }

  #check(offset: number, length: number, unit: number): void {
    const fits = offset >= 0 && length >= 0 && offset + length <= this.#cells.length;
    if (!fits || offset % unit !== 0 || length % unit !== 0) throw new Fault('internal', `flash range ${offset}+${length} is not usable`);
  }
}

const wordsBelow = (length: number): number => Math.floor(length / PROGRAM_UNIT) * PROGRAM_UNIT;
