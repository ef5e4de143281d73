/** AES-128: tables against the maths, published vectors, node:crypto, and the shape of constant time in the compiled code. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../../../seeds/vectors/fips.json' with { type: 'json' };
import { hex, unhex } from '../../../host/model/ids.ts';
import { compiledFile } from '../../kit/compiled.ts';
import { primitives } from '../../kit/primitives.ts';
import { A, derive, enter, INFINITY, inv16, inverseFrom, leave, mul16, mul256, range, sbox, shiftRows, THETA, W } from './aes-field.ts';
import { aes } from './oracle.ts';

const core = await primitives();
const file = await compiledFile('test/kit/cipher.as.ts');
const block = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('the field', () => {
  test('is chosen as the tables say: a = 2, w = 0x5c, θ = 0xb2', () => expect([A, W, THETA]).toEqual([2, 0x5c, 0xb2]));

  test('maps tower bytes to AES bytes one to one, sums to sums and products to products', () => {
    const product = (x: number, y: number): number => {
      const [i, k, j, l] = [x >> 4, x & 15, y >> 4, y & 15];
      const square = mul16(i, j); // θ² = a·θ + a
      return ((mul16(i, l) ^ mul16(k, j) ^ mul16(A, square)) << 4) | (mul16(k, l) ^ mul16(A, square));
    };
    expect(new Set(range(256).map(leave)).size).toBe(256);
    for (const x of range(256)) {
      for (const y of range(256)) {
        expect(leave(x ^ y)).toBe(leave(x) ^ leave(y));
        if (leave(product(x, y)) !== mul256(leave(x), leave(y))) throw new Error(`${x} times ${y}`);
      }
    }
  });

  test('inverts by io and jo for all 256 bytes, zero included', () => {
    const ask = (table: readonly number[], index: number): number => (index < 16 ? (table[index] ?? 0) : 0);
    const inverse = range(16).map(inv16);
    const aOver = range(16).map((n) => (n === 0 ? INFINITY : mul16(A, inv16(n))));
    for (const byte of range(256)) {
      const [i, k] = [enter(byte) >> 4, enter(byte) & 15];
      const io = ask(inverse, ask(inverse, i) ^ ask(aOver, k)) ^ i ^ k;
      const jo = ask(inverse, ask(inverse, i ^ k) ^ ask(aOver, k)) ^ i;
      const inverted = inverseFrom(ask(inverse, io), ask(inverse, jo));
      expect(byte === 0 ? inverted : mul256(byte, inverted)).toBe(byte === 0 ? 0 : 1);
    }
  });
});

describe('the tables', () => {
  const at = core.room(283);
  core.call.aesTables(at);
  const found = core.read(at, 283);
  const table = (index: number): number[] => [...found.subarray(16 * index, 16 * index + 16)];
  const derived = derive();
  const names = ['ENTER_LOW', 'ENTER_HIGH', 'LEAVE_LOW', 'LEAVE_HIGH', 'INVERSE', 'A_OVER', 'SUB_IO', 'SUB_JO', 'SUB2_IO', 'SUB2_JO'];

  test.each(names.map((name, index) => [name, index] as const))('%s follows from the maths', (name, index) =>
    expect(table(index)).toEqual(derived[name]),
  );

  test('of positions are ShiftRows and turned columns', () => {
    const turned = (by: number) => (n: number) => n - (n % 4) + ((n + by) % 4);
    expect(table(10)).toEqual(range(16).map(shiftRows));
    expect(table(11)).toEqual(range(16).map((n) => shiftRows(turned(1)(n))));
    expect(table(12)).toEqual(range(16).map((n) => shiftRows(turned(2)(n))));
    expect(table(13)).toEqual(range(16).map((n) => shiftRows(turned(3)(n))));
    expect(table(14)).toEqual(range(16).map((n) => 12 + ((n + 1) % 4)));
    expect(table(15)).toEqual(range(16).map((n) => (n < 4 ? 0xff : n - 4)));
    expect(table(16)).toEqual(range(16).map((n) => (n < 8 ? 0xff : n - 8)));
  });

  test('of constants hold rcon and the S-box constant', () => {
    let rcon = 1;
    const expected = range(10).map(() => {
      const constant = enter(rcon ^ 0x63);
      rcon = mul256(rcon, 2);
      return constant;
    });
    expect([...found.subarray(272, 282)]).toEqual(expected);
    expect(found[282]).toBe(enter(sbox(0)));
  });
});

describe('encryption', () => {
  test.each(vectors.aes128)('gives the published answer: FIPS 197 $name', ({ key, plaintext, ciphertext }) =>
    expect(hex(core.aes(unhex(key), unhex(plaintext)))).toBe(ciphertext),
  );

  test('equals node:crypto', () => {
    fc.assert(
      fc.property(block, block, (key, plain) => {
        expect(hex(core.aes(key, plain))).toBe(hex(aes(key, plain)));
      }),
    );
  });

  test('works in place', () => {
    const [key, plain] = [unhex('000102030405060708090a0b0c0d0e0f'), unhex('00112233445566778899aabbccddeeff')];
    const at = core.put(plain);
    core.call.aesEncrypt(core.schedule(key), at, at);
    expect(hex(core.read(at, 16))).toBe(hex(aes(key, plain)));
    core.reset();
  });

  test('of two blocks at once equals node:crypto, to places of their own and in place', () => {
    fc.assert(
      fc.property(block, block, block, fc.boolean(), (key, first, second, inPlace) => {
        const schedule = core.schedule(key);
        const [in1, in2] = [core.put(first), core.put(second)];
        const [out1, out2] = inPlace ? [in1, in2] : [core.room(16), core.room(16)];
        core.call.aesEncrypt2(schedule, in1, out1, in2, out2);
        expect([hex(core.read(out1, 16)), hex(core.read(out2, 16))]).toEqual([hex(aes(key, first)), hex(aes(key, second))]);
        core.reset();
      }),
    );
  });
});

describe('key expansion', () => {
  const { key, round_1, round_10 } = vectors.key_expansion;

  test('gives the published round keys (FIPS 197 A.1), seen through the tower basis and the S-box constant', () => {
    const schedule = core.read(core.schedule(unhex(key)), 176);
    const round = (n: number): string => hex(schedule.slice(16 * n, 16 * n + 16).map((byte) => leave(byte) ^ (n === 0 ? 0 : 0x63)));
    expect([round(0), round(1), round(10)]).toEqual([key, round_1, round_10]);
    core.reset();
  });

  test('keeps no second copy of the key: as tower bytes the first round key is another string', () => {
    core.schedule(unhex(key));
    expect(core.copiesOf(unhex(key))).toBe(1); // the test's own
    core.reset();
  });
});

describe('constant time', () => {
  const text = execFileSync(process.execPath, ['node_modules/binaryen/bin/wasm-dis', '-', '--all-features'], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    input: readFileSync(file),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  /** Keys and states are vectors; these are the instructions by which a vector could reach an address or a branch. */
  const leak = /extract_lane|any_true|all_true|bitmask/;

  test('holds by construction: nothing in the module turns a vector into a number', () => {
    expect(text).toMatch(/i8x16\.swizzle/);
    expect(text).not.toMatch(leak);
  });

  test('would be seen broken: the pattern finds a lane taken out of a vector', () =>
    expect('(i8x16.extract_lane_u 3 (local.get $0))').toMatch(leak));
});
