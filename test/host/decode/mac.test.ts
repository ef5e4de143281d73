/** MAC frames of every kind, also those that a receiver refuses: what is shown of them, and what is said. */
import { describe, expect, test } from 'vitest';
import { bytes, fcsOf, join, le } from '../../kit/frame-oracle.ts';
import { decodeAll, decodeOne, remarks, valuesOf } from './kit.ts';

const LONG = '0100000000000002';

describe('frame types', () => {
  test.each([
    ['reserved', '0400 01', 'mac-frame-type', '0x0004'],
    ['fragment', '0600 01 02', 'mac-frame-type', '0x0006'],
    ['extended', '0700 01 02 03', 'mac-frame-type', '0x0007'],
    ['of one byte', '02', 'mac-too-short', undefined],
  ])('%s', async (_, frame, code, type) => {
    const decoded = await decodeOne(bytes(frame));
    expect(decoded).toMatchObject({ verdict: 'refused', code });
    expect(valuesOf(decoded, 'wpan.frame_type')).toEqual(type === undefined ? [] : [type]);
  });

  test('multipurpose frames have a frame control of their own', async () => {
    // Long frame control, short addresses, a PAN identifier (7.3.5).
    const decoded = await decodeOne(bytes('ad01 07 621a 3412 7856 aabb'));
    const names = ['wpan.frame_type', 'wpan.long_frame_control', 'wpan.seq_no', 'wpan.dst_pan', 'wpan.dst16', 'wpan.src16'];
    expect(names.map((name) => valuesOf(decoded, name))).toEqual([['0x0005'], ['1'], ['7'], ['0x1a62'], ['0x1234'], ['0x5678']]);
  });
});

describe('addressing', () => {
  test('of 2003: both addresses, a PAN each unless they share it', async () => {
    const both = await decodeOne(bytes('0188 05 621a 3412 631a 7856'));
    expect([valuesOf(both, 'wpan.dst_pan'), valuesOf(both, 'wpan.src_pan')]).toEqual([['0x1a62'], ['0x1a63']]);
    const shared = await decodeOne(bytes('4188 05 621a 3412 7856'));
    expect([valuesOf(shared, 'wpan.dst_pan'), valuesOf(shared, 'wpan.src_pan')]).toEqual([['0x1a62'], []]);
    expect([valuesOf(shared, 'wpan.dst16'), valuesOf(shared, 'wpan.src16')]).toEqual([['0x1234'], ['0x5678']]);
  });

  test('of 2015: compression between two extended addresses leaves both PANs out, a suppressed sequence number is not there', async () => {
    const decoded = await decodeOne(bytes(`41ed ${LONG} 0200000000000002`));
    expect([valuesOf(decoded, 'wpan.dst_pan'), valuesOf(decoded, 'wpan.dst64'), valuesOf(decoded, 'wpan.src64')]).toEqual([
      [],
      ['02:00:00:00:00:00:00:01'],
      ['02:00:00:00:00:00:00:02'],
    ]);
    expect([valuesOf(decoded, 'wpan.seq_no'), valuesOf(decoded, 'wpan.seqno_suppression')]).toEqual([[], ['1']]);
  });

  test('of a source that an association told of is shown, in later frames of that PAN', async () => {
    const response = bytes(`63cc 01 621a ${LONG} 0200000000000002 02 3412 00`);
    const poll = bytes('6388 02 621a 0000 3412 04');
    const [, after, elsewhere] = await decodeAll([response, poll, bytes('6388 02 631a 0000 3412 04')]);
    expect(after && valuesOf(after, 'wpan.src64')).toEqual(['02:00:00:00:00:00:00:01']);
    expect(elsewhere && valuesOf(elsewhere, 'wpan.src64')).toEqual([]);
  });
});

