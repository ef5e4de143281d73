/**
 * What is fuzzed: a target takes any bytes and promises that its invariants hold. Everything that a check depends on stands
 * in its input (a head that chooses how the rest is used, then the body), so that a failure is told, made small and played
 * again by bytes alone.
 */

/** An invariant does not hold. `kind` is the invariant, stable over runs; the message tells what was seen. */
export class Broken extends Error {
  readonly kind: string;

  constructor(kind: string, message: string, options?: ErrorOptions) {
    super(`${kind}: ${message}`, options);
    this.name = 'Broken';
    this.kind = kind;
  }
}

/** Something that takes bytes. */
export interface Target {
  readonly name: string;
  /** Bytes at the front of an input that choose how the rest is used; an input is never shorter. */
  readonly head: number;
  /** Longest input. */
  readonly limit: number;
  /** Milliseconds that one input may take. */
  readonly patience: number;
  /** Inputs to start from. */
  seeds(): readonly Uint8Array[];
  /**
   * Runs an input. Answers a signature: inputs of the same signature are taken to have gone the same way. Throws `Broken`
   * when an invariant does not hold; whatever else is thrown is broken as well.
   */
  check(input: Uint8Array): number;
  /** What came of the inputs so far, by name of the outcome. */
  outcomes(): ReadonlyMap<string, number>;
}

/** Mixes a number into a signature. */
export const mix = (signature: number, value: number): number => {
  const mixed = Math.imul(signature ^ value, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
};

/** Throws `Broken` unless the condition holds. For messages that cost something, ask first. */
export function hold(condition: boolean, kind: string, message: string): void {
  if (!condition) throw new Broken(kind, message);
}
