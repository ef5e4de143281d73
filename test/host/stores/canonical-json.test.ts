import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, decodeObject, encode, MAX_DEPTH } from '../../../host/stores/canonical-json.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.maxSafeInteger().map((value) => value + 0),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe('canonical JSON', () => {
  test.each<[string, unknown, string]>([
    [
      'sorts keys by UTF-16 code units',
      { b: 1, a: 2, '\u20ac': 3, '\ud83d\ude00': 4, '\ufb33': 5, A: 6, '': 7 },
      '{"":7,"A":6,"a":2,"b":1,"€":3,"😀":4,"\ufb33":5}',
    ],
    ['writes no white space', { list: [1, -2, [], {}], none: null, yes: true }, '{"list":[1,-2,[],{}],"none":null,"yes":true}'],
    ['leaves undefined members out', { a: undefined, b: 1 }, '{"b":1}'],
    [
      'escapes what JSON must and nothing else',
      { t: '"\\\b\f\n\r\t\u0001\u007f/é\u2028' },
      '{"t":"\\"\\\\\\b\\f\\n\\r\\t\\u0001\u007f/é\u2028"}',
    ],
    ['writes the largest integers whole', [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER], '[9007199254740991,-9007199254740991]'],
  ])('%s', (_, input, expected) => {
    expect(text(encode(input))).toBe(expected);
  });

  test('is read back as it was written', () => {
    fc.assert(
      fc.property(value, (input) => {
        expect(decode(encode(input))).toEqual(input);
      }),
    );
  });

  test('is one byte string whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer(), { noNullPrototype: true }), (input) => {
        const reversed = Object.fromEntries(Object.entries(input).reverse());
        expect(text(encode(reversed))).toBe(text(encode(input)));
      }),
    );
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  test.each<[string, unknown]>([
    ['a fraction', 1.5],
    ['an integer that is not safe', 2 ** 53],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['minus zero', -0],
    ['a bigint', 1n],
    ['undefined in a list', [undefined]],
    ['bytes', Uint8Array.of(1)],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a function', () => 1],
    ['a lone surrogate', '\ud800'],
    ['a key with a lone surrogate', { '\udc00': 1 }],
    ['a cycle', cycle],
  ])('refuses %s', (_, input) => {
    expect(() => encode({ input })).toThrowError(expect.objectContaining({ code: 'internal' }));
  });

  test('names the place of what it refuses', () => {
    expect(() => encode({ a: [1, { b: 0.5 }] })).toThrow('$.a[1].b');
  });

  test(`takes ${MAX_DEPTH} levels and no more`, () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(decode(encode(nested(MAX_DEPTH)))).toEqual(nested(MAX_DEPTH));
    expect(() => encode(nested(MAX_DEPTH + 1))).toThrow('deeper');
  });

  test.each(['{"b":1,"a":2}', '{"a":1,"a":1}', '{ "a":1}', '1.0', '1e3', '-0', '"\\u0061"', '"\\/"', '\ufeff1', '', '{', '[1,]', '1 '])(
    'does not read %j, which it would not have written',
    (json) => {
      expect(() => decode(bytes(json))).toThrowError(expect.objectContaining({ code: 'store' }));
    },
  );

  test('does not read what is not UTF-8', () => {
    expect(() => decode(Uint8Array.of(0x22, 0xff, 0x22))).toThrowError(expect.objectContaining({ code: 'store' }));
  });

  test('tells an object from anything else', () => {
    expect(decodeObject(bytes('{"a":1}'))).toEqual({ a: 1 });
    for (const json of ['[]', '1', 'null', '"a"'])
      expect(() => decodeObject(bytes(json))).toThrowError(expect.objectContaining({ code: 'store' }));
  });
});
