/**
 * What came in, counted: requests by User and kind, Instructions by device, failed attempts by source. Seconds are kept, no contents; what is older than any
 * threshold looks back is forgotten.
 */
import type { Eui64 } from '../model/ids.ts';
import type { Threshold, ThresholdsStatement } from '../model/regulation.ts';
import { BLOCKED_FOR, WITHIN } from '../policy/access.ts';
import type { Store, Write } from '../ports/store.ts';

/** What is counted. */
export type Counted = Threshold['of'] | 'failure';

/** So many occurrences of one kind are remembered at most: thresholds above it count as never reached. */
export const REMEMBERED = 10_000;

/** The traffic of one S1SP. */
export class Traffic {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Seconds at which the same was seen before, oldest first. */
  before(of: Counted, who: Eui64, what: string): readonly number[] {
    const bytes = this.#store.get('traffic', key(of, who, what));
    return bytes === undefined ? [] : (JSON.parse(new TextDecoder().decode(bytes)) as number[]);
  }

  /** The write that notes one more at `now` (whole seconds) and forgets what is older than `memory` seconds. */
  note(of: Counted, who: Eui64, what: string, now: number, memory: number): Write {
    const kept = this.before(of, who, what).filter((at) => at > now - memory);
    const seconds = [...kept, now].slice(-REMEMBERED);
    return { table: 'traffic', key: key(of, who, what), value: new TextEncoder().encode(JSON.stringify(seconds)) };
  }
}

/** How far back any threshold looks, in seconds. */
export const memoryOf = (thresholds: ThresholdsStatement | undefined): number =>
  Math.max(WITHIN + BLOCKED_FOR, ...(thresholds?.thresholds ?? []).map(({ seconds }) => seconds));

const key = (of: Counted, who: Eui64, what: string): string => `${of}/${who}/${what}`;
