import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { FaultyStore } from '../../../host/adapters/store-faults.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import type { Digest } from '../../../host/model/ids.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { encodeHead, GENESIS, HEAD_KEY, recordKey } from '../../../host/stores/audit-record.ts';
import { ManualClock } from '../../kit/clock.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let store: MemoryStore;
let clock: ManualClock;
let audit: Audit;
beforeEach(() => {
  store = new MemoryStore();
  clock = new ManualClock();
  audit = new Audit(store, clock);
});

const fill = async (count: number): Promise<void> => {
  for (let number = 0; number < count; number++) await audit.append('decision', { number, verdict: 'refuse' });
};
const overwrite = (key: string, value: Uint8Array | undefined): Promise<void> => store.commit([{ table: 'audit', key, value }]);

describe('the audit log', () => {
  test('is empty and sound at first', () => {
    expect(audit.head()).toEqual({ count: 0, hash: GENESIS });
    expect(audit.entries()).toEqual([]);
    expect(audit.verify()).toEqual({ ok: true, head: { count: 0, hash: GENESIS } });
  });

  test('keeps what happened, when, and in which order [R-AUD-01]', async () => {
    await audit.append('decision', { verdict: 'allow', facts: ['a', 'b'] });
    await clock.advance(1_500.25);
    await audit.append('stage', { stage: 'fetching' });
    const [first, second] = audit.entries();
    expect(first).toMatchObject({
      index: 0,
      type: 'decision',
      body: { verdict: 'allow', facts: ['a', 'b'] },
      previous: GENESIS,
      time: Date.UTC(2020, 10, 24),
    });
    expect(second).toMatchObject({ index: 1, type: 'stage', time: Date.UTC(2020, 10, 24) + 1_500, previous: first!.hash });
    expect(audit.head()).toEqual({ count: 2, hash: second!.hash });
    expect(audit.entries(1, 2)).toEqual([second]);
  });

  test('chains canonical bytes by SHA-256, so that anybody can check it without this program', async () => {
    await fill(2);
    const [first, second] = [0, 1].map((index) => store.get('audit', recordKey(index))!);
    expect(new TextDecoder().decode(first)).toBe(
      `{"body":{"number":0,"verdict":"refuse"},"index":0,"previous":"${GENESIS}","time":1606176000000,"type":"decision"}`,
    );
    expect(JSON.parse(new TextDecoder().decode(second)).previous).toBe(sha256(first!));
    expect(audit.head().hash).toBe(sha256(second!));
  });

  test('remembers the latest time that stood on record, over restarts with a clock set back and records written then [R-AUD-01]', async () => {
    const then = 1_800_000_000_000;
    await new Audit(store, new ManualClock(then)).append('decision', { number: 1 });
    for (const back of [86_400_000, 365 * 86_400_000]) {
      const again = new Audit(store, new ManualClock(then - back));
      await again.append('device-joined', { number: 2 });
      expect([again.latest(), new Audit(store, clock).latest()]).toEqual([then, then]);
    }
    await new Audit(store, new ManualClock(then + 5)).append('decision', { number: 3 });
    expect(new Audit(store, clock).latest()).toBe(then + 5);
    expect(new Audit(store, clock).verify()).toMatchObject({ ok: true });
  });

  test('finds the latest time of a log whose head does not name it yet, and sees a head that names another', async () => {
    for (const time of [3_000, 9_000, 4_000]) await new Audit(store, new ManualClock(time)).append('step', { time });
    const { count, hash } = audit.head();
    await overwrite(HEAD_KEY, encodeHead({ count, hash }));
    expect([new Audit(store, clock).latest(), new Audit(store, clock).verify()]).toMatchObject([9_000, { ok: true }]);
    await overwrite(HEAD_KEY, encodeHead({ count, hash, latest: 4_000 }));
    expect(new Audit(store, clock).verify()).toMatchObject({ ok: false, code: 'head', index: 3 });
  });

  test('forgets no time that a failed commit did not bring, nor takes one that it did not write', async () => {
    await audit.append('step', { number: 1 });
    const before = audit.latest();
    const failing = new Audit(new FaultyStore(store, { failAt: 1 }), new ManualClock(before + 60_000));
    await expect(failing.append('step', { number: 2 })).rejects.toThrow();
    expect([failing.latest(), new Audit(store, clock).latest()]).toEqual([before, before]);
  });

  test('answers the first eight bytes of the hash as id, and gives it to the writes that go with the record', async () => {
    const seen: string[] = [];
    const id = await audit.append('decision', {}, (given) => (seen.push(given), [{ table: 'jobs', key: given, value: Uint8Array.of(1) }]));
    expect(id).toBe(audit.entries()[0]!.hash.slice(0, 16));
    expect(seen).toEqual([id]);
    expect(store.get('jobs', id)).toEqual(Uint8Array.of(1));
  });

  test('appends in call order, each with current state before its eyes', async () => {
    const count = (): number => store.get('jobs', 'count')?.[0] ?? 0;
    await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        audit.append('step', { number }, () => [{ table: 'jobs', key: 'count', value: Uint8Array.of(count() + 1) }]),
      ),
    );
    expect(audit.entries().map(({ body }) => body['number'])).toEqual(Array.from({ length: 20 }, (_, number) => number));
    expect(count()).toBe(20);
    expect(audit.verify()).toMatchObject({ ok: true });
  });

  test('writes neither record nor act when the act cannot be prepared, and goes on', async () => {
    const planted = new Error('planted');
    await expect(
      audit.append('decision', {}, () => {
        throw planted;
      }),
    ).rejects.toBe(planted);
    await expect(audit.append('decision', { bad: 0.5 })).rejects.toMatchObject({ code: 'internal' });
    expect(audit.head().count).toBe(0);
    await fill(1);
    expect(audit.verify()).toMatchObject({ ok: true, head: { count: 1 } });
  });

  test('goes on from the last durable record when a commit failed', async () => {
    const faulty = new FaultyStore(store, { failAt: 2 });
    audit = new Audit(faulty, clock);
    const outcomes = await Promise.allSettled([0, 1, 2].map((number) => audit.append('decision', { number })));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(audit.entries().map(({ body }) => body['number'])).toEqual([0, 2]);
    expect(audit.verify()).toMatchObject({ ok: true });
  });
});

