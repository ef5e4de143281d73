/** Sealed keys: out and back, and every way in which a record may be another's. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { At, KeyKind, KeyReason, Suite } from '../../../assembly/abi/code.ts';
import * as layout from '../../../assembly/abi/layout.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';
import * as oracle from '../crypto/oracle.ts';

const { IN, IN_SIZE, KEY, KEY_EUI, KEY_INDEX, KEY_NONCE, KEY_OUT_LEN, KEY_PLACE, KEY_SEQ, OUT } = layout;
const { SEALED_KEY, SEALED_KIND, SEALED_LEN, SEALED_NONCE } = layout;
const SEALED_MIC = SEALED_KEY + 16;
const core = await primitives();
const WRAP = unhex('3be1d7f05a92c84466b0a1f3e5d7c9b8');
const KEY_A = unhex('c7e1059b3ad24f8860f1b2a3948576e1');
const NONCE = unhex('00112233445566778899aabbcc');
const GATEWAY = unhex('0100000000000002');
const PARTNER = unhex('a1b2c3d4e5f60702');
const PLACE = unhex('5d41402abc4b2a76b9719d911017c592');
const ELSEWHERE = unhex('7d793037a0760186574b0282f2f435e7');
const refusal = (reason: KeyReason): number => At.KEYS * 256 + reason;

let wrapping = 0;
beforeEach(() => {
  core.call.wipeAll();
  core.reset();
  wrapping = core.importKey(KeyKind.WRAPPING, WRAP);
});

function seal(handle: number, { under = wrapping, identity = GATEWAY, place = PLACE, nonce = NONCE } = {}): Uint8Array | number {
  core.memory.set(identity, KEY + KEY_EUI);
  core.memory.set(place, KEY + KEY_PLACE);
  core.memory.set(nonce, KEY + KEY_NONCE);
  const code = core.call.keySeal(handle, under);
  return code === 0 ? core.read(OUT, core.int(KEY + KEY_OUT_LEN) & 0xffff) : code;
}

/** A record that must come about. */
function sealed(handle: number, options: Parameters<typeof seal>[1] = {}): Uint8Array {
  const record = seal(handle, options);
  if (typeof record === 'number') throw new Error(`refused: ${record}`);
  return record;
}

function unseal(record: Uint8Array, { under = wrapping, identity = GATEWAY, place = PLACE } = {}): number {
  core.memory.set(identity, KEY + KEY_EUI);
  core.memory.set(place, KEY + KEY_PLACE);
  core.memory.set(record, IN);
  return core.call.keyUnseal(record.length, under);
}

const importLink = (): number => core.importKey(KeyKind.LINK, KEY_A, PARTNER);

describe('a sealed key', () => {
  test('holds the key as AES-CCM of node:crypto seals it, header, identity and place authenticated', () => {
    const record = sealed(importLink());
    expect(record).toHaveLength(SEALED_LEN);
    const header = Uint8Array.of(2, KeyKind.LINK, 0, ...PARTNER);
    expect(hex(record.subarray(0, SEALED_KEY))).toBe(hex(Uint8Array.of(...header, ...NONCE)));
    expect(hex(record.subarray(SEALED_KEY))).toBe(hex(oracle.seal(WRAP, NONCE, Uint8Array.of(...header, ...GATEWAY, ...PLACE), KEY_A, 16)));
  });

  test('comes back as the same key, kind, sequence and partner, under another handle', () => {
    core.memory[KEY + KEY_SEQ] = 0x2a;
    const before = core.importKey(KeyKind.NETWORK, KEY_A, PARTNER);
    const record = sealed(before);
    core.call.keyErase(before);
    expect(core.copiesOf(KEY_A)).toBe(0);
    expect(unseal(record)).toBe(0);
    const handle = core.int(KEY + KEY_INDEX);
    expect(handle).not.toBe(before);
    const slot = core.call.slotOf(handle, KeyKind.NETWORK);
    expect(core.memory[slot + layout.SLOT_SEQ]).toBe(0x2a);
    expect(hex(core.read(slot + layout.SLOT_EUI, 8))).toBe(hex(PARTNER));
    expect(hex(core.read(slot + layout.SLOT_RAW, 16))).toBe(hex(KEY_A));
    expect(core.read(slot + layout.SLOT_SCHEDULE, 176)).toEqual(core.read(core.schedule(KEY_A), 176));
    core.reset();
    expect(core.copiesOf(KEY_A)).toBe(1);
    expect(core.read(IN, IN_SIZE)).toEqual(new Uint8Array(IN_SIZE));
  });

  test('is sealed without a further copy of the key', () => {
    sealed(importLink());
    expect(core.copiesOf(KEY_A)).toBe(1);
  });
});

