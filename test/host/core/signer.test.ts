import { describe, expect, test } from 'vitest';
import { Signer } from '../../../host/core/signer.ts';
import { Fault } from '../../../host/model/fault.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { wasm } from '../../kit/core.ts';

const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i & 0xff);

describe('the signer', () => {
  test.each([
    ['one byte', unhex('c0'), 'ae3a102a28d43ee0d4a09e22788b206c'],
    ['16 bytes', unhex('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf'), 'a7977e88bc0b61e8210827109a228f2d'],
    ['8,191 bytes, the last with short padding', pattern(8191), '24ec2fe75bbffcb34789bc0610e7f165'],
    ['8,192 bytes, the first with long padding', pattern(8192), 'dc6b0687f09f8607131c170b3bd31591'],
    ['8,201 bytes', pattern(8201), '72c9b15e178aa843e4a16c58e33643a3'],
  ])('digests %s as published', async (_, message, expected) => {
    const signer = await Signer.load(wasm('signer'));
    expect(hex(signer.mmo(message))).toBe(expected);
    expect(hex(signer.mmo(message))).toBe(expected);
  });

  test('refuses a module that is not the signer', async () => {
    await expect(Signer.load(wasm('core'))).rejects.toThrow(/mmoBegin/);
    await expect(Signer.load(Uint8Array.of(1, 2, 3))).rejects.toThrow(Fault);
    const importing = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0);
    await expect(Signer.load(importing)).rejects.toThrow(/imports/);
  });
});
