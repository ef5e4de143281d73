/** `audit show` and `audit verify` over a real store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { register } from '../../host/cli/audit.ts';
import { Audit } from '../../host/stores/audit.ts';
import type { AuditHead } from '../../host/stores/audit-record.ts';
import { recordKey } from '../../host/stores/audit-record.ts';
import { call } from './terminal.ts';

let folder: string;
let head: AuditHead;
const data = (): string => join(folder, 'data');
const audit = (...argv: string[]) => call([register], ['audit', ...argv]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-audit-'));
  const store = new LmdbStore(data());
  const log = new Audit(store, { now: () => 1_700_000_000_000, after: () => () => undefined, hold: () => () => undefined });
  await log.append('decision', { verdict: 'refuse', code: 'not-lead-supplier' });
  await log.append('stage', { stage: 'fetching' });
  await log.append('decision', { verdict: 'allow' });
  head = log.head();
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('audit show', () => {
  test('lists records with index, time, id, type and body', async () => {
    const { code, out } = await audit('show', '--data', data());
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^ {5}0 {2}2023-11-14T22:13:20\.000Z {2}[0-9a-f]{16} {2}decision {2}\{.*"not-lead-supplier".*\}$/);
  });
  test('picks a range and a type', async () => {
    const { json } = await audit('show', '--data', data(), '--from', '1', '--to', '3', '--type', 'decision', '--json');
    expect(json).toMatchObject({ head, entries: [{ index: 2, body: { verdict: 'allow' } }] });
  });
});

describe('audit verify', () => {
  test('finds a log whole, also against an anchor', async () => {
    expect(await audit('verify', '--data', data(), '--anchor', `${head.count}:${head.hash}`)).toMatchObject({ code: 0 });
    expect((await audit('verify', '--data', data(), '--json')).json).toEqual({ ok: true, head });
  });
  test('finds a log that is shorter than one known from elsewhere [R-AUD-01]', async () => {
    const { code, json } = await audit('verify', '--data', data(), '--anchor', `4:${'0'.repeat(64)}`, '--json');
    expect(code).toBe(1);
    expect(json).toMatchObject({ ok: false, code: 'cut', index: 3 });
  });
  test('names the record that was touched', async () => {
    const store = new LmdbStore(data());
    const original = store.get('audit', recordKey(1)) ?? new Uint8Array();
    await store.commit([{ table: 'audit', key: recordKey(1), value: store.get('audit', recordKey(0)) }]);
    await store.close();
    expect(await audit('verify', '--data', data())).toMatchObject({
      code: 1,
      out: expect.stringContaining('damaged at record 1 (reordered)') as string,
    });
    const again = new LmdbStore(data());
    await again.commit([{ table: 'audit', key: recordKey(1), value: original }]);
    await again.close();
    expect(await audit('verify', '--data', data())).toMatchObject({ code: 0 });
  });
});

describe('the audit verbs', () => {
  test.each([
    [['show'], 'say where the store is: --data or --config'],
    [['verify', '--data', 'nowhere'], 'nowhere: there is no store'],
    [['verify', '--data', 'x', '--anchor', '1'], '--anchor 1 is not COUNT:HASH'],
    [['show', '--data', 'x', '--from', '-1'], '--from -1 is not a whole number'],
  ])('refuse %j with code 2', async (argv, line) => {
    const { code, err } = await audit(...argv);
    expect(code).toBe(2);
    expect(err).toContain(line);
  });
});
