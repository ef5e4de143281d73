/** The power is cut at every commit of a run, before and after it: what the next run finds must agree with itself. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FaultyStore } from '../../../host/adapters/store-faults.ts';
import { LmdbStore } from '../../../host/adapters/store-lmdb.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import type { Fingerprint, JobId } from '../../../host/model/ids.ts';
import type { Store } from '../../../host/ports/store.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { OutgoingCounters } from '../../../host/stores/counters.ts';
import { Jobs } from '../../../host/stores/jobs.ts';
import { Marks } from '../../../host/stores/marks.ts';
import { Outbox } from '../../../host/stores/outbox.ts';
import { ManualClock } from '../../kit/clock.ts';
import { allowedShape, PPMID, SUPPLIER } from './material.ts';

const NETWORK = '0011223344556677' as Fingerprint;

/** What somebody outside saw happen before the power went. */
interface Seen {
  readonly acted: JobId[];
  readonly counters: number[];
  readonly delivered: number[];
}

const open = (store: Store) => ({
  audit: new Audit(store, new ManualClock()),
  jobs: new Jobs(store, () => true),
  marks: new Marks(store),
  outbox: new Outbox(store),
  counters: new OutgoingCounters(store),
});

/** Takes requests, carries them through, tells of them and sends frames; every act is noted as it is done. */
async function run(store: Store, requests: readonly bigint[], seen: Seen): Promise<void> {
  const { audit, jobs, marks, outbox, counters } = open(store);
  const report = (sequence: number): Uint8Array => Uint8Array.of(sequence);
  for (const counter of requests) {
    const allowed = allowedShape(counter);
    const id = await audit.append('decision', { requestId: allowed.countersigned.requestId }, (given) => [
      ...jobs.start(allowed, given, 0),
      marks.accept(SUPPLIER, PPMID, counter),
      ...outbox.enqueue(report),
    ]);
    seen.acted.push(id);
    const { next, limit } = await counters.reserve(NETWORK, 10);
    for (let used = next; used < limit; used++) seen.counters.push(used);
    await store.commit(jobs.update(id, { offset: 448 }, 1));
    await audit.append('stage', { job: id, stage: 'succeeded' }, () => [
      ...jobs.update(id, { stage: 'succeeded' }, 2),
      ...outbox.enqueue(report),
    ]);
    for (const { sequence } of outbox.pending()) {
      seen.delivered.push(sequence);
      await store.commit([outbox.done(sequence)]);
    }
  }
}

/** What must hold of a store, whenever the run before ended. */
async function check(store: Store, seen: Seen): Promise<void> {
  const { audit, jobs, marks, outbox, counters } = open(store);
  expect(audit.verify()).toMatchObject({ ok: true });
  const entries = audit.entries();
  const decided = entries.filter(({ type }) => type === 'decision');
  // no act without its record, no record without its job
  expect(
    jobs
      .all()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(decided.map(({ id }) => id).sort());
  for (const id of seen.acted) expect(decided.map((entry) => entry.id)).toContain(id);
  // the mark is that of the last decision
  const accepted = decided.map(({ body }) => BigInt(String(body['requestId']).split(':')[2]!));
  expect(marks.highest(SUPPLIER, PPMID)).toBe(accepted.at(-1));
  // a job is at its end when, and only when, a record says so
  const ended = entries.filter(({ type }) => type === 'stage').map(({ body }) => body['job']);
  for (const job of jobs.all()) expect(job.stage).toBe(ended.includes(job.id) ? 'succeeded' : 'accepted');
  // one report a record, numbered without gaps; what is not delivered still waits
  expect(outbox.next()).toBe(entries.length + 1);
  const waiting = outbox.pending().map(({ sequence }) => sequence);
  for (let sequence = 1; sequence < outbox.next(); sequence++)
    expect(waiting.includes(sequence) || seen.delivered.includes(sequence)).toBe(true);
  // no counter twice
  expect((await counters.reserve(NETWORK, 1)).next).toBeGreaterThan(Math.max(-1, ...seen.counters));
  expect(new Set(seen.counters).size).toBe(seen.counters.length);
}

const REQUESTS = [1n, 2n, 3n];

async function cutEverywhere(make: () => Promise<{ store: Store; remove: () => Promise<void> }>): Promise<number> {
  const whole = await make();
  const counted = new FaultyStore(whole.store);
  await run(counted, REQUESTS, { acted: [], counters: [], delivered: [] });
  await whole.remove();
  for (let crashAt = 1; crashAt <= counted.commits; crashAt++) {
    for (const crash of ['before', 'after'] as const) {
      const { store, remove } = await make();
      const seen: Seen = { acted: [], counters: [], delivered: [] };
      await expect(run(new FaultyStore(store, { crashAt, crash }), REQUESTS, seen)).rejects.toMatchObject({ code: 'store' });
      await check(store, seen);
      const highest = new Marks(store).highest(SUPPLIER, PPMID) ?? 0n;
      await run(store, [highest + 1n, highest + 2n], seen); // the next run goes on from there
      await check(store, seen);
      await remove();
    }
  }
  return counted.commits;
}

describe('a power cut at every commit', () => {
  test('leaves audit, jobs, marks, reports and counters in agreement [R-AUD-01]', async () => {
    const commits = await cutEverywhere(async () => ({ store: new MemoryStore(), remove: async () => undefined }));
    expect(commits).toBe(18);
  });

  test('does so over LMDB as well', async () => {
    const commits = await cutEverywhere(async () => {
      const path = await mkdtemp(join(tmpdir(), 'hearthgate-cut-'));
      const store = new LmdbStore(path);
      const remove = async (): Promise<void> => {
        await store.close();
        await rm(path, { recursive: true, force: true });
      };
      return { store, remove };
    });
    expect(commits).toBe(18);
  });
});
