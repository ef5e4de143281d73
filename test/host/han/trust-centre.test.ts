import { describe, expect, test } from 'vitest';
import { NWK } from '../../../host/core/control.ts';
import type { Frame } from '../../../host/model/frame.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { MOST_PENDING } from '../../../host/han/trust-centre.ts';
import { eui64, euiToAir } from '../../../host/model/ids.ts';
import { Members } from '../../../host/stores/members.ts';
import { settle } from '../../kit/clock.ts';
import { DEVICE, HanBench, HUB, PAN, SHORT, STRANGER } from './bench.ts';

const BEACON_REQUEST = 7;
const ASSOCIATION_REQUEST = [1, 0x8e];
const DATA_REQUEST = [4];
const DEVICE_ANNCE = 0x0013;
const announcement = Uint8Array.from([1, SHORT & 0xff, SHORT >> 8, ...euiToAir(DEVICE), 0x8e]);

/** Association of a device up to the hub's answer: short address and status. */
async function associate(bench: HanBench, device = DEVICE): Promise<{ readonly short: number; readonly status: number }> {
  expect(await bench.macCommand(device, ASSOCIATION_REQUEST)).toEqual([]);
  const [response] = await bench.macCommand(device, DATA_REQUEST);
  expect([response?.mac.command, response?.mac.dst, response?.mac.src]).toEqual([2, device, HUB]);
  const [, low = 0, high = 0, status = -1] = response!.payload;
  return { short: low | (high << 8), status };
}

describe('a device of the device log', () => {
  test('associates, gets the network key under its install-code key, announces itself and is on the network without a link key [R-DEV-03]', async () => {
    const bench = await HanBench.start({ outside: true, linked: () => false });
    expect(bench.trust.peer(DEVICE)).toBeUndefined();
    await bench.macCommand(DEVICE, ASSOCIATION_REQUEST);
    const [response, transport] = await bench.macCommand(DEVICE, DATA_REQUEST);
    expect(response?.payload[3]).toBe(0);
    expect(transport?.nwk?.security).toBeUndefined();
    expect(transport?.aps?.security).toMatchObject({ opened: true, source: HUB });
    expect([transport?.aps?.command, transport?.payload[1]]).toEqual([5, 1]);
    const short = response!.payload[1]! | (response!.payload[2]! << 8);
    expect(bench.trust.members()).toEqual([{ eui: DEVICE, short, joined: false }]);
    await bench.zdp(DEVICE_ANNCE, announcement);
    expect(bench.trust.peer(DEVICE)).toMatchObject({ short, joined: true, linkKey: undefined });
    expect(bench.memberEvents).toEqual([`joined ${DEVICE}`]);
    expect(bench.faults).toEqual([]);
  });

  test('gets no key when the association response was not acknowledged', async () => {
    const bench = await HanBench.start({ outside: true });
    bench.radio.outcome = 'no-ack';
    await bench.macCommand(DEVICE, ASSOCIATION_REQUEST);
    expect(await bench.macCommand(DEVICE, DATA_REQUEST)).toHaveLength(1);
    expect(bench.trust.members()).toEqual([]);
  });

  test('whose announcement was lost is on the network when it is heard', async () => {
    const store = new MemoryStore();
    await new Members(store).save({ eui: DEVICE, short: SHORT, joined: false });
    const bench = await HanBench.start({ store });
    await bench.zdp(0x0002, Uint8Array.of(9, 0, 0));
    expect([bench.memberEvents, bench.trust.peer(DEVICE)?.joined]).toEqual([[`joined ${DEVICE}`], true]);
  });

  test('keeps its short address over restarts of the hub and over joining again', async () => {
    const store = new MemoryStore();
    const first = await HanBench.start({ store, outside: true });
    const { short } = await associate(first);
    const second = await HanBench.start({ store });
    expect(second.trust.members()).toMatchObject([{ eui: DEVICE, short }]);
    expect(await associate(second)).toEqual({ short, status: 0 });
    await settle();
    expect(second.memberEvents).toEqual([`anew ${DEVICE}`]); // it has a link key
  });

  test('that leaves is on the network no more, and comes back with a rejoin to the address it had', async () => {
    const bench = await HanBench.start();
    await bench.nwkCommand(Uint8Array.of(4, 0));
    expect(bench.trust.peer(DEVICE)?.joined).toBe(false);
    const [response] = await bench.nwkCommand(Uint8Array.of(6, 0x8e));
    expect([...(response?.payload ?? [])]).toEqual([7, SHORT & 0xff, SHORT >> 8, 0]);
    expect(response?.nwk?.security?.opened).toBe(true);
    expect(bench.memberEvents).toEqual([`left ${DEVICE}`, `joined ${DEVICE}`]);
    expect(new Members(bench.store).all()).toEqual([{ eui: DEVICE, short: SHORT, joined: true }]);
  });
});

