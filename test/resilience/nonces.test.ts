/**
 * One gateway, killed (SIGKILL) again and again while a device keeps it answering without a pause: no nonce on the air protects two
 * frames. Real processes, a real store on disk, the radio over TCP.
 */
import { expect, test } from 'vitest';
import { until } from '../../host/compose/watch.ts';
import { Lab } from './kit/lab.ts';
import { TalkingHome } from './kit/talker.ts';

const LONG = process.env['HEARTHGATE_LONG'] !== undefined;
const [KILLS, FRAMES] = LONG ? [50, 100_000] : [5, 3_000];
/** Longest time between two kills. */
const PATIENCE_MS = 120_000;

test(
  `${KILLS} kills over ${FRAMES} frames of the hub (50 over 100,000 with HEARTHGATE_LONG): nonces used twice 0`,
  async () => {
    const lab = await Lab.around(await TalkingHome.start());
    const { home } = lab;
    try {
      let kills = 0;
      await lab.startGateway();
      await until('the first answer', () => home.heard > 0, 30_000);
      for (; kills < KILLS; kills++) {
        // Anywhere in a block of counters: the distance between two kills is no divisor of its size.
        const at = Math.floor(((kills + 1) * FRAMES) / (KILLS + 1)) + ((kills * 37) % 61);
        await until(`${at} frames`, () => home.heard >= at, PATIENCE_MS);
        expect(await lab.endGateway('SIGKILL')).toBe(null);
        await lab.startGateway();
      }
      await until(`${FRAMES} frames`, () => home.heard >= FRAMES, PATIENCE_MS);
      expect(await lab.endGateway('SIGTERM')).toBe(0);
      const { frames, closed, reused } = await home.watch.nonces();
      console.log(
        `killed ${kills} times, ${home.heard} frames heard of the hub, ${frames} secured frames on the air, nonces used twice ${reused.length}`,
      );
      expect({ closed, reused }).toEqual({ closed: 0, reused: [] });
      expect(home.heard).toBeGreaterThanOrEqual(FRAMES);
    } finally {
      await lab.stop();
    }
  },
  LONG ? 3_600_000 : 120_000,
);
