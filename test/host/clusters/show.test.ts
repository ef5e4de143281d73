/** Numbers and texts in the form of Wireshark's `show`. */
import { describe, expect, test } from 'vitest';
import { float } from '../../../host/clusters/item.ts';
import { showItem, showText } from '../../../host/clusters/show.ts';

const single = (value: number): string => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return showItem(float(4, 'x'), view.getUint32(0));
};

describe('a float is shown in six digits', () => {
  test.each([
    [0, '0'],
    [-0.5, '-0.5'],
    [123456, '123456'],
    [1234567, '1.23457e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NaN, 'nan'],
  ])('%d as %s', (value, shown) => {
    expect(single(value)).toBe(shown);
  });

  test.each([
    [1741465, '1.74146e+06'],
    [1741475, '1.74148e+06'],
    [2287985, '2.28798e+06'],
    [-2287985, '-2.28798e+06'],
    [0.5, '0.5'],
    [10000.25, '10000.2'],
    [10000.75, '10000.8'],
  ])('half way between two, the one that ends even: %d as %s', (value, shown) => {
    expect(single(value)).toBe(shown);
  });
});

test('text ends at its first NUL; what XML cannot hold is told by number, line ends and tabs are one space', () => {
  expect(showText(Uint8Array.of(0x41, 0x09, 0x42, 0x0d, 0x0a, 0x43, 0x01, 0x7f, 0xe9, 0x44, 0x00, 0x45))).toBe('A B C\\x1\\x7f\ufffdD');
});
