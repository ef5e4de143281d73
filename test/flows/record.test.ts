/**
 * The record of the whole demonstration, as the gateway and the S1SP side leave it on disk: it replays to the same answers, every flipped byte is located, and
 * whoever rewrites the gateway's store is found out by the heads that the S1SP side took from signed reports.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { MemoryStore } from '../../host/adapters/store-memory.ts';
import { register as audit } from '../../host/cli/audit.ts';
import { register as auditExport } from '../../host/cli/audit-export.ts';
import { register as explain } from '../../host/cli/explain.ts';
import { runDemo } from '../../host/compose/demo.ts';
import { EUI } from '../../host/compose/home.ts';
import { isDecision, replay } from '../../host/compose/replay.ts';
import { Heads } from '../../host/stores/heads.ts';
import { ok } from '../../host/model/fault.ts';
import { Audit } from '../../host/stores/audit.ts';
import { exportAudit, verifyExport } from '../../host/stores/audit-export.ts';
import { encodeHead, HEAD_KEY, recordKey, type AuditEntry, type AuditHead } from '../../host/stores/audit-record.ts';
import { Registers } from '../../host/stores/registers.ts';
import { call } from '../cli/terminal.ts';
import * as p from '../host/messages/parties.ts';
import { IMAGE, setUp, UPDATE, USER } from '../host/s1sp/side.ts';
import { ManualClock } from '../kit/clock.ts';

let folder: string;
let records: readonly (readonly [string, Uint8Array])[];
let entries: readonly AuditEntry[];
let head: AuditHead;
/** What the S1SP side knows of the gateway's log. */
let known: readonly AuditHead[];

const data = (of: 'gateway' | 's1sp'): string => join(folder, of);
const hearthgate = (...argv: string[]) => call([audit, auditExport, explain], argv);
const PARTS = ['gateway', 's1sp'] as const;
const LINE_END = 0x0a;

async function reading<T>(of: 'gateway' | 's1sp', use: (store: LmdbStore) => T | Promise<T>): Promise<T> {
  const store = new LmdbStore(data(of));
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-record-'));
  const plan = { realtime: false, seed: 3, loss: 0, tellKeys: false, stop: new AbortController().signal, tell: () => undefined };
  expect(await runDemo({ ...plan, data: folder })).toBe(true);
  await reading('gateway', (store) => {
    const log = new Audit(store, new ManualClock());
    records = store.range('audit', '', '\uffff').map(([key, bytes]) => [key, Uint8Array.from(bytes)] as const);
    [entries, head] = [log.entries(), log.head()];
  });
  known = await reading('s1sp', (store) => new Heads(store).all(EUI.gateway));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The gateway's log in a store of its own, to be tampered with. */
async function copied(): Promise<{ readonly store: MemoryStore; readonly log: Audit }> {
  const store = new MemoryStore();
  await store.commit(records.map(([key, value]) => ({ table: 'audit', key, value })));
  return { store, log: new Audit(store, new ManualClock()) };
}

describe.each(PARTS)('the log of the %s after the demonstration', (part) => {
  test('is whole, and every decision in it replays to the same answer on the same facts [R-AUD-01]', async () => {
    expect(await hearthgate('audit', 'verify', '--data', data(part))).toMatchObject({ code: 0 });
    const { code, json } = await hearthgate('audit', 'replay', '--data', data(part), '--json');
    expect(code).toBe(0);
    const { decisions, same, needBytes, odd } = json as Json;
    expect(odd).toEqual([]);
    // Five of the gateway's sixteen are refused by a check of the message, before any rule is asked: on what it claimed.
    expect([decisions, same, needBytes]).toEqual(part === 'gateway' ? [16, 16, {}] : [1, 1, {}]);
  });
});

describe('each decision of the gateway', () => {
  test('is explained: rules, facts, texts and registers, and how binding each requirement is [R-DOC-11, R-AUD-01]', async () => {
    const decisions = entries.filter(isDecision);
    for (const { id, body } of decisions) {
      const { code, out } = await hearthgate('explain', id, '--data', data('gateway'));
      expect(code).toBe(0);
      const standings = [...out.matchAll(/ {2}R-[A-Z]+-\d\d {2}.*; ([^;]+)\)$/gm)].map(([, standing]) => standing);
      expect(standings.length).toBeGreaterThanOrEqual(1);
      expect(out).toContain('The legal drafting prevails');
      if (body['question'] === 'message')
        for (const part of [
          'before any rule was asked',
          'claimed, and not verified:',
          'DUIS 3.1 as of 2020-11-24',
          'signers version 1, SHA-256 ',
        ])
          expect(out).toContain(part);
      else
        for (const part of ['passes  lead-supplier', 'DUIS 3.1 as of 2020-11-24', 'suppliers version 1, SHA-256 ']) {
          if (part.startsWith('passes') && body['verdict'] !== 'allow') continue;
          expect(out).toContain(part);
        }
    }
  });
  test('has its facts and its answer in one record, written before what came of it [R-AUD-01, R-LEAD-06]', () => {
    const first = entries.findIndex(({ type }) => type === 'decision');
    expect(entries[first]?.body).toMatchObject({ verdict: 'allow', response: 'I0', question: 'upgrade' });
    expect(entries[first]?.body).toHaveProperty('facts.suppliers.lead');
    expect(entries[first]?.body).toHaveProperty('registers');
    expect(entries[first + 1]).toMatchObject({ type: 'stage', body: { stage: 'fetching' } });
  });
});

