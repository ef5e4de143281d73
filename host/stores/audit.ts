/**
 * The audit log: append-only, hash-chained and written before anything is acted on [R-AUD-01, R-LEAD-06].
 *
 * Each record holds the SHA-256 of the one before it (audit-record.ts). Whoever can rewrite the whole store can rewrite
 * the whole chain: against that `verify` takes anchors, heads that somebody kept elsewhere. The head after each record that is
 * reported goes with its report, signed, to the S1SP's side.
 */
import type { JobId } from '../model/ids.ts';
import { withheld } from '../model/withheld.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store, Write } from '../ports/store.ts';
import {
  decodeHead,
  decodeRecord,
  encodeHead,
  encodeRecord,
  entryId,
  GENESIS,
  HEAD_KEY,
  recordHash,
  recordKey,
  type AuditEntry,
  type AuditHead,
  type StoredHead,
} from './audit-record.ts';
import { verifyChain, type AuditVerdict } from './audit-verify.ts';

/**
 * Writes that go with a record. A function is called with the record's id, and the head that the log will have, when every earlier append is
 * durable, so what it reads from the store is current: that is the place for read-modify-write.
 */
export type AlsoWrites = readonly Write[] | ((id: JobId, head: AuditHead) => readonly Write[]);

/** The audit log of one store. There is one instance per store. */
export class Audit {
  readonly #store: Store;
  readonly #clock: Clock;
  #tail: Promise<unknown> = Promise.resolve();
  #latest: number | undefined;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Adds a record and makes it durable together with `also` in one commit: neither exists without the other. Appends
   * happen one after another, in call order. `type` is kebab-case; `body` has a canonical form and holds no keys and
   * no readings; numbers of supplies in its texts are masked here [R-PRIV-01]. Answers the record's id. Rejects with Fault `store` or with what `also`
   * threw; then neither record nor writes exist, and later appends go on.
   */
  append(type: string, body: Readonly<Record<string, unknown>>, also: AlsoWrites = []): Promise<JobId> {
    const done = this.#tail.then(() => this.#append(type, body, also));
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** Where the chain stands: zero records and `GENESIS` at first. Throws Fault `store` when the head is damaged. */
  head(): AuditHead {
    const { count, hash } = this.#stored();
    return { count, hash };
  }

  /**
   * The latest time that ever stood on record, in milliseconds since 1970, 0 for an empty log: what happens next does not happen before it, also
   * when the clock was set back in between and records were written then.
   */
  latest(): number {
    this.#latest ??= this.#stored().latest ?? this.entries().reduce((latest, { time }) => Math.max(latest, time), 0);
    return this.#latest;
  }

  /** Records with `from` ≤ index < `to`, in order. Throws Fault `store` when one of them is not a record. */
  entries(from = 0, to = Number.MAX_SAFE_INTEGER): readonly AuditEntry[] {
    return this.#store.range('audit', recordKey(from), recordKey(to)).map(([, bytes]) => decodeRecord(bytes));
  }

  /** The record with an id, or undefined; searched from the latest backwards. */
  find(id: string): AuditEntry | undefined {
    for (let index = this.head().count - 1; index >= 0; index--) {
      const bytes = this.#store.get('audit', recordKey(index));
      if (bytes !== undefined && entryId(recordHash(bytes)) === id) return decodeRecord(bytes);
    }
    return undefined;
  }

  /** Verifies the whole chain, and that it goes through every one of `anchors` (see audit-verify.ts). */
  verify(...anchors: readonly AuditHead[]): AuditVerdict {
    return verifyChain(this.#store, anchors);
  }

  #stored(): StoredHead {
    const bytes = this.#store.get('audit', HEAD_KEY);
    return bytes === undefined ? { count: 0, hash: GENESIS } : decodeHead(bytes);
  }

  async #append(type: string, body: Readonly<Record<string, unknown>>, also: AlsoWrites): Promise<JobId> {
    const { count, hash: previous } = this.head();
    const time = Math.floor(this.#clock.now());
    const record = encodeRecord({ index: count, previous, time, type, body: withheld(body) });
    const hash = recordHash(record);
    const id = entryId(hash);
    const head = { count: count + 1, hash };
    const latest = Math.max(this.latest(), time);
    const writes = typeof also === 'function' ? also(id, head) : also;
    await this.#store.commit([
      { table: 'audit', key: recordKey(count), value: record },
      { table: 'audit', key: HEAD_KEY, value: encodeHead({ ...head, latest }) },
      ...writes,
    ]);
    this.#latest = latest;
    return id;
  }
}
