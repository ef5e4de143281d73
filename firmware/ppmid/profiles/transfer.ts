/** Devices that fetch an image otherwise than block by block. An upgrade of most of them comes to its end all the same. */
import type { BlockWish } from '../habits.ts';
import { MAX_DATA_SIZE } from '../ota-client.ts';
import type { Profile } from './profile.ts';

const HOUR = 3_600_000;

/** Forgets what it has a few times, then keeps it. */
export const restartsAtZero: Profile = {
  name: 'restarts-at-zero',
  what: 'begins the transfer anew three times',
  seen: ['esp-zigbee-sdk 833', 'zigbee2mqtt 21160'],
  ends: 'succeeded',
  habits: () => {
    let left = 3;
    return { restarts: (offset, size) => offset > size / 2 && left-- > 0 };
  },
};

/** Never gets past the middle. */
export const restartsForEver: Profile = {
  name: 'restarts-for-ever',
  what: 'begins the transfer anew whenever it has half of it',
  seen: ['zigbee2mqtt 8858', 'zigbee-OTA 863'],
  ends: 'too-many-restarts',
  habits: () => ({ restarts: (offset, size) => offset > size / 2 }),
};

/** Reads ahead and back before each block that it wants, the header too. */
export const outOfOrder: Profile = {
  name: 'out-of-order',
  what: 'asks for offsets ahead of and behind the block that it wants, and for the header again and again',
  seen: ['zigbee2mqtt 17705'],
  ends: 'succeeded',
  habits: (random) => ({
    requests: (right) => {
      const elsewhere = (fileOffset: number): BlockWish => ({ fileOffset: Math.max(0, fileOffset), maxDataSize: right.maxDataSize });
      const around = [elsewhere(right.fileOffset - random.below(500)), elsewhere(right.fileOffset + random.below(500))];
      return random.below(4) === 0 ? [...around, elsewhere(0), right] : [...around, right];
    },
  }),
};

/** Wants blocks of one byte, of odd sizes, and of more than a frame carries. */
export const oddBlocks: Profile = {
  name: 'odd-blocks',
  what: 'asks for blocks of 1, 7, 13, 33, 50 and 255 bytes in turn',
  seen: ['zigbee2mqtt 5194', 'zigpy 1781'],
  ends: 'succeeded',
  habits: () => {
    const sizes = [1, 7, 13, 33, 50, 255];
    let turn = 0;
    return {
      requests: ({ fileOffset, maxDataSize }) => {
        const size = sizes[turn++ % sizes.length] ?? MAX_DATA_SIZE;
        return [{ fileOffset, maxDataSize: size === 255 ? size : Math.min(size, maxDataSize) }];
      },
    };
  },
};

/** Does not wait for answers. */
export const eager: Profile = {
  name: 'eager',
  what: 'asks for each block twice and for the next one while the first answer is still under way',
  seen: ['zigbee2mqtt 24807', 'zigpy 1641'],
  ends: 'succeeded',
  habits: () => ({
    requests: (right) => [right, right, { fileOffset: right.fileOffset + right.maxDataSize, maxDataSize: MAX_DATA_SIZE }],
  }),
};

/** Wakes up every few hours, fetches a part and sleeps again. */
export const sleepy: Profile = {
  name: 'sleepy',
  what: 'sleeps for three hours at each quarter of the transfer',
  seen: ['zigbee2mqtt 22888', 'zigbee2mqtt 28447'],
  ends: 'succeeded',
  habits: () => {
    let quarter = 0;
    return {
      sleep: (offset, size) => {
        if (offset * 4 < size * (quarter + 1)) return 0;
        quarter++;
        return 3 * HOUR;
      },
    };
  },
};
