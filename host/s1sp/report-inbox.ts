/**
 * Reports as they come in: each taken once, gaps seen. A gateway numbers its reports without gaps and repeats what the broker did not
 * acknowledge, so a repetition is no news and a gap means that something is lost. The head of its audit log that each one carries is kept, and every
 * report is held against what is known: a repetition that carries another head comes from a log that was set back or written anew.
 */
import type { Report } from '../model/job.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { Audit } from '../stores/audit.ts';
import { Heads } from '../stores/heads.ts';

/** The inbox of one S1SP. */
export class ReportInbox {
  readonly #store: Store;
  readonly #log: Log;
  readonly #audit: Pick<Audit, 'append'>;
  readonly #heads: Heads;

  constructor(store: Store, log: Log, audit: Pick<Audit, 'append'>) {
    this.#store = store;
    this.#log = log;
    this.#audit = audit;
    this.#heads = new Heads(store);
  }

  /** True when a report is news; resolves when its number and its head are durable. The head of a repetition is held against the first one's too. */
  async take(report: Report): Promise<boolean> {
    const { gateway, sequence, head } = report;
    const known = this.#store.get('marks', key(gateway));
    const last = known === undefined ? 0 : Number(new TextDecoder().decode(known));
    const news = sequence > last;
    if (sequence > last + 1) this.#log.warn('reports-missing', { gateway, from: last + 1, to: sequence - 1 });
    const { writes: heads, contradiction } = this.#heads.take(report);
    const mark = { table: 'marks' as const, key: key(gateway), value: new TextEncoder().encode(String(sequence)) };
    if (contradiction !== undefined) {
      this.#log.error('audit-contradicted', { gateway, contradiction, sequence, count: head.count });
      await this.#audit.append('audit-contradicted', { gateway, contradiction, sequence, head }, news ? [...heads, mark] : []);
    } else if (news) await this.#store.commit([...heads, mark]);
    return news;
  }
}

const key = (gateway: string): string => `report/${gateway}`;
