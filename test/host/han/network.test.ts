import { describe, expect, test } from 'vitest';
import { APS, NWK, ZCL } from '../../../host/core/control.ts';
import { beacon, PROFILE_SE, type Hub } from '../../../host/han/frames.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { freshLab } from '../../kit/core.ts';
import { settle } from '../../kit/clock.ts';
import { OutgoingCounters } from '../../../host/stores/counters.ts';
import { BLOCK, WORN } from '../../../host/han/outgoing.ts';
import { DEVICE, HanBench, HUB, must, PAN, SHORT, STRANGER } from './bench.ts';

const METERING = 0x0702;
const HOME: Hub = { eui: HUB, panId: PAN, extendedPanId: HUB, channel: 15 };
const report = (bench: HanBench, change?: Parameters<HanBench['dataFrame']>[3]): Uint8Array =>
  bench.dataFrame(
    METERING,
    { control: ZCL.FROM_SERVER | ZCL.NO_DEFAULT_RESPONSE, seq: bench.next(), command: 0x0a },
    Uint8Array.of(0, 0, 0x20, 1),
    change,
  );
const message = { profile: PROFILE_SE, cluster: METERING, dstEndpoint: 1, srcEndpoint: 1, payload: Uint8Array.of(0) };
const zcl = { control: 0, seq: 1, command: 0 };

describe('outgoing counters', () => {
  test('are used only out of blocks that are durable, after a restart above every one used before', async () => {
    const store = new MemoryStore();
    const counters: number[] = [];
    for (let start = 0; start < 3; start++) {
      const bench = await HanBench.start({ store });
      for (let n = 0; n < 5; n++) await bench.network.sendData(bench.trust.peer(DEVICE)!, { ...message, zcl });
      const durable = new OutgoingCounters(store).next(must(bench.core.keys.fingerprint(bench.hubNetwork)))!;
      const used = bench.answers().map((frame) => frame.nwk!.security!.counter);
      expect(Math.max(...used)).toBeLessThan(durable);
      counters.push(...used);
    }
    expect(counters).toEqual([...new Set(counters)].sort((a, b) => a - b));
  });

  test('wait for the reservation: nothing is on the air before it is durable', async () => {
    let durable: () => void = () => {};
    const reserved = new Promise<void>((done) => (durable = done));
    const bench = await HanBench.start({ reserve: (inner, key, size) => reserved.then(() => inner.reserve(key, size)) });
    const sending = bench.network.sendData(bench.trust.peer(DEVICE)!, { ...message, zcl });
    await settle();
    expect(bench.radio.sent).toEqual([]);
    durable();
    await sending;
    expect(bench.radio.sent).toHaveLength(1);
  });

  test('hold for more frames at once than a block has, each with a counter of its own, in the order on the air', async () => {
    const bench = await HanBench.start({ reserve: (inner, key, size) => settle().then(() => inner.reserve(key, size)) });
    const peer = bench.trust.peer(DEVICE)!;
    await Promise.all(Array.from({ length: 3_000 }, () => bench.network.sendData(peer, { ...message, zcl })));
    const used = bench.answers().map((frame) => frame.nwk!.security!.counter);
    expect(used).toHaveLength(3_000);
    expect(used).toEqual(used.map((_, index) => used[0]! + index));
  });

  test('that cannot be reserved send nothing: the caller hears of it', async () => {
    const bench = await HanBench.start({ reserve: () => Promise.reject(new Error('the disk is full')) });
    await expect(bench.network.sendData(bench.trust.peer(DEVICE)!, { ...message, zcl })).rejects.toThrow('the disk is full');
    expect(bench.radio.sent).toEqual([]);
    await bench.radio.hear(report(bench, { apsAck: true }));
    expect(bench.faults).toHaveLength(1);
  });
});

describe('a key whose counters are beyond the middle of their range', () => {
  test('is told at each block, and still sends', async () => {
    const bench = await HanBench.start({
      reserve: async (_inner, _key, size) => ({ next: WORN - 1, limit: WORN - 1 + size }),
    });
    await bench.network.sendData(bench.peer(), { ...message, zcl });
    expect(bench.worn).toEqual([bench.hubNetwork, bench.hubLink]);
    expect(bench.answers().map((frame) => frame.nwk?.security?.counter)).toEqual([WORN - 1]);
  });
  test('is not told before', async () => {
    const bench = await HanBench.start({ reserve: async (_inner, _key, size) => ({ next: WORN - BLOCK, limit: WORN - BLOCK + size }) });
    await bench.network.sendData(bench.peer(), { ...message, zcl });
    expect(bench.worn).toEqual([]);
  });
});

