import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { Registers } from '../../../host/stores/registers.ts';
import { HUB, PPMID } from './material.ts';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

describe('registers', () => {
  const bytes = (value: number): Uint8Array => Uint8Array.of(value);
  const put = async (registers: Registers, ...asked: Parameters<Registers['put']>): Promise<boolean> => {
    const result = registers.put(...asked);
    if (result.ok) await store.commit([result.value]);
    return result.ok;
  };

  test('keep every version of a statement and answer the newest', async () => {
    const registers = new Registers(store);
    for (const version of [1, 2, 10]) expect(await put(registers, 'products', version, bytes(version))).toBe(true);
    expect(registers.newest('products')).toEqual({ kind: 'products', gateway: undefined, version: 10, bytes: bytes(10) });
    await put(registers, 'products', 11, bytes(11), HUB);
    expect(registers.newest('products')?.version).toBe(10);
    expect(registers.all().map(({ gateway, version }) => `${gateway ?? 'all'} ${version}`)).toEqual([
      `${HUB} 11`,
      'all 1',
      'all 2',
      'all 10',
    ]);
    expect(registers.history('products').map(({ version }) => version)).toEqual([1, 2, 10]);
    expect(registers.newest('combinations')).toBeUndefined();
  });

  test('refuse a version that is not above the newest', async () => {
    const registers = new Registers(store);
    await put(registers, 'products', 5, bytes(5));
    for (const version of [5, 4]) expect(registers.put('products', version, bytes(version))).toMatchObject({ ok: false, code: 'older' });
  });

  test('keep statements about different gateways apart', async () => {
    const registers = new Registers(store);
    await put(registers, 'suppliers', 7, bytes(7), HUB);
    expect(await put(registers, 'suppliers', 1, bytes(1), PPMID)).toBe(true);
    expect([
      registers.newest('suppliers', HUB)?.version,
      registers.newest('suppliers', PPMID)?.version,
      registers.newest('suppliers'),
    ]).toEqual([7, 1, undefined]);
  });

  test('do not answer a statement of another kind when one has none', async () => {
    const registers = new Registers(store);
    await put(registers, 'combinations', 3, bytes(3));
    expect([registers.newest('products'), registers.newest('device-log'), registers.history('signers')]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });
});
