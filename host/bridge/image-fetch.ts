/**
 * Fetching an image over MQTT: retained blocks under the image's digest, kept durably as they come, in any order, across restarts.
 *
 * Nothing is judged here but the form of a block. Whether the bytes are the image that was ordered is for the verification, which
 * reads what was received.
 */
import type { Digest } from '../model/ids.ts';
import type { Broker, Message } from '../ports/broker.ts';
import type { Log } from '../ports/log.ts';
import { IMAGE_BLOCK, imageBlockOf, imageTopics } from './topics.ts';

/** Durable keeping of blocks. */
export interface BlockStore {
  /** Indexes of the blocks that are kept of an image. */
  indexes(image: Digest): readonly number[];
  /** Keeps a block; resolves when durable. */
  put(image: Digest, index: number, block: Uint8Array): Promise<void>;
}

/** Number of blocks of an image of so many bytes. */
export const blockCount = (length: number): number => Math.ceil(length / IMAGE_BLOCK);

/** Size of one block of an image of `length` bytes. */
export const blockSize = (length: number, index: number): number => Math.min(IMAGE_BLOCK, length - index * IMAGE_BLOCK);

interface Fetch {
  readonly length: number;
  readonly missing: Set<number>;
  readonly done: () => void;
}

/** Fetches images, several at once if need be. */
export class ImageFetch {
  readonly #broker: Broker;
  readonly #blocks: BlockStore;
  readonly #log: Log;
  readonly #running = new Map<Digest, Fetch>();

  constructor(broker: Broker, blocks: BlockStore, log: Log) {
    this.#broker = broker;
    this.#blocks = blocks;
    this.#log = log;
  }

  /**
   * Resolves when every block of the image is kept, true; or false when `stop` was called on it first. An image that is complete
   * already asks nothing of the broker.
   */
  async fetch(image: Digest, length: number): Promise<boolean> {
    const missing = new Set<number>();
    for (let index = 0; index < blockCount(length); index++) missing.add(index);
    for (const index of this.#blocks.indexes(image)) missing.delete(index);
    if (missing.size === 0) return true;
    const ended = new Promise<void>((done) => this.#running.set(image, { length, missing, done }));
    const subscribed = this.#broker.subscribe(imageTopics(image));
    await Promise.race([ended, subscribed.then(() => ended)]); // stop need not wait for a broker that is away
    this.#running.delete(image);
    this.#leave(image, subscribed);
    return missing.size === 0;
  }

  /** Ends the fetching of an image; what was kept stays. */
  stop(image: Digest): void {
    this.#running.get(image)?.done();
  }

  /** Ends the subscription, whenever the broker can be told; what still comes of the image is dropped. */
  #leave(image: Digest, subscribed: Promise<void>): void {
    subscribed
      .then(() => (this.#running.has(image) ? undefined : this.#broker.unsubscribe(imageTopics(image))))
      .catch((cause: unknown) => this.#log.debug('image-subscription-left', { image, reason: String(cause) }));
  }

  /** Takes a message; false when it is not an image block. A block nobody waits for, or of a wrong size, is dropped. */
  async onMessage(message: Message): Promise<boolean> {
    const block = imageBlockOf(message.topic);
    if (block === undefined) return false;
    const image = block.image as Digest;
    const fetch = this.#running.get(image);
    if (fetch === undefined || !fetch.missing.has(block.index)) return true;
    const size = blockSize(fetch.length, block.index);
    if (message.payload.length !== size) {
      this.#log.warn('image-block-size', { image, index: block.index, expected: size, found: message.payload.length });
      return true;
    }
    await this.#blocks.put(image, block.index, message.payload);
    fetch.missing.delete(block.index);
    if (fetch.missing.size === 0) fetch.done();
    return true;
  }
}
