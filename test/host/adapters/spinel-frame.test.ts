import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crcX25, frameCheckSequence } from '../../../host/adapters/crc16.ts';
import { encodeHdlc, HdlcDecoder, MAX_FRAME } from '../../../host/adapters/hdlc-lite.ts';
import { Command, decodeSpinel, encodeSpinel, packed, Property, statusName, unpack } from '../../../host/adapters/spinel-frame.ts';
import { decodeReceive, decodeTransmit, encodeReceive, encodeTransmit } from '../../../host/adapters/spinel-raw.ts';
import { hex, unhex } from '../../../host/model/ids.ts';

const digits = new TextEncoder().encode('123456789');
const frame = fc.uint8Array({ minLength: 1, maxLength: 200 });

describe('the CRCs', () => {
  test('have the check values of the catalogue', () => {
    expect(crcX25(digits)).toBe(0x906e);
    expect(frameCheckSequence(digits)).toBe(0x2189);
  });
});

describe('HDLC-Lite', () => {
  test('frames a reset command as RCP hosts do', () => {
    expect(hex(encodeHdlc(unhex('800102')))).toBe('7e800102eaf07e'); // CRC computed apart from this code
  });

  test('escapes flag, escape, XON, XOFF and f8 and nothing else', () => {
    const body = encodeHdlc(unhex('7e7d1113f800ff')).subarray(1, -1);
    expect(hex(body).startsWith('7d5e7d5d7d317d337dd800ff')).toBe(true);
  });

  test('never has a reserved byte inside a frame', () => {
    fc.assert(
      fc.property(
        frame,
        (bytes) =>
          !encodeHdlc(bytes)
            .subarray(1, -1)
            .some((byte) => [0x7e, 0x11, 0x13, 0xf8].includes(byte)),
      ),
    );
  });

  test('gives back every frame, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 4 }), fc.array(fc.nat(50)), (frames, cuts) => {
        const stream = frames.flatMap((bytes) => [...encodeHdlc(bytes)]);
        const decoder = new HdlcDecoder();
        const found: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = 1 + (cuts[turn % Math.max(1, cuts.length)] ?? 0);
          found.push(...decoder.push(Uint8Array.from(stream.slice(at, at + size))));
          at += size;
        }
        expect(found.map(hex)).toEqual(frames.map(hex));
        expect(decoder.dropped).toBe(0);
      }),
    );
  });

  test('finds the frame after any noise that a flag ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), frame, (noise, bytes) => {
        const found = new HdlcDecoder().push(Uint8Array.from([...noise, 0x7e, ...encodeHdlc(bytes)]));
        expect(hex(found.at(-1)!)).toBe(hex(bytes));
      }),
    );
  });

  test('drops a frame with any one bit changed', () => {
    const good = encodeHdlc(unhex('8006000011'));
    for (let bit = 8; bit < (good.length - 1) * 8; bit++) {
      const bad = good.slice();
      bad[bit >> 3]! ^= 1 << (bit & 7);
      const found = new HdlcDecoder().push(bad).map(hex);
      expect(found, `bit ${bit}`).not.toContain('8006000011');
    }
  });

  test('drops what is too long, too short or broken off, counts it, and goes on', () => {
    const decoder = new HdlcDecoder();
    expect(decoder.push(encodeHdlc(new Uint8Array(MAX_FRAME).fill(1)))).toEqual([]);
    expect(decoder.push(Uint8Array.of(0x7e, 1, 0x7e, 2, 3, 0x7e, 4, 0x7d, 0x7e))).toEqual([]);
    expect(decoder.dropped).toBe(4);
    expect(decoder.push(encodeHdlc(unhex('80')))).toEqual([unhex('80')]);
  });
});

