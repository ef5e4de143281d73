/**
 * Where a key stands in the core's memory after each way that it can take: once in its slot, nowhere else, also not turned or masked as a
 * hash keys itself with it; and nowhere once it was erased.
 */
import { describe, expect, test } from 'vitest';
import { eui64 } from '../../../host/model/ids.ts';
import type { KeyHandle } from '../../../host/model/frame.ts';
import type { Result } from '../../../host/model/fault.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';

const HOLDER = eui64('0200000000000201');
const PARTNER = eui64('0200000000000202');
const KEY = Uint8Array.from({ length: 16 }, (_, at) => 0x9d ^ (at * 41));
const WRAPPING = Uint8Array.from({ length: 16 }, (_, at) => 0x61 + at * 7);
const CODE = Uint8Array.from(Buffer.from('83fed3407a939723a5c639b26916d505c3b5', 'hex'));
const PLACE = { holder: HOLDER, entry: 'link/0200000000000202' };

const must = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Error(result.code);
};

/** Copies of a key, as it is, reversed, and masked as the inner and outer key of an HMAC. */
const copies = (core: OpenCore, key: Uint8Array): number =>
  [key, key.slice().reverse(), key.map((byte) => byte ^ 0x36), key.map((byte) => byte ^ 0x5c)].reduce(
    (sum, form) => sum + core.positions(form).length,
    0,
  );

const IMPORTS: readonly (readonly [string, (core: OpenCore) => KeyHandle])[] = [
  ['a network key', (core) => must(core.keys.importNetwork(KEY.slice(), 3))],
  ['a link key', (core) => must(core.keys.importLink(KEY.slice(), PARTNER))],
  ['a network key for any sequence number', (core) => must(core.keys.importAny('network', KEY.slice()))],
  ['a link key for any partner', (core) => must(core.keys.importAny('link', KEY.slice()))],
  ['a wrapping key', (core) => must(core.keys.importWrapping(KEY.slice()))],
];

describe.each(IMPORTS)('%s', (_, take) => {
  test('stands once when it is imported, and not at all when it is erased', async () => {
    const core = await openCore();
    const handle = take(core);
    expect(copies(core, KEY)).toBe(1);
    must(core.keys.erase(handle));
    expect(copies(core, KEY)).toBe(0);
  });

  test('stands once after each use of it', async () => {
    const core = await openCore();
    const handle = take(core);
    const uses: readonly (() => Result<unknown>)[] = [
      () => core.keys.fingerprint(handle),
      () => core.keys.verifyHash(handle),
      () => core.keys.reserve(handle, 0, 10),
      () => core.keys.outgoing(handle),
    ];
    for (const use of uses) {
      use();
      expect(copies(core, KEY)).toBe(1);
    }
    core.wipe();
    expect(copies(core, KEY)).toBe(0);
  });
});

describe.each(IMPORTS.slice(0, 4))('%s', (_, take) => {
  test('stands once when it is sealed, and once more for each time that it is opened', async () => {
    const core = await openCore();
    const handle = take(core);
    const wrapping = must(core.keys.importWrapping(WRAPPING.slice()));
    const sealed = must(core.keys.seal(handle, wrapping, PLACE, new Uint8Array(13).fill(5)));
    expect([copies(core, KEY), copies(core, WRAPPING)]).toEqual([1, 1]);
    const again = must(core.keys.unseal(sealed, wrapping, PLACE));
    expect([copies(core, KEY), copies(core, WRAPPING)]).toEqual([2, 1]);
    must(core.keys.erase(again));
    must(core.keys.erase(handle));
    expect([copies(core, KEY), copies(core, WRAPPING)]).toEqual([0, 1]);
    const altered = sealed.slice();
    altered[30]! ^= 1;
    expect(core.keys.unseal(altered, wrapping, PLACE).ok).toBe(false);
    expect(copies(core, KEY)).toBe(0);
  });
});

test('an install code is gone when its link key is made, which stands once', async () => {
  const core = await openCore();
  const link = Uint8Array.from(Buffer.from('66b6900981e1ee3ca4206b6b861c02bb', 'hex'));
  const handle = must(core.keys.installCode(CODE.slice(), PARTNER));
  expect([copies(core, CODE.slice(0, 16)), copies(core, link)]).toEqual([0, 1]);
  must(core.keys.fingerprint(handle));
  must(core.keys.erase(handle));
  expect(copies(core, link)).toBe(0);
});

test('the positions of a key are found where there are some', async () => {
  const core = await openCore();
  must(core.keys.importLink(KEY.slice(), PARTNER));
  must(core.keys.importLink(KEY.slice(), HOLDER));
  expect(copies(core, KEY)).toBe(2);
});
