/**
 * An audit log as a file: lines of text, each record exactly as it is stored, one a line; before them what the file is, after them the signed head.
 * It is verified offline, from the head backwards like the log itself: the line that was touched is named and not its neighbour.
 */
import { Fault, refuse, type Refusal, type Result } from '../model/fault.ts';
import { hex, unhex, type Digest } from '../model/ids.ts';
import type { Store } from '../ports/store.ts';
import { GENESIS, recordHash, recordKey, type AuditHead } from './audit-record.ts';
import { decodeObject, encode } from './canonical-json.ts';

/** What stands in the first line. */
const FORM = 'hearthgate-audit-1';

/** Where a file is damaged. Lines count from 1; the byte is the first of that line. */
export interface ExportDamage extends Refusal {
  readonly line: number;
  readonly byte: number;
}

/** What a sound file holds. */
export interface VerifiedExport {
  readonly head: AuditHead;
  /** The records' texts, in order. */
  readonly records: readonly string[];
}

/** The file of a log. `sign` signs its head. Throws Fault `store` when a record is missing: verify the log first. */
export function exportAudit(store: Store, head: AuditHead, sign: (head: AuditHead) => Uint8Array): string {
  const lines = [encode({ form: FORM, records: head.count })];
  for (let index = 0; index < head.count; index++) {
    const bytes = store.get('audit', recordKey(index));
    if (bytes === undefined) throw new Fault('store', `audit record ${index} is missing`);
    lines.push(bytes);
  }
  lines.push(encode({ signed: hex(sign(head)) }));
  return `${lines.map((line) => new TextDecoder().decode(line)).join('\n')}\n`;
}

/**
 * Verifies a file. `open` opens the signed head with the public key of whose log it is; `anchors` are heads known from elsewhere. The
 * damage named is the last one, seen from the head.
 */
export function verifyExport(
  file: string,
  open: (signed: Uint8Array) => Result<AuditHead>,
  anchors: readonly AuditHead[] = [],
): Result<VerifiedExport, ExportDamage> {
  const lines = file.split('\n');
  const at = (line: number, code: string, detail: string): ExportDamage => ({ ...refuse(code, detail), line, byte: startOf(lines, line) });
  if (lines.pop() !== '') return at(lines.length + 1, 'cut', 'the file does not end with a line');
  const [first, signed, records] = [lines[0], lines.length > 1 ? lines.at(-1) : undefined, lines.slice(1, -1)];
  const last = objectOf(signed)?.['signed'];
  const head =
    typeof last === 'string' && /^([0-9a-f]{2})+$/.test(last) ? open(unhex(last)) : refuse('head', 'the last line is no signed head');
  if (!head.ok) return at(Math.max(1, lines.length), head.code, head.detail);
  const { count, hash } = head.value;
  const known = Math.max(0, ...anchors.map((anchor) => anchor.count));
  if (known > count) return at(lines.length, 'cut', `the log ends after ${count} records, ${known} were known`);
  if (records.length !== count) return at(lines.length, 'cut', `${records.length} records stand before a head that counts ${count}`);
  const wanted = new Map(anchors.map((anchor) => [anchor.count - 1, anchor.hash]));
  let expected: string = hash;
  for (let index = count - 1; index >= 0; index--) {
    const text = records[index] ?? '';
    if ((wanted.get(index) ?? expected) !== expected) return at(index + 2, 'changed', 'another record was known at this place');
    if (recordHash(new TextEncoder().encode(text)) !== expected)
      return at(index + 2, 'changed', `record ${index} is not the one that was written`);
    expected = String(objectOf(text)?.['previous']);
  }
  if (expected !== GENESIS) return at(2, 'cut', 'the first record is not the first of a chain');
  const header = objectOf(first);
  if (header?.['form'] !== FORM || header['records'] !== count) return at(1, 'changed', `the first line is not that of ${count} records`);
  return { ok: true, value: { head: { count, hash: hash as Digest }, records } };
}

const startOf = (lines: readonly string[], line: number): number =>
  lines.slice(0, line - 1).reduce((sum, each) => sum + new TextEncoder().encode(each).length + 1, 0);

function objectOf(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeObject(new TextEncoder().encode(text));
  } catch (error) {
    if (error instanceof Fault && error.code === 'store') return undefined;
    throw error;
  }
}
