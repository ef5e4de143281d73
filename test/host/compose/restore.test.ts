/** Backup and restore: what comes back, how far counters jump, and everything that must not happen. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { takeBackup } from '../../../host/compose/backup.ts';
import { headOf, openBackup, sealBackup, type BackupHead } from '../../../host/compose/backup-file.ts';
import type { BackupBody } from '../../../host/compose/backup-body.ts';
import { restorableBackup } from '../../../host/compose/restorable.ts';
import { AIR_FRAMES_PER_SECOND, prepareRestore, type ReadyRestore } from '../../../host/compose/restore.ts';
import { BLOCK } from '../../../host/han/outgoing.ts';
import type { Result } from '../../../host/model/fault.ts';
import { eui64 } from '../../../host/model/ids.ts';
import { silent } from '../../../host/ports/log.ts';
import type { Store } from '../../../host/ports/store.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { IncomingCounters, LAST_COUNTER, OutgoingCounters } from '../../../host/stores/counters.ts';
import { ErasedCodes } from '../../../host/stores/erased-codes.ts';
import { KeyOrders } from '../../../host/stores/key-orders.ts';
import { Marks } from '../../../host/stores/marks.ts';
import { Members } from '../../../host/stores/members.ts';
import { Outbox } from '../../../host/stores/outbox.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { ManualClock } from '../../kit/clock.ts';
import { freshCore, openCore } from '../../kit/core.ts';
import { BACKUP_KEY, ESME, GATEWAY, keyStore, LINK_KEY, NETWORK_KEY, PPMID, vaultOf, WRAPPING } from './key-store.ts';

const LEAD = eui64('0200000000000103');
const TAKEN = Date.UTC(2026, 0, 15, 12);
const HEAD: BackupHead = { environment: 'lab', gateway: GATEWAY, id: '00112233445566aa', created: new Date(TAKEN).toISOString() };

/** A store with keys, counters, marks and a member, and its backup. */
async function backedUp() {
  const { store, prints } = await keyStore();
  const clock = new ManualClock(TAKEN);
  await new OutgoingCounters(store).reserve(prints.network, 5_000);
  await new OutgoingCounters(store).reserve(prints.link, 700);
  const incoming = new IncomingCounters(store, clock, silent);
  incoming.save(PPMID, prints.network, 900);
  await incoming.flush();
  await store.commit([new Marks(store).accept(LEAD, PPMID, 12n)]);
  await new Members(store).save({ eui: PPMID, short: 0x1234, joined: true });
  const { body, file } = await backup(store, clock);
  return { store, prints, clock, body, file };
}

async function backup(store: Store, clock = new ManualClock(TAKEN)): Promise<{ readonly body: BackupBody; readonly file: string }> {
  const core = await freshCore();
  const keys = { wrappingKey: WRAPPING.slice(), backupKey: BACKUP_KEY.slice() };
  const network = { channel: 15, panId: 0x1a62, environment: 'lab' as const };
  const body = takeBackup({ store, core, ...keys, ...network, id: HEAD.id, gateway: GATEWAY, entropy: new Seeded(3), clock });
  return { body, file: sealBackup(HEAD, body, BACKUP_KEY, new Seeded(4)) };
}

interface How {
  readonly now?: number;
  readonly gateway?: typeof GATEWAY;
  readonly environment?: 'lab' | 'production';
  readonly force?: boolean;
  readonly wrappingKey?: Uint8Array;
}

async function prepared(file: string, store: Store, how: How = {}): Promise<ReadyRestore> {
  const ready = await attempted(file, store, how);
  if (!ready.ok) throw new Error(ready.detail);
  return ready.value;
}

async function attempted(file: string, store: Store, how: How = {}): Promise<Result<ReadyRestore>> {
  const { now = TAKEN + 60_000, gateway = GATEWAY, environment = 'lab', force = false, wrappingKey = WRAPPING } = how;
  const core = await freshCore();
  const { head, body } = openBackup(file, BACKUP_KEY, 'a.backup');
  const target = { store, storeName: '/data', core, gateway, environment, force, wrappingKey: wrappingKey.slice(), entropy: new Seeded(5) };
  return prepareRestore(restorableBackup(head, body, BACKUP_KEY.slice(), core), { ...target, clock: new ManualClock(now) });
}

