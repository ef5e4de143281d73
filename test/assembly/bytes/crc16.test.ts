/** CRC-16 against long division bit by bit, and the published checks. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../../../seeds/vectors/zigbee-primitives.json' with { type: 'json' };
import { unhex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';

const core = await primitives();

function crc16(start: number, bytes: Uint8Array): number {
  const crc = core.call.crc16(start, core.put(bytes), bytes.length);
  core.reset();
  return crc;
}

/** The division as the standard words it: one bit at a time, polynomial 0x1021 with its bits reflected. */
function divide(start: number, bytes: Uint8Array): number {
  let remainder = start;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >> 1) ^ (remainder & 1 ? 0x8408 : 0);
  }
  return remainder;
}

describe('crc16', () => {
  test('equals division bit by bit, from any start', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.uint8Array({ maxLength: 130 }), (start, bytes) => {
        expect(crc16(start, bytes)).toBe(divide(start, bytes));
      }),
    );
  });

  test.each(vectors.crc16_x25)('as X-25 of $data is $crc', ({ data, crc }) =>
    expect(crc16(0xffff, unhex(data)) ^ 0xffff).toBe(Number(crc)),
  );

  test('from 0 gives the check value of IEEE 802.15.4: 0x2189 for "123456789"', () =>
    expect(crc16(0, unhex('313233343536373839'))).toBe(0x2189));
});
