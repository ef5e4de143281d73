/**
 * Upgrade images as they arrive: blocks of one fixed size, under the image's SHA-256 and nothing else, so that no outside
 * name becomes a key. A complete image is not a verified one: verification reads it through `stream`.
 */
import { Fault } from '../model/fault.ts';
import type { Digest } from '../model/ids.ts';
import type { Store, Write } from '../ports/store.ts';

/** The images of one gateway. */
export class Images {
  readonly #store: Store;
  readonly #blockSize: number;

  /** `blockSize`: bytes of every block but an image's last one; the same for the life of the store. */
  constructor(store: Store, blockSize: number) {
    this.#store = store;
    this.#blockSize = blockSize;
  }

  /** Keeps a block, in place of one of the same index; resolves when durable. Its form is for the caller to judge. */
  put(image: Digest, index: number, block: Uint8Array): Promise<void> {
    return this.#store.commit([{ table: 'images', key: key(image, index), value: block }]);
  }

  /** Indexes of the blocks that are kept, rising. */
  indexes(image: Digest): readonly number[] {
    return this.#blocks(image).map(([name]) => Number.parseInt(name.slice(image.length + 1), 10));
  }

  /** Whether every byte of an image of `length` bytes is there, each block of the size it must have. */
  complete(image: Digest, length: number): boolean {
    const blocks = this.#blocks(image);
    const full = blocks.every(([name, block], index) => name === key(image, index) && block.length === this.#sizeOf(length, index));
    return full && blocks.length === Math.ceil(length / this.#blockSize);
  }

  /** The bytes in order, one block at a time. Throws Fault `store` at the first block that is not there. */
  *stream(image: Digest, length: number): Generator<Uint8Array, void, undefined> {
    for (let index = 0; index * this.#blockSize < length; index++) yield this.#block(image, index);
  }

  /** The bytes from `offset` to `offset + length`, which must lie within the image. Throws Fault `store` when one of them is not there. */
  read(image: Digest, offset: number, length: number): Uint8Array {
    const part = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const at = offset + filled;
      const rest = this.#block(image, Math.floor(at / this.#blockSize)).subarray(
        at % this.#blockSize,
        (at % this.#blockSize) + length - filled,
      );
      if (rest.length === 0) throw new Fault('store', `image ${image} has no byte ${at}`);
      part.set(rest, filled);
      filled += rest.length;
    }
    return part;
  }

  /** Removes every block of an image. */
  drop(image: Digest): readonly Write[] {
    return this.#blocks(image).map(([name]) => ({ table: 'images', key: name, value: undefined }));
  }

  #blocks(image: Digest): readonly (readonly [string, Uint8Array])[] {
    return this.#store.range('images', `${image}/`, `${image}0`);
  }

  #block(image: Digest, index: number): Uint8Array {
    const block = this.#store.get('images', key(image, index));
    if (block === undefined) throw new Fault('store', `block ${index} of image ${image} is not there`);
    return block;
  }

  #sizeOf(length: number, index: number): number {
    return Math.min(this.#blockSize, length - index * this.#blockSize);
  }
}

/** Indexes order as their eight digits do ('0' is the character after '/'). */
const key = (image: Digest, index: number): string => `${image}/${String(index).padStart(8, '0')}`;