const jumpOf = (seconds: number): number => (seconds + 1) * AIR_FRAMES_PER_SECOND + BLOCK;

describe('a backup', () => {
  test('is of the open format and holds no key in clear, and the file nothing but its head', async () => {
    const { body, file } = await backedUp();
    expect(body).toMatchObject({
      metadata: { format: 'zigpy/open-coordinator-backup', version: 1 },
      coordinator_ieee: GATEWAY,
      pan_id: '1a62',
      network_key: { sequence_number: 7, frame_counter: 5_000 },
      devices: [{ ieee_address: PPMID, nwk_address: '1234' }],
    });
    expect(body.stack_specific.hearthgate.keys.map(({ purpose, identity }) => [purpose, identity])).toEqual([
      ['network', 'active'],
      ['install', PPMID],
      ['link', PPMID],
    ]);
    for (const text of [file, JSON.stringify(body)])
      for (const key of [NETWORK_KEY, LINK_KEY, WRAPPING, BACKUP_KEY])
        for (const form of ['hex', 'base64'] as const)
          expect(text.toLowerCase()).not.toContain(Buffer.from(key).toString(form).toLowerCase());
    expect(file).not.toContain(PPMID);
    expect(headOf(file, 'a.backup')).toEqual(HEAD);
  });
  test('leaves no key in the core that took it', async () => {
    const { store } = await keyStore();
    const core = await openCore();
    const keys = { wrappingKey: WRAPPING.slice(), backupKey: BACKUP_KEY.slice() };
    takeBackup({
      store,
      core,
      ...keys,
      channel: 15,
      panId: 1,
      environment: 'lab',
      id: HEAD.id,
      gateway: GATEWAY,
      entropy: new Seeded(3),
      clock: new ManualClock(TAKEN),
    });
    expect([keys.wrappingKey, keys.backupKey]).toEqual([new Uint8Array(16), new Uint8Array(16)]);
    for (const key of [NETWORK_KEY, LINK_KEY, WRAPPING, BACKUP_KEY]) expect(core.positions(key)).toEqual([]);
  });
  test('does not open under another key, nor changed in any byte of head or body', async () => {
    const { file } = await backedUp();
    expect(() => openBackup(file, WRAPPING, 'a.backup')).toThrow('a.backup: does not open under this key, or was altered');
    const fields = JSON.parse(file) as Record<string, string>;
    for (const [name, value] of [
      ['environment', 'production'],
      ['gateway', PPMID],
      ['id', '00112233445566ab'],
      ['created', new Date(TAKEN + 1).toISOString()],
      ['nonce', '00'.repeat(12)],
    ] as const)
      expect(() => openBackup(JSON.stringify({ ...fields, [name]: value }), BACKUP_KEY, 'a.backup')).toThrow('was altered');
    const body = Buffer.from(fields['body'] ?? '', 'base64');
    fc.assert(
      fc.property(fc.nat(body.length * 8 - 1), (bit) => {
        const changed = Buffer.from(body);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => openBackup(JSON.stringify({ ...fields, body: changed.toString('base64') }), BACKUP_KEY, 'a.backup')).toThrow(
          'was altered',
        );
      }),
      { numRuns: 50 },
    );
  });
  test('whose keys stand under one another’s name does not open them, whoever could write its body', async () => {
    const { body } = await backedUp();
    const [network, install, link] = body.stack_specific.hearthgate.keys;
    const swapped = structuredClone(body);
    swapped.stack_specific.hearthgate.keys = [network!, { ...install!, sealed: link!.sealed }, { ...link!, sealed: install!.sealed }];
    await expect(prepared(sealBackup(HEAD, swapped, BACKUP_KEY, new Seeded(4)), new MemoryStore())).rejects.toThrow('sealed-altered');
  });
});

