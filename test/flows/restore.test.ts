/**
 * A gateway brought back from a backup while the original had gone on sending, on one air and with the same devices: which nonces the air
 * carried twice. A copy of the store that is simply started again shows that the watch finds them.
 */
import { describe, expect, test } from 'vitest';
import { Seeded } from '../../firmware/air/seeded.ts';
import { AirRadio } from '../../host/adapters/radio-air.ts';
import { MemoryStore } from '../../host/adapters/store-memory.ts';
import { takeBackup } from '../../host/compose/backup.ts';
import { openBackup, sealBackup } from '../../host/compose/backup-file.ts';
import { restorableBackup } from '../../host/compose/restorable.ts';
import { AIR_FRAMES_PER_SECOND, prepareRestore, type RestoreReport } from '../../host/compose/restore.ts';
import { MAC, NWK } from '../../host/core/control.ts';
import { Han, type HanEvents } from '../../host/gateway/han.ts';
import { openKeyring } from '../../host/gateway/keyring.ts';
import { BLOCK } from '../../host/han/outgoing.ts';
import { silent } from '../../host/ports/log.ts';
import type { Store } from '../../host/ports/store.ts';
import { ErasedCodes } from '../../host/stores/erased-codes.ts';
import { SealedKeys } from '../../host/stores/keys.ts';
import { freshCore } from '../kit/core.ts';
import { DEVICE, GATEWAY, image, NEIGHBOURS } from '../resilience/kit/small-world.ts';
import { KeyHome } from './kit/key-home.ts';

const BACKUP_KEY = new Uint8Array(16).fill(0x42);
const AGE_MS = 30_000;
const LINK_STATUS = 0x08;

/** The backup of a home's gateway as it is now. */
async function backedUp({ store, world }: KeyHome): Promise<string> {
  const core = await freshCore();
  const keys = { wrappingKey: world.wrapping.slice(), backupKey: BACKUP_KEY.slice() };
  const id = '00112233445566aa';
  const { clock } = world;
  const place = { channel: 15, panId: 0x1a62, environment: 'lab' as const, gateway: GATEWAY };
  const body = takeBackup({ store, core, ...keys, ...place, id, entropy: new Seeded(3), clock });
  const head = { environment: 'lab' as const, gateway: GATEWAY, id, created: new Date(clock.now()).toISOString() };
  return sealBackup(head, body, BACKUP_KEY, new Seeded(4));
}

/** Brings a store back from a backup. */
async function restored({ world }: KeyHome, file: string): Promise<{ readonly store: Store; readonly report: RestoreReport }> {
  const [store, core] = [new MemoryStore(), await freshCore()];
  const { head, body } = openBackup(file, BACKUP_KEY, 'a.backup');
  const target = { store, storeName: '/data', core, gateway: GATEWAY, environment: 'lab' as const, force: false };
  const more = { wrappingKey: world.wrapping.slice(), entropy: new Seeded(5), clock: world.clock };
  const ready = prepareRestore(restorableBackup(head, body, BACKUP_KEY.slice(), core), { ...target, ...more });
  if (!ready.ok) throw new Error(ready.code);
  await ready.value.apply();
  return { store, report: ready.value.report };
}

/**
 * The original goes on for AGE_MS as fast as the air takes frames: the shortest that there are, one after the other, out of the product's
 * own counters and store. Answers how many.
 */
async function flood(home: KeyHome): Promise<number> {
  const { world, store } = home;
  const core = await freshCore();
  const { clock, entropy } = world;
  const record = (_what: string, _fields: object, writes: Parameters<Store['commit']>[0]): Promise<void> => store.commit(writes);
  const given = { wrappingKey: world.wrapping.slice(), installCodes: new Map(), certificates: [] };
  const keyring = await openKeyring({
    core,
    sealed: new SealedKeys(store),
    erased: new ErasedCodes(store),
    record,
    entropy,
    gateway: GATEWAY,
    ...given,
  });
  const fault = (cause: unknown): never => {
    throw cause;
  };
  const events = new Proxy({}, { get: () => () => undefined }) as HanEvents;
  const hub = { eui: GATEWAY, panId: 0x1a62, extendedPanId: GATEWAY, channel: 15 };
  const radio = new AirRadio(world.air, 'hub');
  const han = new Han({ hub, core, keyring, radio, store, clock, entropy, log: silent, isListed: () => true, events, fault });
  await han.start(async () => undefined);
  const { key } = keyring.network;
  const broadcast = { fcf: MAC.DATA | MAC.PAN_COMPRESSION | MAC.DST_SHORT | MAC.SRC_SHORT, dstPan: 0x1a62, dst: 0xffff, src: 0 };
  const end = clock.now() + AGE_MS;
  let sent = 0;
  const sending = (async () => {
    while (clock.now() < end) {
      const { ended } = await han.network.send([key], ({ mac, nwk }) => ({
        self: GATEWAY,
        mac: { ...broadcast, seq: mac },
        nwk: { fcf: NWK.COMMAND | NWK.SECURED, dst: 0xfffd, src: 0, radius: 1, seq: nwk, key },
        payload: Uint8Array.of(LINK_STATUS),
      }));
      if ((await ended) === 'sent') sent++;
    }
  })();
  while (clock.now() < end + 100) await clock.advance(50);
  await sending;
  void radio.close();
  return sent;
}

