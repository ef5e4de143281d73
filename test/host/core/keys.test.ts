/** Keys, counters and addresses through the host's eyes: handles in, handles out, and no key left behind. */
import { describe, expect, test } from 'vitest';
import { eui64, hex, unhex } from '../../../host/model/ids.ts';
import * as oracle from '../../assembly/crypto/oracle.ts';
import { openCore } from '../../kit/core.ts';

const KEY = '00112233445566778899aabbccddeeff';
const WRAPPING = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
const PARTNER = eui64('02000000000000aa');
const SELF = eui64('02000000000000bb');
const PLACE = { holder: SELF, entry: 'link/02000000000000aa' };
const NONCE = unhex('000102030405060708090a0b0c');

const value = <T>(answer: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string }): T => {
  if (!answer.ok) throw new Error(answer.code);
  return answer.value;
};

describe('an imported key', () => {
  test.each([
    ['network', (core: Awaited<ReturnType<typeof openCore>>, key: Uint8Array) => core.keys.importNetwork(key, 3)],
    ['link', (core: Awaited<ReturnType<typeof openCore>>, key: Uint8Array) => core.keys.importLink(key, PARTNER)],
    ['any link', (core: Awaited<ReturnType<typeof openCore>>, key: Uint8Array) => core.keys.importAny('link', key)],
    ['wrapping', (core: Awaited<ReturnType<typeof openCore>>, key: Uint8Array) => core.keys.importWrapping(key)],
  ] as const)('(%s) is wiped from the caller, stands once in memory, and nowhere after erasure', async (_kind, imports) => {
    const core = await openCore();
    const key = unhex(KEY);
    const handle = value(imports(core, key));
    expect(key).toEqual(new Uint8Array(16));
    expect(core.positions(unhex(KEY))).toHaveLength(1);
    expect(core.keys.erase(handle)).toEqual({ ok: true, value: undefined });
    expect(core.positions(unhex(KEY))).toEqual([]);
    expect(core.keys.erase(handle)).toMatchObject({ ok: false, code: 'key-handle' });
  });

  test('never has the handle of an erased one', async () => {
    const core = await openCore();
    const seen = new Set<number>();
    for (let i = 0; i < 100; i++) {
      const handle = value(core.keys.importNetwork(unhex(KEY), 0));
      seen.add(handle);
      core.keys.erase(handle);
    }
    expect(seen.size).toBe(100);
  });

  test('finds no slot once all are taken', async () => {
    const core = await openCore();
    let count = 0;
    while (core.keys.importNetwork(unhex(KEY), 0).ok) count++;
    expect(count).toBe(64);
    expect(core.keys.importNetwork(unhex(KEY), 0)).toMatchObject({ ok: false, code: 'key-no-slot' });
  });

  test('of another length than 16 bytes is a fault', async () => {
    const core = await openCore();
    expect(() => core.keys.importWrapping(new Uint8Array(15))).toThrow('a key has 16 bytes, not 15');
  });
});

describe('an install code', () => {
  test('becomes a link key, and is wiped', async () => {
    const core = await openCore();
    const code = unhex('83fed3407a939723a5c639b26916d505c3b5');
    const handle = value(core.keys.installCode(code, PARTNER));
    expect(code).toEqual(new Uint8Array(18));
    expect(core.exportKey(handle)).toEqual({ ok: true, value: unhex('66b6900981e1ee3ca4206b6b861c02bb') });
    expect(core.positions(unhex('83fed3407a939723'))).toEqual([]);
  });

  test.each([
    ['install-code-crc', '83fed3407a939723a5c639b26916d5054195'],
    ['install-code-length', '83fed3407a939723a5c639b26916d505'],
    ['install-code-length', ''],
  ])('is refused with %s: %s', async (code, text) => {
    const core = await openCore();
    expect(core.keys.installCode(unhex(text), PARTNER)).toMatchObject({ ok: false, code });
  });
});

describe('a sealed key', () => {
  test('comes back under the same wrapping key, holder and entry alone', async () => {
    const core = await openCore();
    const wrapping = value(core.keys.importWrapping(unhex(WRAPPING)));
    const other = value(core.keys.importWrapping(unhex(KEY)));
    const handle = value(core.keys.importLink(unhex(KEY), PARTNER));
    const sealed = value(core.keys.seal(handle, wrapping, PLACE, NONCE));
    expect(sealed).toHaveLength(56);
    const back = value(core.keys.unseal(sealed, wrapping, PLACE));
    expect(core.exportKey(back)).toEqual({ ok: true, value: unhex(KEY) });
    expect(core.keys.unseal(sealed, other, PLACE)).toMatchObject({ ok: false, code: 'sealed-altered' });
    expect(core.keys.unseal(sealed, wrapping, { ...PLACE, holder: PARTNER })).toMatchObject({ ok: false, code: 'sealed-altered' });
    expect(core.keys.unseal(sealed, wrapping, { ...PLACE, entry: 'link/02000000000000ab' })).toMatchObject({
      ok: false,
      code: 'sealed-altered',
    });
    expect(core.keys.unseal(sealed, handle, PLACE)).toMatchObject({ ok: false, code: 'key-handle' });
    expect(core.keys.unseal(sealed.slice(0, -1), wrapping, PLACE)).toMatchObject({ ok: false, code: 'sealed-length' });
    expect(core.keys.seal(wrapping, wrapping, PLACE, NONCE)).toMatchObject({ ok: false, code: 'key-kind' });
  });

  test('needs a nonce of 13 bytes', async () => {
    const core = await openCore();
    expect(() => core.keys.seal(1, 2, PLACE, new Uint8Array(12))).toThrow("a seal's nonce has 13 bytes");
  });
});

