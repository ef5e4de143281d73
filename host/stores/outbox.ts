/**
 * The outbox: what is to be sent, numbered without gaps, kept until the broker has it; a gateway's reports, an S1SP's orders. What happened and what
 * is sent because of it are committed together, so neither is told without having happened nor the reverse.
 */
import { Fault } from '../model/fault.ts';
import type { Store, Write } from '../ports/store.ts';

/** A report that waits for delivery. */
export interface OutboxItem {
  /** Number of the report, from 1, never used twice. */
  readonly sequence: number;
  /** The bytes to deliver. */
  readonly bytes: Uint8Array;
}

const NEXT = 'next';

/** The outbox of one gateway or S1SP. */
export class Outbox {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The number that the next report gets. */
  next(): number {
    const bytes = this.#store.get('outbox', NEXT);
    return bytes === undefined ? 1 : Number(new TextDecoder().decode(bytes));
  }

  /**
   * Writes that put reports into the outbox; each maker gets its report's number and answers the bytes. Enqueue only
   * inside the function that an audit append calls: there no other enqueueing is under way that would take the same number.
   */
  enqueue(...makers: readonly ((sequence: number) => Uint8Array)[]): readonly Write[] {
    const first = this.next();
    const reports = makers.map((make, index): Write => ({ table: 'outbox', key: key(first + index), value: make(first + index) }));
    return [...reports, { table: 'outbox', key: NEXT, value: new TextEncoder().encode(String(first + makers.length)) }];
  }

  /** At most `limit` reports that wait, lowest number first. */
  pending(limit = 100): readonly OutboxItem[] {
    const waiting = this.#store.range('outbox', PREFIX, END).slice(0, limit);
    return waiting.map(([name, bytes]) => ({ sequence: Number(name.slice(PREFIX.length)), bytes }));
  }

  /** Takes a delivered report out. Throws Fault `internal` for a number that was never given. */
  done(sequence: number): Write {
    if (!Number.isInteger(sequence) || sequence < 1 || sequence >= this.next())
      throw new Fault('internal', `there is no report ${sequence}`);
    return { table: 'outbox', key: key(sequence), value: undefined };
  }
}

const PREFIX = 'report/';
/** The bound above every report's key: '0' is the character after '/'. */
const END = 'report0';

const key = (sequence: number): string => `${PREFIX}${String(sequence).padStart(16, '0')}`;
