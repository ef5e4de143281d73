/** Every single bit of a signed image of 2 KiB, flipped in turn: none is accepted, and each is refused by a check. */
import { expect, test } from 'vitest';
import { ImageFlag } from '../../../assembly/abi/code.ts';
import { primitives } from '../../kit/primitives.ts';
import { verify } from './report.ts';
import { signedFile, TRUST } from './signed-files.ts';

const core = await primitives();
const SIZE = 2048;

test.each([
  ['suite 1, sealed by an integrity code too', 1, true],
  ['suite 2, sealed by an integrity code too', 2, true],
  ['suite 1, by the signature alone', 1, false],
  ['suite 2, by the signature alone', 2, false],
] as const)(
  'none of the bits of an image signed in %s can be flipped',
  (name, suite, sealed) => {
    const file = signedFile(suite, SIZE, [], sealed);
    const verdictOf = (): string => verify(core, file, sealed ? 0 : ImageFlag.WITHOUT_INTEGRITY, TRUST).verdict;
    expect([file.length, verdictOf()]).toEqual([SIZE, 'accepted']);
    const refused = new Map<string, number>();
    let accepted = 0;
    for (let bit = 0; bit < 8 * SIZE; bit++) {
      file[bit >> 3]! ^= 1 << (bit & 7);
      const verdict = verdictOf();
      file[bit >> 3]! ^= 1 << (bit & 7);
      if (verdict === 'accepted') accepted++;
      else refused.set(verdict, (refused.get(verdict) ?? 0) + 1);
    }
    const told = [...refused].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${reason} ${count}`);
    console.log(`${name}: ${8 * SIZE} bits flipped, ${accepted} accepted; refused: ${told.join(', ')}`);
    expect(accepted).toBe(0);
    expect([...refused.values()].reduce((sum, count) => sum + count, 0)).toBe(8 * SIZE);
    expect(verdictOf()).toBe('accepted');
  },
  120_000,
);
