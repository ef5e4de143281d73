/**
 * Memory of accepted requests: the highest counter per (originator, target). A request at or below it is a replay.
 * The mark is committed together with the decision's audit record, before anything is done.
 */
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { ReplayMarks } from '../ports/replay-marks.ts';
import type { Store, Write } from '../ports/store.ts';

/** The replay marks of one store. */
export class Marks implements ReplayMarks {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  highest(originator: Eui64, target: Eui64): bigint | undefined {
    const bytes = this.#store.get('marks', key(originator, target));
    return bytes === undefined ? undefined : BigInt(new TextDecoder().decode(bytes));
  }

  /** Marks a counter as accepted. Throws Fault `internal` when it does not rise: the caller must have asked `highest` before. */
  accept(originator: Eui64, target: Eui64, counter: bigint): Write {
    const highest = this.highest(originator, target);
    if (highest !== undefined && counter <= highest) {
      throw new Fault('internal', `counter ${counter} of ${originator} for ${target} was accepted before (${highest})`);
    }
    return { table: 'marks', key: key(originator, target), value: new TextEncoder().encode(String(counter)) };
  }
}

const key = (originator: Eui64, target: Eui64): string => `${originator}:${target}`;