describe('a sealed certificate key', () => {
  test.each([
    [Suite.ONE, layout.CERTIFICATE_KEY1_LEN],
    [Suite.TWO, layout.CERTIFICATE_KEY2_LEN],
  ])('of suite %i comes back with private key, CA key and certificate, suite and subject', (suite, length) => {
    const material = Uint8Array.from({ length }, (_, i) => (i * 7 + suite) & 0xff);
    const before = core.call.slotAlloc(KeyKind.CERTIFICATE);
    const slot = core.call.slotOf(before, KeyKind.CERTIFICATE);
    core.memory[slot + layout.SLOT_SUITE] = suite;
    core.memory.set(PARTNER, slot + layout.SLOT_EUI);
    core.memory.set(material, slot + layout.SLOT_RAW);
    const record = sealed(before);
    expect(record).toHaveLength(SEALED_KEY + length + 16);
    const header = Uint8Array.of(2, KeyKind.CERTIFICATE, suite, ...PARTNER, ...GATEWAY, ...PLACE);
    expect(hex(record.subarray(SEALED_KEY))).toBe(hex(oracle.seal(WRAP, NONCE, header, material, 16)));
    core.call.keyErase(before);
    expect(core.copiesOf(material)).toBe(0);
    expect(unseal(record)).toBe(0);
    const back = core.call.slotOf(core.int(KEY + KEY_INDEX), KeyKind.CERTIFICATE);
    expect(core.memory[back + layout.SLOT_SUITE]).toBe(suite);
    expect(hex(core.read(back + layout.SLOT_EUI, 8))).toBe(hex(PARTNER));
    expect(hex(core.read(back + layout.SLOT_RAW, length))).toBe(hex(material));
    expect(core.copiesOf(material)).toBe(1);
    for (const other of [SEALED_LEN, record.length - 1]) expect(unseal(record.subarray(0, other))).toBe(refusal(KeyReason.RECORD_LENGTH));
  });
});

describe('keySeal refuses', () => {
  test('1: a stale handle of the key', () => expect(seal(256)).toBe(refusal(KeyReason.HANDLE)));
  test('1: a wrapping handle that is stale, a link key, or the key itself', () => {
    const link = importLink();
    for (const under of [0, 256 * 99, link]) expect(seal(link, { under })).toBe(refusal(KeyReason.HANDLE));
  });
  test('2: a wrapping key, and an exchange under way', () => {
    expect(seal(wrapping)).toBe(refusal(KeyReason.KIND));
    expect(seal(core.call.slotAlloc(KeyKind.EXCHANGE))).toBe(refusal(KeyReason.KIND));
  });
});