/** A home with traffic; its backup, and its store as it was then. */
async function original(): Promise<{ readonly home: KeyHome; readonly file: string; readonly copy: MemoryStore }> {
  const home = await KeyHome.start({ neighbours: 1 });
  await home.join();
  await home.world.submit(await home.world.order(image(2_000)));
  expect(await home.world.until(() => home.world.ends.length > 0)).toBe(true);
  const file = await backedUp(home);
  const copy = new MemoryStore();
  for (const table of ['meta', 'keys', 'counters', 'members', 'devices', 'registers', 'marks', 'audit', 'outbox', 'jobs'] as const)
    await copy.commit(home.store.range(table, '', '~').map(([key, value]) => ({ table, key, value })));
  home.run.kill();
  return { home, file, copy };
}

describe('a backup of age A, while the original went on at full air rate for A', () => {
  test('comes back with a jump of at least what the air can carry in A plus a block; the network key turns at once; no nonce is used twice', async () => {
    const { home, file } = await original();
    const sent = await flood(home);
    const { store, report } = await restored(home, file);
    const network = report.keys.find(({ identity }) => identity === 'active');
    expect(report.jump).toBeGreaterThanOrEqual((AGE_MS / 1000) * AIR_FRAMES_PER_SECOND + BLOCK);
    expect(report.jump - BLOCK).toBeGreaterThanOrEqual(sent);
    const before = home.keysOf(home.world.device).network;
    await home.restart({ store });
    expect(await home.world.until(() => home.events('network-key-turned').length > 0, 60_000)).toBe(true);
    expect(home.events('network-key-rotation')[0]).toMatchObject({ reason: 'restored' });
    await home.world.clock.advance(5_000);
    expect(home.devices.map((device) => home.keysOf(device).network === before)).toEqual([false, false]);
    await home.world.submit(await home.world.order(image(1_000), { firmwareVersion: 0x100 }));
    await home.world.clock.advance(30_000);
    const { frames, closed, reused } = await home.watch.nonces();
    expect({ closed, reused }).toEqual({ closed: 0, reused: [] });
    expect(frames).toBeGreaterThan(sent);
    console.log(
      `the original sent ${sent} frames in ${AGE_MS / 1000} s, the jump is ${report.jump} from ${network?.counter?.from}; ${frames} frames, nonces used twice ${reused.length}`,
    );
  });

  // After one turn devices still hear the key of the backup; after three they have to come back for the new one.
  test.each([
    [1, DEVICE],
    [3, NEIGHBOURS[0]],
  ])('reaches devices that had turned %i times since: with two keys of one number they would stay behind', async (turns, target) => {
    const home = await KeyHome.start({ neighbours: 1 });
    await home.join();
    const file = await backedUp(home);
    for (let turn = 0; turn < turns; turn++) expect(await home.order({ kind: 'rotate' })).toMatchObject({ ok: true });
    const before = home.devices.map((device) => home.keysOf(device).network);
    home.run.kill();
    const { store } = await restored(home, file);
    await home.restart({ store });
    expect(await home.world.until(() => home.events('network-key-turned').length > turns, 60_000)).toBe(true);
    await home.world.submit(await home.world.order(image(1_000), { target }));
    expect(await home.world.until(() => home.world.ends.length > 0)).toBe(true);
    expect(home.world.ends).toEqual(['succeeded']);
    const device = home.devices[target === DEVICE ? 0 : 1]!;
    expect(before).not.toContain(home.keysOf(device).network);
    expect((await home.watch.nonces()).reused).toEqual([]);
  });

  test('and a copy of the store instead would use nonces twice: the watch finds them', async () => {
    const { home, copy } = await original();
    const sent = await flood(home);
    await home.restart({ store: copy });
    await home.world.submit(await home.world.order(image(1_000)));
    await home.world.clock.advance(60_000);
    const { reused } = await home.watch.nonces();
    expect(sent).toBeGreaterThan(5_000);
    expect(reused.length).toBeGreaterThan(0);
  });
});
