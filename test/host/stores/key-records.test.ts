/** What a gateway keeps about its keys besides the keys: states of PPMIDs, open orders, and whether it must be silent. */
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import type { Fingerprint } from '../../../host/model/ids.ts';
import type { PpmidKeys } from '../../../host/model/key-state.ts';
import { KeyOrders, type KeyOrder } from '../../../host/stores/key-orders.ts';
import { KeyStates } from '../../../host/stores/key-states.ts';
import { silence, silencedAt, speakAgain } from '../../../host/stores/silence.ts';
import { HUB, PPMID } from './material.ts';

let store: MemoryStore;
beforeEach(() => (store = new MemoryStore()));

describe('the state of a PPMID’s keys', () => {
  const present: PpmidKeys = {
    ...{ device: PPMID, state: 'present', attempts: 0, reason: undefined, since: 5, next: undefined },
    fingerprint: '00112233445566aa' as Fingerprint,
  };
  const retrying: PpmidKeys = {
    ...{ device: HUB, state: 'retrying', attempts: 3, reason: 'no-answer', fingerprint: undefined, since: 7, next: 99 },
  };
  test('comes back as it was put, by device, and is gone when it is forgotten', async () => {
    const states = new KeyStates(store);
    await store.commit([states.put(present), states.put(retrying)]);
    expect([states.get(PPMID), states.get(HUB)]).toEqual([present, retrying]);
    expect(states.all()).toHaveLength(2);
    await store.commit([states.forget(PPMID)]);
    expect([states.get(PPMID), states.all()]).toEqual([undefined, [retrying]]);
  });
});

describe('orders about keys', () => {
  const rotate: KeyOrder = { kind: 'rotate', reason: 'ordered' };
  const erase: KeyOrder = { kind: 'erase', device: PPMID, code: true };
  test('stay open until they are closed: one rotation, one erasure a device', async () => {
    const orders = new KeyOrders(store);
    await store.commit([orders.put(rotate), orders.put({ ...rotate, reason: 'restored' }), orders.put(erase)]);
    expect(orders.all()).toEqual([erase, { kind: 'rotate', reason: 'restored' }]);
    await store.commit([orders.done(rotate)]);
    expect(orders.all()).toEqual([erase]);
    await store.commit([orders.done(erase)]);
    expect(orders.all()).toEqual([]);
  });
});

test('a gateway is silent from the moment that is written on, until it may speak again', async () => {
  expect(silencedAt(store)).toBeUndefined();
  await store.commit([silence(1_768_478_400_000.7)]);
  expect(silencedAt(store)).toBe(1_768_478_400_000);
  await store.commit([speakAgain()]);
  expect(silencedAt(store)).toBeUndefined();
});