describe('a rejoin without network security', () => {
  const rejoin = async (bench: HanBench, eui = DEVICE): Promise<readonly Frame[]> => {
    const nwk = { fcf: NWK.COMMAND | NWK.SRC_EUI, dst: 0, src: SHORT, radius: 1, seq: bench.next(), srcEui: eui };
    await bench.radio.hear(bench.emit({ mac: bench.mac(), nwk, payload: Uint8Array.of(6, 0x8e) }));
    return bench.answers();
  };
  test('of a member is answered with its address, and with the network key under its link key', async () => {
    const bench = await HanBench.start();
    const [response, transport] = await rejoin(bench);
    expect([response?.nwk?.security, [...(response?.payload ?? [])]]).toEqual([undefined, [7, SHORT & 0xff, SHORT >> 8, 0]]);
    expect([transport?.nwk?.security, transport?.aps?.command, transport?.payload[1]]).toEqual([undefined, 5, 1]);
    expect(transport?.aps?.security).toMatchObject({ opened: true, key: bench.deviceLink });
  });
  test('of a member that has no link key yet gets it under its install-code key', async () => {
    const bench = await HanBench.start({ linked: () => false });
    const [, transport] = await rejoin(bench);
    expect(transport?.aps?.security?.opened).toBe(true);
    expect(transport?.aps?.security?.key).not.toBe(bench.deviceLink);
  });
  test('of a device that is not in the device log is answered with nothing, and reported [R-DEV-03]', async () => {
    const bench = await HanBench.start();
    expect(await rejoin(bench, STRANGER)).toEqual([]);
    expect(bench.memberEvents).toEqual([`refused ${STRANGER} device-not-in-log`]);
  });
});

describe('a device that is expelled', () => {
  test('is told to leave, and is not counted as joined; a stranger is not told anything', async () => {
    const bench = await HanBench.start();
    await bench.trust.expel(bench.network, STRANGER);
    expect(bench.answers()).toEqual([]);
    await bench.trust.expel(bench.network, DEVICE);
    const [leave] = bench.answers();
    expect([leave?.nwk?.security?.opened, leave?.nwk?.dstEui, [...(leave?.payload ?? [])]]).toEqual([true, DEVICE, [4, 0x40]]);
    expect(bench.trust.peer(DEVICE)?.joined).toBe(false);
  });
  test('and no device can tell the hub to leave', async () => {
    const bench = await HanBench.start();
    await bench.nwkCommand(Uint8Array.of(4, 0x40));
    expect([bench.trust.peer(DEVICE)?.joined, bench.memberEvents]).toEqual([true, []]);
  });
});

