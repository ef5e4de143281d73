/** Radio and broker go away and come back under a whole gateway: it goes on, nothing is lost, nothing is done twice. */
import { describe, expect, test } from 'vitest';
import { FaultyRadio } from '../../host/adapters/radio-faults.ts';
import { FaultyStore } from '../../host/adapters/store-faults.ts';
import { MemoryStore } from '../../host/adapters/store-memory.ts';
import type { Radio, RadioSettings } from '../../host/ports/radio.ts';
import type { Log } from '../../host/ports/log.ts';
import { imageBlockTopic } from '../../host/bridge/topics.ts';
import { imageDigest } from '../../host/s1sp/image-shelf.ts';
import { AirWatch } from './kit/air-watch.ts';
import { image, NEW, SmallWorld } from './kit/small-world.ts';

const noting = (notes: string[]): Log => {
  const note = (event: string): void => void notes.push(event);
  return { debug: () => undefined, info: note, warn: note, error: note };
};

/** A radio that cannot be opened again as often as told. */
class Stubborn implements Radio {
  readonly #inner: FaultyRadio;
  refusals = 0;
  readonly opened: number[] = [];
  constructor(
    inner: Radio,
    readonly now: () => number,
  ) {
    this.#inner = new FaultyRadio(inner);
  }
  lose(times: number): void {
    this.refusals = times;
    this.opened.length = 0;
    this.#inner.lose('the cable was pulled');
  }
  async open(settings: RadioSettings): Promise<void> {
    this.opened.push(this.now());
    if (this.refusals-- > 0) throw new Error('nothing there');
    await this.#inner.open(settings);
  }
  onFrame: Radio['onFrame'] = (handler) => this.#inner.onFrame(handler);
  onLost: Radio['onLost'] = (handler) => this.#inner.onLost(handler);
  send: Radio['send'] = (psdu) => this.#inner.send(psdu);
  close: Radio['close'] = () => this.#inner.close();
}

describe('a radio that is lost in mid-transfer', () => {
  test('is opened again with growing pauses, all of it logged; the transfer goes on where it was, and the upgrade ends once', async () => {
    const world = new SmallWorld();
    const notes: string[] = [];
    let radio!: Stubborn;
    const wrap = (inner: Radio): Radio => (radio = new Stubborn(inner, () => world.clock.now()));
    const run = await world.run({ store: new MemoryStore(), radio: wrap, log: noting(notes) });
    const watch = await AirWatch.on(world.air, [world.device]);
    await world.device.powerOn();
    await world.until(() => world.device.membership !== undefined);
    await world.submit(await world.order(image(4_000)));
    await world.until(() => world.device.upgrade.offset > 1_000, 60_000, 20);
    const before = world.device.upgrade.offset;
    radio.lose(3);
    const lostAt = world.clock.now();
    await world.until(() => notes.includes('radio-back'), 120_000);
    expect(radio.opened.map((at) => Math.round((at - lostAt) / 1000))).toEqual([1, 3, 7, 15]);
    expect(notes.filter((note) => note === 'radio-not-back')).toHaveLength(3);
    expect(await world.until(() => world.ends.length > 0)).toBe(true);
    expect(world.ends).toEqual(['succeeded']);
    expect(world.device.fileVersion).toBe(NEW);
    expect(watch.offsets.filter((offset) => offset === 0)).toHaveLength(1);
    expect(watch.offsets.filter((offset) => offset < before - 56).length).toBe(
      new Set(watch.offsets.filter((offset) => offset < before - 56)).size,
    );
    expect(run.faults).toEqual([]);
    await run.gateway.stop();
  });

  test('is not opened again once the gateway was stopped', async () => {
    const world = new SmallWorld();
    let radio!: Stubborn;
    const run = await world.run({ store: new MemoryStore(), radio: (inner) => (radio = new Stubborn(inner, () => 0)) });
    radio.lose(100);
    await run.gateway.stop();
    await world.clock.advance(120_000);
    expect(radio.opened).toEqual([]);
  });
});

describe('a broker that goes away', () => {
  test('in mid-transfer: the home is served, and every report comes afterwards, in order, without gap or second number', async () => {
    const world = new SmallWorld();
    const run = await world.run({ store: new MemoryStore() });
    await world.device.powerOn();
    await world.until(() => world.device.membership !== undefined);
    await world.submit(await world.order(image(2_000)));
    await world.until(() => world.device.upgrade.offset > 500, 60_000, 20);
    const heard = world.reports.length;
    world.broker.turn(false);
    expect(await world.until(() => world.device.fileVersion === NEW)).toBe(true);
    await world.clock.advance(60_000);
    expect(world.reports.length).toBe(heard);
    world.broker.turn(true);
    expect(await world.until(() => world.ends.length > 0)).toBe(true);
    expect(world.ends).toEqual(['succeeded']);
    expect(world.allReports.map(({ sequence }) => sequence)).toEqual(world.allReports.map((_, index) => index + 1));
    expect(run.faults).toEqual([]);
    await run.gateway.stop();
  });

  test('and is away when a gateway starts: the start goes on without, an open job goes on to its end, and is reported later', async () => {
    const world = new SmallWorld();
    const inner = new MemoryStore();
    const first = await world.run({ store: new FaultyStore(inner) });
    await world.device.powerOn();
    await world.until(() => world.device.membership !== undefined);
    await world.submit(await world.order(image(2_000)));
    await world.until(() => world.device.upgrade.offset > 500, 60_000, 20);
    first.kill();
    world.broker.turn(false);
    const notes: string[] = [];
    const second = await world.run({ store: inner, log: noting(notes) });
    expect(notes).toContain('broker-not-reached');
    expect(await world.until(() => world.device.fileVersion === NEW)).toBe(true);
    await world.clock.advance(60_000);
    world.broker.turn(true);
    expect(await world.until(() => world.ends.length > 0)).toBe(true);
    expect(world.ends).toEqual(['succeeded']);
    expect(world.reports.map(({ sequence }) => sequence)).toEqual(world.reports.map((_, index) => index + 1));
    await second.gateway.stop();
  });

  test('for good does not keep a gateway from stopping, not even while it fetches an image or has reports to deliver', async () => {
    const world = new SmallWorld();
    const run = await world.run({ store: new MemoryStore() });
    await world.device.powerOn();
    await world.until(() => world.device.membership !== undefined);
    const file = image(2_000);
    const order = await world.order(file);
    world.broker.accept(imageBlockTopic(imageDigest(file), 0), new Uint8Array(0), { retain: true });
    await world.submit(order);
    expect(await world.until(() => world.events('stage').some(({ stage }) => stage === 'fetching'))).toBe(true);
    world.broker.turn(false);
    await world.clock.advance(1_000);
    await run.gateway.stop();
    expect(run.faults).toEqual([]);
    const again = await world.run({ store: new MemoryStore() });
    await again.gateway.stop();
    expect(again.faults).toEqual([]);
  });
});
