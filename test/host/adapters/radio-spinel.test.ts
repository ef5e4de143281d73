import { afterEach, describe, expect, test } from 'vitest';
import { frameCheckSequence } from '../../../host/adapters/crc16.ts';
import { encodeHdlc, HdlcDecoder } from '../../../host/adapters/hdlc-lite.ts';
import { SpinelRadio } from '../../../host/adapters/radio-spinel.ts';
import { Command, decodeSpinel, encodeSpinel, packed, Property, Status } from '../../../host/adapters/spinel-frame.ts';
import { SpinelRcp } from '../../../host/adapters/spinel-rcp.ts';
import { connectTcp, listenTcp } from '../../../host/adapters/stream-tcp.ts';
import { SystemClock } from '../../../host/adapters/system.ts';
import { eui64, hex, unhex } from '../../../host/model/ids.ts';
import type { ByteStream } from '../../../host/ports/byte-stream.ts';
import { silent } from '../../../host/ports/log.ts';
import type { Transceiver } from '../../../host/ports/medium.ts';
import type { RadioSettings, Received, Sent } from '../../../host/ports/radio.ts';
import { ManualClock, settle } from '../../kit/clock.ts';
import { streamPair, type Transport } from './stream-pair.ts';

const SETTINGS: RadioSettings = { channel: 15, panId: 0x1a62, shortAddress: 0x0000, eui: eui64('02a1b2c3d4e5f601') };
const HARDWARE = eui64('0200000000000001');

/** A PSDU with its FCS. */
const frame = (body: string): Uint8Array => {
  const bytes = unhex(body);
  const fcs = frameCheckSequence(bytes);
  return Uint8Array.from([...bytes, fcs & 0xff, fcs >> 8]);
};

