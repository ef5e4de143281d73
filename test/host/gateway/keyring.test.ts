/** The keys of a gateway at rest and in use: what is durable before it is used, and every record that does not open where it stands. */
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { certificatesOf, equip } from '../../../host/compose/lab-factory.ts';
import type { Core } from '../../../host/core/core.ts';
import { openKeyring, type Keyring, type KeyringParts } from '../../../host/gateway/keyring.ts';
import { eui64, type Eui64 } from '../../../host/model/ids.ts';
import { ErasedCodes } from '../../../host/stores/erased-codes.ts';
import { SealedKeys } from '../../../host/stores/keys.ts';
import type { Write } from '../../../host/ports/store.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { freshCore } from '../../kit/core.ts';

const GATEWAY = eui64('0200000000000201');
const PPMID = eui64('0200000000000202');
const ESME = eui64('0200000000000203');
const FACTORY = await equip(GATEWAY, new Map([PPMID, ESME].map((eui) => [eui, [1, 2] as const])), new Seeded(3));

interface Opened {
  readonly core: Core;
  readonly keyring: Keyring;
  readonly store: MemoryStore;
  /** Records, in order, each with how many writes were durable with it. */
  readonly records: readonly (readonly [string, number])[];
}

/** Opens a keyring over a store; without codes and certificates unless told. */
async function opened(store = new MemoryStore(), change: Partial<KeyringParts> = {}): Promise<Opened> {
  const core = await freshCore();
  const records: [string, number][] = [];
  const record = async (what: string, _fields: object, writes: readonly Write[]): Promise<void> => {
    records.push([what, writes.length]);
    await store.commit(writes);
  };
  const given = { wrappingKey: new Uint8Array(16).fill(0x33), installCodes: new Map<Eui64, Uint8Array>(), certificates: [] };
  const stores = { sealed: new SealedKeys(store), erased: new ErasedCodes(store) };
  const parts = { core, record, ...stores, entropy: new Seeded(5), gateway: GATEWAY, ...given, ...change };
  return { core, store, records, keyring: await openKeyring(parts) };
}

const full = (): Partial<KeyringParts> => ({
  installCodes: new Map([...FACTORY.installCodes].map(([device, code]) => [device, code.slice()])),
  certificates: certificatesOf(FACTORY, GATEWAY),
});

describe('a keyring', () => {
  test('makes its network key once, takes codes and certificates once, and has them after a restart without being given them', async () => {
    const first = await opened(undefined, full());
    expect(first.records).toEqual([
      ['install-codes-taken', 2],
      ['certificates-taken', 2],
      ['network-key-made', 1],
    ]);
    const again = await opened(first.store);
    expect(again.records).toEqual([]);
    expect(again.keyring.fingerprint(again.keyring.network.key)).toBe(first.keyring.fingerprint(first.keyring.network.key));
    expect([again.keyring.hasInstallCode(PPMID), again.keyring.hasInstallCode(GATEWAY)]).toEqual([true, false]);
    expect([1, 2].map((suite) => again.keyring.certificate(suite as 1 | 2)?.subject)).toEqual([GATEWAY, GATEWAY]);
    expect((await opened(first.store, full())).records).toEqual([['certificates-taken', 2]]);
  });

  test('wipes what it was given', async () => {
    const given = { ...full(), wrappingKey: new Uint8Array(16).fill(0x33) };
    await opened(undefined, given);
    expect([...given.wrappingKey, ...[...given.installCodes!.values()].flatMap((code) => [...code])].some((byte) => byte !== 0)).toBe(
      false,
    );
    expect(given.certificates!.flatMap(({ privateKey }) => [...privateKey]).some((byte) => byte !== 0)).toBe(false);
  });

  test('lends the key of an install code for one use, and the core holds it no longer', async () => {
    const { core, keyring } = await opened(undefined, full());
    let lent = 0;
    expect(await keyring.withInstallKey(PPMID, async (key) => ((lent = key), core.keys.fingerprint(key).ok))).toBe(true);
    expect(core.keys.fingerprint(lent)).toMatchObject({ ok: false, code: 'key-handle' });
    await expect(keyring.withInstallKey(ESME, (key) => ((lent = key), Promise.reject(new Error('no air'))))).rejects.toThrow('no air');
    expect(core.keys.fingerprint(lent)).toMatchObject({ ok: false, code: 'key-handle' });
    expect(await keyring.withInstallKey(GATEWAY, async () => true)).toBeUndefined();
  });

  test('has a link key once it was established, in place of the one before, and none once it was forgotten', async () => {
    const { core, keyring, store } = await opened();
    const key = (fill: number): number => {
      const made = core.keys.importLink(new Uint8Array(16).fill(fill), PPMID);
      return made.ok ? made.value : 0;
    };
    const [one, two] = [key(1), key(2)];
    await keyring.establish(PPMID, one, 1);
    await keyring.establish(PPMID, two, 2);
    expect([keyring.link(PPMID), core.keys.fingerprint(one).ok]).toEqual([two, false]);
    const print = keyring.fingerprint(two);
    expect(keyring.keyOf(print)).toBe(two);
    const again = await opened(store);
    expect(again.keyring.linked()).toEqual([PPMID]);
    expect(again.keyring.fingerprint(again.keyring.link(PPMID)!)).toBe(print);
    await keyring.forget(PPMID, false);
    expect([keyring.link(PPMID), core.keys.fingerprint(two).ok, (await opened(store)).keyring.linked()]).toEqual([undefined, false, []]);
  });

  test('takes a code that was erased no more while its line stands; another one, or the line written again, counts anew', async () => {
    const { keyring, store } = await opened(undefined, full());
    await keyring.forget(PPMID, true);
    expect(keyring.hasInstallCode(PPMID)).toBe(false);
    const still = await opened(store, full());
    expect([still.keyring.hasInstallCode(PPMID), still.keyring.hasInstallCode(ESME)]).toEqual([false, true]);
    const other = () => ({ installCodes: new Map([[PPMID, FACTORY.installCodes.get(ESME)!.slice()]]) });
    expect((await opened(store, other())).keyring.hasInstallCode(PPMID)).toBe(true);
    await (await opened(store)).keyring.forget(PPMID, true);
    expect((await opened(store, other())).keyring.hasInstallCode(PPMID)).toBe(false);
    await opened(store); // a start without the line
    expect((await opened(store, full())).keyring.hasInstallCode(PPMID)).toBe(true);
  });

  test('turns its network keys in three durable steps, and finds each of them after a restart', async () => {
    const { core, keyring, store, records } = await opened();
    const first = keyring.network;
    const next = await keyring.prepareNext();
    expect(await keyring.prepareNext()).toBe(next);
    expect((await opened(store)).keyring.next?.seq).toBe(1);
    await keyring.turn();
    expect([keyring.network, keyring.previous, keyring.next]).toEqual([next, first, undefined]);
    const turned = (await opened(store)).keyring;
    expect([turned.network.seq, turned.previous?.seq, turned.next]).toEqual([1, 0, undefined]);
    await keyring.retire();
    expect([keyring.previous, core.keys.fingerprint(first.key).ok, (await opened(store)).keyring.previous]).toEqual([
      undefined,
      false,
      undefined,
    ]);
    expect(records.map(([what]) => what)).toEqual(['network-key-made', 'network-key-made', 'network-key-turned', 'network-key-retired']);
  });

  test('is refused with an install code or a certificate that is wrong, by name and reason', async () => {
    const code = FACTORY.installCodes.get(PPMID)!.slice();
    code[0]! ^= 1;
    await expect(opened(undefined, { installCodes: new Map([[PPMID, code]]) })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(`${PPMID}: install-code-crc`),
    });
    await expect(opened(undefined, { certificates: certificatesOf(FACTORY, PPMID) })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(`it is for ${PPMID}, this gateway is ${GATEWAY}`),
    });
    const [one, two] = certificatesOf(FACTORY, GATEWAY);
    const mixed = { ...one!, privateKey: one!.privateKey.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) };
    await expect(opened(undefined, { certificates: [mixed, two!] })).rejects.toMatchObject({
      message: expect.stringContaining('certificate of suite 1: curve-mismatch'),
    });
  });
});

