import { describe, expect, test } from 'vitest';
import { AirRadio } from '../../../host/adapters/radio-air.ts';
import { FaultyRadio } from '../../../host/adapters/radio-faults.ts';
import { ReplayRadio } from '../../../host/adapters/radio-replay.ts';
import { TracedRadio, type TracedFrame } from '../../../host/adapters/radio-trace.ts';
import { eui64 } from '../../../host/model/ids.ts';
import type { Medium, Transceiver } from '../../../host/ports/medium.ts';
import type { RadioSettings, Received, Sent } from '../../../host/ports/radio.ts';
import { ManualClock, settle } from '../../kit/clock.ts';

const SETTINGS: RadioSettings = { channel: 15, panId: 0x1a62, shortAddress: 0, eui: eui64('0200000000000030') };
const psdu = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const received = (time: number, ...bytes: number[]): Received => ({ psdu: psdu(...bytes), time, lqi: 255 });

/** A medium with one transceiver at a time, that notes what is done with it. */
class FakeMedium implements Medium {
  readonly notes: string[] = [];
  hear: (frame: Received) => void | Promise<void> = () => undefined;
  attach(name: string): Transceiver {
    this.notes.push(`attach ${name}`);
    return {
      configure: ({ channel }) => void this.notes.push(`configure ${channel}`),
      send: async (frame): Promise<Sent> => {
        this.notes.push(`begin ${frame[0]}`);
        await settle();
        this.notes.push(`end ${frame[0]}`);
        return frame[0] === 9 ? 'no-ack' : 'sent';
      },
      onFrame: (handler) => (this.hear = handler),
      detach: () => void this.notes.push('detach'),
    };
  }
  onTraffic(): void {}
}

describe('AirRadio', () => {
  test('is on the air from its opening to its closing, and can be set anew', async () => {
    const medium = new FakeMedium();
    const radio = new AirRadio(medium, 'hub');
    await expect(radio.send(psdu(1))).rejects.toMatchObject({ code: 'radio' });
    await radio.open(SETTINGS);
    await radio.open({ ...SETTINGS, channel: 20 });
    await radio.close();
    await radio.close();
    await expect(radio.send(psdu(1))).rejects.toMatchObject({ code: 'radio' });
    await radio.open(SETTINGS);
    expect(medium.notes).toEqual(['attach hub', 'configure 15', 'configure 20', 'detach', 'attach hub', 'configure 15']);
  });

  test('sends one frame at a time, in call order, and tells each outcome', async () => {
    const medium = new FakeMedium();
    const radio = new AirRadio(medium, 'hub');
    await radio.open(SETTINGS);
    expect(await Promise.all([1, 9, 2].map((first) => radio.send(psdu(first))))).toEqual(['sent', 'no-ack', 'sent']);
    expect(medium.notes.slice(2)).toEqual(['begin 1', 'end 1', 'begin 9', 'end 9', 'begin 2', 'end 2']);
  });

  test('makes the medium wait for its handler, also for one set before it was opened', async () => {
    const medium = new FakeMedium();
    const radio = new AirRadio(medium, 'hub');
    const got: number[] = [];
    radio.onFrame(async (frame) => {
      await settle();
      got.push(frame.psdu[0]!);
    });
    await radio.open(SETTINGS);
    await medium.hear(received(0, 7));
    expect(got).toEqual([7]);
  });
});

describe('TracedRadio', () => {
  test('tells of every frame both ways, with time and outcome, and passes everything on', async () => {
    const medium = new FakeMedium();
    const clock = new ManualClock(5_000);
    const trace: TracedFrame[] = [];
    const radio = new TracedRadio(new AirRadio(medium, 'hub'), clock, (frame) => void trace.push(frame));
    const got: number[] = [];
    radio.onFrame(({ psdu: [first] }) => void got.push(first!));
    radio.onLost(() => undefined);
    await radio.open(SETTINGS);
    await medium.hear(received(4_000, 7));
    expect(await radio.send(psdu(9))).toBe('no-ack');
    await radio.close();
    expect(got).toEqual([7]);
    expect(trace).toEqual([
      { direction: 'received', psdu: psdu(7), time: 4_000, outcome: undefined },
      { direction: 'sent', psdu: psdu(9), time: 5_000, outcome: 'no-ack' },
    ]);
    expect(medium.notes.at(-1)).toBe('detach');
  });
});

