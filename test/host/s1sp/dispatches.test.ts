/** First the record, then the act: what an S1SP side leaves behind when its store or its broker fails at any step of a submission [R-AUD-01]. */
import { describe, expect, test } from 'vitest';
import { FaultyStore, type StoreFaults } from '../../../host/adapters/store-faults.ts';
import type { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { gatewayTopics, imageTopics } from '../../../host/bridge/topics.ts';
import { Fault } from '../../../host/model/fault.ts';
import { clearImage } from '../../../host/s1sp/image-shelf.ts';
import { Marks } from '../../../host/stores/marks.ts';
import { Outbox } from '../../../host/stores/outbox.ts';
import { MemoryBroker } from '../../resilience/kit/broker-memory.ts';
import * as p from '../messages/parties.ts';
import { IMAGE, setUp, turns, UPDATE } from './side.ts';

const REQUEST = gatewayTopics(p.GATEWAY).request;
const sentBy = (broker: MemoryBroker): number => broker.published.filter(({ topic }) => topic === REQUEST).length;

/** A store whose registers are taken already, on which commits count from here. */
async function prepared(): Promise<MemoryStore> {
  return (await setUp()).store as MemoryStore;
}

/** What stands in a store about the order of these tests. */
const recorded = (store: MemoryStore, audit: readonly { readonly type: string }[]) => ({
  record: audit.filter(({ type }) => type === 'intake').length,
  mark: new Marks(store).highest(UPDATE.originator, UPDATE.target) === UPDATE.counter ? 1 : 0,
});

async function submitOn(faults: StoreFaults) {
  const inner = await prepared();
  const broker = new MemoryBroker();
  const store = new FaultyStore(inner, faults);
  const side = await setUp(broker, store);
  const outcome = await side.s1sp.submit(p.signed(UPDATE), IMAGE).then(
    ({ verdict }) => verdict,
    (error: unknown) => (error instanceof Fault ? `fault ${error.code}` : String(error)),
  );
  await turns();
  return { inner, broker, store, side, outcome };
}

describe('a request that may go on', () => {
  test('is put on record, marked and put into the outbox by one commit, and leaves it by another', async () => {
    const { inner, store, outcome, broker } = await submitOn({});
    expect([outcome, store.commits, sentBy(broker), new Outbox(inner).pending()]).toEqual(['forwarded', 2, 1, []]);
  });

  const CUTS: readonly (readonly [string, StoreFaults])[] = [1, 2].flatMap((n) => [
    [`commit ${n} refused`, { failAt: n }] as const,
    [`power cut before commit ${n}`, { crashAt: n, crash: 'before' }] as const,
    [`power cut after commit ${n}`, { crashAt: n, crash: 'after' }] as const,
  ]);

  test.each(CUTS)('is never sent without its record, nor recorded without being sent in the end: %s', async (_, faults) => {
    const { inner, broker, outcome } = await submitOn(faults);
    const again = await setUp(broker, inner);
    const { record, mark } = recorded(inner, again.audit());
    const before = sentBy(broker);
    expect([record, mark]).toSatisfy(([a, b]: number[]) => a === b);
    if (record === 0) expect([outcome, before]).toEqual(['fault store', 0]);
    await turns();
    expect(sentBy(broker) > 0).toBe(record === 1);
    expect(broker.retained(imageTopics(UPDATE.image.digest)).length).toBe(record * 3);
    expect(new Outbox(inner).pending()).toEqual([]);
    // Whatever happened: the User may hand it over again, and the gateway gets it.
    const answer = await again.s1sp.submit(p.signed(UPDATE), IMAGE);
    expect(answer).toMatchObject(record === 1 ? { code: 'replayed' } : { verdict: 'forwarded' });
  });

  test('that was killed between record and publication goes out at the next start, whole and once', async () => {
    const { inner, broker } = await submitOn({ crashAt: 1, crash: 'after' });
    expect(sentBy(broker)).toBe(0);
    await setUp(broker, inner);
    await turns();
    expect([sentBy(broker), broker.retained(imageTopics(UPDATE.image.digest)).length]).toEqual([1, 3]);
    await setUp(broker, inner);
    await turns();
    expect(sentBy(broker)).toBe(1);
  });

  test('waits for a broker that is away, and goes out when it is back', async () => {
    const { broker, s1sp } = await setUp();
    broker.turn(false);
    const answer = s1sp.submit(p.signed(UPDATE), IMAGE);
    await turns();
    expect(sentBy(broker)).toBe(0);
    broker.turn(true);
    expect(await answer).toMatchObject({ verdict: 'forwarded', detail: 'countersigned and published' });
    expect(sentBy(broker)).toBe(1);
  });

  test('whose broker connection is closed for good is answered as forwarded, and says that it is not out yet', async () => {
    const { broker, s1sp, store } = await setUp();
    store.close = () => Promise.resolve(); // the next start is on the same
    broker.turn(false);
    const answer = s1sp.submit(p.signed(UPDATE), IMAGE);
    await turns();
    await s1sp.stop();
    const { verdict, detail } = await answer;
    expect([verdict, detail]).toEqual(['forwarded', 'countersigned; published as soon as the broker can be reached']);
    broker.turn(true);
    await setUp(broker, store);
    await turns();
    expect(sentBy(broker)).toBe(1);
  });

  test('does not bring back the image of an order that ended before it was sent again', async () => {
    const { inner, broker } = await submitOn({ crashAt: 2, crash: 'before' });
    expect([sentBy(broker), new Outbox(inner).pending().length]).toEqual([1, 1]);
    const orders = inner.range('images', 'order/', 'order0');
    await inner.commit(orders.map(([key]) => ({ table: 'images', key, value: undefined })));
    await clearImage(broker.connect('s1sp'), UPDATE.image.digest, IMAGE.length);
    await setUp(broker, inner);
    await turns();
    expect([orders.length, sentBy(broker), broker.retained(imageTopics(UPDATE.image.digest))]).toEqual([1, 2, []]);
  });
});
