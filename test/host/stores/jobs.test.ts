import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import type { Allowed } from '../../../host/model/decision.ts';
import type { JobId } from '../../../host/model/ids.ts';
import { Jobs } from '../../../host/stores/jobs.ts';
import { allowedShape, IMAGE, PPMID } from './material.ts';

const ID = '0123456789abcdef' as JobId;
const OTHER = 'fedcba9876543210' as JobId;

let store: MemoryStore;
let recognised: WeakSet<Allowed>;
let jobs: Jobs;
beforeEach(() => {
  store = new MemoryStore();
  recognised = new WeakSet();
  jobs = new Jobs(store, (decision) => recognised.has(decision));
});

const allow = (counter = 1n) => {
  const decision = allowedShape(counter);
  recognised.add(decision);
  return decision;
};

describe('jobs', () => {
  test('start from a decision that the rules made, with the signed bytes and no verdict [R-PPMID-01]', async () => {
    await store.commit(jobs.start(allow(), ID, 1_000.5));
    expect(jobs.get(ID)).toEqual({
      id: ID,
      requestId: '02-00-00-00-00-00-00-10:02-00-00-00-00-00-00-20:1',
      device: PPMID,
      image: { digest: IMAGE, length: 9_000 },
      firmwareVersion: 0x0203,
      accepted: 1_700_000_000,
      stage: 'accepted',
      signed: Uint8Array.of(0xd2, 1, 2, 1),
      offset: 0,
      restarts: 0,
      reason: undefined,
      changed: 1_000,
    });
    const stored = store.range('jobs', '', '~').map(([, bytes]) => new TextDecoder().decode(bytes));
    expect(stored.join()).not.toMatch(/allow|verdict/);
  });

  test('start from nothing else, however alike it looks', () => {
    const real = allow();
    for (const decision of [allowedShape(1n), { ...real }, structuredClone(real), Object.create(real) as typeof real]) {
      expect(() => jobs.start(decision, ID, 0)).toThrowError(expect.objectContaining({ code: 'internal' }));
    }
    expect(jobs.all()).toEqual([]);
  });

  test('are started once under one id', async () => {
    await store.commit(jobs.start(allow(), ID, 0));
    expect(() => jobs.start(allow(2n), ID, 0)).toThrowError(expect.objectContaining({ code: 'internal' }));
  });

  test('change stage and progress apart, so that neither puts the other back', async () => {
    await store.commit(jobs.start(allow(), ID, 0));
    await store.commit(jobs.update(ID, { stage: 'transferring' }, 10));
    const late = jobs.update(ID, { offset: 448, restarts: 1 }, 11);
    await store.commit(jobs.update(ID, { stage: 'activating' }, 12));
    await store.commit(late);
    expect(jobs.get(ID)).toMatchObject({ stage: 'activating', offset: 448, restarts: 1, changed: 12 });
    await store.commit(jobs.update(ID, { offset: 504 }, 13));
    expect(jobs.get(ID)).toMatchObject({ stage: 'activating', offset: 504, restarts: 1, changed: 13 });
  });

  test('keep why they ended, and never change after their end', async () => {
    await store.commit(jobs.start(allow(), ID, 0));
    const reason = { code: 'lead-changed', detail: 'another supplier is the Lead Supplier now' };
    await store.commit(jobs.update(ID, { stage: 'refused', reason }, 1));
    expect(jobs.get(ID)).toMatchObject({ stage: 'refused', reason });
    for (const change of [{ stage: 'accepted' }, { offset: 1 }] as const) {
      expect(() => jobs.update(ID, change, 2)).toThrowError(expect.objectContaining({ code: 'internal' }));
    }
  });

  test('are open until their end, and found by their request', async () => {
    await store.commit(jobs.start(allow(1n), ID, 0));
    await store.commit(jobs.start(allow(2n), OTHER, 0));
    await store.commit(jobs.update(ID, { stage: 'succeeded' }, 1));
    expect(jobs.all().map(({ id }) => id)).toEqual([ID, OTHER]);
    expect(jobs.open().map(({ id }) => id)).toEqual([OTHER]);
    expect(jobs.of(allowedShape(2n).countersigned.requestId)?.id).toBe(OTHER);
    expect(jobs.of(allowedShape(3n).countersigned.requestId)).toBeUndefined();
  });

  test('that were never started cannot change', () => {
    expect(() => jobs.update(ID, { stage: 'failed' }, 0)).toThrowError(expect.objectContaining({ code: 'internal' }));
    expect(jobs.get(ID)).toBeUndefined();
  });
});