describe('FaultyRadio', () => {
  test('loses, doubles and changes received frames as told', async () => {
    const medium = new FakeMedium();
    const radio = new FaultyRadio(new AirRadio(medium, 'hub'), {
      receive: (frame, number) => [[], [frame, frame], [psdu(0)], [frame]][number - 1]!,
    });
    const got: number[] = [];
    radio.onFrame(({ psdu: [first] }) => void got.push(first!));
    await radio.open(SETTINGS);
    for (const first of [1, 2, 3, 4]) await medium.hear(received(0, first));
    expect(got).toEqual([2, 2, 0, 4]);
  });

  test('keeps sent frames off the air as told', async () => {
    const medium = new FakeMedium();
    const radio = new FaultyRadio(new AirRadio(medium, 'hub'), { send: (_, number) => (number === 2 ? 'channel-busy' : undefined) });
    await radio.open(SETTINGS);
    const outcomes = [await radio.send(psdu(1)), await radio.send(psdu(2)), await radio.send(psdu(3))];
    expect(outcomes).toEqual(['sent', 'channel-busy', 'sent']);
    expect(medium.notes.filter((note) => note.startsWith('end'))).toEqual(['end 1', 'end 3']);
  });

  test('is lost when told, and works again once it was opened again', async () => {
    const medium = new FakeMedium();
    const radio = new FaultyRadio(new AirRadio(medium, 'hub'));
    const got: number[] = [];
    const reasons: string[] = [];
    radio.onFrame(({ psdu: [first] }) => void got.push(first!));
    radio.onLost((reason) => void reasons.push(reason));
    await radio.open(SETTINGS);
    radio.lose('cable pulled');
    await medium.hear(received(0, 1));
    await expect(radio.send(psdu(1))).rejects.toMatchObject({ code: 'radio' });
    await radio.open(SETTINGS);
    await medium.hear(received(0, 2));
    expect(await radio.send(psdu(1))).toBe('sent');
    expect([got, reasons]).toEqual([[2], ['cable pulled']]);
  });
});

describe('ReplayRadio', () => {
  const frames = [received(1_000, 1), received(1_000, 2), received(1_250, 3)];

  test('plays frames with the pauses between them, and says when it is done', async () => {
    const clock = new ManualClock();
    const radio = new ReplayRadio(frames, clock);
    const got: [number, number][] = [];
    const start = clock.now();
    radio.onFrame(({ psdu: [first] }) => void got.push([first!, clock.now() - start]));
    await radio.open(SETTINGS);
    await radio.open(SETTINGS);
    await clock.advance(249);
    expect(got).toEqual([
      [1, 0],
      [2, 0],
    ]);
    await clock.advance(1);
    await radio.ended;
    expect(got).toEqual([
      [1, 0],
      [2, 0],
      [3, 250],
    ]);
  });

  test('takes whatever is sent and keeps it', async () => {
    const radio = new ReplayRadio(frames, new ManualClock());
    expect(await radio.send(psdu(5))).toBe('sent');
    expect(radio.sent).toEqual([psdu(5)]);
  });

  test('stops when it is closed, is done at once when there is nothing to play', async () => {
    const clock = new ManualClock();
    const radio = new ReplayRadio(frames, clock);
    const got: number[] = [];
    radio.onFrame(({ psdu: [first] }) => void got.push(first!));
    await radio.open(SETTINGS);
    await clock.advance(0);
    await radio.close();
    await clock.advance(1_000);
    expect(got).toEqual([1, 2]);
    const empty = new ReplayRadio([], clock);
    await empty.open(SETTINGS);
    await expect(empty.ended).resolves.toBeUndefined();
  });

  test('rejects its end with what a handler rejected with', async () => {
    const clock = new ManualClock();
    const radio = new ReplayRadio(frames, clock);
    radio.onFrame(() => Promise.reject(new Error('planted')));
    await radio.open(SETTINGS);
    await clock.advance(1_000);
    await expect(radio.ended).rejects.toThrow('planted');
  });
});