describe('a fingerprint', () => {
  test('is the start of an HMAC-MMO under a label of its own, whatever the key is for, and differs with the key', async () => {
    const core = await openCore();
    const expected = hex(oracle.hmac(unhex(KEY), Uint8Array.of(0x46)).subarray(0, 8));
    const imports = [
      core.keys.importNetwork(unhex(KEY), 9),
      core.keys.importLink(unhex(KEY), PARTNER),
      core.keys.importWrapping(unhex(KEY)),
    ];
    for (const handle of imports) expect(core.keys.fingerprint(value(handle))).toEqual({ ok: true, value: expected });
    expect(value(core.keys.fingerprint(value(core.keys.importLink(unhex(WRAPPING), PARTNER))))).not.toBe(expected);
    expect(core.keys.fingerprint(0)).toMatchObject({ ok: false, code: 'key-handle' });
    expect(core.positions(unhex(KEY))).toHaveLength(3);
  });
  test('leaves the other half of the hash nowhere, and no derived key with it', async () => {
    const core = await openCore();
    const handle = value(core.keys.importLink(unhex(KEY), PARTNER));
    core.keys.fingerprint(handle);
    expect(core.positions(oracle.hmac(unhex(KEY), Uint8Array.of(0x46)).subarray(8))).toEqual([]);
    core.keys.verifyHash(handle);
    for (const label of [0, 2]) expect(core.positions(oracle.hmac(unhex(KEY), Uint8Array.of(label)))).toEqual([]);
  });
});

describe('the hash of a Verify-Key command', () => {
  test("is the link key's, and no other kind's", async () => {
    const core = await openCore();
    const link = value(core.keys.importLink(unhex(KEY), PARTNER));
    expect(value(core.keys.verifyHash(link))).toEqual(new Uint8Array(oracle.hmac(unhex(KEY), Uint8Array.of(3))));
    for (const other of [core.keys.importNetwork(unhex(KEY), 0), core.keys.importWrapping(unhex(KEY))])
      expect(core.keys.verifyHash(value(other))).toMatchObject({ ok: false, code: 'key-handle' });
  });
});

describe('outgoing counters', () => {
  test('are reserved forwards alone', async () => {
    const core = await openCore();
    const handle = value(core.keys.importNetwork(unhex(KEY), 0));
    expect(value(core.keys.outgoing(handle))).toEqual({ next: 0, limit: 0 });
    expect(core.keys.reserve(handle, 1000, 2000).ok).toBe(true);
    expect(core.keys.reserve(handle, 0, 500)).toMatchObject({ ok: false, code: 'counter-range' });
    expect(core.keys.reserve(handle, 0, 3000).ok).toBe(true);
    expect(value(core.keys.outgoing(handle))).toEqual({ next: 1000, limit: 3000 });
  });
});

describe('tables', () => {
  test('list the counters that were set, and drop those of an erased key', async () => {
    const core = await openCore();
    const handle = value(core.keys.importNetwork(unhex(KEY), 0));
    expect(core.counters.set(PARTNER, handle, 77).ok).toBe(true);
    expect(core.counters.set(PARTNER, handle, 5).ok).toBe(true);
    expect(core.counters.all()).toEqual([{ eui: PARTNER, handle, next: 77 }]);
    expect(core.counters.set(PARTNER, handle + 1, 1)).toMatchObject({ ok: false, code: 'key-handle' });
    core.keys.erase(handle);
    expect(core.counters.all()).toEqual([]);
  });

  test('hold one short address per device and one device per short address', async () => {
    const core = await openCore();
    core.addresses.learn(0x1a62, 1, PARTNER);
    core.addresses.learn(0x1a62, 2, PARTNER);
    core.addresses.learn(0x1a62, 2, SELF);
    core.addresses.learn(0xbeef, 2, PARTNER);
    expect(core.addresses.all()).toHaveLength(2);
    expect(core.addresses.find(0x1a62, 1)).toBeUndefined();
    expect(core.addresses.find(0x1a62, 2)).toBe(SELF);
    expect(core.addresses.find(0xbeef, 2)).toBe(PARTNER);
    expect(core.addresses.learn(0x1a62, 0xffff, SELF)).toMatchObject({ ok: false, code: 'address' });
  });
});

test('wiping the core leaves no key, counter or address', async () => {
  const core = await openCore();
  const handle = value(core.keys.importNetwork(unhex(KEY), 0));
  core.counters.set(PARTNER, handle, 1);
  core.addresses.learn(0x1a62, 1, PARTNER);
  core.wipe();
  expect(core.positions(unhex(KEY))).toEqual([]);
  expect(core.counters.all()).toEqual([]);
  expect(core.addresses.all()).toEqual([]);
  expect(core.keys.erase(handle).ok).toBe(false);
});
