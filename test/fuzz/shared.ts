/** Memory that the engine's thread and its supervisor share: a beat, and the input that is being run. */

/** Index of the beat, which rises with every input; of the target's number; of the input's length. 32-bit words. */
export const BEAT = 0;
/** Index of the target's number. */
export const TARGET = 1;
/** Index of the input's length. */
export const LENGTH = 2;
/** Where the input stands, in bytes. */
export const INPUT = 16;
const SIZE = INPUT + 4096;

/** The shared memory. */
export interface Shared {
  readonly buffer: SharedArrayBuffer;
}

/** Fresh shared memory. */
export const share = (): Shared => ({ buffer: new SharedArrayBuffer(SIZE) });

/** The beat, and the input that is being run. */
export function look({ buffer }: Shared): { readonly beat: number; readonly target: number; readonly input: Uint8Array } {
  const words = new Int32Array(buffer, 0, INPUT >> 2);
  const length = words[LENGTH] ?? 0;
  return { beat: Atomics.load(words, BEAT), target: words[TARGET] ?? 0, input: Uint8Array.from(new Uint8Array(buffer, INPUT, length)) };
}