describe('a restore into an empty directory', () => {
  test('brings keys, counters, marks and members back, sealed under this gateway’s wrapping key', async () => {
    const { file, prints } = await backedUp();
    const [store, wrappingKey] = [new MemoryStore(), new Uint8Array(16).fill(0x55)];
    const ready = await prepared(file, store, { wrappingKey });
    expect(store.range('keys', '', '~')).toEqual([]);
    await ready.apply();
    const { core, vault } = await vaultOf(store, wrappingKey);
    const found = (['network', 'link', 'install'] as const).map((purpose) => {
      const handle = vault.open(purpose, purpose === 'network' ? 'active' : PPMID);
      const print = core.keys.fingerprint(handle ?? 0);
      return print.ok ? print.value : undefined;
    });
    expect(found).toEqual([prints.network, prints.link, prints.install]);
    expect(new Marks(store).highest(LEAD, PPMID)).toBe(12n);
    expect(new Members(store).all()).toEqual([{ eui: PPMID, short: 0x1234, joined: true }]);
    expect(new IncomingCounters(store, new ManualClock(), silent).all()).toEqual([{ eui: PPMID, key: prints.network, next: 900 }]);
    expect(new KeyOrders(store).all()).toEqual([{ kind: 'rotate', reason: 'restored' }]);
    expect(new Audit(store, new ManualClock()).entries().map(({ type }) => type)).toEqual(['restored']);
  });
  test('and codes that were erased stay so', async () => {
    const { store: old, prints } = await keyStore();
    const erased = { eui: ESME, code: prints.install };
    await old.commit([new ErasedCodes(old).put(erased), new ErasedCodes(old).put({ eui: PPMID, code: prints.link })]);
    const store = new MemoryStore();
    await (await prepared((await backup(old)).file, store)).apply();
    expect(new ErasedCodes(store).all()).toEqual([{ eui: PPMID, code: prints.link }, erased]);
    const holder = (await keyStore()).store; // has a code of the PPMID by now: that one counts
    await (await prepared((await backup(old)).file, holder)).apply();
    expect(new ErasedCodes(holder).all()).toEqual([erased]);
  });
  test.each([0, 1, 3_600, 86_400 * 30])(
    'lets counters jump by all that the air carries in the age of the backup, %i s, and a block',
    async (age) => {
      const { file, prints } = await backedUp();
      const store = new MemoryStore();
      const ready = await prepared(file, store, { now: TAKEN + age * 1000 });
      await ready.apply();
      expect(ready.report.jump).toBe(jumpOf(age));
      const counters = new OutgoingCounters(store);
      expect([counters.next(prints.network), counters.next(prints.link)]).toEqual([5_000 + jumpOf(age), 700 + jumpOf(age)]);
      // never used before the backup: the original would have begun at the second of its first use
      expect(counters.next(prints.install)).toBe(Math.floor((TAKEN + age * 1000) / 1000) - 1_606_176_000 + jumpOf(age));
      expect(new Outbox(store).next()).toBeGreaterThan((age + 1) * 10);
    },
  );
  test('leaves out every key whose counters have no room for the jump, for ever', async () => {
    const { store: old, prints } = await keyStore();
    await old.commit([
      new OutgoingCounters(old).raise(prints.network, LAST_COUNTER - jumpOf(60)),
      new OutgoingCounters(old).raise(prints.link, LAST_COUNTER - jumpOf(60) - 1),
    ]);
    const store = new MemoryStore();
    const ready = await prepared((await backup(old)).file, store);
    await ready.apply();
    expect(ready.report.keys.map(({ purpose, fate }) => [purpose, fate])).toEqual([
      ['network', 'worn'],
      ['install', 'restored'],
      ['link', 'restored'],
    ]);
    expect((await vaultOf(store)).vault.open('network', 'active')).toBeUndefined();
    await expect(new OutgoingCounters(store).reserve(prints.network, 1)).rejects.toThrow('no outgoing counter is left');
    expect(new KeyOrders(store).all()).toEqual([]); // the gateway makes a network key: there is none to turn from
  });
  // 2^32 counters at 727 a second are 68.4 days. A key whose counters began at the seconds since November 2020 has 1.9% less of them in 2026.
  test.each([
    [65, 0, 'restored'],
    [66, 0, 'worn'],
    [68, 5_000, 'restored'],
    [69, 5_000, 'worn'],
  ] as const)('of %i days takes a key whose counter %s: %s', async (days, next, fate) => {
    const { file, prints } = await backedUp();
    const used = next === 0 ? prints.install : prints.network;
    const ready = await prepared(file, new MemoryStore(), { now: TAKEN + days * 86_400_000 });
    expect(ready.report.keys.find(({ fingerprint }) => fingerprint === used)?.fate).toBe(fate);
  });
});

