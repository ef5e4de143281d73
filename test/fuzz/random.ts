/** Numbers that look random and are the same again for the same seed: sfc32, seeded by text. */

/** A stream of numbers. Streams of different names under one seed have nothing to do with one another. */
export class Random {
  #a = 0x9e3779b9;
  #b = 0x243f6a88;
  #c = 0xb7e15162;
  #counter = 1;

  constructor(seed: number, name: string) {
    for (const character of `${seed}:${name}`) {
      this.#a = Math.imul(this.#a ^ (character.codePointAt(0) ?? 0), 0x01000193);
      this.next();
    }
    for (let i = 0; i < 12; i++) this.next();
  }

  /** The next 32 bits, unsigned. */
  next(): number {
    const answer = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + answer;
    return answer >>> 0;
  }

  /** A number from 0 up to, not including, `limit` (at least 1). */
  below(limit: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * limit);
  }

  /** One of a list that is not empty. */
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}
