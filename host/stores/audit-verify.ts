/**
 * Verification of the audit chain: from the head backwards, so that the record that was touched is named and not its
 * neighbour. A record is right when its SHA-256 is the one its follower (or the head) holds.
 */
import { Fault, type Refusal } from '../model/fault.ts';
import type { Store } from '../ports/store.ts';
import {
  decodeHead,
  decodeRecord,
  GENESIS,
  HEAD_KEY,
  indexOf,
  recordHash,
  recordKey,
  type AuditHead,
  type StoredHead,
} from './audit-record.ts';

/**
 * Where and how the log is damaged. `changed`: the record is not the one that was written. `missing`: nothing stands
 * there. `reordered`: another record of the log stands there. `cut`: an end of the log is gone. `head`: the head record
 * is damaged, or records stand beyond it.
 */
export interface AuditDamage extends Refusal {
  readonly code: 'changed' | 'missing' | 'reordered' | 'cut' | 'head';
  /** Index of the record concerned; of the first one concerned where several are. */
  readonly index: number;
}

/** Outcome of a verification. */
export type AuditVerdict = { readonly ok: true; readonly head: AuditHead } | AuditDamage;

/**
 * Walks the whole chain of a store. `anchors` are heads known from elsewhere, such as signed reports: with them a log whose
 * end was cut or replaced together with its head is found too, and so is a chain that was written anew.
 */
export function verifyChain(store: Store, anchors: readonly AuditHead[] = []): AuditVerdict {
  const last = store.last('audit', recordKey(Number.MAX_SAFE_INTEGER));
  const found = last === undefined ? 0 : indexOf(last[0]) + 1;
  const head = readHead(store);
  if (head === undefined) return damage(found, 'head', 'the head record is damaged or missing');
  if (found > head.count) return damage(head.count, 'head', `records stand beyond the ${head.count} that the head counts`);
  const known = Math.max(0, ...anchors.map(({ count }) => count));
  if (known > head.count) return damage(head.count, 'cut', `the log ends after ${head.count} records, ${known} were known`);
  const hashes = new Map(anchors.map(({ count, hash }) => [count - 1, hash]));
  let expected = head.hash;
  let latest = 0;
  for (let index = head.count - 1; index >= 0; index--) {
    if ((hashes.get(index) ?? expected) !== expected) return damage(index, 'changed', 'another record was known at this place');
    const bytes = store.get('audit', recordKey(index));
    if (bytes === undefined) return damage(index, 'missing', `record ${index} is missing`);
    if (recordHash(bytes) !== expected) return misplaced(index, bytes);
    const { previous, time } = decodeRecord(bytes);
    expected = previous;
    latest = Math.max(latest, time);
  }
  if (expected !== GENESIS) return damage(0, 'cut', 'the first record is not the first of a chain');
  if ((head.latest ?? latest) !== latest) return damage(head.count, 'head', 'the head names another latest time than the records');
  return { ok: true, head: { count: head.count, hash: head.hash } };
}

/** The head; that of an empty log when the store has none and no record either; undefined when damaged. */
function readHead(store: Store): StoredHead | undefined {
  const bytes = store.get('audit', HEAD_KEY);
  const empty = store.last('audit', recordKey(Number.MAX_SAFE_INTEGER)) === undefined;
  if (bytes === undefined) return empty ? { count: 0, hash: GENESIS } : undefined;
  return unlessDamaged(() => decodeHead(bytes));
}

/** Names what stands at `index` instead of the record that was written there. */
function misplaced(index: number, bytes: Uint8Array): AuditDamage {
  const entry = unlessDamaged(() => decodeRecord(bytes));
  return entry === undefined || entry.index === index
    ? damage(index, 'changed', `record ${index} was changed`)
    : damage(index, 'reordered', `record ${entry.index} stands at the place of record ${index}`);
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Fault && error.code === 'store') return undefined;
    throw error;
  }
}

const damage = (index: number, code: AuditDamage['code'], detail: string): AuditDamage => ({ ok: false, index, code, detail });
