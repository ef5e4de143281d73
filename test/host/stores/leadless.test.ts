import { expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { eui64 } from '../../../host/model/ids.ts';
import { Leadless } from '../../../host/stores/leadless.ts';

const [HERE, THERE] = [eui64('0200000000000201'), eui64('0200000000000202')];

test('a cause for which premises have no Lead Supplier is news once, until another or none takes its place [R-PPMID-04]', async () => {
  const store = new MemoryStore();
  const found = async (leadless: Leadless, gateway: typeof HERE, cause: string | undefined): Promise<boolean> => {
    const write = leadless.found(gateway, cause);
    if (write !== undefined) await store.commit([write]);
    return write !== undefined;
  };
  const first = new Leadless(store);
  expect(await found(first, HERE, undefined)).toBe(false);
  expect([await found(first, HERE, 'none'), await found(first, HERE, 'none'), await found(first, THERE, 'none')]).toEqual([
    true,
    false,
    true,
  ]);
  expect([await found(first, HERE, 'ended'), await found(first, HERE, 'ended')]).toEqual([true, false]);
  const restarted = new Leadless(store);
  expect([await found(restarted, HERE, 'ended'), await found(restarted, HERE, undefined)]).toEqual([false, true]);
  expect([await found(restarted, HERE, undefined), await found(restarted, HERE, 'ended')]).toEqual([false, true]);
});

test('two requests that meet a cause before it is durable tell it once', () => {
  const leadless = new Leadless(new MemoryStore());
  expect([leadless.found(HERE, 'none'), leadless.found(HERE, 'none')]).toEqual([expect.objectContaining({ table: 'meta' }), undefined]);
});