describe('whoever may not join', () => {
  test('because it is not in the device log gets access denied, no key and no address, and is reported [R-DEV-03]', async () => {
    const bench = await HanBench.start();
    expect(await associate(bench, STRANGER)).toEqual({ short: 0xffff, status: 2 });
    await settle();
    expect(bench.answers()).toEqual([]);
    expect(bench.trust.members().map(({ eui }) => eui)).toEqual([DEVICE]);
    expect(bench.memberEvents).toEqual([`refused ${STRANGER} device-not-in-log`]);
  });

  test('because its install code is not known gets the same, and the report says why', async () => {
    const bench = await HanBench.start({ listed: () => true, coded: (eui) => eui === DEVICE });
    expect(await associate(bench, STRANGER)).toEqual({ short: 0xffff, status: 2 });
    expect(bench.memberEvents).toEqual([`refused ${STRANGER} install-code-unknown`]);
  });

  test('under many names is told so under the last of them alone, and pushes out nobody who may', async () => {
    const bench = await HanBench.start();
    const name = (n: number) => eui64(`0200000000${String(n).padStart(6, '0')}`);
    await bench.macCommand(DEVICE, ASSOCIATION_REQUEST);
    for (let n = 0; n <= MOST_PENDING; n++) await bench.macCommand(name(n), ASSOCIATION_REQUEST);
    expect(await bench.macCommand(name(0), DATA_REQUEST)).toEqual([]);
    expect(await bench.macCommand(name(MOST_PENDING), DATA_REQUEST)).toHaveLength(1);
    const [response] = await bench.macCommand(DEVICE, DATA_REQUEST);
    expect(response?.payload[3]).toBe(0);
  });

  test('any more, being taken out of the device log, is heard no longer', async () => {
    let listed = true;
    const bench = await HanBench.start({ listed: (eui) => eui === DEVICE && listed });
    expect(await bench.zdp(0x0002, Uint8Array.of(1, 0, 0))).toHaveLength(1);
    listed = false;
    expect(await bench.zdp(0x0002, Uint8Array.of(2, 0, 0))).toEqual([]);
    expect(bench.network.counts.refused.get('device-not-in-log')).toBe(1);
    expect((await associate(bench)).status).toBe(2);
  });
});

test('a beacon says that the hub is coordinator of its network and open', async () => {
  const bench = await HanBench.start();
  const fcf = 0x0003 | 0x0800;
  await bench.radio.hear(bench.emit({ mac: { fcf, seq: 1, dstPan: 0xffff, dst: 0xffff }, payload: Uint8Array.of(BEACON_REQUEST) }));
  const [frame] = bench.answers();
  expect([frame?.mac.srcPan, frame?.mac.src]).toEqual([PAN, 0]);
  expect([...frame!.payload.subarray(0, 2), ...frame!.payload.subarray(7, 15)]).toEqual([0xff, 0xcf, ...euiToAir(HUB)]);
});

test('two devices whose addresses would collide get different ones', async () => {
  const bench = await HanBench.start({ outside: true, listed: () => true });
  const twins = [eui64('0200000000010402'), eui64('0200000000020402')];
  const shorts = [];
  for (const twin of twins) shorts.push((await associate(bench, twin)).short);
  expect(new Set(shorts).size).toBe(2);
  expect(bench.trust.members()).toHaveLength(2);
});

describe('ZDP', () => {
  test("the node descriptor is the coordinator's, other requests are not supported, responses are not answered", async () => {
    const bench = await HanBench.start();
    const [descriptor] = await bench.zdp(0x0002, Uint8Array.of(0x55, 0, 0));
    expect([descriptor?.aps?.cluster, ...descriptor!.payload.subarray(0, 4), (descriptor?.payload[4] ?? 0) & 7]).toEqual([
      0x8002, 0x55, 0, 0, 0, 0,
    ]);
    const [refused] = await bench.zdp(0x0031, Uint8Array.of(0x56, 0));
    expect([refused?.aps?.cluster, ...refused!.payload]).toEqual([0x8031, 0x56, 0x84]);
    expect(await bench.zdp(0x8002, Uint8Array.of(0x57))).toEqual([]);
    expect(await bench.zdp(0x0002, new Uint8Array(0))).toEqual([]);
  });
});

test('a store that fails while a device comes in is told, and the next frame is handled', async () => {
  const store = new MemoryStore();
  const bench = await HanBench.start({ store });
  await bench.nwkCommand(Uint8Array.of(4, 0));
  await store.close();
  await bench.zdp(DEVICE_ANNCE, announcement);
  expect(bench.faults).toMatchObject([{ code: 'store' }]);
  const before = bench.network.counts.heard;
  await bench.zdp(0x8002, Uint8Array.of(1));
  expect(bench.network.counts.heard).toBe(before + 1);
});