/** A transceiver that tells what it was made to do. */
class FakeTransceiver implements Transceiver {
  settings: RadioSettings | undefined;
  readonly sent: string[] = [];
  outcome: Sent | Promise<Sent> = 'sent';
  #handler: (frame: Received) => void | Promise<void> = () => undefined;
  configure(settings: RadioSettings): void {
    this.settings = settings;
  }
  async send(psdu: Uint8Array): Promise<Sent> {
    this.sent.push(hex(psdu));
    return this.outcome;
  }
  onFrame(handler: (frame: Received) => void | Promise<void>): void {
    this.#handler = handler;
  }
  hear(psdu: Uint8Array): void {
    void this.#handler({ psdu, time: 1_000, lqi: 180 });
  }
  detach(): void {}
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A radio and the co-processor behind it. */
function connected(transport?: Transport) {
  const air = new FakeTransceiver();
  const rcp = new SpinelRcp(air, HARDWARE);
  const streams: ByteStream[] = [];
  const connect = async (): Promise<ByteStream> => {
    const [near, far] = streamPair(transport);
    rcp.serve(far);
    streams.push(far);
    return near;
  };
  const radio = new SpinelRadio({ connect, clock: new SystemClock(), log: silent });
  closers.push(() => radio.close());
  const received: Received[] = [];
  radio.onFrame((got) => void received.push(got));
  return { air, radio, received, streams };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await settle();
};

/** Bytes one by one. */
const split: Transport = (bytes) => Array.from(bytes, (byte) => Uint8Array.of(byte));
/** Noise before and after each frame: line noise, half a frame, a frame of another protocol. */
const noisy: Transport = (bytes) => [unhex('00ff7d'), unhex('7e8106'), bytes, unhex('7e424242427e')];

describe.each<[string, Transport | undefined]>([
  ['over a quiet stream', undefined],
  ['over a stream that is cut after every byte', split],
  ['over a stream with noise between frames', noisy],
])('SpinelRadio %s', (_, transport) => {
  test('sets channel, PAN and addresses of the radio', async () => {
    const { air, radio } = connected(transport);
    await radio.open(SETTINGS);
    expect(air.settings).toEqual(SETTINGS);
    await radio.open({ ...SETTINGS, channel: 26, shortAddress: 0x1234 });
    expect(air.settings).toEqual({ ...SETTINGS, channel: 26, shortAddress: 0x1234 });
  });

  test('sends frames in call order and tells how each ended', async () => {
    const { air, radio } = connected(transport);
    await radio.open(SETTINGS);
    const outcomes: Sent[] = [];
    for (const outcome of ['sent', 'no-ack', 'channel-busy'] as const) {
      air.outcome = outcome;
      outcomes.push(await radio.send(frame('6188017e7d')));
    }
    expect(outcomes).toEqual(['sent', 'no-ack', 'channel-busy']);
    air.outcome = 'sent';
    const bodies = ['418801', '418802', '418803'].map(frame);
    await Promise.all(bodies.map((psdu) => radio.send(psdu)));
    expect(air.sent.slice(3)).toEqual(bodies.map(hex));
  });

  test('delivers frames of every length with LQI and right FCS', async () => {
    const { air, radio, received } = connected(transport);
    await radio.open(SETTINGS);
    const bodies = [1, 5, 60, 125].map((length) => frame('7d'.repeat(length)));
    for (const psdu of bodies) air.hear(psdu);
    await until(() => received.length === bodies.length);
    expect(received.map(({ psdu, lqi }) => [hex(psdu), lqi])).toEqual(bodies.map((psdu) => [hex(psdu), 180]));
  });
});

describe('SpinelRadio', () => {
  test('drives a co-processor over TCP, and again after the connection was lost', async () => {
    const air = new FakeTransceiver();
    const rcp = new SpinelRcp(air, HARDWARE);
    const links: ByteStream[] = [];
    const listener = await listenTcp((stream) => (links.push(stream), rcp.serve(stream)));
    const radio = new SpinelRadio({ connect: () => connectTcp(listener.url), clock: new SystemClock(), log: silent });
    closers.push(listener.close, () => radio.close());
    const received: string[] = [];
    radio.onFrame(({ psdu }) => void received.push(hex(psdu)));
    await radio.open(SETTINGS);
    const lost = new Promise<string>((done) => radio.onLost(done));
    void links[0]!.close();
    expect(await lost).toContain('closed by the other side');
    await expect(radio.send(frame('418801'))).rejects.toMatchObject({ code: 'radio' });
    await radio.open(SETTINGS);
    expect(await radio.send(frame('418802'))).toBe('sent');
    air.hear(frame('418803'));
    await until(() => received.length === 1);
    expect(received).toEqual([hex(frame('418803'))]);
  });

  test('writes the FCS anew where a radio left signal figures in its place', async () => {
    const { air, radio, received } = connected();
    await radio.open(SETTINGS);
    const psdu = frame('4188010203');
    air.hear(Uint8Array.from([...psdu.subarray(0, -2), 0xce, 0xeb]));
    await until(() => received.length === 1);
    expect(hex(received[0]!.psdu)).toBe(hex(psdu));
  });

  test('delivers one frame at a time and waits for the handler', async () => {
    const { air, radio } = connected();
    let busy = 0;
    const order: number[] = [];
    radio.onFrame(async ({ psdu }) => {
      expect(++busy).toBe(1);
      await settle();
      order.push(psdu[0]!);
      busy--;
    });
    await radio.open(SETTINGS);
    for (let number = 1; number <= 10; number++) air.hear(frame(number.toString(16).padStart(2, '0')));
    await until(() => order.length === 10);
    expect(order).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('drops frames, and does not grow, while its handler is stuck', async () => {
    const { air, radio } = connected();
    let release: () => void = () => undefined;
    let handled = 0;
    radio.onFrame(() => (handled++, new Promise((done) => (release = done))));
    await radio.open(SETTINGS);
    for (let number = 0; number < 400; number++) air.hear(frame('4188'));
    while (handled < 1) await settle();
    await settle();
    for (let last = -1; last !== handled;) {
      last = handled;
      release();
      await settle();
    }
    expect(handled).toBe(257); // the one in hand and 256 waiting
  });

  test('refuses to send before it was opened', async () => {
    await expect(connected().radio.send(frame('41'))).rejects.toMatchObject({ code: 'radio' });
  });

  test('makes the radio deaf when it is closed', async () => {
    const { air, radio, received } = connected();
    await radio.open(SETTINGS);
    await radio.close();
    air.hear(frame('4188'));
    await settle();
    expect(received).toEqual([]);
  });

  test('sends RESET first, so that an earlier host leaves nothing behind', async () => {
    const air = new FakeTransceiver();
    const rcp = new SpinelRcp(air, HARDWARE);
    const seen: string[] = [];
    const connect = async (): Promise<ByteStream> => {
      const [near, far] = streamPair();
      rcp.serve(far);
      const write = near.write.bind(near);
      const decoder = new HdlcDecoder();
      return Object.assign(near, { write: (bytes: Uint8Array) => (seen.push(...decoder.push(bytes).map(hex)), write(bytes)) });
    };
    const radio = new SpinelRadio({ connect, clock: new SystemClock(), log: silent });
    closers.push(() => radio.close());
    await radio.open(SETTINGS);
    expect(seen[0]).toBe('800102');
    expect(seen.slice(1).every((text) => text !== '800102')).toBe(true);
  });
});

/** A co-processor that answers as a test says: undefined = not at all. */
function scripted(answer: (command: number, property: number | undefined, value: Uint8Array, tid: number) => readonly Uint8Array[]) {
  const clock = new ManualClock();
  const ends: ByteStream[] = [];
  const connect = async (): Promise<ByteStream> => {
    const [near, far] = streamPair();
    const decoder = new HdlcDecoder();
    far.onBytes((bytes) => {
      for (const received of decoder.push(bytes)) {
        const decoded = decodeSpinel(received);
        if (!decoded.ok) continue;
        const { tid, command, property, value } = decoded.value;
        for (const reply of answer(command, property, value, tid)) far.write(encodeHdlc(reply));
      }
    });
    ends.push(far);
    return near;
  };
  return { clock, ends, radio: new SpinelRadio({ connect, clock, log: silent }) };
}

const is = (tid: number, property: number, value: Uint8Array): Uint8Array =>
  encodeSpinel({ tid, command: Command.PROP_VALUE_IS, property, value });
const restarted = is(0, Property.LAST_STATUS, packed(Status.RESET_SOFTWARE));
const GOOD = new Map<number, Uint8Array>([
  [Property.PROTOCOL_VERSION, Uint8Array.of(4, 3)],
  [Property.CAPS, Uint8Array.from([...packed(24), ...packed(513)])],
  [Property.NCP_VERSION, new TextEncoder().encode('OTHER/1.0\0')],
]);
const wellBehaved = (command: number, property: number | undefined, value: Uint8Array, tid: number): readonly Uint8Array[] => {
  if (command === Command.RESET) return [restarted];
  return [is(tid, property!, command === Command.PROP_VALUE_GET ? GOOD.get(property!)! : value)];
};

describe('SpinelRadio with an odd co-processor', () => {
  /** Lets the radio work until its promise is settled, moving the clock when nothing else happens. */
  const settled = async (clock: ManualClock, promise: Promise<unknown>): Promise<void> => {
    let done = false;
    promise.catch(() => undefined).finally(() => (done = true));
    while (!done) await clock.advance(500);
  };

  test.each<[string, string, (command: number, property: number | undefined, value: Uint8Array, tid: number) => readonly Uint8Array[]]>([
    ['that never answers', 'does not answer within 2000 ms', () => []],
    [
      'of another protocol version',
      'Spinel 3.0',
      (...asked) => (asked[1] === Property.PROTOCOL_VERSION ? [is(asked[3], asked[1], Uint8Array.of(3, 0))] : wellBehaved(...asked)),
    ],
    [
      'without raw access',
      'RCP firmware',
      (...asked) => (asked[1] === Property.CAPS ? [is(asked[3], asked[1], packed(24))] : wellBehaved(...asked)),
    ],
    [
      'that refuses a setting',
      'PHY_CHAN with INVALID_ARGUMENT (3)',
      (...asked) =>
        asked[1] === Property.PHY_CHAN ? [is(asked[3], Property.LAST_STATUS, packed(Status.INVALID_ARGUMENT))] : wellBehaved(...asked),
    ],
    [
      'that answers for another property',
      'PHY_CHAN with property 54',
      (...asked) => (asked[1] === Property.PHY_CHAN ? [is(asked[3], Property.MAC_15_4_PANID, asked[2])] : wellBehaved(...asked)),
    ],
  ])('faults on one %s', async (_, message, answer) => {
    const { clock, radio } = scripted(answer);
    const opened = radio.open(SETTINGS);
    await settled(clock, opened);
    await expect(opened).rejects.toMatchObject({ code: 'radio', message: expect.stringContaining(message) });
    await settled(clock, radio.close());
  });

  test('takes one that needs a second RESET', async () => {
    let resets = 0;
    const { clock, radio } = scripted((...asked) => (asked[0] === Command.RESET && ++resets < 2 ? [] : wellBehaved(...asked)));
    const opened = radio.open(SETTINGS);
    await settled(clock, opened);
    await opened;
    expect(resets).toBe(2);
  });

  test('ignores answers under another transaction identifier', async () => {
    const { clock, radio } = scripted((...asked) => {
      const [, property, , tid] = asked;
      const stale = property === Property.PROTOCOL_VERSION ? [is((tid % 15) + 1, property, Uint8Array.of(9, 9))] : [];
      return [...stale, ...wellBehaved(...asked)];
    });
    const opened = radio.open(SETTINGS);
    await settled(clock, opened);
    await opened;
  });

  test('tells of the loss when the radio restarts by itself, and what was under way faults', async () => {
    const { clock, ends, radio } = scripted((...asked) => (asked[1] === Property.STREAM_RAW ? [] : wellBehaved(...asked)));
    await settled(clock, radio.open(SETTINGS));
    const reasons: string[] = [];
    radio.onLost((reason) => void reasons.push(reason));
    const sending = radio.send(frame('4188'));
    sending.catch(() => undefined);
    await settle();
    ends[0]!.write(encodeHdlc(restarted));
    await expect(sending).rejects.toMatchObject({ code: 'radio' });
    expect(reasons).toEqual(['the radio restarted by itself: RESET_SOFTWARE (114)']);
  });

  test('gives a radio up that does not say how a transmission ended', async () => {
    const { clock, radio } = scripted((...asked) => (asked[1] === Property.STREAM_RAW ? [] : wellBehaved(...asked)));
    await settled(clock, radio.open(SETTINGS));
    const reasons: string[] = [];
    radio.onLost((reason) => void reasons.push(reason));
    const sending = radio.send(frame('4188'));
    await settled(clock, sending);
    await expect(sending).rejects.toMatchObject({ code: 'radio' });
    expect(reasons).toHaveLength(1);
  });

  test('faults, and keeps the radio, when a transmission is refused', async () => {
    let status: number = Status.INVALID_STATE;
    const { clock, radio } = scripted((...asked) =>
      asked[1] === Property.STREAM_RAW ? [is(asked[3], Property.LAST_STATUS, packed(status))] : wellBehaved(...asked),
    );
    await settled(clock, radio.open(SETTINGS));
    await expect(radio.send(frame('4188'))).rejects.toThrow('does not send: INVALID_STATE (4)');
    status = Status.OK;
    expect(await radio.send(frame('4188'))).toBe('sent');
  });

  test('keeps a frame with a wrong FCS, none, or one too long from the handler', async () => {
    const { clock, ends, radio } = scripted(wellBehaved);
    const received: Received[] = [];
    radio.onFrame((got) => void received.push(got));
    await settled(clock, radio.open(SETTINGS));
    const raw = (psdu: Uint8Array, flags = 0): Uint8Array => Uint8Array.from([psdu.length, 0, ...psdu, 0xce, 0x80, flags, 0]);
    for (const value of [
      raw(frame('4188'), 4),
      raw(new Uint8Array()),
      raw(new Uint8Array(128)),
      Uint8Array.of(9, 0, 1),
      raw(frame('4189')),
    ]) {
      ends[0]!.write(encodeHdlc(is(0, Property.STREAM_RAW, value)));
    }
    await settle();
    await settle();
    expect(received.map(({ psdu }) => hex(psdu))).toEqual([hex(frame('4189'))]);
  });
});

describe('SpinelRcp', () => {
  const ask = async (rcp: SpinelRcp, request: string): Promise<string[]> => {
    const [near, far] = streamPair();
    const answers: string[] = [];
    const decoder = new HdlcDecoder();
    near.onBytes((bytes) => answers.push(...decoder.push(bytes).map(hex)));
    rcp.serve(far);
    near.write(encodeHdlc(unhex(request)));
    await settle();
    await settle();
    return answers;
  };
  const rcp = (): SpinelRcp => new SpinelRcp(new FakeTransceiver(), HARDWARE);

  test.each([
    ['RESET', '800102', '80060072'],
    ['GET PROTOCOL_VERSION', '810201', '8106010403'],
    ['GET HWADDR', '820208', '8206080200000000000001'],
    ['GET CAPS', '830205', '830605228104'],
    ['GET INTERFACE_TYPE', '840203', '84060303'],
    ['GET of a setting before it was set', '850221', '85062100'],
    ['SET PHY_CHAN', '8603210f', '8606210f'],
    ['GET of an unknown property', '870250', '8706000d'],
    ['SET of an unknown property', '88035001', '8806000d'],
    ['SET of a constant', '89030104', '8906000d'],
    ['SET PHY_CHAN to a channel of another band', '8a03210a', '8a060003'],
    ['SET of a wrong size', '8b033601', '8b060009'],
    ['an unknown command', '8c0401', '8c060005'],
    ['STREAM_RAW before the radio is on', '8d0371030041880f0f', '8d060004'],
    ['STREAM_RAW cut short', '8e0371030041', '8e060009'],
  ])('answers %s', async (_, request, answer) => {
    expect(await ask(rcp(), request)).toEqual([answer]);
  });

  test('says nothing to what is no frame of interface 0', async () => {
    expect([await ask(rcp(), '910201'), await ask(rcp(), '00'), await ask(rcp(), '8006')]).toEqual([[], [], []]);
  });
});
