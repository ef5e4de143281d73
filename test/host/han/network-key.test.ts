/** Turning the network key: who gets it, when the hub turns, what happens to who missed it, and what a restart finds. */
import { describe, expect, test } from 'vitest';
import { KEEP_MS, NetworkKeyRotation, PAUSE_MS, type TurningKeys } from '../../../host/han/network-key.ts';
import type { NetworkKey } from '../../../host/han/network.ts';
import { silent } from '../../../host/ports/log.ts';
import { settle } from '../../kit/clock.ts';
import { DEVICE, HanBench, must, SHORT } from './bench.ts';

/** The bench's keys as ones that turn; every step is noted. */
class Turning implements TurningKeys {
  readonly steps: string[] = [];
  next: NetworkKey | undefined;
  constructor(readonly bench: HanBench) {}
  get network(): NetworkKey {
    return this.bench.keys.network;
  }
  get previous(): NetworkKey | undefined {
    return this.bench.keys.previous;
  }
  async prepareNext(): Promise<NetworkKey> {
    this.steps.push('prepared');
    this.next ??= { key: must(this.bench.core.keys.importNetwork(new Uint8Array(16).fill(0x99), 1)), seq: 1 };
    return this.next;
  }
  async turn(): Promise<void> {
    this.steps.push('turned');
    this.bench.keys.previous = this.network;
    this.bench.keys.network = this.next!;
    this.next = undefined;
  }
  async retire(): Promise<void> {
    this.steps.push('retired');
    this.bench.keys.previous = undefined;
  }
}

async function rotating(): Promise<{ bench: HanBench; keys: Turning; rotation: NetworkKeyRotation }> {
  const bench = await HanBench.start();
  const keys = new Turning(bench);
  const { clock, network } = bench;
  const peers = () => bench.trust.members().flatMap(({ eui }) => bench.trust.peer(eui) ?? []);
  return {
    bench,
    keys,
    rotation: new NetworkKeyRotation({ network, keys, peers, clock, log: silent, fault: (cause) => bench.faults.push(cause) }),
  };
}

describe('a rotation', () => {
  test('hands the key out under each link key, tells all to switch under the old key, and turns only then', async () => {
    const { bench, keys, rotation } = await rotating();
    const turned = rotation.rotate('ordered');
    await settle();
    const [transport] = bench.answers();
    expect([transport?.aps?.command, transport?.payload[1], transport?.payload[18]]).toEqual([5, 1, 1]);
    expect(transport?.nwk?.security?.key).toBe(bench.deviceNetwork);
    expect(transport?.aps?.security).toMatchObject({ opened: true, key: bench.deviceLink });
    expect([keys.steps, bench.answers()]).toEqual([['prepared'], []]);
    await bench.clock.advance(PAUSE_MS);
    const [said] = bench.answers();
    expect([...(said?.payload ?? [])]).toEqual([9, 1]);
    expect([said?.nwk?.dst, said?.nwk?.security?.key, said?.mac.dst]).toEqual([0xfffd, bench.deviceNetwork, 0xffff]);
    expect(await turned).toEqual({ seq: 1, reached: [DEVICE], missed: [] });
    expect(keys.steps).toEqual(['prepared', 'turned']);
    await bench.network.sendData(bench.peer(), { profile: 0, cluster: 2, dstEndpoint: 0, srcEndpoint: 0, payload: Uint8Array.of(1) });
    expect(bench.answers()[0]?.nwk?.security).toMatchObject({ opened: false, keySeq: 1 });
  });

  test('that is under way is joined by whoever asks for another', async () => {
    const { bench, keys, rotation } = await rotating();
    const [one, other] = [rotation.rotate('ordered'), rotation.rotate('counters-worn')];
    await bench.clock.advance(PAUSE_MS);
    expect([await one, keys.steps]).toEqual([await other, ['prepared', 'turned']]);
  });

  test('tries a silent device again, then turns without it and says so', async () => {
    const { bench, rotation } = await rotating();
    bench.radio.outcome = 'no-ack';
    const turned = rotation.rotate('ordered');
    await bench.clock.advance(3 * PAUSE_MS);
    expect(bench.answers().filter(({ aps }) => aps?.command === 5)).toHaveLength(3);
    expect(await turned).toEqual({ seq: 1, reached: [], missed: [DEVICE] });
  });

  test('goes on after a restart where it was: the key that waits is handed out again, not made anew', async () => {
    const { bench, keys, rotation } = await rotating();
    await keys.prepareNext();
    rotation.resume();
    await bench.clock.advance(PAUSE_MS);
    expect(keys.steps).toEqual(['prepared', 'prepared', 'turned']);
    expect(bench.keys.network.seq).toBe(1);
    expect(bench.faults).toEqual([]);
  });

  test('keeps hearing the old key for its time, also from a restart on, then forgets it', async () => {
    const { bench, keys, rotation } = await rotating();
    void rotation.rotate('ordered');
    await bench.clock.advance(PAUSE_MS + KEEP_MS - 1);
    expect(keys.steps.at(-1)).toBe('turned');
    await bench.clock.advance(1);
    expect(keys.steps.at(-1)).toBe('retired');
  });
});

describe('a device that is behind', () => {
  test('gets the key and the word to switch again, under the key that it has, at most every ten seconds', async () => {
    const { bench, rotation } = await rotating();
    const turned = rotation.rotate('ordered');
    await bench.clock.advance(PAUSE_MS);
    await turned;
    bench.answers();
    await rotation.behind(bench.peer());
    await rotation.behind(bench.peer());
    const frames = bench.answers();
    expect(frames.map(({ aps, nwk }) => [aps?.command, nwk?.dst, nwk?.security?.key])).toEqual([
      [5, SHORT, bench.deviceNetwork],
      [9, SHORT, bench.deviceNetwork],
    ]);
    await bench.clock.advance(10_000);
    await rotation.behind(bench.peer());
    expect(bench.answers()).toHaveLength(2);
  });
});
