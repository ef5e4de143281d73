/** Keys of a capture: in which order they are tried, and which are forgotten. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Keyring } from '../../../host/decode/keyring.ts';
import type { Core } from '../../../host/core/core.ts';
import { freshCore } from '../../kit/core.ts';

const key = (n: number): Uint8Array => Uint8Array.of(...Array<number>(14).fill(0x5a), n >> 8, n & 0xff);
const PAN = 0x1a62;

describe('a keyring', () => {
  let core: Core;
  let ring: Keyring;
  beforeEach(async () => {
    core = await freshCore();
    ring = new Keyring(core, true);
  });
  const tried = (pan = PAN): (Uint8Array | undefined)[] => ring.of(pan).map((handle) => ring.keyOf(handle));

  test('tries what a PAN brought, the newest first, then what was given, in its order', () => {
    for (const n of [1, 2]) ring.add(key(n));
    for (const n of [3, 4]) ring.learn(PAN, key(n));
    expect(tried()).toEqual([4, 3, 1, 2].map(key));
    expect(tried(0x1a63)).toEqual([1, 2].map(key));
  });

  test('holds a key once, however often it is given or brought', () => {
    ring.add(key(1));
    ring.add(key(1));
    ring.learn(PAN, key(1));
    ring.learn(PAN, key(2));
    ring.learn(0x1a63, key(2));
    ring.learn(PAN, key(2));
    expect(tried()).toEqual([2, 1, 1].map(key));
    expect(new Set([...ring.of(PAN), ...ring.of(0x1a63)]).size).toBe(2);
  });

  test('forgets what was learned first beyond 32 learned keys, and never a given one', () => {
    ring.add(key(1000));
    ring.learn(PAN, key(1000));
    for (let n = 0; n < 40; n++) ring.learn(n % 2 === 0 ? PAN : 0x1a63, key(n));
    const known = [...tried(PAN), ...tried(0x1a63)].map((each) => each && (each[14] as number) * 256 + (each[15] as number));
    expect(new Set(known)).toEqual(new Set([1000, ...Array.from({ length: 32 }, (_, i) => i + 8)]));
  });

  test('shows no key unless it is asked to', async () => {
    const silent = new Keyring(await freshCore(), false);
    const added = silent.add(key(1));
    expect(added.ok && silent.keyOf(added.value)).toBeUndefined();
  });

  test('refuses a key that the core has no room for, and keeps those before', () => {
    const refused = Array.from({ length: 100 }, (_, n) => ring.add(key(n))).findIndex((each) => !each.ok);
    expect(refused).toBeGreaterThan(32);
    expect(tried()).toHaveLength(refused);
  });
});
