import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureReader, readCapture } from '../../../host/capture/reader.ts';
import { pcapHeader, pcapRecord } from '../../../host/capture/writer.ts';
import { ACK, block, enhanced, face, pcap, section, simple, tap, zep } from './files.ts';

const HALF_PAST = 1_700_000_000_500_000_000n;
const file = (...blocks: number[][]): Uint8Array => Uint8Array.from(blocks.flat());
const TIME_RESOLUTION = 9;
const TIME_OFFSET = 14;

describe('pcap', () => {
  test.each([
    { little: true, nano: false },
    { little: true, nano: true },
    { little: false, nano: false },
    { little: false, nano: true },
  ])('is read in either byte order, in microseconds and nanoseconds: %o', (shape) => {
    const { packets, error } = readCapture(pcap([ACK, ACK], shape));
    expect(error).toBeUndefined();
    expect(packets.map(({ number, time, trailer, missing }) => ({ number, time, trailer, missing }))).toEqual([
      { number: 1, time: HALF_PAST, trailer: 'fcs', missing: 0 },
      { number: 2, time: HALF_PAST + 1_000_000_000n, trailer: 'fcs', missing: 0 },
    ]);
    expect(packets[0]?.psdu).toEqual(ACK);
  });

  test('tells what the last bytes of a frame are: by link type, or by the option for CC24xx metadata', () => {
    expect(readCapture(pcap([ACK], { linkType: 230 })).packets[0]?.trailer).toBe('none');
    expect(readCapture(pcap([ACK]), { tiMetadata: true }).packets[0]?.trailer).toBe('ti-metadata');
  });

  test('marks a packet that the capture cut', () => {
    expect(readCapture(pcap([ACK], { missing: 3 })).packets[0]?.missing).toBe(3);
  });

  test('that is written is read again, to the microsecond', () => {
    const { packets, error } = readCapture(Uint8Array.from([...pcapHeader(), ...pcapRecord(ACK, 1_700_000_000_500.25)]));
    expect(error).toBeUndefined();
    expect(packets).toMatchObject([{ time: HALF_PAST + 250_000n, psdu: ACK, trailer: 'fcs' }]);
  });
});

describe('pcapng', () => {
  test('counts time by the resolution and offset of the interface', () => {
    const faces = [
      face(195),
      face(195, [[TIME_RESOLUTION, [9]]]),
      face(195, [
        [TIME_RESOLUTION, [0x80 | 10]],
        [TIME_OFFSET, [100, 0, 0, 0, 0, 0, 0, 0]],
      ]),
    ];
    const packets = [enhanced(ACK, 1_700_000_000_500_000n, 0), enhanced(ACK, HALF_PAST, 1), enhanced(ACK, 1024n + 512n, 2)];
    const read = readCapture(file(section(), ...faces, ...packets));
    expect(read.error).toBeUndefined();
    expect(read.packets.map(({ time }) => time)).toEqual([HALF_PAST, HALF_PAST, 101_500_000_000n]);
  });

  test('changes byte order and interfaces with each section', () => {
    const little = [section(), face(195), enhanced(ACK, 5n)];
    const big = [section(false), face(230, [], false), enhanced(ACK, 6n, 0, false)];
    const { packets, error } = readCapture(file(...little, ...big));
    expect(error).toBeUndefined();
    expect(packets.map(({ time, trailer }) => [time, trailer])).toEqual([
      [5000n, 'fcs'],
      [6000n, 'none'],
    ]);
  });

  test('reads simple packets, which have no time, and passes other blocks over', () => {
    const { packets, error } = readCapture(file(section(), face(195), block(0x0bad, [1, 2, 3]), simple(ACK)));
    expect(error).toBeUndefined();
    expect(packets).toMatchObject([{ number: 1, time: 0n, psdu: ACK }]);
  });

  test('is refused at the block that is wrong, after what stood before it', () => {
    const start = file(section(), face(195), enhanced(ACK, 5n));
    const unknown = readCapture(file([...start], enhanced(ACK, 6n, 7)));
    expect(unknown.packets).toHaveLength(1);
    expect(unknown.error).toMatchObject({ code: 'malformed', offset: start.length + 8 });
    const lengths = block(3, [1, 0, 0, 0, 9]);
    lengths[lengths.length - 4] = 99;
    expect(readCapture(file([...start], lengths)).error).toMatchObject({ code: 'malformed' });
    expect(readCapture(file([...start], face(113), enhanced(ACK, 6n, 1))).error).toMatchObject({ code: 'link-type' });
  });
});