describe('a record at rest', () => {
  /** A store with every kind of key, in at least two records a kind where there can be two. */
  async function filled(): Promise<MemoryStore> {
    const { core, keyring, store } = await opened(undefined, full());
    for (const device of [PPMID, ESME]) {
      const made = core.keys.importLink(new Uint8Array(16).fill(device.charCodeAt(15)), device);
      if (made.ok) await keyring.establish(device, made.value, 1);
    }
    await keyring.prepareNext();
    await keyring.turn();
    await keyring.prepareNext();
    return store;
  }
  const names = (store: MemoryStore): readonly string[] => store.range('keys', '', '~').map(([key]) => key);

  test('does not open in the place of any other: swapping two fails, whichever two', async () => {
    const whole = await filled();
    expect(names(whole)).toHaveLength(9);
    let [swapped, refused] = [0, 0];
    for (const a of names(whole)) {
      for (const b of names(whole).filter((name) => name > a)) {
        const store = await filled();
        const [of, to] = [store.get('keys', a)!, store.get('keys', b)!];
        await store.commit([
          { table: 'keys', key: a, value: to },
          { table: 'keys', key: b, value: of },
        ]);
        swapped++;
        const keyring = await opened(store).then(
          (each) => each.keyring,
          () => undefined,
        );
        if (keyring === undefined) refused++;
        else {
          // Install codes are opened when they are used.
          await expect(keyring.withInstallKey(a.includes(PPMID) ? PPMID : ESME, async () => true)).rejects.toMatchObject({ code: 'store' });
          refused++;
        }
      }
    }
    expect([swapped, refused]).toEqual([36, 36]);
  });

  test('does not open when any one bit of it differs', async () => {
    const store = await filled();
    const name = names(store).find((each) => each.includes('link'))!;
    const record = store.get('keys', name)!;
    for (let bit = 0; bit < record.length * 8; bit += 7) {
      const altered = record.slice();
      altered[bit >> 3]! ^= 1 << (bit & 7);
      await store.commit([{ table: 'keys', key: name, value: altered }]);
      await expect(opened(store), `bit ${bit}`).rejects.toMatchObject({ code: 'store' });
    }
  });

  test('does not open under another wrapping key, or in the store of another gateway', async () => {
    const store = await filled();
    await expect(opened(store, { wrappingKey: new Uint8Array(16).fill(0x34) })).rejects.toMatchObject({ code: 'store' });
    await expect(opened(store, { gateway: eui64('02000000000002ff') })).rejects.toMatchObject({ code: 'store' });
  });

  test('of version 0.1 is refused with what to do', async () => {
    const store = new MemoryStore();
    await store.commit([new SealedKeys(store).put('network', '0', new Uint8Array(48))]);
    await expect(opened(store)).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('join the devices anew') });
  });
});