describe('what the S1SP side refuses', () => {
  test('is in full on its record: asked again, explained and found, whatever refused it [R-AUD-01, R-ANOM-01, R-ANOM-04]', async () => {
    const at = join(folder, 'refusals');
    const limit = { setBy: 'dcc', of: 'request', what: '11.1', limit: 2, seconds: 60, breach: 'delete', from: 0 } as const;
    const { s1sp } = await setUp(undefined, new LmdbStore(at), [{ ...p.BASE, kind: 'thresholds', thresholds: [limit] }]);
    const order = (counter: bigint) => p.signed({ ...UPDATE, counter });
    await s1sp.submit(order(1n), IMAGE);
    await s1sp.submit(order(2n), IMAGE.subarray(1));
    await s1sp.submit(order(3n), IMAGE);
    for (let n = 0; n < 4; n++) await s1sp.submit(order(1n), IMAGE, USER);
    await s1sp.submit(p.signed(UPDATE, [], p.impostor(p.LEAD)), IMAGE, USER);
    await s1sp.stop();

    const { code, json } = await hearthgate('audit', 'replay', '--data', at, '--json');
    const needBytes = { 'image-not-ordered': 1, 'user-signature-invalid': 1 };
    expect([code, json]).toMatchObject([0, { decisions: 9, same: 7, needBytes, odd: [] }]);
    const shown = await hearthgate('audit', 'show', '--data', at, '--party', USER, '--verdict', 'refuse', '--json');
    const refused = (shown.json as { entries: readonly AuditEntry[] }).entries;
    const kinds = ['image-not-ordered', 'over-threshold-delete', ...Array<string>(4).fill('replayed'), 'user-signature-invalid', 'blocked'];
    expect(refused.map(({ body }) => body['code'])).toEqual(kinds);
    const facts: Record<string, string> = {
      'image-not-ordered': UPDATE.image.digest,
      'over-threshold-delete': 'threshold set by the dcc: 2 within 60 s, then delete',
      replayed: 'claimed, and not verified:',
      'user-signature-invalid': 'not genuine',
      blocked: 'failed at ',
    };
    for (const { id, body } of refused) {
      const { out } = await hearthgate('explain', id, '--data', at);
      for (const part of [
        `refused: ${String(body['code'])}: `,
        facts[String(body['code'])]!,
        'DUIS 3.1 as of ',
        'documents version 1, SHA-256 ',
      ])
        expect(out).toContain(part);
      expect(out).toContain('The legal drafting prevails');
    }
  });
});

