/** The APS layer of captured frames: acknowledgements, tunnels, fragments, test profiles, and the application frames of ZigBee 2004. */
import { describe, expect, test } from 'vitest';
import { bytes, derived, join, le, secured } from '../../kit/frame-oracle.ts';
import { decodeAll, decodeOne, remarks, valuesOf } from './kit.ts';

const MAC = bytes('4188 05 621a 0000 3412');
const PRO = bytes('0800 0000 3412 1e 01');
const frame = (aps: Uint8Array, nwk = PRO): Uint8Array => join(MAC, nwk, aps);
const decode = (aps: string) => decodeOne(frame(bytes(aps)));

describe('headers', () => {
  test('of groups name the group, of acknowledgements the endpoints unless they answer a command', async () => {
    const group = await decode('0c 3412 0000 0401 01 07 010002');
    expect([valuesOf(group, 'zbee_aps.group'), valuesOf(group, 'zbee_aps.dst'), valuesOf(group, 'zbee_aps.counter')]).toEqual([
      ['0x1234'],
      [],
      ['7'],
    ]);
    const ack = await decode('02 01 0000 0401 02 07');
    expect([valuesOf(ack, 'zbee_aps.cluster'), valuesOf(ack, 'zbee_aps.src')]).toEqual([['0x0000'], ['2']]);
    const short = await decode('12 07');
    expect([valuesOf(short, 'zbee_aps.cluster'), valuesOf(short, 'zbee_aps.counter'), short.verdict]).toEqual([[], ['7'], 'ok']);
  });

  test('of acknowledged blocks show which', async () => {
    const ack = await decode('82 01 0000 0401 02 07 01 02 05');
    expect([valuesOf(ack, 'zbee_aps.block'), valuesOf(ack, 'zbee_aps.block1_ack'), valuesOf(ack, 'zbee_aps.block2_ack')]).toEqual([
      ['2'],
      ['1'],
      ['0'],
    ]);
  });

  test('with a delivery mode that is none are refused', async () => {
    const indirect = await decode('04 01 0000 0401 01 07 010002');
    expect([indirect.code, remarks(indirect, 'zbee_aps.invalid_delivery_mode')]).toEqual(['aps-indirect', true]);
  });

  test('that end too early are refused where they end', async () => {
    expect(await decode('00 01 0000')).toMatchObject({ code: 'aps-truncated' });
    expect(await decode('01 07')).toMatchObject({ code: 'aps-command-missing' });
    expect(await decodeOne(join(MAC, PRO))).toMatchObject({ code: 'nwk-payload-missing' });
  });
});

describe('commands', () => {
  test.each<[string, string, Record<string, string>]>([
    ['Request-Key', '01 07 08 02 0102030405060708', { key_type: '0x02', partner: '08:07:06:05:04:03:02:01' }],
    ['Switch-Key', '01 07 09 05', { seqno: '5' }],
    ['Update-Device', '01 07 06 0102030405060708 3412 01', { addr: '0x1234', update_status: '0x01' }],
    ['Remove-Device', '01 07 07 0102030405060708', { device: '08:07:06:05:04:03:02:01' }],
    ['Verify-Key', `01 07 0f 04 0102030405060708 ${'ab'.repeat(16)}`, { key_type: '0x04', key_hash: Array(16).fill('ab').join(':') }],
    ['Confirm-Key', '01 07 10 00 04 0102030405060708', { status: '0x00', key_type: '0x04' }],
  ])('%s', async (_, aps, fields) => {
    const decoded = await decode(aps);
    expect(decoded.verdict).toBe('ok');
    for (const [name, value] of Object.entries(fields)) expect([name, valuesOf(decoded, `zbee_aps.cmd.${name}`)]).toEqual([name, [value]]);
  });

  test('that tunnel a frame show it, and open it with their own keys', async () => {
    const link = bytes('404142434445464748494a4b4c4d4e4f');
    const key = { key: derived(link, 0), source: '0200000000000001', counter: 3, keyId: 2 as const };
    const inner = secured(bytes('21 08'), key, join(bytes('05 01'), new Uint8Array(16).fill(0x77), new Uint8Array(17)));
    const decoded = await decodeOne(frame(join(bytes('01 07 0e 0100000000000002'), inner)), { keys: [link] });
    expect([decoded.verdict, valuesOf(decoded, 'zbee_aps.cmd.id')]).toEqual(['ok', ['0x0e', '0x05']]);
    expect(valuesOf(decoded, 'zbee_aps.cmd.key')).toEqual([Array(16).fill('77').join(':')]);
    expect((await decodeOne(frame(join(bytes('01 07 0e 0100000000000002'), inner)))).code).toBe('closed-aps');
  });
});

