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
const LINE_END = Uint8Array.of(0x0a);

/** Where a file is damaged. Lines count from 1; the byte is the first of that line. */
export interface ExportDamage extends Refusal {
  readonly line: number;
  readonly byte: number;
}

/** What a sound file holds. */
export interface VerifiedExport {
  readonly head: AuditHead;
  /** The records' bytes, in order. */
  readonly records: readonly Uint8Array[];
}

/** The file of a log. `sign` signs its head. Throws Fault `store` when a record is missing: verify the log first. */
export function exportAudit(store: Store, head: AuditHead, sign: (head: AuditHead) => Uint8Array): Uint8Array {
  const lines = [headerOf(head.count)];
  for (let index = 0; index < head.count; index++) {
    const bytes = store.get('audit', recordKey(index));
    if (bytes === undefined) throw new Fault('store', `audit record ${index} is missing`);
    lines.push(bytes);
  }
  lines.push(footerOf(hex(sign(head))));
  return Buffer.concat(lines.flatMap((line) => [line, LINE_END]));
}

/**
 * Verifies a file, byte for byte. `open` opens the signed head with the public key of whose log it is; `anchors` are heads known from elsewhere. The
 * damage named is the last one, seen from the head.
 */
export function verifyExport(
  file: Uint8Array,
  open: (signed: Uint8Array) => Result<AuditHead>,
  anchors: readonly AuditHead[] = [],
): Result<VerifiedExport, ExportDamage> {
  const lines = linesOf(file);
  const at = (line: number, code: string, detail: string): ExportDamage => ({ ...refuse(code, detail), line, byte: startOf(lines, line) });
  if (lines.pop()?.length !== 0) return at(lines.length + 1, 'cut', 'the file does not end with a line');
  const [first, signed, records] = [lines[0], lines.length > 1 ? lines.at(-1) : undefined, lines.slice(1, -1)];
  const last = objectOf(signed)?.['signed'];
  const head =
    signed !== undefined && typeof last === 'string' && /^([0-9a-f]{2})+$/.test(last) && same(signed, footerOf(last))
      ? open(unhex(last))
      : refuse('head', 'the last line is no signed head, or holds more than one');
  if (!head.ok) return at(Math.max(1, lines.length), head.code, head.detail);
  const { count, hash } = head.value;
  const known = Math.max(0, ...anchors.map((anchor) => anchor.count));
  if (known > count) return at(lines.length, 'cut', `the log ends after ${count} records, ${known} were known`);
  const wanted = new Map(anchors.map((anchor) => [anchor.count - 1, anchor.hash]));
  let expected: string = hash;
  for (let place = records.length - 1; place >= 0 && expected !== GENESIS; place--) {
    const [record, index] = [records[place] ?? new Uint8Array(), count - records.length + place];
    if ((wanted.get(index) ?? expected) !== expected) return at(place + 2, 'changed', 'another record was known at this place');
    if (recordHash(record) !== expected) return at(place + 2, 'changed', `this is not the record ${index} that was written`);
    expected = String(objectOf(record)?.['previous']);
  }
  if (expected !== GENESIS || records.length !== count || first === undefined || !same(first, headerOf(count)))
    return at(1, 'changed', `the first line is not that of ${count} records, or not all of them stand behind it`);
  return { ok: true, value: { head: { count, hash: hash as Digest }, records } };
}

/** The first line of a file of so many records. */
const headerOf = (records: number): Uint8Array => encode({ form: FORM, records });

/** The last line, with the signed head in hex. */
const footerOf = (signed: string): Uint8Array => encode({ signed });

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Bytes between line ends; what is behind the last one comes last. */
function linesOf(file: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; from <= file.length;) {
    const end = file.indexOf(0x0a, from);
    const to = end === -1 ? file.length : end;
    lines.push(file.subarray(from, to));
    from = to + 1;
  }
  return lines;
}

const startOf = (lines: readonly Uint8Array[], line: number): number =>
  lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);

function objectOf(line: Uint8Array | undefined): Readonly<Record<string, unknown>> | undefined {
  if (line === undefined) return undefined;
  try {
    return decodeObject(line);
  } catch (error) {
    if (error instanceof Fault && error.code === 'store') return undefined;
    throw error;
  }
}
