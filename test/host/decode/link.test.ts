/** Fields of what a sniffer wrote before a frame: ZEP headers and their times, TAP and its TLVs, right and wrong. */
import { describe, expect, test } from 'vitest';
import { linkFields } from '../../../host/decode/link.ts';
import { bytes, join } from '../../kit/frame-oracle.ts';

const zep = (text: string) => linkFields({ kind: 'zep', bytes: bytes(text), carries: true }, 5);
const tap = (text: string, carries = true) => linkFields({ kind: 'tap', bytes: join(bytes('0000'), bytes(text)), carries }, 5);
const value = (fields: ReturnType<typeof zep>, name: string): string | undefined => fields.find(([field]) => field === name)?.[1];

describe('ZEP', () => {
  test.each([
    ['83aa7e80 00000000', 'Jan  1, 1970 00:00:00.000000000 UTC'],
    ['e5b6bb00 80000000', 'Feb 15, 2022 23:51:28.500000000 UTC'],
    ['00000000 00000000', 'Jan  1, 1970 00:00:00.000000000 UTC'],
    ['00000001 00000000', 'Feb  7, 2036 06:28:17.000000000 UTC'],
  ])('tells the time of its second version (%s)', (time, shown) => {
    const fields = zep(`4558 02 01 0f 0001 01 c8 ${time} 00000007 00000000000000000000 05`);
    expect(value(fields, 'zep.time')).toBe(shown);
    expect([value(fields, 'zep.channel_id'), value(fields, 'zep.seqno'), value(fields, 'zep.length')]).toEqual(['15', '7', '5']);
  });

  test('of the first version has neither time nor number, an acknowledgement nothing but a number', () => {
    const first = zep('4558 01 0f 0001 00 c8 00000000000000 05');
    expect([value(first, 'zep.time'), value(first, 'zep.seqno'), value(first, 'zep.device_id')]).toEqual([undefined, undefined, '1']);
    const answer = zep('4558 02 02 00000009');
    expect([value(answer, 'zep.seqno'), value(answer, 'zep.channel_id')]).toEqual(['9', undefined]);
  });
});

describe('TAP', () => {
  test('shows its TLVs in order, padding included, and the length of the frame behind them', () => {
    const fields = tap('1c00 0000 0100 01 000000 0300 0300 1400 00 00 0a00 0100 c8 000000');
    expect(fields.filter(([name]) => name === 'wpan-tap.tlv.type').map(([, show]) => show)).toEqual(['0', '3', '10']);
    expect([value(fields, 'wpan-tap.fcs_type'), value(fields, 'wpan-tap.ch_num'), value(fields, 'wpan-tap.lqi')]).toEqual([
      '1',
      '20',
      '200',
    ]);
    expect(fields.at(-1)).toEqual(['wpan-tap.data_length', '5']);
  });

  test('works out where the frame stands in its slot, from the times that are told', () => {
    const [start, end, slot, length] = [
      '0500 0800 40420f0000000000',
      '0600 0800 80841e0000000000',
      '0800 0800 a0bb0d0000000000',
      '0900 0400 10270000',
    ];
    const offsets = (...tlvs: (string | undefined)[]) =>
      tap(`${(4 + 12 * tlvs.length).toString(16).padStart(2, '0')}00 ${tlvs.join(' ')}`).filter(([name]) => name.startsWith('wpan.tsch'));
    expect(offsets(start, slot)).toEqual([['wpan.tsch.frame_start_offset', '100']]);
    expect(offsets(start, end)).toEqual([['wpan.tsch.frame_duration', '1000']]);
    expect(offsets(start)).toEqual([]);
    expect(tap(`3000 ${start} ${end} ${slot} ${length}`).filter(([name]) => name.startsWith('wpan.tsch'))).toEqual([
      ['wpan.tsch.frame_start_offset', '100'],
      ['wpan.tsch.frame_duration', '1000'],
      ['wpan.tsch.frame_end_offset', '-8900'],
    ]);
  });

  test.each<[string, string, string, boolean?]>([
    ['a type that is none', '0c00 6300 0400 01020304', 'wpan-tap.tlv.invalid_type'],
    ['a length beyond the header', '0c00 0100 4000 01020304', 'wpan-tap.tlv.invalid_length'],
    ['padding that is not zero', '0c00 0a00 0100 c8 000001', 'wpan-tap.tlv.padding_not_zeros'],
    ['an FCS type that is none', '0c00 0000 0100 07 000000', 'wpan-tap.tlv.invalid_fcs_type', false],
  ])('remarks upon %s', (_, header, remark, carries = true) => {
    const fields = tap(header, carries);
    expect(value(fields, remark)).toBe('');
    expect(value(fields, 'wpan-tap.data_length')).toBe(carries ? '5' : undefined);
  });
});