describe('a record that was tampered with', () => {
  test('is located, whichever byte of the log is flipped [R-AUD-01]', async () => {
    const { store, log } = await copied();
    for (const [index, [key, bytes]] of records.filter(([key]) => key !== HEAD_KEY).entries()) {
      // Every byte of a record counts as every other does; a few of each, and each bit, are flipped here, and all of a file in its own test.
      for (let n = 0; n < 8; n++) {
        const changed = Uint8Array.from(bytes);
        changed[Math.floor((n * (bytes.length - 1)) / 7)]! ^= 1 << n;
        await store.commit([{ table: 'audit', key, value: changed }]);
        expect(log.verify()).toMatchObject({ ok: false, index });
      }
      await store.commit([{ table: 'audit', key, value: bytes }]);
    }
    expect(log.verify()).toMatchObject({ ok: true });
  });

  test('is located in its export by line and byte, wherever the file is changed [R-AUD-01]', async () => {
    const { store } = await copied();
    const file = exportAudit(store, head, encodeHead);
    const open = () => ok(head);
    expect(verifyExport(file, open)).toMatchObject({ ok: true, value: { head } });
    const starts = [0, ...[...file.keys()].filter((at) => file[at] === LINE_END).map((at) => at + 1)];
    const end = starts.at(-2) ?? 0; // the last line is the signed head: its signature is for whoever opens it
    for (let at = 0; at < end; at += 491) {
      const changed = Uint8Array.from(file);
      changed[at]! ^= 1 << (at % 8);
      const line = starts.filter((start) => start <= at).length;
      const found = verifyExport(changed, open);
      expect(found).toMatchObject({ ok: false, line });
      expect(!found.ok && found.byte <= at).toBe(true);
    }
  });

  const isAllowed = ({ body }: AuditEntry): boolean => body['verdict'] === 'allow' && body['question'] === 'upgrade';
  test.each([
    ['its answer', 'other-answer', (body: Json) => ({ ...body, verdict: 'refuse', code: 'not-lead-supplier' })],
    ['the instant', 'other-answer', (body: Json) => ({ ...body, facts: { ...(body['facts'] as Json), now: 0 } })],
    [
      'the Lead Supplier of its facts',
      'other-facts',
      (body: Json) => {
        const facts = body['facts'] as { readonly suppliers: Json };
        return { ...body, facts: { ...facts, suppliers: { ...facts.suppliers, issued: 1 } } };
      },
    ],
    ['the registers that it names, one taken out', 'other-facts', (body: Json) => without(body, 'suppliers')],
    ['the registers that it names, all of them', 'other-facts', (body: Json) => ({ ...body, registers: undefined })],
    ['the requirements it names', 'other-answer', (body: Json) => ({ ...body, requirements: ['R-AUD-01'] })],
    ['a fact that no rule knows', 'unreadable', (body: Json) => ({ ...body, facts: { ...(body['facts'] as Json), stranger: true } })],
  ] as const)('and chained anew does not replay: %s', async (_, outcome, tamper) => {
    const entry = entries.find(isAllowed)!;
    const found = await reading('gateway', (store) => replay({ ...entry, body: tamper(entry.body) }, new Registers(store)));
    expect(found.outcome).toBe(outcome);
  });

  test.each([
    ['its instant', 'other-answer', (body: Json) => ({ ...body, facts: inTime(body['facts'] as MessageJson) })],
    ['its code', 'other-answer', (body: Json) => ({ ...body, code: 'replayed' })],
    ['the texts in force', 'other-facts', (body: Json) => ({ ...body, documents: [] })],
    ['the registers that it names', 'other-facts', (body: Json) => without(body, 'signers')],
    ['a fact that no check knows', 'unreadable', (body: Json) => ({ ...body, facts: { ...(body['facts'] as Json), stranger: true } })],
  ] as const)('nor does one of a message that a check refused: %s', async (_, outcome, tamper) => {
    const entry = entries.find(({ body }) => body['question'] === 'message' && body['code'] === 'expired')!;
    const found = await reading('gateway', (store) => replay({ ...entry, body: tamper(entry.body) }, new Registers(store)));
    expect(found.outcome).toBe(outcome);
  });

  test('nor does one whose statement can no longer be read', () => {
    const entry = entries.find(isAllowed)!;
    const noise = Uint8Array.of(1, 2, 3);
    const registers = { history: () => [{ version: 1, bytes: noise }] } as unknown as Registers;
    const references = [{ kind: 'users', version: 1, digest: createHash('sha256').update(noise).digest('hex') }];
    expect(replay({ ...entry, body: { ...entry.body, registers: references } }, registers)).toMatchObject({
      outcome: 'other-facts',
      detail: expect.stringContaining('users version 1 cannot be read') as string,
    });
  });
});
type Json = Readonly<Record<string, unknown>>;
type MessageJson = Json & { readonly unverified: { readonly request: { readonly expires: number } } };
const inTime = (facts: MessageJson): Json => ({ ...facts, now: facts.unverified.request.expires - 1 });
const without = (body: Json, gone: string): Json => ({
  ...body,
  registers: (body['registers'] as readonly { readonly kind: string }[]).filter(({ kind }) => kind !== gone),
});

