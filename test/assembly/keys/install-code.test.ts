/** Install codes: published ones, and everything that is not one. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import vectors from '../../../seeds/vectors/zigbee-primitives.json' with { type: 'json' };
import { At, KeyKind, KeyReason } from '../../../assembly/abi/code.ts';
import { IN, IN_SIZE, KEY, KEY_EUI, KEY_INDEX, OUT, SLOT_EUI } from '../../../assembly/abi/layout.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';

const core = await primitives();
const PARTNER = unhex('7706050403020102');
const refusal = (reason: KeyReason): number => At.KEYS * 256 + reason;

function importCode(code: Uint8Array): number {
  core.memory.set(PARTNER, KEY + KEY_EUI);
  core.memory.set(code, IN);
  return core.call.keyInstallCode(code.length);
}

beforeEach(() => {
  core.call.wipeAll();
  core.reset();
});

describe('keyInstallCode', () => {
  test.each(vectors.install_codes)('$code_with_crc gives its link key, shared with the partner', ({ code_with_crc, link_key }) => {
    expect(importCode(unhex(code_with_crc))).toBe(0);
    const handle = core.int(KEY + KEY_INDEX);
    expect(hex(core.read(core.call.slotOf(handle, KeyKind.LINK) + SLOT_EUI, 8))).toBe(hex(PARTNER));
    expect(core.copiesOf(unhex(link_key))).toBe(1);
    core.call.keyExport(handle);
    expect(hex(core.read(OUT, 16))).toBe(link_key);
  });

  test('leaves neither the code nor a second copy of the key', () => {
    const { code_with_crc } = vectors.install_codes[8] ?? { code_with_crc: '' };
    expect(importCode(unhex(code_with_crc))).toBe(0);
    expect(core.read(IN, IN_SIZE)).toEqual(new Uint8Array(IN_SIZE));
    expect(core.copiesOf(unhex(code_with_crc))).toBe(0);
  });

  test.each(vectors.install_codes_invalid)('refuses $code_with_crc: $why', ({ code_with_crc }) => {
    const length = code_with_crc.length / 2;
    const expected = [8, 10, 14, 18].includes(length) ? KeyReason.INSTALL_CRC : KeyReason.INSTALL_LENGTH;
    expect(importCode(unhex(code_with_crc))).toBe(refusal(expected));
    expect(core.call.slotFirst(KeyKind.LINK)).toBe(0);
    expect(core.read(IN, IN_SIZE)).toEqual(new Uint8Array(IN_SIZE));
  });

  test('1: refuses every length but 8, 10, 14 and 18', () => {
    for (let length = -1; length <= 64; length++) {
      const allowed = [8, 10, 14, 18].includes(length);
      expect(core.call.keyInstallCode(length)).toBe(refusal(allowed ? KeyReason.INSTALL_CRC : KeyReason.INSTALL_LENGTH));
    }
    expect(core.call.keyInstallCode(0x7fffffff)).toBe(refusal(KeyReason.INSTALL_LENGTH));
  });

  test('2: refuses any one or two changed bits', () => {
    const code = unhex(vectors.install_codes[3]?.code_with_crc ?? '');
    const bit = fc.nat(8 * code.length - 1);
    fc.assert(
      fc.property(bit, bit, (a, b) => {
        const changed = Uint8Array.from(code);
        for (const at of new Set([a, b])) changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
        expect(importCode(changed)).toBe(refusal(KeyReason.INSTALL_CRC));
      }),
    );
  });

  test('3: refuses when no slot is free, leaving no copy of the key', () => {
    while (core.importKey(KeyKind.WRAPPING, PARTNER) > 0);
    const { code_with_crc, link_key } = vectors.install_codes[0] ?? { code_with_crc: '', link_key: '00' };
    expect(importCode(unhex(code_with_crc))).toBe(refusal(KeyReason.NO_SLOT));
    expect(core.copiesOf(unhex(link_key))).toBe(0);
  });
});