describe('commands', () => {
  test('go where their kind may go, or are refused', async () => {
    const good = await decodeOne(bytes('0308 01 ffff ffff 07'));
    expect(good).toMatchObject({ verdict: 'ok', headers: { mac: { command: 7 } } });
    const bad = await decodeOne(bytes('0308 01 ffff 3412 07'));
    expect(bad).toMatchObject({ verdict: 'refused', code: 'mac-addressing' });
    expect(remarks(bad, 'wpan.invalid_addressing')).toBe(true);
  });

  test.each([
    ['6388 01 621a 0000 3412 77 aabb', 'wpan.cmd.unknown_cmd', 2],
    ['6388 01 621a 0000 3412 17', 'wpan.cmd.unsupported_cmd', 0],
  ])('that nobody knows are remarked upon and left unread (%s)', async (frame, remark, unread) => {
    const decoded = await decodeOne(bytes(frame));
    expect([decoded.verdict, remarks(decoded, remark), decoded.unread.length]).toEqual(['ok', true, unread]);
  });

  test('that end too early are refused', async () => {
    expect(await decodeOne(bytes(`63cc 01 621a ${LONG} 0200000000000002 02 3412`))).toMatchObject({ code: 'truncated-mac' });
    expect(await decodeOne(bytes('6388 01 621a 0000 3412'))).toMatchObject({ verdict: 'refused' });
  });
});

describe('beacons', () => {
  test('show guaranteed time slots and pending addresses', async () => {
    const decoded = await decodeOne(bytes('0080 01 621a 3412 ffcf 81 01 3412 21 11 aabb 0200000000000009'));
    expect(valuesOf(decoded, 'wpan.gts.count')).toEqual(['1']);
    expect(valuesOf(decoded, 'wpan.gts.address')).toEqual(['0x1234']);
    expect(valuesOf(decoded, 'wpan.pending16')).toEqual(['0xbbaa']);
    expect(valuesOf(decoded, 'wpan.pending64')).toEqual(['09:00:00:00:00:00:00:02']);
  });

  test('of ZigBee, of ZigBee IP and of others', async () => {
    const zigbee = await decodeOne(bytes('0080 01 621a 0000 ffcf 00 00 00 22 84 0807060504030201 ffffff 00'));
    expect([valuesOf(zigbee, 'zbee_beacon.ext_panid'), valuesOf(zigbee, 'zbee_beacon.profile')]).toEqual([
      ['01:02:03:04:05:06:07:08'],
      ['0x0002'],
    ]);
    const ip = await decodeOne(join(bytes('0080 01 621a 0000 ffcf 00 00 02 01'), new Uint8Array(16).fill(0x61)));
    expect(valuesOf(ip, 'zbip_beacon.network_id')).toEqual(['a'.repeat(16)]);
    const other = await decodeOne(bytes('0080 01 621a 0000 ffcf 00 00 03 010203'));
    expect([other.verdict, other.unread.length]).toEqual(['ok', 4]);
    expect(await decodeOne(bytes('0080 01 621a 0000 ffcf 00 00 00 22 84 0807'))).toMatchObject({ code: 'truncated-zigbee-beacon' });
  });
});

describe('MAC security', () => {
  test('of 2006 is shown and stays closed', async () => {
    const decoded = await decodeOne(bytes('4998 05 621a 3412 7856 0d 01000000 05 aabbccdd 11223344'));
    expect(decoded).toMatchObject({ verdict: 'closed', code: 'closed-mac' });
    expect(valuesOf(decoded, 'wpan.aux_sec.sec_level')).toEqual(['0x05']);
    expect(valuesOf(decoded, 'wpan.aux_sec.frame_counter')).toEqual(['1']);
    expect(valuesOf(decoded, 'wpan.aux_sec.key_index')).toEqual(['0x05']);
    expect(valuesOf(decoded, 'wpan.mic')).toEqual(['11:22:33:44']);
    expect(remarks(decoded, 'wpan.decrypt_error')).toBe(true);
  });

  test('of 2003 is shown with the MIC that frames of then had', async () => {
    const decoded = await decodeOne(bytes('4988 05 621a 3412 7856 01000000 02 aabb 1122334455667788'));
    expect([valuesOf(decoded, 'wpan.sec_frame_counter'), valuesOf(decoded, 'wpan.mic')]).toEqual([
      ['0x00000001'],
      ['11:22:33:44:55:66:77:88'],
    ]);
    expect(decoded.code).toBe('closed-mac');
  });

  test('whose MIC does not fit is refused', async () => {
    expect(await decodeOne(bytes('4998 05 621a 3412 7856 0f 01000000 05 aabb'))).toMatchObject({ code: 'mac-security-truncated' });
  });
});