describe('a gateway whose store is in the wrong hands', () => {
  test('has told the S1SP side the head of its log at each decision, signed [R-AUD-01]', () => {
    const decisions = entries.filter(isDecision);
    const told = new Map(known.map(({ count, hash }) => [count, hash]));
    for (const { index, hash } of decisions) expect(told.get(index + 1)).toBe(hash);
  });

  test('cannot cut the tail of its log: what remains is sound in itself, and shorter than what is known', async () => {
    const { store, log } = await copied();
    const kept = 30;
    const cut = records.filter(([key]) => key >= recordKey(kept)).map(([key]) => ({ table: 'audit' as const, key, value: undefined }));
    const last = entries[kept - 1]!;
    await store.commit([...cut, { table: 'audit', key: HEAD_KEY, value: encodeHead({ count: kept, hash: last.hash }) }]);
    expect(log.verify()).toEqual({ ok: true, head: { count: kept, hash: last.hash } });
    expect(log.verify(...known)).toMatchObject({ ok: false, code: 'cut' });
  });

  test('cannot write its log anew: the chain is sound in itself, and not the one that is known', async () => {
    const store = new MemoryStore();
    const log = new Audit(store, new ManualClock());
    for (const { type, body } of entries) {
      const allowed = { ...body, verdict: 'allow' };
      await log.append(type, body['code'] === 'gas-supplier' ? allowed : body);
    }
    expect(log.verify()).toMatchObject({ ok: true, head: { count: head.count } });
    const found = log.verify(...known);
    expect(found).toMatchObject({ ok: false });
  });
});

describe('registers that moved on', () => {
  const withFacts = (): readonly AuditEntry[] => entries.filter((entry) => isDecision(entry) && entry.body['facts'] !== undefined);
  /** The gateway's registers with newer ones of every kind that it had, and without those that `keep` refuses. */
  const later = (keep: (kind: string) => boolean): Promise<Registers> =>
    reading('gateway', async (from) => {
      const [store, before] = [new MemoryStore(), new Registers(from).all()];
      const newer = before.map((each) => ({ ...each, version: each.version + 1 }));
      for (const { kind, gateway, version, bytes } of [...before, ...newer].filter((each) => keep(each.kind))) {
        const write = new Registers(store).put(kind, version, Uint8Array.from(bytes), gateway);
        if (write.ok) await store.commit([write.value]);
      }
      return new Registers(store);
    });

  test('leave old decisions as they were: each replays with the statements of then [R-AUD-01, R-DOC-08]', async () => {
    const registers = await later(() => true);
    expect(registers.newest('suppliers', EUI.gateway)?.version).toBe(2);
    for (const entry of withFacts()) expect(replay(entry, registers)).toMatchObject({ outcome: 'same' });
  });
  test('and are no longer there leave the record enough to replay by, and are missed by name', async () => {
    const registers = await later((kind) => kind !== 'products');
    for (const entry of withFacts()) {
      expect(replay(entry, undefined)).toMatchObject({ outcome: 'same' });
      expect(replay(entry, registers)).toMatchObject({
        outcome: 'other-facts',
        detail: expect.stringMatching(/^products version 1 with SHA-256 [0-9a-f]{64} is not in the registers$/) as string,
      });
    }
  });
});
