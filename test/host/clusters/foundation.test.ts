import { describe, expect, test } from 'vitest';
import * as zcl from '../../../host/clusters/foundation.ts';
import { hex, unhex } from '../../../host/model/ids.ts';

const bytes = (text: string): Uint8Array => unhex(text.replaceAll(' ', ''));

describe('general commands of the ZCL', () => {
  test('Read Attributes lists identifiers, least significant byte first', () => {
    expect(hex(zcl.encodeReadAttributes([0x0002, 0x1234]))).toBe('02003412');
    expect(zcl.decodeReadAttributes(bytes('0200 3412'))).toEqual([0x0002, 0x1234]);
    expect(zcl.decodeReadAttributes(bytes('0200 34'))).toBeUndefined();
  });

  test('Read Attributes Response carries type and value only where the status is success', () => {
    const records = [
      { attribute: 2, status: 0, type: zcl.DataType.UINT32, value: 0x01020304 },
      { attribute: 5, status: 0x86 },
      { attribute: 6, status: 0, type: zcl.DataType.CHARACTER_STRING, value: 'abc' },
    ];
    const payload = zcl.encodeReadAttributesResponse(records);
    expect(hex(payload)).toBe('0200002304030201' + '050086' + '0600004203616263');
    expect(zcl.decodeReadAttributesResponse(payload)).toEqual(records);
  });

  test('values of signed, 64-bit, string, EUI-64 and collection types are read as documented', () => {
    const report = bytes('0100 28 ff 0200 27 0807060504030201 0300 41 02 aabb 0400 42 ff 0500 48 20 0200 05 06');
    expect(zcl.decodeReportAttributes(report)).toEqual([
      { attribute: 1, type: 0x28, value: -1 },
      { attribute: 2, type: 0x27, value: 0x0102030405060708n },
      { attribute: 3, type: 0x41, value: Uint8Array.of(0xaa, 0xbb) },
      { attribute: 4, type: 0x42, value: null },
      { attribute: 5, type: 0x48, elementType: 0x20, elementCount: 2, elements: [{ value: 5 }, { value: 6 }] },
    ]);
  });

  test('a string longer than its count can tell is a fault, and so is one of the length that means none', () => {
    const report = (value: string) => () => zcl.encodeReportAttributes([{ attribute: 0, type: 0x42, value }]);
    expect(report('x'.repeat(254))).not.toThrow();
    expect(report('x'.repeat(255))).toThrow(/too long for its count/);
  });

  test('after a value whose type nobody knows, the rest is kept and not guessed', () => {
    expect(zcl.decodeReportAttributes(bytes('0100 20 05 0200 99 010203'))).toEqual([
      { attribute: 1, type: 0x20, value: 5 },
      { attribute: 2, type: 0x99, unread: Uint8Array.of(1, 2, 3) },
    ]);
  });

  test('a Default Response names the command and a status', () => {
    expect(hex(zcl.encodeDefaultResponse({ command: 0x0a, status: 0x80 }))).toBe('0a80');
    expect(zcl.decodeDefaultResponse(bytes('0a 00'))).toEqual({ command: 0x0a, status: 0 });
    expect(zcl.decodeDefaultResponse(bytes('0a'))).toBeUndefined();
  });
});
