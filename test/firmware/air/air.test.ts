import { describe, expect, test } from 'vitest';
import { SimulatedClock } from '../../../host/adapters/clock-simulated.ts';
import { Air } from '../../../firmware/air/air.ts';
import { disturbed, type Path } from '../../../firmware/air/path.ts';
import { ACK_WAIT_US, acknowledgedFrame, airtime, MAX_RETRIES } from '../../../firmware/air/timing.ts';
import { eui64, hex } from '../../../host/model/ids.ts';
import type { Received } from '../../../host/ports/radio.ts';
import type { Transceiver } from '../../../host/ports/medium.ts';
import { beacon, data, dataRequest, toEui, withFcs } from './frames.ts';

const HUB = { channel: 15, panId: 0x1234, shortAddress: 0, eui: eui64('0200000000000001') };
const DEVICE = { channel: 15, panId: 0x1234, shortAddress: 0x5678, eui: eui64('0200000000000002') };

interface Pair {
  clock: SimulatedClock;
  air: Air;
  hub: Transceiver;
  device: Transceiver;
  heard: Received[];
  traffic: { psdu: string; time: number; from: string }[];
}

function pair(options: { seed?: number; path?: Path } = {}): Pair {
  const clock = new SimulatedClock(0);
  const air = new Air({ clock, ...options });
  const [hub, device] = [air.attach('hub'), air.attach('device')];
  hub.configure(HUB);
  device.configure(DEVICE);
  const heard: Received[] = [];
  hub.onFrame((frame) => void heard.push(frame));
  const traffic: Pair['traffic'] = [];
  air.onTraffic((psdu, time, from) => void traffic.push({ psdu: hex(psdu), time, from }));
  return { clock, air, hub, device, heard, traffic };
}

/** Loses the first `count` frames that `name` sends. */
const losing = (name: string, count: number): Path => {
  let left = count;
  return (from) => (from === name && left-- > 0 ? 'lose' : 'pass');
};

describe('timing of the air', () => {
  test('a frame and its acknowledgement take the closed form, backoff averaged', async () => {
    const { clock, device, heard } = pair({ seed: 7 });
    const runs = 2000;
    for (let i = 0; i < runs; i++) await clock.complete(device.send(data(i & 0xff, 0, 0x5678, 100)));
    expect(heard).toHaveLength(runs);
    const mean = (clock.now() * 1000) / runs;
    expect(Math.abs(mean - acknowledgedFrame(100)) / acknowledgedFrame(100)).toBeLessThan(0.01);
  });

  test('the cost of a secured block of 65 and of 56 bytes is that of the closed form', () => {
    expect(acknowledgedFrame(62) + acknowledgedFrame(127)).toBe(10_400);
    expect(acknowledgedFrame(71) + acknowledgedFrame(127)).toBe(10_688);
  });

  test('the acknowledgement follows 192 µs after the frame and lasts 352 µs', async () => {
    const { clock, device, heard, traffic } = pair();
    const sent = device.send(data(9, 0, 0x5678, 60));
    expect(await clock.complete(sent)).toBe('sent');
    expect(traffic.map((frame) => frame.from)).toEqual(['device', 'hub']);
    expect(traffic[1]!.time - traffic[0]!.time).toBeCloseTo((airtime(60) + 192) / 1000, 6);
    expect(clock.now() - traffic[1]!.time).toBeCloseTo(0.352, 6);
    expect(heard[0]!.time).toBeCloseTo(traffic[0]!.time + airtime(60) / 1000, 6);
    expect(traffic[1]!.psdu.slice(0, 6)).toBe('020009');
  });
});