describe('a restore never lowers', () => {
  test('a counter, a mark or a key that is there', async () => {
    const { file, prints, store } = await backedUp();
    await store.commit([
      new OutgoingCounters(store).raise(prints.network, 4_000_000),
      new IncomingCounters(store, new ManualClock(), silent).raise({ eui: PPMID, key: prints.network, next: 2_000 }),
      new Marks(store).accept(LEAD, PPMID, 99n),
    ]);
    const before = store.range('keys', '', '~');
    const ready = await prepared(file, store, { now: TAKEN + 1_000 });
    await ready.apply();
    expect(ready.report.keys.map(({ fate }) => fate)).toEqual(['kept', 'kept', 'kept']);
    expect(store.range('keys', '', '~')).toEqual(before);
    expect(new OutgoingCounters(store).next(prints.network)).toBe(4_000_000 + jumpOf(1));
    expect(new IncomingCounters(store, new ManualClock(), silent).all()[0]?.next).toBe(2_000);
    expect(new Marks(store).highest(LEAD, PPMID)).toBe(99n);
    expect(new KeyOrders(store).all()).toEqual([{ kind: 'rotate', reason: 'restored' }]);
  });
  test('whatever stood before: any values, any age', async () => {
    const { file, prints } = await backedUp();
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), fc.nat(2_000), fc.bigInt({ min: 0n, max: 30n }), fc.nat(100_000), async (out, heard, mark, age) => {
        const store = new MemoryStore();
        const incoming = new IncomingCounters(store, new ManualClock(), silent);
        await store.commit([
          new OutgoingCounters(store).raise(prints.link, out),
          incoming.raise({ eui: PPMID, key: prints.network, next: heard }),
          new Marks(store).accept(LEAD, PPMID, mark),
        ]);
        await (await prepared(file, store, { now: TAKEN + age * 1000 })).apply();
        expect(new OutgoingCounters(store).next(prints.link)).toBe(Math.max(out, 700) + jumpOf(age));
        expect(incoming.all()[0]?.next).toBe(Math.max(heard, 900));
        expect(new Marks(store).highest(LEAD, PPMID)).toBe(mark > 12n ? mark : 12n);
      }),
      { numRuns: 15 },
    );
  });
});

describe('a restore is refused', () => {
  test.each([
    ['of another gateway', { gateway: ESME }, `the backup is of the gateway ${GATEWAY}`],
    ['of the other environment', { environment: 'production' as const }, 'the backup is of a lab gateway'],
    ['of the future, since its age cannot be told', { now: TAKEN - 1 }, 'which is still to come'],
  ])('%s', async (_why, how, said) => {
    const { file } = await backedUp();
    const store = new MemoryStore();
    await expect(prepared(file, store, how)).rejects.toThrow(said);
    expect(store.range('keys', '', '~')).toEqual([]);
  });
  test('when it is too old for a key that the directory holds, which could send nothing any more', async () => {
    const { file, store } = await backedUp();
    const before = store.range('counters', '', '~');
    const late = prepared(file, store, { now: TAKEN + 70 * 86_400_000 });
    await expect(late).rejects.toThrow('holds the network key active, whose counters have no room for the age of the backup');
    expect(store.range('counters', '', '~')).toEqual(before);
  });
  test('a second time, saying what it risks; with force it is done, further on', async () => {
    const { file, prints } = await backedUp();
    const store = new MemoryStore();
    await (await prepared(file, store)).apply();
    const first = new OutgoingCounters(store).next(prints.network)!;
    expect(await attempted(file, store)).toMatchObject({
      code: 'restored-before',
      detail: expect.stringContaining('A second gateway from one backup sends under the same keys and counters'),
    });
    await (await prepared(file, store, { force: true })).apply();
    expect(new OutgoingCounters(store).next(prints.network)).toBe(first + jumpOf(60));
  });
});