describe('a key that is erased while its counters are reserved', () => {
  test('sends nothing, and nobody trips over it', async () => {
    let durable: () => void = () => {};
    const reserved = new Promise<void>((done) => (durable = done));
    const bench = await HanBench.start({ reserve: (inner, key, size) => reserved.then(() => inner.reserve(key, size)) });
    const sending = bench.network.sendData(bench.peer(), { ...message, zcl });
    await settle();
    bench.core.keys.erase(bench.hubLink);
    durable();
    expect(await (await sending).ended).toBe('no-ack');
    expect([bench.radio.sent, bench.faults]).toEqual([[], []]);
  });
});

describe("the hub's own EUI-64 on the air", () => {
  const twin = async (): Promise<{ readonly bench: HanBench; readonly spoof: (change?: object) => Promise<void> }> => {
    const bench = await HanBench.start();
    const other = await freshLab();
    const key = must(other.keys.importNetwork(new Uint8Array(16).fill(0x77), 3)); // a key that this hub does not hold
    must(other.keys.reserve(key, 0, 100));
    return {
      bench,
      async spoof() {
        const nwk = { ...bench.nwk(), src: 0, dst: SHORT, key };
        const aps = { fcf: APS.DATA, dstEndpoint: 0, srcEndpoint: 0, cluster: 2, profile: 0, counter: 1 };
        await bench.radio.hear(must(other.tx({ self: HUB, mac: bench.mac(), nwk, aps, payload: Uint8Array.of(1, 0, 0) })));
      },
    };
  };
  test('as the sender of a secured frame, under whatever key, silences it for good and is told once', async () => {
    const { bench, spoof } = await twin();
    await spoof();
    await spoof();
    expect(bench.twins).toHaveLength(1);
    expect(await (await bench.network.sendData(bench.peer(), { ...message, zcl })).ended).toBe('no-ack');
    await bench.radio.hear(report(bench, { apsAck: true }));
    expect([bench.radio.sent, bench.data]).toEqual([[], []]);
  });
  test('as the sender of a MAC frame, likewise', async () => {
    const bench = await HanBench.start();
    await bench.macCommand(HUB, [4]);
    expect(bench.twins).toHaveLength(1);
  });
  test('as the network that a beacon tells of, by the coordinator of its PAN', async () => {
    const bench = await HanBench.start();
    const heard = async (change: Partial<typeof HOME>, src = 0): Promise<number> => {
      const frame = beacon({ ...HOME, ...change }, 7, true);
      await bench.radio.hear(must(bench.device.tx({ ...frame, mac: { ...frame.mac, src } })));
      return bench.twins.length;
    };
    expect(await heard({ extendedPanId: DEVICE })).toBe(0); // a neighbour with the same PAN identifier
    expect(await heard({ panId: 0x1a63 })).toBe(0);
    expect(await heard({}, SHORT)).toBe(0); // a router of this network
    expect(await heard({})).toBe(1);
  });
  test('named by others is nothing: as the target of a rejoin or the source of a message that a router passes on', async () => {
    const bench = await HanBench.start();
    const fcf = NWK.DATA | NWK.SECURED | NWK.SRC_EUI;
    const nwk = { ...bench.nwk(), fcf, srcEui: HUB };
    const aps = { fcf: APS.DATA, dstEndpoint: 0, srcEndpoint: 0, cluster: 0x8002, profile: 0, counter: 1 };
    await bench.radio.hear(bench.emit({ mac: bench.mac(), nwk, aps, payload: Uint8Array.of(1) }));
    await bench.macCommand(STRANGER, [1, 0x8e]);
    expect(bench.twins).toEqual([]);
  });
});

describe('a frame under the network key before', () => {
  test('is handled, and its sender is told to be behind', async () => {
    const bench = await HanBench.start();
    const next = must(bench.core.keys.importNetwork(new Uint8Array(16).fill(0x99), 1));
    bench.keys.previous = bench.keys.network;
    bench.keys.network = { key: next, seq: 1 };
    await bench.radio.hear(report(bench));
    expect([bench.behind, bench.data.length]).toEqual([[DEVICE], 1]);
  });
});

