/**
 * Heads of gateways' audit logs, as their signed reports carry them, every one kept: a log whose end was cut has fewer records than a head counts,
 * and one that was written anew does not go through them [R-AUD-01]. A gateway whose later report contradicts an earlier one is found out
 * at once; the others when its log is held against its heads.
 */
import type { Digest, Eui64 } from '../model/ids.ts';
import type { Report } from '../model/job.ts';
import type { Store, Write } from '../ports/store.ts';

/** A head as kept. */
export type KnownHead = Report['head'];

/** The heads that one S1SP knows. */
export class Heads {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The write that keeps a report's head, and what is wrong with it: `shorter` than a head known before, or `other` at the same place. */
  take({ gateway, head }: Pick<Report, 'gateway' | 'head'>): {
    readonly write: Write;
    readonly contradiction: 'shorter' | 'other' | undefined;
  } {
    const last = this.last(gateway);
    const known = this.#store.get('heads', key(gateway, head.count));
    const other = known !== undefined && DECODER.decode(known) !== head.hash;
    const shorter = last !== undefined && head.count < last.count;
    const write: Write = { table: 'heads', key: key(gateway, head.count), value: other ? known : new TextEncoder().encode(head.hash) };
    return { write, contradiction: other ? 'other' : shorter ? 'shorter' : undefined };
  }

  /** The head of the highest count, or undefined. */
  last(gateway: Eui64): KnownHead | undefined {
    const found = this.#store.last('heads', `${gateway}/~`);
    return found?.[0].startsWith(`${gateway}/`) === true ? head(found) : undefined;
  }

  /** Every head known of a gateway, lowest count first. */
  all(gateway: Eui64): readonly KnownHead[] {
    return this.#store.range('heads', `${gateway}/`, `${gateway}0`).map(head);
  }

  /** The gateways of which heads are known. */
  gateways(): readonly Eui64[] {
    return [...new Set(this.#store.range('heads', '', '~').map(([name]) => name.slice(0, 16) as Eui64))];
  }
}

const DECODER = new TextDecoder();
const key = (gateway: Eui64, count: number): string => `${gateway}/${String(count).padStart(16, '0')}`;
const head = ([name, bytes]: readonly [string, Uint8Array]): KnownHead => ({
  count: Number(name.slice(17)),
  hash: DECODER.decode(bytes) as Digest,
});
