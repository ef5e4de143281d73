/** Randomness as a port. */

/** A source of random bytes: the machine's in the product, seeded in tests and simulations. */
export interface Entropy {
  /** `length` fresh bytes. */
  bytes(length: number): Uint8Array;
}