describe('information elements', () => {
  test('of header and payload are shown, what follows them is read', async () => {
    // Header termination 1, a vendor element of the payload, payload termination.
    const decoded = await decodeOne(bytes('41aa 05 621a 3412 7856 003f 0590 010203 aabb 00f8 0000'));
    expect([valuesOf(decoded, 'wpan.header_ie.id'), valuesOf(decoded, 'wpan.payload_ie.id')]).toEqual([['0x007e'], ['0x0002', '0x000f']]);
    expect([decoded.verdict, decoded.unread.length]).toEqual(['ok', 2]);
  });

  test('of an enhanced beacon request say what beacons are wanted', async () => {
    const decoded = await decodeOne(bytes('032a 05 ffff ffff 003f 0388 011e 01 00f8 07'));
    expect([valuesOf(decoded, 'wpan.eb_filter'), valuesOf(decoded, 'wpan.eb_filter.pjoin')]).toEqual([['0x01', '0x01'], ['1']]);
    expect(decoded).toMatchObject({ verdict: 'ok', headers: { mac: { command: 7 } } });
    const wanted = await decodeOne(bytes('032a 05 ffff ffff 003f 0488 021e 02c8 00f8 07'));
    expect(valuesOf(wanted, 'wpan.eb_filter.lqi_minimum')).toEqual(['200']);
  });

  test('of the payload are refused among those of the header', async () => {
    const decoded = await decodeOne(bytes('41aa 05 621a 3412 7856 03e4 cffa05 803f'));
    expect([decoded.code, remarks(decoded, 'wpan.payload_ie.in_header')]).toEqual(['mac-element', true]);
  });
});

describe('the end of a frame', () => {
  const ack = bytes('0200 31');
  test.each([
    ['a right FCS', join(ack, le(fcsOf(ack), 2)), 'none', { 'wpan.fcs_ok': ['1'], 'wpan.fcs': [] }],
    [
      'metadata of a good frame',
      join(ack, bytes('d8 eb')),
      'ti-metadata',
      { 'wpan.fcs_ok': ['1'], 'wpan.rssi': ['-40'], 'wpan.correlation': ['107'] },
    ],
    ['metadata of a bad frame', join(ack, bytes('28 6b')), 'ti-metadata', { 'wpan.fcs_ok': ['0'], 'wpan.rssi': ['40'] }],
    ['a wrong FCS of 32 bits', join(ack, bytes('01020304')), 'fcs32', { 'wpan.fcs_ok': ['0'], 'wpan.fcs32': ['0x04030201'] }],
  ] as const)('%s', async (_, frame, trailer, expected) => {
    const decoded = await decodeOne(frame, { trailer });
    for (const [name, values] of Object.entries(expected)) expect([name, valuesOf(decoded, name)]).toEqual([name, values]);
  });

  test('a frame of more than 127 bytes is shown, and refused by name', async () => {
    const decoded = await decodeOne(join(bytes('4188 05 621a 3412 7856'), new Uint8Array(120)));
    expect(decoded).toMatchObject({ verdict: 'refused', code: 'mac-too-long' });
    expect(valuesOf(decoded, 'wpan.src16')).toEqual(['0x5678']);
  });

  test.each([3, 5, 7, 9])('cut in the header is refused where it ends (%i bytes)', async (length) => {
    const frame = bytes('0188 05 621a 3412 631a 7856').subarray(0, length);
    expect(await decodeOne(frame, { trailer: 'none' })).toMatchObject({ verdict: 'refused', code: 'mac-truncated' });
  });
});
