/**
 * Heads of gateways' audit logs, as their signed reports carry them, every one kept: a log whose end was cut has fewer records than a head counts,
 * and one that was written anew does not go through them [R-AUD-01]. Which report told which head is kept too, so that a gateway whose store was set
 * back and that tells the same numbers once more is found out at its first report; other changes when its log is held against its heads.
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

  /**
   * The writes that keep a report's head, and what is wrong with it: `other` where another stood in the same report or at the same place, `shorter`
   * where a later report counts fewer records than an earlier one. What was known first stays.
   */
  take({ gateway, sequence, head: told }: Pick<Report, 'gateway' | 'sequence' | 'head'>): {
    readonly writes: readonly Write[];
    readonly contradiction: 'shorter' | 'other' | undefined;
  } {
    const said = textOf(told);
    const before = this.#text(reportKey(gateway, sequence));
    const known = this.#text(key(gateway, told.count));
    const other = (before ?? said) !== said || (known ?? told.hash) !== told.hash;
    const writes: readonly Write[] = [
      { table: 'heads', key: key(gateway, told.count), value: ENCODER.encode(known ?? told.hash) },
      { table: 'heads', key: reportKey(gateway, sequence), value: ENCODER.encode(before ?? said) },
    ];
    return { writes, contradiction: other ? 'other' : this.#isShorter(gateway, sequence, told) ? 'shorter' : undefined };
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

  /** A log only grows: no report counts fewer records than one of a lower number. Where numbers were not kept yet, than any known. */
  #isShorter(gateway: Eui64, sequence: number, told: KnownHead): boolean {
    const earlier = this.#countBelow(reportKey(gateway, sequence), gateway);
    const numbered = this.#countBelow(`${gateway}#~`, gateway) !== undefined;
    return told.count < (earlier ?? (numbered ? 0 : (this.last(gateway)?.count ?? 0)));
  }

  /** What the numbered report before a key counted. */
  #countBelow(name: string, gateway: Eui64): number | undefined {
    const found = this.#store.last('heads', name);
    return found?.[0].startsWith(`${gateway}#`) === true ? Number(DECODER.decode(found[1]).split(':')[0]) : undefined;
  }

  #text(name: string): string | undefined {
    const bytes = this.#store.get('heads', name);
    return bytes === undefined ? undefined : DECODER.decode(bytes);
  }
}

const DECODER = new TextDecoder();
const ENCODER = new TextEncoder();
const textOf = ({ count, hash }: KnownHead): string => `${count}:${hash}`;
/** Sorts before every head of the gateway: '#' comes before '/'. */
const reportKey = (gateway: Eui64, sequence: number): string => `${gateway}#${String(sequence).padStart(16, '0')}`;
const key = (gateway: Eui64, count: number): string => `${gateway}/${String(count).padStart(16, '0')}`;
const head = ([name, bytes]: readonly [string, Uint8Array]): KnownHead => ({
  count: Number(name.slice(17)),
  hash: DECODER.decode(bytes) as Digest,
});
