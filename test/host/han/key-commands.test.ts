/** What the trust centre answers to APS commands about keys, and what it leaves unanswered. */
import { describe, expect, test } from 'vitest';
import { eui64, euiToAir, hex, type Eui64 } from '../../../host/model/ids.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { Members } from '../../../host/stores/members.ts';
import { DEVICE, HanBench, HUB, must, SHORT, STRANGER } from './bench.ts';

const OTHER = eui64('0200000000000499');
const [REQUEST, UPDATE, REMOVE, VERIFY, CONFIRM] = [0x08, 0x06, 0x07, 0x0f, 0x10];
const APPLICATION = 2;
const TRUST_CENTRE = 4;

/** A hub with two devices, both of which share the bench's link key with it. */
async function pair(): Promise<HanBench> {
  const store = new MemoryStore();
  const members = new Members(store);
  await members.save({ eui: DEVICE, short: SHORT, joined: true });
  await members.save({ eui: OTHER, short: SHORT + 1, joined: true });
  const both = (eui: Eui64): boolean => eui === DEVICE || eui === OTHER;
  return HanBench.start({ store, listed: both, linked: both });
}

describe('a request for a link key to share', () => {
  test('gives both devices the same fresh key under the key-load key of each, and the hub keeps none', async () => {
    const bench = await pair();
    const frames = await bench.apsCommand([REQUEST, APPLICATION, ...euiToAir(OTHER)], true);
    expect(frames.map(({ aps, nwk, payload }) => [aps?.command, payload[1], nwk?.dst, payload[26]])).toEqual([
      [5, 3, SHORT, 1],
      [5, 3, SHORT + 1, 0],
    ]);
    expect(frames.map(({ payload }) => hex(payload.slice(18, 26).reverse()))).toEqual([OTHER, DEVICE]);
    expect(frames.map(({ aps }) => ((aps?.security?.control ?? 0) >> 3) & 3)).toEqual([3, 3]);
    const keys = frames.map(({ payload }) => hex(payload.subarray(2, 18)));
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe('00'.repeat(16));
    expect(bench.memberEvents).toEqual([`partnered ${DEVICE} ${OTHER}`]);
    const before = bench.core.keys.importLink(new Uint8Array(16), OTHER);
    expect(must(before) & 0xff).toBe(2); // the third slot is free again: network key, link key, and nothing else
  });
  test.each([
    ['not under the link key', [REQUEST, APPLICATION, ...euiToAir(OTHER)], false],
    ['with a stranger', [REQUEST, APPLICATION, ...euiToAir(STRANGER)], true],
    ['with oneself', [REQUEST, APPLICATION, ...euiToAir(DEVICE)], true],
    ['cut short', [REQUEST, APPLICATION, 1, 2], true],
    ['for a link key with the trust centre, which certificates alone give', [REQUEST, TRUST_CENTRE], true],
  ])('%s is left unanswered', async (_why, payload, secured) => {
    const bench = await pair();
    expect(await bench.apsCommand(payload as number[], secured as boolean)).toEqual([]);
    expect(bench.memberEvents).toEqual([]);
  });
});

describe('the proof of a link key', () => {
  const claim = (hash: Uint8Array, source = DEVICE, type = TRUST_CENTRE): number[] => [VERIFY, type, ...euiToAir(source), ...hash];
  const right = (bench: HanBench): Uint8Array => must(bench.device.keys.verifyHash(bench.deviceLink));

  test('that is right is confirmed under that key', async () => {
    const bench = await pair();
    const [answer] = await bench.apsCommand(claim(right(bench)), false);
    expect([...(answer?.payload ?? [])]).toEqual([CONFIRM, 0, TRUST_CENTRE, ...euiToAir(DEVICE)]);
    expect(answer?.aps?.security).toMatchObject({ opened: true, key: bench.deviceLink });
    expect(bench.memberEvents).toEqual([`verified ${DEVICE}`]);
  });
  test('that is wrong in any bit is refused without that key', async () => {
    const bench = await pair();
    for (const bit of [0, 63, 127]) {
      const hash = right(bench);
      hash[bit >> 3] = (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const [answer] = await bench.apsCommand(claim(hash), false);
      expect([answer?.payload[1], answer?.aps?.security]).toEqual([0xad, undefined]);
    }
    expect(bench.memberEvents).toEqual([]);
  });
  test('of another kind of key is refused as illegal, of another device or cut short not answered', async () => {
    const bench = await pair();
    const [illegal] = await bench.apsCommand(claim(right(bench), DEVICE, 3), false);
    expect(illegal?.payload[1]).toBe(0xa3);
    expect(await bench.apsCommand(claim(right(bench), OTHER), false)).toEqual([]);
    expect(await bench.apsCommand(claim(right(bench).slice(1)), false)).toEqual([]);
  });
  test('of a device without a link key is not answered', async () => {
    const bench = await HanBench.start({ linked: () => false });
    expect(await bench.apsCommand(claim(right(bench)), false)).toEqual([]);
  });
});

describe('a router that speaks of a device behind it', () => {
  const about = (eui: Eui64, status: number): number[] => [UPDATE, ...euiToAir(eui), 0x34, 0x12, status];
  test.each([
    [STRANGER, 'device-not-in-log'],
    [OTHER, 'behind-a-router'],
  ])('%s is told to remove it, which is reported: %s [R-DEV-03]', async (eui, reason) => {
    const bench = await pair();
    const [remove] = await bench.apsCommand(about(eui, 1), true);
    expect([...(remove?.payload ?? [])]).toEqual([REMOVE, ...euiToAir(eui)]);
    expect(remove?.aps?.security).toMatchObject({ opened: true, source: HUB });
    expect(bench.memberEvents).toEqual([`refused ${eui} ${reason}`]);
  });
  test('is not believed without its link key, and a device that left is nobody to remove', async () => {
    const bench = await pair();
    expect(await bench.apsCommand(about(STRANGER, 1), false)).toEqual([]);
    expect(await bench.apsCommand(about(STRANGER, 2), true)).toEqual([]);
    expect(bench.memberEvents).toEqual([]);
  });
});