describe('loss on the air', () => {
  test('a frame that nobody acknowledges is sent four times, each wait lasting 864 µs', async () => {
    const { clock, device, heard, traffic } = pair({ path: losing('device', 99) });
    expect(await clock.complete(device.send(data(1, 0, 0x5678, 40)))).toBe('no-ack');
    expect(traffic).toHaveLength(1 + MAX_RETRIES);
    expect(heard).toEqual([]);
    expect(clock.now() - traffic.at(-1)!.time).toBeCloseTo((airtime(40) + ACK_WAIT_US) / 1000, 6);
  });

  test('a lost frame is retried and delivered once, a lost acknowledgement delivers it twice', async () => {
    const once = pair({ path: losing('device', 2) });
    expect(await once.clock.complete(once.device.send(data(1, 0, 0x5678, 40)))).toBe('sent');
    expect(once.heard).toHaveLength(1);
    const twice = pair({ path: losing('hub', 1) });
    expect(await twice.clock.complete(twice.device.send(data(1, 0, 0x5678, 40)))).toBe('sent');
    expect(twice.heard).toHaveLength(2);
  });

  test('a corrupted frame is dropped by its FCS and retried', async () => {
    let first = true;
    const path: Path = (from) => (from === 'device' && first ? ((first = false), 'corrupt') : 'pass');
    const { clock, device, heard, traffic } = pair({ path });
    expect(await clock.complete(device.send(data(1, 0, 0x5678, 40)))).toBe('sent');
    expect(heard.map((frame) => hex(frame.psdu))).toEqual([hex(data(1, 0, 0x5678, 40))]);
    expect(traffic.map((frame) => frame.from)).toEqual(['device', 'device', 'hub']);
  });

  test('a duplicated frame is delivered twice and acknowledged once', async () => {
    const { clock, device, heard, traffic } = pair({ path: (from) => (from === 'device' ? 'duplicate' : 'pass') });
    expect(await clock.complete(device.send(data(1, 0, 0x5678, 40)))).toBe('sent');
    await clock.advance(10);
    expect(heard).toHaveLength(2);
    expect(traffic).toHaveLength(2);
  });

  test('random loss comes at the rate asked for', () => {
    const path = disturbed(3, { loss: 0.1, corruption: 0.05, duplication: 0.02 });
    const counts = { pass: 0, lose: 0, corrupt: 0, duplicate: 0 };
    for (let i = 0; i < 20_000; i++) counts[path('a', 'b', new Uint8Array())]++;
    expect(counts.lose / 20_000).toBeCloseTo(0.1, 1);
    expect(Math.abs(counts.lose - 2000)).toBeLessThan(200);
    expect(Math.abs(counts.corrupt - 1000)).toBeLessThan(150);
    expect(Math.abs(counts.duplicate - 400)).toBeLessThan(100);
  });
});

describe('sharing the air', () => {
  test('a station defers to a frame on the air', async () => {
    const { clock, hub, device, heard, traffic } = pair();
    const sends = Array.from({ length: 30 }, (_, i) => [device.send(data(i, 0, 0x5678, 120)), hub.send(data(i, 0x5678, 0, 120))]).flat();
    const results = await clock.complete(Promise.all(sends));
    expect(results.filter((result) => result === 'sent').length).toBeGreaterThan(50);
    expect(heard.length).toBeGreaterThan(20);
    let overlaps = 0;
    for (let i = 1; i < traffic.length; i++) {
      const before = traffic[i - 1]!;
      if (before.time + airtime(before.psdu.length / 2) / 1000 > traffic[i]!.time + 1e-6) overlaps++;
    }
    expect(overlaps).toBeLessThan(traffic.length / 5);
  });

  test('two frames that overlap destroy each other, and both senders try again', async () => {
    const clock = new SimulatedClock(0);
    const air = new Air({ clock, seed: 1 });
    const stations = Array.from({ length: 12 }, (_, i) => {
      const station = air.attach(`station ${i}`);
      station.configure({ ...DEVICE, shortAddress: i });
      return station;
    });
    let received = 0;
    stations[0]!.onFrame(() => void received++);
    const begun: { start: number; end: number }[] = [];
    air.onTraffic((psdu, time) => begun.push({ start: time, end: time + airtime(psdu.length) / 1000 }));
    const results = await clock.complete(Promise.all(stations.slice(1).map((station, i) => station.send(data(i, 0, i + 1, 100)))));
    const collided = begun.filter((a) => begun.some((b) => a !== b && a.start < b.end - 1e-6 && b.start < a.end - 1e-6)).length;
    expect(collided).toBeGreaterThan(0);
    expect(received).toBeGreaterThanOrEqual(results.filter((result) => result === 'sent').length);
    expect(received).toBeLessThanOrEqual(begun.length - collided);
  });

  test('a channel that never falls quiet is reported as busy', async () => {
    const { clock, air, device } = pair();
    const jammer = air.attach('jammer');
    jammer.configure({ ...DEVICE, shortAddress: 9 });
    const bursts = Array.from({ length: 12 }, (_, i) => {
      const station = air.attach(`jammer ${i}`);
      station.configure({ ...DEVICE, shortAddress: 9 + i });
      return station;
    });
    let stop = false;
    bursts.forEach((station, i) => {
      const again = (): void => void (stop || station.send(data(i, 0xffff, 9 + i, 127)).then(again));
      again();
    });
    await clock.advance(20);
    const results = new Set<string>();
    for (let i = 0; i < 20; i++) results.add(await clock.complete(device.send(data(i, 0xffff, 0x5678, 20))));
    stop = true;
    expect(results).toContain('channel-busy');
  });

  test('stations on different channels neither hear nor disturb each other', async () => {
    const { clock, hub, device, heard } = pair();
    hub.configure({ ...HUB, channel: 20 });
    expect(await clock.complete(device.send(data(1, 0, 0x5678, 30)))).toBe('no-ack');
    expect(heard).toEqual([]);
  });
});

