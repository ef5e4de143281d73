import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { Records } from '../../../host/gateway/records.ts';
import { Registers } from '../../../host/gateway/registers.ts';
import { signStatement } from '../../../host/messages/statement.ts';
import type { Eui64 } from '../../../host/model/ids.ts';
import type { SuppliersStatement } from '../../../host/model/register.ts';
import { silent } from '../../../host/ports/log.ts';
import { seconds } from '../../../host/ports/clock.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { Devices } from '../../../host/stores/devices.ts';
import { Jobs } from '../../../host/stores/jobs.ts';
import { Marks } from '../../../host/stores/marks.ts';
import { Outbox } from '../../../host/stores/outbox.ts';
import { Registers as StoredRegisters } from '../../../host/stores/registers.ts';
import { ManualClock } from '../../kit/clock.ts';
import * as p from '../messages/parties.ts';

const DAY = 86_400;
const MODEL = { type: 'ppmid', manufacturer: 1, model: 'A', hardwareVersion: 1, imageType: 1, firmwareVersion: 1 } as const;

function setUp(store = new MemoryStore(), clock = new ManualClock(p.NOW * 1000)) {
  const audit = new Audit(store, clock);
  const parts = {
    gateway: p.GATEWAY,
    store,
    audit,
    jobs: new Jobs(store, () => true),
    marks: new Marks(store),
    outbox: new Outbox(store),
    clock,
  };
  const records = new Records({ ...parts, sign: () => new Uint8Array(1), factLines: () => [], references: () => [] });
  const taken: Eui64[] = [];
  const registers = new Registers({
    gateway: p.GATEWAY,
    environment: 'lab',
    anchors: [p.REGISTRATION.signer],
    stored: new StoredRegisters(store),
    devices: new Devices(store),
    store,
    clock,
    log: silent,
    listed: (gone) => taken.push(...gone),
  });
  const take = (change: Partial<SuppliersStatement> = {}, by = p.REGISTRATION) =>
    registers.take(statement(change, seconds(clock), by), records);
  return { store, clock, audit, records, registers, take, taken };
}

function statement(change: Partial<SuppliersStatement>, now = p.NOW, by = p.REGISTRATION): Uint8Array {
  const times = { issued: now, validFrom: now - DAY, validTo: now + DAY };
  const lead = [{ party: p.LEAD.signer.party, from: 0, to: undefined }];
  return signStatement(
    { kind: 'suppliers', version: 5, environment: 'lab', gateway: p.GATEWAY, ...times, lead, gas: [], ...change },
    by.key,
  );
}

describe('a statement', () => {
  test('that is new is on record, durable and in force at once, without a restart [R-EPC-03]', async () => {
    const { take, registers, audit, store, clock } = setUp();
    expect(await take()).toEqual({ ok: true, value: { kind: 'suppliers', news: true } });
    expect(registers.inForce('suppliers')?.version).toBe(5);
    expect(audit.entries().at(-1)).toMatchObject({ type: 'statement', body: { kind: 'suppliers', version: 5 } });
    expect(setUp(store, clock).registers.inForce('suppliers')?.version).toBe(5);
  });

  test('whose very bytes are known is no news and leaves no record', async () => {
    const { take, audit } = setUp();
    await take();
    const { count } = audit.head();
    expect(await take()).toEqual({ ok: true, value: { kind: 'suppliers', news: false } });
    expect(audit.head().count).toBe(count);
  });

  test.each([
    ['of an older version', { version: 4 }],
    ['of the same version with other content', { gas: [{ party: p.GAS.signer.party, from: 0, to: undefined }] }],
    ['that has expired', { version: 6, validFrom: p.NOW - 2 * DAY, validTo: p.NOW }],
    ['of the other environment', { version: 6, environment: 'production' as const }],
    ['about another gateway', { version: 6, gateway: p.OTHER_GATEWAY }],
  ])('%s is refused, on record, and the one in force stays', async (_, change) => {
    const { take, registers, audit } = setUp();
    await take();
    expect((await take(change)).ok).toBe(false);
    expect(registers.inForce('suppliers')).toMatchObject({ version: 5, gas: [] });
    expect(audit.entries().at(-1)?.type).toBe('statement-refused');
  });

  test('signed by a supplier for itself is refused [R-LEAD-01]', async () => {
    const { take, registers } = setUp();
    expect((await take({ version: 6 }, p.LEAD)).ok).toBe(false);
    expect(registers.inForce('suppliers')).toBeUndefined();
  });

  test('is in force to the second before its end, and not at it, in this run and the next', async () => {
    const { take, registers, clock, store } = setUp();
    await take();
    await clock.advance((DAY - 1) * 1000);
    expect(registers.inForce('suppliers')?.version).toBe(5);
    await clock.advance(1000);
    expect(registers.inForce('suppliers')).toBeUndefined();
    expect(setUp(store, clock).registers.inForce('suppliers')).toBeUndefined();
  });

  test('of a device log names the devices that are in it no longer', async () => {
    const { registers, records, taken } = setUp();
    const log = (version: number, ...listed: readonly Eui64[]): Uint8Array => {
      const devices = listed.map((eui) => ({ ...MODEL, eui }));
      const times = { issued: p.NOW, validFrom: p.NOW - DAY, validTo: p.NOW + DAY };
      const given = { kind: 'device-log' as const, version, environment: 'lab' as const, gateway: p.GATEWAY, ...times, devices };
      return signStatement(given, p.REGISTRATION.key);
    };
    await registers.take(log(1, p.PPMID, p.OTHER_GATEWAY), records);
    expect(taken).toEqual([]);
    await registers.take(log(2, p.PPMID), records);
    expect(taken).toEqual([p.OTHER_GATEWAY]);
  });

  test('that was altered in the store is none', async () => {
    const { take, store, clock } = setUp();
    await take();
    const [key, value] = store.range('registers', '', '~')[0]!;
    value[value.length - 1]! ^= 1;
    await store.commit([{ table: 'registers', key, value }]);
    expect(setUp(store, clock).registers.inForce('suppliers')).toBeUndefined();
  });

  test('of noise is refused as a value', async () => {
    const { registers, records } = setUp();
    for (const bytes of [new Uint8Array(0), new Uint8Array(50).fill(7)]) expect((await registers.take(bytes, records)).ok).toBe(false);
  });
});
