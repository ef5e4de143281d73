import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check, decode, MAX_DEPTH, MAX_SIZE, REFUSALS } from '../../../host/messages/cbor.ts';
import { encode, type CborValue, type Encodable } from '../../../host/messages/cbor-writer.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { Fault } from '../../../host/model/fault.ts';
import { must } from './parties.ts';

interface Seeds {
  readonly accepted: readonly { readonly hex: string; readonly diagnostic: string }[];
  readonly refused: readonly { readonly hex: string; readonly code: string; readonly offset: number; readonly why: string }[];
}
const seeds = JSON.parse(readFileSync('seeds/vectors/cbor.json', 'utf8')) as Seeds;
const corpus = '../shared/corpus/vectors';

describe('strict CBOR', () => {
  test.each(seeds.accepted)('takes $diagnostic and writes it again', ({ hex: text }) => {
    expect(hex(encode(must(decode(unhex(text))) as Encodable))).toBe(text);
  });

  test.each(seeds.refused)('refuses $hex: $why', ({ hex: text, code, offset }) => {
    expect(check(unhex(text))).toMatchObject({ ok: false, code, offset });
    expect(decode(unhex(text))).toEqual(check(unhex(text)));
  });

  test('has a seed for every refusal that bytes of a sensible length can cause', () => {
    const covered = new Set(seeds.refused.map(({ code }) => code));
    expect(Object.keys(REFUSALS).filter((code) => !covered.has(code))).toEqual(['too-large', 'unfaithful']);
  });

  test('takes a message of the largest size and refuses one byte more', () => {
    const largest = encode(new Uint8Array(MAX_SIZE - 3));
    expect([largest.length, check(largest).ok]).toEqual([MAX_SIZE, true]);
    expect(check(Uint8Array.of(...largest, 0))).toMatchObject({ code: 'too-large', offset: MAX_SIZE });
  });

  test('refuses counts of items that cannot be there without reserving room for them', () => {
    const before = process.memoryUsage().heapUsed;
    for (const head of ['9affffffff', 'baffffffff', '5affffffff', '7affffffff'])
      expect(check(unhex(head))).toMatchObject({ code: 'truncated' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
  });

  test('takes the one tag that is expected, and only around everything', () => {
    expect(decode(unhex('d280'), { tag: 18 })).toEqual({ ok: true, value: [] });
    expect(decode(unhex('80'), { tag: 18 })).toMatchObject({ code: 'tag', offset: 0 });
    expect(decode(unhex('d180'), { tag: 18 })).toMatchObject({ code: 'tag', offset: 0 });
    expect(decode(unhex('d2d280'), { tag: 18 })).toMatchObject({ code: 'tag', offset: 1 });
    expect(decode(unhex('d81280'), { tag: 18 })).toMatchObject({ code: 'not-shortest', offset: 0 });
  });

  test('reads integers of 8 bytes as bigints and shorter ones as numbers', () => {
    expect(must(decode(unhex('821affffffff1b0000000100000000')))).toEqual([0xffff_ffff, 0x1_0000_0000n]);
  });

  test('gives byte strings that later changes of the input do not reach', () => {
    const input = unhex('43010203');
    const value = must(decode(input));
    input.fill(0xff);
    expect(value).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe('whatever the value', () => {
  const leaf = fc.oneof(
    fc.bigInt({ min: -(1n << 64n), max: (1n << 64n) - 1n }).map((n) => (n >= -(1n << 32n) && n < 1n << 32n ? Number(n) : n)),
    fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => !/\p{Surrogate}/u.test(text)),
    fc.uint8Array({ maxLength: 300 }),
    fc.boolean(),
    fc.constant(null),
  );
  const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: MAX_DEPTH - 2, withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 6 }),
      fc
        .uniqueArray(fc.tuple(fc.oneof(fc.string({ maxLength: 8 }), fc.integer({ min: -300, max: 300 })), tie('value')), {
          maxLength: 6,
          selector: ([key]) => key,
        })
        .map((all) => new Map<CborValue, CborValue>(all)),
    ),
  }));

  test('what is written is read again, value and bytes', () => {
    fc.assert(
      fc.property(value, (original) => {
        const bytes = encode(original as Encodable);
        const read = must(decode(bytes));
        expect(hex(encode(read as Encodable))).toBe(hex(bytes));
        expect(sorted(read)).toEqual(sorted(original));
      }),
    );
  });

  test('no other bytes are taken for it: key order, double keys and long heads are refused', () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(keys, fc.boolean(), (names, twice) => {
        const written = names.map((name) => hex(encode(name))).sort();
        const disordered = twice ? [...written, written.at(-1)] : [...written].reverse();
        const bytes = unhex(`a${disordered.length}${disordered.map((key) => `${key}f6`).join('')}`);
        expect(check(bytes)).toMatchObject({ ok: false, code: twice ? 'duplicate-key' : 'key-order' });
      }),
    );
    fc.assert(
      fc.property(fc.nat(0xff), fc.constantFrom(0, 1, 2, 3, 4, 5), (argument, major) => {
        const bytes = Uint8Array.of((major << 5) | 25, 0, argument);
        expect(check(bytes)).toMatchObject({ ok: false, code: 'not-shortest', offset: 0 });
      }),
    );
  });

  test('no bytes make the reader throw, and what it takes is faithful', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const read = decode(bytes);
        if (read.ok) expect(hex(encode(read.value as Encodable))).toBe(hex(bytes));
        else expect(read.offset).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the writer', () => {
  test('leaves out what is undefined and orders keys by their bytes', () => {
    expect(hex(encode({ bb: 1, a: 2, left: undefined, z: null }))).toBe('a36161026 17af6626262 01'.replaceAll(' ', ''));
  });

  test.each([
    ['a fraction', 1.5],
    ['NaN', Number.NaN],
    ['a number beyond 2^53', 2 ** 53],
    ['2^64', 1n << 64n],
    ['-2^64 - 1', -(1n << 64n) - 1n],
    ['half of a surrogate pair', '\ud800'],
    [
      'a map with one key twice',
      new Map<Encodable, Encodable>([
        [1, 0],
        [1n, 0],
      ]),
    ],
  ])('throws for %s', (_, value) => expect(() => encode(value)).toThrow(Fault));
});

