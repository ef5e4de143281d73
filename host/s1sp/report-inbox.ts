/**
 * Reports as they come in: each taken once, gaps seen. A gateway numbers its reports without gaps and repeats what the broker did not
 * acknowledge, so a repetition is no news and a gap means that something is lost.
 */
import type { Report } from '../model/job.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';

/** The inbox of one S1SP. */
export class ReportInbox {
  readonly #store: Store;
  readonly #log: Log;

  constructor(store: Store, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /** True when a report is news; resolves when its number is durable. */
  async take(report: Report): Promise<boolean> {
    const { gateway, sequence } = report;
    const known = this.#store.get('marks', key(gateway));
    const last = known === undefined ? 0 : Number(new TextDecoder().decode(known));
    if (sequence <= last) return false;
    if (sequence > last + 1) this.#log.warn('reports-missing', { gateway, from: last + 1, to: sequence - 1 });
    await this.#store.commit([{ table: 'marks', key: key(gateway), value: new TextEncoder().encode(String(sequence)) }]);
    return true;
  }
}

const key = (gateway: string): string => `report/${gateway}`;