describe('what is heard', () => {
  test('secured at both layers comes through, and its counters are noted', async () => {
    const bench = await HanBench.start();
    await bench.radio.hear(report(bench));
    expect(bench.data).toHaveLength(1);
    expect(bench.heard).toEqual([
      { eui: DEVICE, key: bench.hubNetwork, next: 1 },
      { eui: DEVICE, key: bench.hubLink, next: 1 },
    ]);
  });

  test('a second time ends before any handler, and is counted', async () => {
    const bench = await HanBench.start();
    const psdu = report(bench);
    await bench.radio.hear(psdu.slice());
    await bench.radio.hear(psdu.slice());
    expect(bench.data).toHaveLength(1);
    expect([...bench.network.counts.refused.values()]).toEqual([1]);
    expect(bench.network.counts.heard).toBe(2);
  });

  test('of the SE profile without APS security is refused, acknowledgement and all', async () => {
    const bench = await HanBench.start();
    await bench.radio.hear(report(bench, { secured: false, apsAck: true }));
    expect([bench.data, bench.radio.sent]).toEqual([[], []]);
    expect(bench.network.counts.refused.get('aps-not-secured')).toBe(1);
  });

  test('of key establishment needs no APS security, and nothing else of the SE profile does without', async () => {
    const bench = await HanBench.start({ linked: () => false });
    await bench.radio.hear(
      bench.dataFrame(0x0800, { control: ZCL.CLUSTER, seq: 1, command: 0 }, Uint8Array.of(1, 0, 10, 15), { secured: false }),
    );
    expect(bench.data.map((frame) => frame.aps?.cluster)).toEqual([0x0800]);
    await expect((async () => bench.network.sendData(bench.trust.peer(DEVICE)!, { ...message, zcl }))()).rejects.toThrow('no link key');
    bench.answers();
    await bench.network.sendData(bench.trust.peer(DEVICE)!, { ...message, cluster: 0x0800, zcl });
    expect(bench.answers().map((frame) => frame.aps?.security)).toEqual([undefined]);
  });

  test('without NWK security is refused', async () => {
    const bench = await HanBench.start();
    await bench.radio.hear(report(bench, { nwkSecured: false }));
    expect(bench.data).toEqual([]);
    expect(bench.network.counts.refused.get('nwk-not-secured')).toBe(1);
  });

  test('under another network key is refused, and no counter is noted', async () => {
    const bench = await HanBench.start();
    const other = await freshLab();
    const key = must(other.keys.importNetwork(new Uint8Array(16).fill(0x77), 0));
    must(other.keys.reserve(key, 0, 100));
    const aps = { fcf: APS.DATA, dstEndpoint: 0, srcEndpoint: 0, cluster: 2, profile: 0, counter: 1 };
    const psdu = must(other.tx({ self: DEVICE, mac: bench.mac(), nwk: { ...bench.nwk(), key }, aps, payload: Uint8Array.of(1, 0, 0) }));
    await bench.radio.hear(psdu);
    expect([bench.data, bench.heard]).toEqual([[], []]);
    expect(bench.network.counts.refused.size).toBe(1);
  });

  test('cut at any length harms nothing', async () => {
    const bench = await HanBench.start();
    const psdu = report(bench);
    for (let length = 0; length < psdu.length; length++) await bench.radio.hear(psdu.slice(0, length));
    expect([bench.data, bench.faults]).toEqual([[], []]);
    await bench.radio.hear(psdu);
    expect(bench.data).toHaveLength(1);
  });

  test('with the wish for an APS acknowledgement is acknowledged: same cluster, profile and counter, endpoints swapped, secured as it was', async () => {
    const bench = await HanBench.start();
    await bench.radio.hear(report(bench, { apsAck: true }));
    const [ack] = bench.answers();
    expect(ack?.aps).toMatchObject({ cluster: METERING, profile: PROFILE_SE, dstEndpoint: 1, srcEndpoint: 1 });
    expect([(ack?.aps?.fcf ?? 0) & APS.TYPE, ack?.aps?.security?.opened]).toEqual([APS.ACK, true]);
    expect(ack?.aps?.counter).toBe(bench.data[0]?.aps?.counter);
  });
});

test("the radio is opened as coordinator of the hub's network", async () => {
  const bench = await HanBench.start();
  expect(bench.radio.settings).toEqual({ channel: 15, panId: PAN, shortAddress: 0, eui: bench.network.hub.eui });
});