describe('fragments', () => {
  const block = (extended: string, payload: string, counter = 7): Uint8Array =>
    frame(join(bytes('80 01 00fd 0401 01'), le(counter, 1), bytes(extended), bytes(payload)));

  test('show the message in the frame that completes it, and their own bytes elsewhere', async () => {
    const decoded = await decodeAll([block('01 03', '0009 00'), block('02 01', '0000'), block('02 02', '0100')]);
    expect(decoded.map(({ verdict, unread }) => [verdict, unread.length])).toEqual([
      ['ok', 3],
      ['ok', 2],
      ['ok', 0],
    ]);
    expect(decoded.map((each) => valuesOf(each, 'zbee_zcl.attr.id'))).toEqual([[], [], ['0x0000', '0x0001']]);
    expect(decoded.map((each) => valuesOf(each, 'zbee_aps.fragment'))).toEqual([[], [], ['1', '2', '3']]);
  });

  test('whose first block tells of less than there are already are refused', async () => {
    const [, first] = await decodeAll([block('02 05', '0000'), block('01 03', '0009 00')]);
    expect(first?.code).toBe('aps-fragment-count');
  });

  test('of a message of 256 messages before are not of this one', async () => {
    const others = Array.from({ length: 256 }, (_, i) => frame(join(bytes('00 01 00fd 0401 01'), le((8 + i) & 0xff, 1), bytes('010002'))));
    const decoded = await decodeAll([block('01 02', '0009 00'), ...others, block('02 01', '0000')]);
    expect(decoded.at(-1)?.unread).toHaveLength(2);
  });
});

describe('profiles', () => {
  test('of tests: buffer tests are read', async () => {
    const decoded = await decode('00 01 5400 017f 01 07 02 00 aabb');
    expect([valuesOf(decoded, 'zbee_aps.t2.cluster'), valuesOf(decoded, 'zbee_aps.t2.btres.octet_sequence')]).toEqual([
      ['0x0054'],
      ['aa:bb'],
    ]);
  });

  test('of ZigBee 2004 carry transactions, each read as a ZCL frame where the profile is known', async () => {
    const old = bytes('0400 0000 3412 1e 01');
    const known = await decodeOne(frame(bytes('00 01 fd 0401 01 22 0104 aabbccdd 0902 0501'), old));
    expect([valuesOf(known, 'zbee_apf.count'), valuesOf(known, 'zbee_apf.type'), valuesOf(known, 'zbee_zcl.cmd.tsn')]).toEqual([
      ['2'],
      ['0x02'],
      ['4', '2'],
    ]);
    const unknown = await decodeOne(frame(bytes('00 01 fd 0501 01 22 0104 aabbccdd 0902 0501').fill(0x77, 3, 5), old));
    expect([valuesOf(unknown, 'zbee_apf.count'), valuesOf(unknown, 'zbee_zcl.cmd.tsn'), unknown.unread.length]).toEqual([['2'], [], 10]);
    expect(await decodeOne(frame(bytes('00 01 fd 0401 01 22 0104 aabbccdd 09'), old))).toMatchObject({ code: 'application-truncated' });
  });

  test.each([
    ['a message', 2, '01 02 aabb'],
    ['a key without a value', 1, '01 04 3412'],
    ['a key and a value of one byte', 1, '01 11 3412 aa'],
    ['a key and a value of four bytes', 1, '01 c1 3412 aabbccdd'],
    ['a key and a text', 1, '01 e5 3412 02 6162'],
    ['a key with a status', 1, '01 e9 3412 00'],
    ['a key with a status and a value', 1, '01 38 3412 00 aabb'],
  ])('of ZigBee 2004: behind %s the next transaction begins', async (_, type, transaction) => {
    const next = type === 1 ? '01 77 3412' : '01 01 77';
    const decoded = await decodeOne(frame(bytes(`00 01 fd 0401 01 ${type}2 ${transaction} ${next}`), bytes('0400 0000 3412 1e 01')));
    const [first, second] = [bytes(transaction)[1] ?? 0, bytes(next)[1] ?? 0];
    expect(valuesOf(decoded, 'zbee_zcl.cmd.tsn')).toEqual([`${first}`, `${second}`]);
    expect([decoded.verdict, decoded.unread.length]).toEqual(['ok', 0]);
  });
});
