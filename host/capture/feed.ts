/**
 * Parsers that ask for bytes: a parser is a generator that yields how many bytes it wants next and is given exactly these.
 * So any split of the input gives what one piece gives, and the parser never sees a half field.
 */
import { Fault } from '../model/fault.ts';
import type { CaptureError } from './captured.ts';

/** What a parser wants: so many bytes; `boundary` = the input may end here. */
export interface Want {
  readonly bytes: number;
  readonly boundary: boolean;
}

/** A parser. It returns only to give up. */
export type Parser = Generator<Want, CaptureError, Uint8Array>;

/** Bytes that must come. */
export const want = (bytes: number): Want => ({ bytes, boundary: false });

/** Bytes of a record that may or may not follow. */
export const wantOrEnd = (bytes: number): Want => ({ bytes, boundary: true });

/** Gives a parser its bytes as they come. */
export class Feed {
  readonly #parser: Parser;
  #want: Want;
  /** Pieces that together are less than what is wanted. */
  #kept: Uint8Array[] = [];
  #held = 0;
  #offset = 0;
  #error: CaptureError | undefined;

  /** Starts the parser. Throws Fault `internal` when it gives up before any byte. */
  constructor(parser: Parser) {
    this.#parser = parser;
    const first = parser.next();
    if (first.done === true) throw new Fault('internal', 'a parser gave up without reading');
    this.#want = first.value;
  }

  /** Why the parser gave up, or undefined. */
  get error(): CaptureError | undefined {
    return this.#error;
  }

  /** Takes the next bytes of the input; ignored once the parser gave up. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#kept.push(chunk);
    this.#held += chunk.length;
    if (this.#error !== undefined || this.#held < this.#want.bytes) return;
    const input = this.#kept.length === 1 ? chunk : together(this.#kept, this.#held);
    let at = 0;
    while (this.#error === undefined && input.length - at >= this.#want.bytes) {
      const bytes = input.subarray(at, (at += this.#want.bytes));
      this.#offset += bytes.length;
      const next = this.#parser.next(bytes);
      if (next.done === true) this.#error = next.value;
      else this.#want = next.value;
    }
    this.#held = input.length - at;
    this.#kept = this.#held > 0 ? [input.subarray(at)] : [];
  }

  /** Says that the input is over; answers why it ended too early, or undefined when it ended between two records. */
  end(): CaptureError | undefined {
    if (this.#error === undefined && (this.#held > 0 || !this.#want.boundary)) {
      const detail = `the input ends ${this.#want.bytes - this.#held} bytes before the end of a record`;
      this.#error = { code: 'truncated', offset: this.#offset + this.#held, detail };
    }
    return this.#error;
  }
}

function together(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
