import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { Bridge, gatewayWill, type BridgeHandlers } from '../../../host/bridge/bridge.ts';
import { ImageFetch } from '../../../host/bridge/image-fetch.ts';
import { gatewayTopics, IMAGE_BLOCK } from '../../../host/bridge/topics.ts';
import { eui64, type JobId } from '../../../host/model/ids.ts';
import { silent } from '../../../host/ports/log.ts';
import { Images } from '../../../host/stores/images.ts';
import { Outbox } from '../../../host/stores/outbox.ts';
import { settle } from '../../kit/clock.ts';
import { MemoryBroker, MemoryConnection } from '../../resilience/kit/broker-memory.ts';

const GATEWAY = eui64('0200000000000601');
const topics = gatewayTopics(GATEWAY);
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

function setUp(broker = new MemoryBroker(), store = new MemoryStore()) {
  const outbox = new Outbox(store);
  const connection = broker.connect('gateway');
  const faults: unknown[] = [];
  const bridge = new Bridge({
    broker: connection,
    gateway: GATEWAY,
    outgoing: { pending: () => outbox.pending(), done: (sequence) => store.commit([outbox.done(sequence)]) },
    images: new ImageFetch(connection, new Images(store, IMAGE_BLOCK), silent),
    log: silent,
    fault: (cause) => void faults.push(cause),
    birth: { software: '1.2.3', boot: 7, environment: 'lab' },
  });
  const taken: string[] = [];
  const handlers: BridgeHandlers = {
    request: async (bytes) => void taken.push(`request ${text(bytes)}`),
    statement: async (bytes) => void taken.push(`statement ${text(bytes)}`),
  };
  const report = (...names: string[]): Promise<void> =>
    store.commit(outbox.enqueue(...names.map((name) => (sequence: number) => new TextEncoder().encode(`${sequence} ${name}`))));
  const delivered = (): string[] => broker.published.filter(({ topic }) => topic === topics.report).map(({ payload }) => text(payload));
  return { broker, store, outbox, bridge, handlers, taken, report, delivered, faults };
}
const turns = async (count = 20): Promise<void> => {
  for (let n = 0; n < count; n++) await settle();
};

describe('birth and will', () => {
  test('a start says online with the birth, retained; a stop says offline; the will says offline too', async () => {
    const { broker, bridge, handlers } = setUp();
    await bridge.start(handlers);
    expect(text(broker.retainedAt(topics.state))).toBe('online');
    expect(JSON.parse(text(broker.retainedAt(topics.birth)))).toEqual({ gateway: GATEWAY, software: '1.2.3', boot: 7, environment: 'lab' });
    await bridge.stop();
    expect(text(broker.retainedAt(topics.state))).toBe('offline');
    expect({ ...gatewayWill(GATEWAY), payload: text(gatewayWill(GATEWAY).payload) }).toEqual({
      topic: topics.state,
      payload: 'offline',
      retain: true,
    });
  });

  test('birth and online are said again after each reconnection', async () => {
    const { broker, bridge, handlers } = setUp();
    await bridge.start(handlers);
    broker.turn(false);
    broker.turn(true);
    await turns();
    expect(broker.published.filter(({ topic }) => topic === topics.birth)).toHaveLength(2);
  });
});

describe('what comes in', () => {
  test('requests and statements of every kind reach their handlers, retained statements at the start', async () => {
    const { broker, bridge, handlers, taken } = setUp();
    broker.accept(topics.register('suppliers'), new TextEncoder().encode('retained'), { retain: true });
    await bridge.start(handlers);
    broker.accept(topics.request, new TextEncoder().encode('one'));
    broker.accept(topics.register('products'), new TextEncoder().encode('two'));
    await turns();
    expect(taken).toEqual(['statement retained', 'request one', 'statement two']);
  });

  test('a handler that rejects gets its message again, in order, before the next', async () => {
    const { broker, bridge, handlers, taken } = setUp();
    let failures = 2;
    await bridge.start({
      ...handlers,
      request: async (bytes) => (failures-- > 0 ? Promise.reject(new Error('disk')) : handlers.request(bytes)),
    });
    broker.accept(topics.request, new TextEncoder().encode('one'));
    broker.accept(topics.request, new TextEncoder().encode('two'));
    await turns();
    expect(taken).toEqual(['request one', 'request two']);
  });
});