describe.skipIf(!existsSync(corpus))('the corpus of CBOR vectors', () => {
  const read = <T>(name: string): T => JSON.parse(readFileSync(`${corpus}/${name}`, 'utf8')) as T;

  test('of deterministic encoding: each form to be refused is refused, each canonical one without a float is taken', () => {
    const {
      reject_in_strict_mode: rejected,
      canonical,
      map_key_order: order,
    } = read<{
      reject_in_strict_mode: { hex: string; why: string }[];
      canonical: { hex: string; diag: string }[];
      map_key_order: { example_core: string };
    }>('cbor-deterministic.json');
    expect(rejected.length).toBeGreaterThan(20);
    for (const { hex: text, why } of rejected) expect(check(unhex(text)).ok, why).toBe(false);
    // The list calls 3817 canonical for -24; RFC 8949 §3.1 gives 37, so that one belongs to the refused.
    expect(check(unhex('3817'))).toMatchObject({ code: 'not-shortest' });
    const isFloat = (text: string): boolean => /^f[9ab]/.test(text);
    expect(canonical.filter(({ hex: text }) => !isFloat(text)).length).toBeGreaterThan(8);
    for (const { hex: text } of canonical.filter((one) => one.hex !== '3817'))
      expect(check(unhex(text)), text).toMatchObject(isFloat(text) ? { code: 'float' } : { ok: true });
    expect(hex(encode(must(decode(unhex(order.example_core))) as Encodable))).toBe(order.example_core);
  });

  test('of RFC 8949 appendix A: what needs no float, tag or indefinite length reads as published, the rest is refused', () => {
    const { tests } = read<{ tests: { hex: string; roundtrip: boolean; decoded?: unknown }[] }>('cbor-rfc8949-appendix-a.json');
    let taken = 0;
    for (const { hex: text, roundtrip, decoded } of tests) {
      const result = decode(unhex(text));
      if (!result.ok) {
        expect(['float', 'tag', 'indefinite', 'simple', 'not-shortest'], text).toContain(result.code);
        continue;
      }
      taken++;
      expect(roundtrip, text).toBe(true);
      expect(hex(encode(result.value as Encodable)), text).toBe(text);
      if (decoded !== undefined && typeof decoded !== 'number') expect(plain(result.value), text).toEqual(decoded);
      if (typeof decoded === 'number') expect(Number(result.value), text).toBe(decoded);
    }
    expect(taken).toBe(37);
  });
});

/** A value with its maps in the order in which they are written. */
function sorted(value: CborValue): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return (value as readonly CborValue[]).map(sorted);
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<CborValue, CborValue>)].map(
      ([key, one]) => [hex(encode(key as Encodable)), sorted(one)] as const,
    );
    return entries.sort(([a], [b]) => (a < b ? -1 : 1));
  }
  return value;
}

/** A value in the JSON of the published vectors. */
function plain(value: CborValue): unknown {
  if (Array.isArray(value)) return (value as readonly CborValue[]).map(plain);
  if (value instanceof Map)
    return Object.fromEntries([...(value as ReadonlyMap<CborValue, CborValue>)].map(([key, one]) => [key, plain(one)]));
  return value;
}