describe('Spinel frames', () => {
  test.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [1337, 'b90a'],
    [0x1303, '8326'],
    [2_097_151, 'ffff7f'],
  ])('pack %i as %s and back', (value, text) => {
    expect(hex(packed(value))).toBe(text);
    expect(unpack(unhex(text))).toEqual({ value, end: text.length / 2 });
  });

  test('refuse a packed integer that does not end within three bytes', () => {
    expect([unhex(''), unhex('80'), unhex('808080'), unhex('80808001')].map((bytes) => unpack(bytes))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('read what they write', () => {
    const property = fc.constantFrom(...Object.values(Property));
    const command = fc.constantFrom(Command.PROP_VALUE_GET, Command.PROP_VALUE_SET, Command.PROP_VALUE_IS);
    fc.assert(
      fc.property(
        fc.record({ tid: fc.integer({ min: 0, max: 15 }), command, property, value: fc.uint8Array({ maxLength: 40 }) }),
        (made) => {
          expect(decodeSpinel(encodeSpinel(made))).toEqual({ ok: true, value: made });
        },
      ),
    );
  });

  test('are written bit for bit as the protocol draft has them', () => {
    expect(
      hex(encodeSpinel({ tid: 1, command: Command.PROP_VALUE_GET, property: Property.PROTOCOL_VERSION, value: new Uint8Array() })),
    ).toBe('810201');
    expect(hex(encodeSpinel({ tid: 0, command: Command.RESET, property: undefined, value: Uint8Array.of(2) }))).toBe('800102');
    expect(
      hex(encodeSpinel({ tid: 15, command: Command.PROP_VALUE_SET, property: Property.MAC_SRC_MATCH_ENABLED, value: Uint8Array.of(0) })),
    ).toBe('8f03832600');
  });

  test.each([
    ['', 'header'],
    ['41', 'header'],
    ['910201', 'interface'],
    ['80', 'number'],
    ['8006', 'number'],
    ['800680', 'number'],
  ])('refuse %s as %s', (text, code) => {
    expect(decodeSpinel(unhex(text))).toMatchObject({ ok: false, code });
  });

  test('name a status for people', () => {
    expect([statusName(17), statusName(99)]).toEqual(['NO_ACK (17)', 'status (99)']);
  });
});

describe('STREAM_RAW', () => {
  const psdu = unhex('418801ffffffff0000aabb');

  test('carries a frame to the air with its channel, backoffs and retries', () => {
    const value = encodeTransmit({ psdu, channel: 15, backoffs: 4, retries: 3 });
    expect(hex(value)).toBe(`0b00${hex(psdu)}0f040301000001`);
    expect(decodeTransmit(value)).toEqual({ psdu, channel: 15, backoffs: 4, retries: 3 });
  });

  test('takes defaults for what the host left out, and needs the channel', () => {
    expect(decodeTransmit(unhex(`0b00${hex(psdu)}0f`))).toEqual({ psdu, channel: 15, backoffs: 4, retries: 3 });
    expect([decodeTransmit(unhex(`0b00${hex(psdu)}`)), decodeTransmit(unhex('0b0041')), decodeTransmit(unhex('0b'))]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('carries a frame from the air with signal strength, flags and LQI', () => {
    const value = encodeReceive({ psdu, rssi: -50, flags: 4, lqi: 200 }, 15, 0x0102030405060708n);
    expect(hex(value)).toBe(`0b00${hex(psdu)}ce8004000a000fc80807060504030201`);
    expect(decodeReceive(value)).toEqual({ psdu, rssi: -50, flags: 4, lqi: 200 });
  });

  test('takes metadata that ends anywhere, with defaults for the rest', () => {
    const value = encodeReceive({ psdu, rssi: -50, flags: 4, lqi: 200 }, 15, 0n);
    const seen = Array.from({ length: value.length - psdu.length - 1 }, (_, cut) =>
      decodeReceive(value.subarray(0, 2 + psdu.length + cut)),
    );
    expect(seen.every((raw) => raw !== undefined && hex(raw.psdu) === hex(psdu))).toBe(true);
    expect(seen[0]).toEqual({ psdu, rssi: -128, flags: 0, lqi: 0 });
    expect(seen[1]).toEqual({ psdu, rssi: -50, flags: 0, lqi: 0 });
    expect(decodeReceive(value.subarray(0, psdu.length + 1))).toBeUndefined();
  });
});