describe('verification of the audit log', () => {
  beforeEach(() => fill(5));

  test('locates a change of any one bit of any record', async () => {
    for (let index = 0; index < 5; index++) {
      const good = store.get('audit', recordKey(index))!;
      for (let bit = 0; bit < good.length * 8; bit++) {
        const bad = good.slice();
        bad[bit >> 3]! ^= 1 << (bit & 7);
        await overwrite(recordKey(index), bad);
        const verdict = audit.verify();
        expect(verdict.ok === false && verdict.index, `record ${index} bit ${bit}`).toBe(index);
      }
      await overwrite(recordKey(index), good);
    }
    expect(audit.verify()).toMatchObject({ ok: true });
  });

  test('tells a damaged head from a damaged record, at any byte', async () => {
    const good = store.get('audit', HEAD_KEY)!;
    for (let at = 0; at < good.length; at++) {
      const bad = good.slice();
      bad[at]! ^= 1;
      await overwrite(HEAD_KEY, bad);
      expect(audit.verify(), `byte ${at}`).toMatchObject({ ok: false, code: 'head', index: 5 });
    }
  });

  test('locates a record that was rewritten with all rules kept', async () => {
    const entry = JSON.parse(new TextDecoder().decode(store.get('audit', recordKey(2))!));
    entry.body.verdict = 'allow';
    await overwrite(recordKey(2), new TextEncoder().encode(JSON.stringify(entry)));
    expect(audit.verify()).toMatchObject({ ok: false, code: 'changed', index: 2 });
  });

  test('locates a record that is missing, wherever it stood', async () => {
    for (let index = 0; index < 5; index++) {
      const good = store.get('audit', recordKey(index))!;
      await overwrite(recordKey(index), undefined);
      expect(audit.verify()).toMatchObject({ ok: false, code: 'missing', index });
      await overwrite(recordKey(index), good);
    }
  });

  test('locates records that changed places', async () => {
    const [one, three] = [store.get('audit', recordKey(1))!, store.get('audit', recordKey(3))!];
    await overwrite(recordKey(1), three);
    await overwrite(recordKey(3), one);
    expect(audit.verify()).toMatchObject({ ok: false, code: 'reordered', index: 3 });
  });

  test('finds records cut off the end, the head left behind', async () => {
    await overwrite(recordKey(4), undefined);
    await overwrite(recordKey(3), undefined);
    expect(audit.verify()).toMatchObject({ ok: false, code: 'missing', index: 4 });
  });

  test('finds records beyond the head', async () => {
    await overwrite(recordKey(5), store.get('audit', recordKey(4)));
    expect(audit.verify()).toMatchObject({ ok: false, code: 'head', index: 5 });
  });

  test('finds a log whose head is gone', async () => {
    await overwrite(HEAD_KEY, undefined);
    expect(audit.verify()).toMatchObject({ ok: false, code: 'head', index: 5 });
  });

  test('needs an anchor to find an end that was cut together with its head, and finds it with one', async () => {
    const anchor = audit.head();
    const same = new Audit(new MemoryStore(), new ManualClock());
    for (let number = 0; number < 3; number++) await same.append('decision', { number, verdict: 'refuse' });
    expect(same.verify()).toMatchObject({ ok: true });
    expect(same.verify(anchor)).toMatchObject({ ok: false, code: 'cut', index: 3 });
  });

  test('finds with an anchor a log that was written anew from some record on', async () => {
    const anchor = audit.head();
    const forged = new Audit(new MemoryStore(), clock);
    for (let number = 0; number < 7; number++) await forged.append('decision', { number, verdict: number === 2 ? 'allow' : 'refuse' });
    expect(forged.verify()).toMatchObject({ ok: true });
    expect(forged.verify(anchor)).toMatchObject({ ok: false, code: 'changed', index: 4 });
    expect(audit.verify({ count: 2, hash: audit.entries()[1]!.hash })).toMatchObject({ ok: true });
    expect(audit.verify({ count: 2, hash: 'ab'.repeat(32) as Digest })).toMatchObject({ ok: false, code: 'changed', index: 1 });
  });

  test('faults instead of appending to a log whose head is damaged', async () => {
    await overwrite(HEAD_KEY, new TextEncoder().encode('null'));
    await expect(audit.append('decision', {})).rejects.toMatchObject({ code: 'store' });
  });

  test('faults on reading an entry that is no record', async () => {
    for (const text of ['null', '[]', '{}', '{"body":1,"index":0,"previous":"","time":0,"type":"a"}', '{']) {
      await overwrite(recordKey(2), new TextEncoder().encode(text));
      expect(() => audit.entries(), text).toThrowError(expect.objectContaining({ code: 'store' }));
      expect(audit.verify()).toMatchObject({ ok: false, code: 'changed', index: 2 });
    }
  });
});
