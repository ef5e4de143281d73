import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { blockCount, ImageFetch } from '../../../host/bridge/image-fetch.ts';
import { IMAGE_BLOCK, imageBlockTopic } from '../../../host/bridge/topics.ts';
import { digest } from '../../../host/model/ids.ts';
import { silent } from '../../../host/ports/log.ts';
import { publishImage } from '../../../host/s1sp/image-shelf.ts';
import { Images } from '../../../host/stores/images.ts';
import { settle } from '../../kit/clock.ts';
import { MemoryBroker } from '../../resilience/kit/broker-memory.ts';

const FILE = Uint8Array.from({ length: 3 * IMAGE_BLOCK + 100 }, (_, index) => (index * 31) & 0xff);
const NAME = digest(createHash('sha256').update(FILE).digest());
const BLOCKS = blockCount(FILE.length);
const block = (index: number): Uint8Array => FILE.slice(index * IMAGE_BLOCK, (index + 1) * IMAGE_BLOCK);

function setUp(broker = new MemoryBroker(), store = new MemoryStore()) {
  const connection = broker.connect('gateway');
  const images = new Images(store, IMAGE_BLOCK);
  const fetch = new ImageFetch(connection, images, silent);
  connection.onMessage(async (message) => void (await fetch.onMessage(message)));
  const kept = (): Buffer => Buffer.concat([...images.stream(NAME, FILE.length)]);
  return { broker, store, images, fetch, connection, kept };
}
const give = async (broker: MemoryBroker, index: number, bytes = block(index)): Promise<void> => {
  broker.accept(imageBlockTopic(NAME, index), bytes);
  for (let turn = 0; turn < 5; turn++) await settle();
};

test('blocks that come in any order, some of them twice, are the image', async () => {
  const orders = fc
    .shuffledSubarray(
      Array.from({ length: BLOCKS }, (_, i) => i),
      { minLength: BLOCKS },
    )
    .chain((all) => fc.tuple(fc.constant(all), fc.array(fc.constantFrom(...all), { maxLength: 4 })));
  await fc.assert(
    fc.asyncProperty(orders, async ([all, again]) => {
      const { broker, fetch, images, kept } = setUp();
      const done = fetch.fetch(NAME, FILE.length);
      await settle();
      for (const index of [...again, ...all]) await give(broker, index);
      expect(await done).toBe(true);
      expect(images.complete(NAME, FILE.length)).toBe(true);
      expect(kept().equals(FILE)).toBe(true);
    }),
    { numRuns: 15 },
  );
});

test('a block of another size is dropped, wherever it stands, and the right one taken afterwards', async () => {
  const { broker, fetch, kept } = setUp();
  const done = fetch.fetch(NAME, FILE.length);
  await settle();
  for (const index of [0, BLOCKS - 1]) {
    await give(broker, index, block(index).slice(1));
    await give(broker, index, new Uint8Array(block(index).length + 1));
    await give(broker, index, new Uint8Array(0));
  }
  await give(broker, BLOCKS, new Uint8Array(IMAGE_BLOCK));
  for (let index = 0; index < BLOCKS; index++) await give(broker, index);
  expect(await done).toBe(true);
  expect(kept().equals(FILE)).toBe(true);
});

test('what was kept before a restart is not fetched again, and a complete image asks nothing of the broker', async () => {
  const { broker, store, fetch, connection } = setUp();
  void fetch.fetch(NAME, FILE.length);
  await settle();
  await give(broker, 2);
  connection.drop();
  const second = setUp(broker, store);
  const done = second.fetch.fetch(NAME, FILE.length);
  await settle();
  for (const index of [0, 1, 3]) await give(broker, index);
  expect(await done).toBe(true);
  broker.turn(false);
  expect(await setUp(broker, store).fetch.fetch(NAME, FILE.length)).toBe(true);
});

test('retained blocks come by the subscription alone', async () => {
  const { broker, fetch, kept } = setUp();
  await publishImage(broker.connect('shelf'), FILE, NAME);
  expect(await fetch.fetch(NAME, FILE.length)).toBe(true);
  expect(kept().equals(FILE)).toBe(true);
});

test('a fetch ends when it is stopped, also while the broker is away, and what was kept stays', async () => {
  const { broker, fetch, images } = setUp();
  const first = fetch.fetch(NAME, FILE.length);
  await settle();
  await give(broker, 1);
  fetch.stop(NAME);
  expect(await first).toBe(false);
  broker.turn(false);
  const second = fetch.fetch(NAME, FILE.length);
  await settle();
  fetch.stop(NAME);
  expect(await second).toBe(false);
  expect(images.indexes(NAME)).toEqual([1]);
});

test("nobody's block is dropped, and other topics are left to others", async () => {
  const { fetch, images } = setUp();
  expect(await fetch.onMessage({ topic: imageBlockTopic(NAME, 0), payload: block(0), retained: true })).toBe(true);
  expect(images.indexes(NAME)).toEqual([]);
  for (const topic of ['hearthgate/v1/image/xyz/0', `hearthgate/v1/image/${NAME}/01`, `hearthgate/v1/image/${NAME}/-1`, 'request'])
    expect(await fetch.onMessage({ topic, payload: block(0), retained: false })).toBe(false);
});
