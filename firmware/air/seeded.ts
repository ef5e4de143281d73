/**
 * Repeatable randomness: the same seed gives the same sequence on every machine. For simulation only, never for keys of
 * a real home.
 *
 * The generator is SplitMix32: a counter with an odd stride, mixed by two multiply-xor-shift rounds (full period 2^32).
 */
import type { Entropy } from '../../host/ports/entropy.ts';

/** A seeded source of numbers and bytes. */
export class Seeded implements Entropy {
  #state: number;

  /** Seeds from the low 32 bits of `seed`. */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A number of [0, 1). */
  unit(): number {
    return this.#word() / 2 ** 32;
  }

  /** An integer of [0, limit). */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#word() >>> 24);
  }

  #word(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return (x ^ (x >>> 15)) >>> 0;
  }
}
