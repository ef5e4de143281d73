/**
 * Publishing images: retained blocks under the image's digest, so that the broker serves the bytes and no worker must.
 */
import { createHash } from 'node:crypto';
import { blockCount, blockSize } from '../bridge/image-fetch.ts';
import { IMAGE_BLOCK, imageBlockTopic } from '../bridge/topics.ts';
import { digest, type Digest } from '../model/ids.ts';
import type { Broker } from '../ports/broker.ts';

/** SHA-256 of a whole image file. */
export const imageDigest = (image: Uint8Array): Digest => digest(createHash('sha256').update(image).digest());

/**
 * Publishes every block of an image under `name`, its digest. Resolves when the broker has them all. (`name` is a parameter so that a
 * demonstration can put other bytes under a digest; the gateway finds out.)
 */
export async function publishImage(broker: Broker, image: Uint8Array, name: Digest = imageDigest(image)): Promise<void> {
  const blocks = Array.from({ length: blockCount(image.length) }, (_, index) => index);
  await Promise.all(
    blocks.map((index) => {
      const start = index * IMAGE_BLOCK;
      const block = image.subarray(start, start + blockSize(image.length, index));
      return broker.publish(imageBlockTopic(name, index), block, { qos: 1, retain: true });
    }),
  );
}

/** Takes the retained blocks of an image of `length` bytes off the broker. */
export async function clearImage(broker: Broker, name: Digest, length: number): Promise<void> {
  for (let index = 0; index < blockCount(length); index++) {
    await broker.publish(imageBlockTopic(name, index), new Uint8Array(0), { qos: 1, retain: true });
  }
}