describe('the outbox', () => {
  test('is delivered in order of its numbers, however many wait, and each leaves it when acknowledged', async () => {
    const { bridge, handlers, report, delivered, outbox } = setUp();
    for (let n = 0; n < 25; n++) await report(...Array.from({ length: 10 }, () => 'r'));
    await bridge.start(handlers);
    await bridge.settled();
    expect(delivered()).toEqual(Array.from({ length: 250 }, (_, index) => `${index + 1} r`));
    expect(outbox.pending()).toEqual([]);
  });

  test('reports made while the broker is away wait, and come in order; what comes in between waits its turn', async () => {
    const { broker, bridge, handlers, report, delivered } = setUp();
    await bridge.start(handlers);
    broker.turn(false);
    await report('a', 'b');
    bridge.deliver();
    await turns();
    expect(delivered()).toEqual([]);
    broker.turn(true);
    await report('c');
    bridge.deliver();
    bridge.deliver();
    await turns();
    expect(delivered()).toEqual(['1 a', '2 b', '3 c']);
  });

  test('a report whose acknowledgement was not kept is delivered again under its number by the next start', async () => {
    const broker = new MemoryBroker();
    const store = new MemoryStore();
    const first = setUp(broker, store);
    await first.report('a');
    const { bridge } = first;
    store.commit = () => Promise.reject(new Error('disk'));
    await bridge.start(first.handlers);
    await turns();
    delete (store as { commit?: unknown }).commit;
    const second = setUp(broker, store);
    await second.bridge.start(second.handlers);
    await second.bridge.settled();
    expect(second.delivered()).toEqual(['1 a', '1 a']);
    expect(second.outbox.pending()).toEqual([]);
  });
});

describe('a broker that is away', () => {
  test('does not keep a start from being stopped, and nothing is called a fault', async () => {
    const broker = new MemoryBroker();
    broker.turn(false);
    const { bridge, handlers, faults, report } = setUp(broker);
    await report('a');
    const starting = bridge.start(handlers);
    bridge.deliver();
    bridge.progress({
      job: '0'.repeat(16) as JobId,
      device: GATEWAY,
      offset: 1,
      total: 2,
      bytesPerSecond: 0,
      secondsLeft: undefined,
      restarts: 0,
    });
    await bridge.stop();
    await starting;
    expect([faults, broker.published]).toEqual([[], []]);
  });

  test('and goes away in the middle of a stop does not hold it up', async () => {
    const { broker, bridge, handlers, report, outbox } = setUp();
    await bridge.start(handlers);
    await report('a');
    bridge.deliver();
    const stopping = bridge.stop();
    broker.turn(false);
    await stopping;
    expect(outbox.pending().length).toBeLessThanOrEqual(1);
  });

  test('is greeted as soon as it is there, and gets what waited', async () => {
    const broker = new MemoryBroker();
    broker.turn(false);
    const { bridge, handlers, report, delivered } = setUp(broker);
    await report('a');
    const starting = bridge.start(handlers);
    await turns();
    broker.turn(true);
    await starting;
    await bridge.settled();
    expect([text(broker.retainedAt(topics.state)), delivered()]).toEqual(['online', ['1 a']]);
  });
});

/** A connection whose subscriptions are refused. */
class Refusing extends MemoryConnection {
  override subscribe(): Promise<void> {
    return Promise.reject(new Error('not authorised'));
  }
}

test('a broker that refuses the subscriptions is a fault', async () => {
  const { handlers } = setUp();
  const faults: unknown[] = [];
  const connection = new Refusing(new MemoryBroker(), { filters: new Set(), queue: [], client: undefined });
  const bridge = new Bridge({
    broker: connection,
    gateway: GATEWAY,
    outgoing: { pending: () => [], done: async () => undefined },
    images: new ImageFetch(connection, new Images(new MemoryStore(), IMAGE_BLOCK), silent),
    log: silent,
    fault: (cause) => void faults.push(cause),
    birth: {},
  });
  await bridge.start(handlers);
  expect(faults).toMatchObject([{ message: 'not authorised' }]);
});

test('progress is published retained, and left out while the broker is away', async () => {
  const { broker, bridge, handlers } = setUp();
  await bridge.start(handlers);
  const progress = {
    job: '0'.repeat(16) as JobId,
    device: GATEWAY,
    offset: 1,
    total: 2,
    bytesPerSecond: 0,
    secondsLeft: undefined,
    restarts: 0,
  };
  bridge.progress(progress);
  await turns();
  expect(JSON.parse(text(broker.retainedAt(topics.progress)))).toMatchObject({ offset: 1, total: 2 });
  broker.turn(false);
  bridge.progress({ ...progress, offset: 2 });
  broker.turn(true);
  await turns();
  expect(JSON.parse(text(broker.retainedAt(topics.progress)))).toMatchObject({ offset: 1 });
});