describe('link layers', () => {
  test('TAP tells FCS, channel and link quality; a frame without FCS has none', () => {
    const { packets } = readCapture(pcap([tap(ACK, 1), tap(ACK, 0)], { linkType: 283 }));
    expect(packets).toMatchObject([
      { psdu: ACK, trailer: 'fcs', channel: 20, lqi: 200 },
      { psdu: ACK, trailer: 'none', channel: 20, lqi: 200 },
    ]);
  });

  test('a TAP header longer than the packet holds no frame', () => {
    const broken = Uint8Array.from(tap(ACK, 1));
    broken[2] = 200;
    expect(readCapture(pcap([broken], { linkType: 283 })).packets).toMatchObject([{ number: 1, psdu: undefined }]);
  });

  test('TAP tells of an FCS of 32 bits, and of an FCS type that is none, behind which no frame can be read', () => {
    const { packets } = readCapture(pcap([tap(ACK, 2), tap(ACK, 3)], { linkType: 283 }));
    expect(packets).toMatchObject([
      { psdu: ACK, trailer: 'fcs32' },
      { psdu: undefined, header: { kind: 'tap', carries: false } },
    ]);
  });

  test('ZEP of both versions is found in UDP, and its mode tells FCS from metadata', () => {
    const packets = [zep(ACK), zep(ACK, { version: 1 }), zep(ACK, { crc: false })];
    expect(readCapture(pcap(packets, { linkType: 1 })).packets).toMatchObject([
      { psdu: ACK, trailer: 'fcs', channel: 20, lqi: 200 },
      { psdu: ACK, trailer: 'fcs', channel: 20, lqi: 200 },
      { psdu: ACK, trailer: 'ti-metadata', channel: 20 },
    ]);
  });

  test('other packets of an Ethernet capture are counted but hold no frame', () => {
    const other = [zep(ACK, { port: 5000 }), zep(ACK, { type: 2 }), zep(ACK, { fragment: 0x2000 }), new Uint8Array(10), new Uint8Array(60)];
    const { packets } = readCapture(pcap([...other, zep(ACK)], { linkType: 1 }));
    expect(packets.map(({ psdu }) => psdu !== undefined)).toEqual([false, false, false, false, false, true]);
    expect(packets.at(-1)?.number).toBe(6);
  });
});

describe('input that is no capture, or not all of one', () => {
  test('is told by code and offset', () => {
    expect(readCapture(Uint8Array.of(1, 2, 3, 4, 5)).error).toMatchObject({ code: 'not-a-capture', offset: 0 });
    expect(readCapture(new Uint8Array(0)).error).toMatchObject({ code: 'truncated', offset: 0 });
    expect(readCapture(pcap([ACK], { linkType: 113 })).error).toMatchObject({ code: 'link-type', offset: 20 });
    const long = pcap([ACK]);
    new DataView(long.buffer).setUint32(24 + 8, 300_000, true);
    expect(readCapture(long).error).toMatchObject({ code: 'too-long', offset: 32 });
  });

  test('a file cut anywhere gives the whole packets before the cut, and where it ended', () => {
    const whole = pcap([ACK, ACK]);
    const boundaries = new Set([24, 24 + 21, 24 + 42]);
    for (let length = 0; length <= whole.length; length++) {
      const { packets, error } = readCapture(whole.subarray(0, length));
      expect(packets).toHaveLength(Math.max(0, Math.floor((length - 24) / 21)));
      expect(error).toEqual(boundaries.has(length) ? undefined : expect.objectContaining({ code: 'truncated', offset: length }));
    }
  });
});

describe('any split of the input gives what one piece gives', () => {
  const samples: readonly (readonly [string, Uint8Array])[] = [
    ['pcap', pcap([ACK, zep(ACK), new Uint8Array(0)])],
    [
      'pcapng',
      file(
        section(),
        face(195, [[TIME_RESOLUTION, [9]]]),
        enhanced(ACK, 5n),
        simple(ACK),
        section(false),
        face(230, [], false),
        enhanced(ACK, 6n, 0, false),
      ),
    ],
    ['a truncated pcap', pcap([ACK, ACK]).subarray(0, 60)],
    ['no capture', Uint8Array.of(9, 9, 9, 9, 9, 9)],
  ];

  test.each(samples)('%s', (_, bytes) => {
    const whole = readCapture(bytes);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const edges = [0, ...cuts.sort((one, other) => one - other), bytes.length];
        const reader = new CaptureReader();
        const packets = edges.slice(1).flatMap((edge, index) => [...reader.push(bytes.subarray(edges[index], edge))]);
        expect(packets).toEqual(whole.packets);
        expect(reader.end()).toEqual(whole.error);
      }),
      { seed: 7 },
    );
  });
});

const CORPUS = '../shared/corpus/captures';

describe.skipIf(!existsSync(CORPUS))('captures of the corpus (with ../shared/corpus)', () => {
  test('are read to their end, but for the one of another link type', () => {
    const files = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((name) => /\.pcap(ng)?$/.test(name));
    const codes = files.flatMap((name) => readCapture(readFileSync(`${CORPUS}/${name}`)).error?.code ?? []);
    expect(files.length).toBeGreaterThan(20);
    expect(codes).toEqual(['link-type']);
  });
});
