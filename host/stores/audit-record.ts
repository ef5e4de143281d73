/**
 * The form of an audit record and of the head of the chain (see audit.ts for what they are for).
 *
 * Record: canonical JSON of {body, index, previous, time, type} under the key `record/` + index in 16 decimal digits.
 * Head: canonical JSON of {check, count, hash, latest} under `head`; `check` is the SHA-256 of the canonical other three, so
 * that a damaged head and a damaged last record can be told apart. `latest` is the greatest time of any record: time that stood on record once is not
 * forgotten when the clock is set back. A log of version 0.2.0 or older has none until its next record.
 */
import { createHash } from 'node:crypto';
import { Fault } from '../model/fault.ts';
import { digest, type Digest, type JobId } from '../model/ids.ts';
import { decodeObject, encode } from './canonical-json.ts';

/** Count of records and hash of the last one. */
export interface AuditHead {
  readonly count: number;
  readonly hash: Digest;
}

/** The head as it is stored. */
export interface StoredHead extends AuditHead {
  /** Greatest `time` of all records. */
  readonly latest?: number;
}

/** What a record's hash covers. */
export interface AuditRecord {
  /** Position, from 0. */
  readonly index: number;
  /** SHA-256 of the record before, `GENESIS` for the first. */
  readonly previous: Digest;
  /** Whole milliseconds since 1970. */
  readonly time: number;
  /** Kebab-case kind of the event. */
  readonly type: string;
  /** What happened: has a canonical form (canonical-json.ts). */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A record as read back. */
export interface AuditEntry extends AuditRecord {
  /** SHA-256 of the record's bytes. */
  readonly hash: Digest;
  /** First 8 bytes of `hash`: identifies a decision and the job it starts. */
  readonly id: JobId;
}

/** The hash before the first record. */
export const GENESIS = '0'.repeat(64) as Digest;

/** Key of the head record. */
export const HEAD_KEY = 'head';

const PREFIX = 'record/';

/** Key of the record at `index`; keys order as the indices do. */
export const recordKey = (index: number): string => `${PREFIX}${String(index).padStart(16, '0')}`;

/** The index that a record key stands for; NaN for a key of another form. */
export const indexOf = (key: string): number => (key.startsWith(PREFIX) ? Number(key.slice(PREFIX.length)) : Number.NaN);

/** SHA-256 of a record's bytes. */
export const recordHash = (bytes: Uint8Array): Digest => digest(createHash('sha256').update(bytes).digest());

/** The identifier that goes with a record's hash. */
export const entryId = (hash: Digest): JobId => hash.slice(0, 16) as JobId;

/** Bytes of a record. Throws Fault `internal` when the body has no canonical form. */
export const encodeRecord = (record: AuditRecord): Uint8Array => encode(record);

/** A record from its bytes. Throws Fault `store` for bytes that are not a record. */
export function decodeRecord(bytes: Uint8Array): AuditEntry {
  const { body, index, previous, time, type } = decodeObject(bytes) as unknown as AuditRecord;
  const numbered = Number.isInteger(index) && Number.isInteger(time) && /^[0-9a-f]{64}$/.test(previous);
  if (!numbered || typeof type !== 'string' || typeof body !== 'object') throw new Fault('store', 'not an audit record');
  const hash = recordHash(bytes);
  return { index, id: entryId(hash), hash, previous, time, type, body };
}

/** Bytes of a head. */
export const encodeHead = (head: StoredHead): Uint8Array => encode({ ...head, check: recordHash(encode(head)) });

/** A head from its bytes. Throws Fault `store` when they are damaged. */
export function decodeHead(bytes: Uint8Array): StoredHead {
  const { check, ...head } = decodeObject(bytes) as unknown as StoredHead & { readonly check: unknown };
  if (check !== recordHash(encode(head))) throw new Fault('store', 'the head of the audit log is damaged');
  return head;
}
