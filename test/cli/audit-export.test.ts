/** `audit export`, `audit verify --file`, `audit heads`, and `audit show` by party and device, on stores of their own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { register as audit } from '../../host/cli/audit.ts';
import { register as auditExport } from '../../host/cli/audit-export.ts';
import { register as keysNew } from '../../host/cli/keys-new.ts';
import type { Eui64 } from '../../host/model/ids.ts';
import { Heads } from '../../host/stores/heads.ts';
import { Audit } from '../../host/stores/audit.ts';
import { recordKey, type AuditHead } from '../../host/stores/audit-record.ts';
import { ManualClock } from '../kit/clock.ts';
import { call } from './terminal.ts';

const [LEAD, GAS, PPMID, HUB] = ['0200000000000101', '0200000000000102', '02000000000000b1', '02000000000000a1'] as const;
const pairs = (id: string): string => id.toUpperCase().replace(/(..)(?=.)/g, '$1-');
let folder: string;
let heads: readonly AuditHead[];
const at = (name: string): string => join(folder, name);
const run = (...argv: string[]) => call([audit, auditExport, keysNew], argv);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-export-'));
  const who = ['--role', 'gateway', '--party', pairs(HUB), '--name', 'Gateway 1', '--environment', 'lab'];
  for (const name of ['gateway.key', 'other.key']) expect(await run('keys', 'new', ...who, '--out', at(name))).toMatchObject({ code: 0 });
  const store = new LmdbStore(at('data'));
  const log = new Audit(store, new ManualClock());
  const facts = (party: string) => ({ user: { party }, request: { target: PPMID } });
  const known: AuditHead[] = [];
  const append = async (type: string, body: Readonly<Record<string, unknown>>) => {
    const id = await log.append(type, body);
    known.push(log.head());
    return id;
  };
  const job = await append('decision', { verdict: 'allow', facts: facts(LEAD) });
  await append('decision', { verdict: 'refuse', facts: facts(GAS) });
  await append('stage', { job, stage: 'fetching' });
  await append('device-joined', { device: PPMID });
  await append('device-joined', { device: '02000000000000b2' });
  heads = known;
  const s1sp = new Heads(store);
  for (const [i, head] of known.entries()) await store.commit(s1sp.take({ gateway: HUB as Eui64, sequence: i + 1, head }).writes);
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('audit show', () => {
  const shown = async (...argv: string[]): Promise<readonly number[]> => {
    const { json } = await run('audit', 'show', '--data', at('data'), '--json', ...argv);
    return (json as { entries: readonly { index: number }[] }).entries.map(({ index }) => index);
  };
  test('finds what a User asked for, with what came of it [R-MON-01]', async () => {
    expect(await shown('--party', pairs(LEAD))).toEqual([0, 2]);
    expect(await shown('--party', pairs(GAS))).toEqual([1]);
  });
  test('finds what is about a device, asked for or happened [R-MON-01]', async () => {
    expect(await shown('--device', pairs(PPMID))).toEqual([0, 1, 2, 3]);
    expect(await shown('--device', pairs(PPMID), '--party', pairs(GAS))).toEqual([1]);
  });
  test('finds refusals alone', async () => expect(await shown('--verdict', 'refuse')).toEqual([1]));
});

describe('audit heads', () => {
  test('shows heads as audit verify takes them', async () => {
    const { code, out } = await run('audit', 'heads', '--data', at('data'));
    expect(code).toBe(0);
    expect(out).toBe(heads.map(({ count, hash }) => `${count}:${hash}`).join('\n'));
    writeFileSync(at('heads.txt'), `${out}\n`);
    expect(await run('audit', 'verify', '--data', at('data'), '--anchors', at('heads.txt'))).toMatchObject({ code: 0 });
    writeFileSync(at('more.txt'), `${out}\n9:${'0'.repeat(64)}\n`);
    expect((await run('audit', 'verify', '--data', at('data'), '--anchors', at('more.txt'), '--json')).json).toMatchObject({ code: 'cut' });
    writeFileSync(at('bad.txt'), `${out}\nnine\n`);
    expect(await run('audit', 'verify', '--data', at('data'), '--anchors', at('bad.txt'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('bad.txt:6: nine is not COUNT:HASH') as string,
    });
  });
  test('that are none, or contradict each other, are no anchors: holding a log to nothing would look like holding it to something', async () => {
    const held = async (content: string): Promise<readonly [number, string]> => {
      writeFileSync(at('some.txt'), content);
      const { code, out, err } = await run('audit', 'verify', '--data', at('data'), '--anchors', at('some.txt'));
      return [code, out + err];
    };
    const [first, second] = heads.map(({ count, hash }) => `${count}:${hash}`);
    expect(await held(`${first}\n\n${second}\n${first}\n`)).toEqual([0, expect.stringContaining('held to 2 known heads')]);
    expect(await held('\n')).toEqual([2, expect.stringContaining('holds no head')]);
    expect(await held(`0:${'0'.repeat(64)}\n`)).toEqual([2, expect.stringContaining('some.txt:1: 0:')]);
    expect(await held(`1:${'a'.repeat(64)}\n${first}\n`)).toEqual([2, expect.stringContaining('some.txt:2: 1 records had another head')]);
  });
  test('says of which gateway when several are known, or none', async () => {
    const { code, err } = await run('audit', 'heads', '--data', at('data'), '--gateway', pairs(PPMID));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect((await run('audit', 'heads', '--data', at('data'), '--gateway', pairs(HUB))).out.split('\n')).toHaveLength(5);
  });
});

describe('audit export', () => {
  const verify = (file: string, key: string, ...argv: string[]) => run('audit', 'verify', '--file', file, '--key', key, ...argv);
  test('writes a file that nothing but it and a public key verifies; a changed byte is located [R-AUD-01]', async () => {
    const file = at('audit.jsonl');
    const exported = await run('audit', 'export', '--data', at('data'), '--key', at('gateway.key'), '--out', file);
    expect(exported).toMatchObject({ code: 0, out: expect.stringContaining('5 records, head 5:') as string });
    expect(await verify(file, at('gateway.key.pub'))).toMatchObject({
      code: 0,
      out: `whole: 5 records of ${HUB}, head 5:${heads.at(-1)?.hash}`,
    });
    const bytes = readFileSync(file);
    const third = bytes.indexOf('"index":2');
    bytes[third + 3]! ^= 0x80;
    writeFileSync(at('changed.jsonl'), bytes);
    const { code, out } = await verify(at('changed.jsonl'), at('gateway.key.pub'));
    expect([code, out]).toEqual([1, expect.stringMatching(/^damaged at line 4, byte \d+ \(changed\): /)]);
    const { json } = await verify(at('changed.jsonl'), at('gateway.key.pub'), '--json');
    expect(json).toMatchObject({ ok: false, line: 4, byte: bytes.lastIndexOf(0x0a, third) + 1 });
  });
  test("is another's to another key", async () => {
    const { code, out } = await verify(at('audit.jsonl'), at('other.key.pub'));
    expect([code, out]).toEqual([1, expect.stringContaining('unknown-signer')]);
  });
  test('asks for the key, and for one that can sign', async () => {
    expect(await run('audit', 'verify', '--file', at('audit.jsonl'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('--key') as string,
    });
    expect(await run('audit', 'export', '--data', at('data'), '--key', at('gateway.key.pub'), '--out', at('x'))).toMatchObject({ code: 2 });
  });
  test('writes nothing of a log that is damaged', async () => {
    const store = new LmdbStore(at('data'));
    const [key, value] = [recordKey(1), store.get('audit', recordKey(1))];
    await store.commit([{ table: 'audit', key, value: store.get('audit', recordKey(0)) }]);
    await store.close();
    const exported = await run('audit', 'export', '--data', at('data'), '--key', at('gateway.key'), '--out', at('never.jsonl'));
    expect([exported.code, exported.out]).toEqual([1, expect.stringContaining('damaged at record 1')]);
    expect(() => readFileSync(at('never.jsonl'))).toThrow('ENOENT');
    expect(await run('audit', 'replay', '--data', at('data'))).toMatchObject({ code: 1 });
    const again = new LmdbStore(at('data'));
    await again.commit([{ table: 'audit', key, value }]);
    await again.close();
  });
});
