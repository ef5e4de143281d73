import { describe, expect, test } from 'vitest';
import { findKeys, formsOf } from './key-search.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, at) => 0xf3 ^ (at * 37));
const keys = new Map([['link', KEY]]);
const around = (text: string): Uint8Array => Buffer.from(`some text before ${text} and behind`, 'latin1');

describe('a search for keys', () => {
  test.each(formsOf(KEY))('finds one as $form', ({ form, needle }) => {
    expect(findKeys(around(needle.toString('latin1')), keys)).toContain(`link ${form}`);
  });
  test('finds one in base64 wherever it stands in what was encoded', () => {
    for (const before of [0, 1, 2, 3, 4, 5]) {
      const text = Buffer.concat([Buffer.alloc(before, 0x61), KEY, Buffer.from('!?')]).toString('base64');
      expect(findKeys(around(text), keys).length, `behind ${before} bytes`).toBeGreaterThan(0);
    }
  });
  test('finds nothing where there is none, nor a key but for one bit', () => {
    expect(findKeys(around('nothing'), keys)).toEqual([]);
    const near = KEY.slice();
    near[8]! ^= 1;
    for (const { needle } of formsOf(near)) expect(findKeys(around(needle.toString('latin1')), keys)).toEqual([]);
  });
});
