/** A log as a file: what it holds, and that no byte of it can be another without being found and located. */
import { beforeAll, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { openHead, signHead } from '../../../host/messages/audit-head.ts';
import type { Digest } from '../../../host/model/ids.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { exportAudit, verifyExport, type ExportDamage } from '../../../host/stores/audit-export.ts';
import type { AuditHead } from '../../../host/stores/audit-record.ts';
import { ManualClock } from '../../kit/clock.ts';
import { HUB, LEAD } from '../messages/parties.ts';

const RECORDS = 4;
const sign = (head: AuditHead): Uint8Array => signHead({ party: HUB.signer.party, environment: 'lab', ...head }, HUB.key);
const verify = (file: Uint8Array, anchors: readonly AuditHead[] = []) => verifyExport(file, (head) => openHead(head, HUB.signer), anchors);
const damage = (file: Uint8Array, anchors?: readonly AuditHead[]): ExportDamage => {
  const found = verify(file, anchors);
  if (found.ok) throw new Error('the file was found whole');
  return found;
};

let file: Uint8Array;
let heads: readonly AuditHead[];
let lines: readonly string[];
beforeAll(async () => {
  const store = new MemoryStore();
  const audit = new Audit(store, new ManualClock());
  const known: AuditHead[] = [];
  for (let n = 0; n < RECORDS; n++) {
    await audit.append('decision', { number: n, detail: n === 2 ? 'vérifié, 20 °C' : 'plain' });
    known.push(audit.head());
  }
  heads = known;
  file = exportAudit(store, audit.head(), sign);
  lines = new TextDecoder().decode(file).split('\n');
});

/** Line that a byte stands in, a line end in the line that it ends. */
const lineOf = (offset: number): number => file.subarray(0, offset).filter((byte) => byte === 0x0a).length + 1;

describe('an exported log', () => {
  test('is a line that says what it is, a line a record as it is stored, and a signed head', () => {
    expect(lines).toHaveLength(RECORDS + 3);
    expect(JSON.parse(lines[0]!)).toEqual({ form: 'hearthgate-audit-1', records: RECORDS });
    expect(JSON.parse(lines[3]!)).toMatchObject({ index: 2, type: 'decision', body: { number: 2 } });
    expect(lines.at(-1)).toBe('');
  });
  test('is whole by the public key alone [R-AUD-01]', () => {
    const found = verify(file);
    expect(found).toMatchObject({ ok: true, value: { head: heads.at(-1) } });
    expect(found.ok && found.value.records).toHaveLength(RECORDS);
    expect(verify(file, heads)).toMatchObject({ ok: true });
  });
  test('of an empty log is whole too', () => {
    const empty = exportAudit(new MemoryStore(), { count: 0, hash: '0'.repeat(64) as Digest }, sign);
    expect(verify(empty)).toMatchObject({ ok: true, value: { head: { count: 0 } } });
  });
});

describe('a line more than was written', () => {
  test('is none of the first or the last line: both are held byte for byte', () => {
    const changed = (line: number, to: string): Uint8Array => new TextEncoder().encode(lines.with(line, to).join('\n'));
    const [first, last] = [lines[0]!, lines.at(-2)!];
    expect(damage(changed(0, first.replace('{', '{"approved":"x",')))).toMatchObject({ line: 1, code: 'changed' });
    expect(damage(changed(0, first.replace(':', ': ')))).toMatchObject({ line: 1, code: 'changed' });
    expect(damage(changed(lines.length - 2, last.replace('{', '{"approved":"x",')))).toMatchObject({ line: RECORDS + 2, code: 'head' });
    expect(verify(changed(0, first))).toMatchObject({ ok: true });
  });
});

describe('one changed byte', () => {
  test('is found wherever it stands and whichever it becomes, and its line and place are named [R-AUD-01]', () => {
    const wrong: string[] = [];
    for (let offset = 0; offset < file.length; offset++) {
      for (const flip of [0x01, 0x20, 0x80, file[offset]! ^ 0x0a]) {
        if (flip === 0) continue;
        const changed = Uint8Array.from(file);
        changed[offset]! ^= flip;
        const { line, byte } = damage(changed);
        // A line end that is made or lost cuts a line in two or joins two: then the line may be its neighbour.
        const inLine = lineOf(offset);
        const shifted = file[offset] === 0x0a || changed[offset] === 0x0a;
        const start = lines.slice(0, inLine - 1).reduce((sum, each) => sum + Buffer.byteLength(each) + 1, 0);
        if (shifted ? Math.abs(line - inLine) > 1 : line !== inLine || byte !== start)
          wrong.push(`byte ${offset} ^ ${flip}: line ${line} for ${inLine}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(file.length).toBeGreaterThan(1_000);
  });
});

describe('a file', () => {
  const joined = (of: readonly string[]): Uint8Array => new TextEncoder().encode(`${of.join('\n')}\n`);
  const whole = (): string[] => lines.slice(0, -1);

  test('that lacks a record, or holds one too many, is found at that place', () => {
    expect(damage(joined(whole().toSpliced(2, 1)))).toMatchObject({ code: 'changed', line: 2 });
    expect(damage(joined(whole().toSpliced(2, 0, lines[2]!)))).toMatchObject({ code: 'changed', line: 3 });
    expect(damage(joined(whole().toSpliced(1, 1)))).toMatchObject({ code: 'changed', line: 1 });
    expect(damage(joined(whole().toSpliced(1, 0, lines[1]!)))).toMatchObject({ code: 'changed', line: 1 });
  });
  test('with two records changed about has the later place named', () => {
    const swapped = whole();
    [swapped[1], swapped[2]] = [swapped[2]!, swapped[1]!];
    expect(damage(joined(swapped))).toMatchObject({ code: 'changed', line: 3 });
  });
  test('that was cut off before its end is refused', () => {
    expect(damage(file.subarray(0, file.length - 1))).toMatchObject({ code: 'cut' });
    expect(damage(new Uint8Array(0))).toMatchObject({ line: 1, byte: 0 });
    expect(damage(joined(whole().slice(0, -1)))).toMatchObject({ code: 'head' });
  });
  test("with another's signature under its head is refused", async () => {
    const found = verifyExport(file, (head) => openHead(head, LEAD.signer));
    expect(found).toMatchObject({ ok: false, code: 'unknown-signer', line: RECORDS + 2 });
  });
  test('of a log that was cut, or written anew, before it was exported is found by a head known from elsewhere [R-AUD-01]', async () => {
    const store = new MemoryStore();
    const audit = new Audit(store, new ManualClock());
    for (let n = 0; n < RECORDS; n++) await audit.append('decision', { number: n + 10 });
    const rewritten = exportAudit(store, audit.head(), sign);
    expect(verify(rewritten)).toMatchObject({ ok: true });
    expect(damage(rewritten, [heads[1]!])).toMatchObject({ code: 'changed', line: 3 });
    expect(damage(file, [{ count: RECORDS + 1, hash: heads[0]!.hash }])).toMatchObject({ code: 'cut' });
  });
});