describe('keyUnseal refuses', () => {
  test('1: every length but the one of its kind', () => {
    const record = sealed(importLink());
    for (const length of [0, 1, SEALED_LEN - 1, SEALED_LEN + 1, -1, 0x7fffffff]) {
      core.memory.set(record, IN);
      expect(core.call.keyUnseal(length, wrapping)).toBe(refusal(KeyReason.RECORD_LENGTH));
    }
  });

  test('2: another version', () => {
    const record = sealed(importLink());
    record[0] = 1;
    expect(unseal(record)).toBe(refusal(KeyReason.RECORD_VERSION));
  });

  test('3: a handle that is no wrapping key', () => {
    const link = importLink();
    expect(unseal(sealed(link), { under: link })).toBe(refusal(KeyReason.HANDLE));
  });

  test('4: one changed bit anywhere behind the version', () => {
    const record = sealed(importLink());
    for (let bit = 8; bit < 8 * SEALED_LEN; bit++) {
      const changed = Uint8Array.from(record);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      // A kind fixes the length: another kind may be told by that already.
      const told = bit >> 3 === SEALED_KIND ? [KeyReason.RECORD, KeyReason.RECORD_LENGTH] : [KeyReason.RECORD];
      expect(told.map(refusal)).toContain(unseal(changed));
    }
    expect(core.copiesOf(KEY_A)).toBe(1);
  });

  test('4: the record of another gateway', () =>
    expect(unseal(sealed(importLink()), { identity: PARTNER })).toBe(refusal(KeyReason.RECORD)));

  test('4: the record of another place: two records exchanged are two that do not open', () => {
    const [first, second] = [importLink(), core.importKey(KeyKind.LINK, WRAP, PARTNER)];
    const here = sealed(first, { place: PLACE });
    const there = sealed(second, { place: ELSEWHERE, nonce: unhex('ffeeddccbbaa99887766554433') });
    expect([unseal(here, { place: ELSEWHERE }), unseal(there, { place: PLACE })]).toEqual([
      refusal(KeyReason.RECORD),
      refusal(KeyReason.RECORD),
    ]);
    expect([unseal(here, { place: PLACE }), unseal(there, { place: ELSEWHERE })]).toEqual([0, 0]);
  });

  test('4: a record under another wrapping key', () => {
    const other = core.importKey(KeyKind.WRAPPING, KEY_A);
    expect(unseal(sealed(importLink()), { under: other })).toBe(refusal(KeyReason.RECORD));
  });

  test('4: parts exchanged between two records', () => {
    const first = sealed(importLink());
    const second = sealed(core.importKey(KeyKind.NETWORK, unhex('19f0d3a58b7c4e26d1b0a9f8e7c6d5a4'), GATEWAY), {
      nonce: unhex('ffeeddccbbaa99887766554433'),
    });
    const cuts = [SEALED_KIND + 1, SEALED_NONCE, SEALED_KEY, SEALED_MIC];
    fc.assert(
      fc.property(fc.constantFrom(...cuts), fc.boolean(), (cut, swap) => {
        const [a, b] = swap ? [second, first] : [first, second];
        expect(unseal(Uint8Array.of(...a.subarray(0, cut), ...b.subarray(cut)))).toBe(refusal(KeyReason.RECORD));
      }),
    );
  });

  test('1: a kind that is never sealed, however well it is', () => {
    for (const kind of [KeyKind.FREE, KeyKind.WRAPPING, KeyKind.EXCHANGE]) {
      const header = Uint8Array.of(2, kind, 0, ...PARTNER);
      const body = oracle.seal(WRAP, NONCE, Uint8Array.of(...header, ...GATEWAY, ...PLACE), KEY_A, 16);
      expect(unseal(Uint8Array.of(...header, ...NONCE, ...body))).toBe(refusal(KeyReason.RECORD_LENGTH));
    }
    expect(core.copiesOf(KEY_A)).toBe(0);
  });

  test('5: any key when no slot is free, leaving no copy', () => {
    const link = importLink();
    const record = sealed(link);
    core.call.keyErase(link);
    while (core.importKey(KeyKind.LINK, WRAP) > 0);
    expect(unseal(record)).toBe(refusal(KeyReason.NO_SLOT));
    expect(core.copiesOf(KEY_A)).toBe(0);
  });
});