describe('address filtering', () => {
  test.each([
    ['its short address', data(1, 0, 0x5678, 20), 1],
    ['another short address', data(1, 0x0001, 0x5678, 20), 0],
    ['the broadcast address', data(1, 0xffff, 0x5678, 20), 1],
    ['its extended address', toEui(1, HUB.eui, DEVICE.eui), 1],
    ['another extended address', toEui(1, DEVICE.eui, HUB.eui), 0],
    ['another PAN', withFcs(0x61, 0x88, 1, 0x35, 0x12, 0, 0, 0x78, 0x56, 1), 0],
    ['the broadcast PAN', withFcs(0x03, 0x08, 1, 0xff, 0xff, 0xff, 0xff, 7), 1],
    ['nobody, from a coordinator of its PAN', beacon(1, 0x1234), 1],
    ['nobody, from a coordinator of another PAN', beacon(1, 0x4321), 0],
    ['the PAN coordinator by leaving the destination out', withFcs(0x23, 0x80, 1, 0x34, 0x12, 0x78, 0x56, 4), 1],
  ])('a frame for %s is delivered or not by its address', async (_, psdu, count) => {
    const { clock, device, heard } = pair();
    await clock.complete(device.send(psdu));
    expect(heard).toHaveLength(count);
  });

  test('a scanning transceiver without PAN hears beacons of every PAN and is addressed by none', async () => {
    const { clock, hub, device, heard } = pair();
    hub.configure({ ...HUB, panId: 0xffff, shortAddress: 0xffff });
    await clock.complete(device.send(beacon(1, 0x4321)));
    await clock.complete(device.send(data(2, 0xffff, 0x5678, 20)));
    expect(heard).toHaveLength(1);
  });

  test('a data request is acknowledged with the frame-pending bit', async () => {
    const { clock, device, traffic } = pair();
    await clock.complete(device.send(dataRequest(4, 0, DEVICE.eui)));
    expect(traffic[1]!.psdu.slice(0, 6)).toBe('120004');
    await clock.complete(device.send(data(5, 0, 0x5678, 20)));
    expect(traffic[3]!.psdu.slice(0, 6)).toBe('020005');
  });

  test('a detached transceiver hears nothing and its sends end unacknowledged', async () => {
    const { clock, hub, device, heard } = pair();
    hub.detach();
    hub.detach();
    expect(await clock.complete(device.send(data(1, 0, 0x5678, 30)))).toBe('no-ack');
    expect(await clock.complete(hub.send(data(1, 0x5678, 0, 30)))).toBe('no-ack');
    expect(heard).toEqual([]);
  });
});

describe('delivery', () => {
  test('time stands still until the handler is done, and frames are delivered one at a time', async () => {
    const { clock, hub, device } = pair();
    const seen: string[] = [];
    hub.onFrame(async (frame) => {
      seen.push(`begin ${frame.psdu[2]} at ${clock.now().toFixed(3)}`);
      await new Promise((done) => setTimeout(done, 3));
      seen.push(`end ${frame.psdu[2]} at ${clock.now().toFixed(3)}`);
    });
    await clock.complete(Promise.all([device.send(data(1, 0, 0x5678, 30)), device.send(data(2, 0, 0x5678, 30))]));
    await clock.advance(5);
    expect(seen.map((line) => line.split(' at ')[0])).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
    expect(seen[0]!.split(' at ')[1]).toBe(seen[1]!.split(' at ')[1]);
  });

  test('the same seed gives the same traffic to the microsecond, another seed does not', async () => {
    const run = async (seed: number): Promise<string> => {
      const { clock, hub, device, traffic } = pair({ seed, path: disturbed(seed, { loss: 0.1, corruption: 0.05, duplication: 0.05 }) });
      const sends = Array.from({ length: 40 }, (_, i) => [device.send(data(i, 0, 0x5678, 80)), hub.send(data(i, 0x5678, 0, 90))]).flat();
      await clock.complete(Promise.all(sends));
      return JSON.stringify(traffic);
    };
    expect(await run(11)).toBe(await run(11));
    expect(await run(11)).not.toBe(await run(12));
  });
});
