/**
 * Where the keys of PPMIDs stand over all gateways, as they report it [R-KEYS-03, R-KEYS-04, R-KEYS-07]: kept device by device, counted
 * for the department, and listed for the supplier whom a case concerns. No key comes this far: a device that is present has a fingerprint.
 */
import type { Cohort } from '../model/cohort.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Report, ReportEvent } from '../model/job.ts';
import { WITHOUT_KEY, type KeyState } from '../model/key-state.ts';
import { decodeObject, encode } from '../stores/canonical-json.ts';
import type { Store } from '../ports/store.ts';

type KeysEvent = Extract<ReportEvent, { type: 'ppmid-keys' }>;

/** A device as its gateway reported it last. */
export interface LedgerEntry extends Omit<KeysEvent, 'type'> {
  readonly gateway: Eui64;
  /** Milliseconds since 1970 of the report. */
  readonly time: number;
  /** Whether it was ever in another state than present: what is resolved counts apart from what never failed. */
  readonly failedBefore: boolean;
  /** Whether it was ever an incident of migration: no matter of loading keys, so it is counted in no cohort [R-KEYS-09]. */
  readonly incident: boolean;
}

/** The ledger of one S1SP. */
export class KeyLedger {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Takes a report; one about anything else is passed over. Resolves when durable. */
  async take({ gateway, time, event }: Report): Promise<void> {
    if (event.type !== 'ppmid-keys') return;
    const { type: _type, ...said } = event;
    const before = this.#get(gateway, said.device);
    const failedBefore = before?.failedBefore === true || said.state !== 'present';
    const incident = before?.incident === true || said.reason === WITHOUT_KEY;
    await this.#store.commit([
      { table: 'keystates', key: key(gateway, said.device), value: encode({ ...said, gateway, time, failedBefore, incident }) },
    ]);
  }

  /** Every device, by gateway. */
  entries(): readonly LedgerEntry[] {
    return this.#store.range('keystates', '', '~').map(([, bytes]) => entry(bytes));
  }

  #get(gateway: Eui64, device: Eui64): LedgerEntry | undefined {
    const bytes = this.#store.get('keystates', key(gateway, device));
    return bytes === undefined ? undefined : entry(bytes);
  }
}

/** Counts of one cohort. */
export interface CohortCounts {
  readonly cohort: Cohort;
  readonly attempted: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly retrying: number;
  readonly investigating: number;
  /** Failed before, and present now. */
  readonly resolved: number;
  /** Share of what was attempted that failed, 0 to 1. */
  readonly failureRate: number;
  /** Whether the share that succeeded reaches the threshold. */
  readonly materiallyComplete: boolean;
}

/** A device that is not present, and whom it concerns. */
export interface OpenCase {
  readonly supplier: Eui64 | undefined;
  readonly gateway: Eui64;
  readonly device: Eui64;
  readonly cohort: Cohort;
  readonly state: KeyState;
  readonly attempts: number;
  readonly reason: string | undefined;
}

/** What the department is told, and the suppliers. */
export interface KeyReport {
  /** Share that must have succeeded for a cohort to count as materially complete, 0 to 1. */
  readonly threshold: number;
  readonly cohorts: readonly CohortCounts[];
  /** Every device that is not present, those of one supplier together. */
  readonly open: readonly OpenCase[];
}

/** Makes the report. `leadOf` answers the Lead Supplier of a gateway now. */
export function keyReport(entries: readonly LedgerEntry[], threshold: number, leadOf: (gateway: Eui64) => Eui64 | undefined): KeyReport {
  const loaded = entries.filter(({ incident }) => !incident);
  const cohorts = [...new Set(loaded.map(({ cohort }) => cohort))].sort();
  const open = entries
    .filter(({ state }) => state !== 'present')
    .map(({ gateway, device, cohort, state, attempts, reason }) => ({
      supplier: leadOf(gateway),
      gateway,
      device,
      cohort,
      state,
      attempts,
      reason,
    }));
  return {
    threshold,
    cohorts: cohorts.map((cohort) => counts(cohort, loaded, threshold)),
    open: open.toSorted((a, b) => orderOf(a).localeCompare(orderOf(b))),
  };
}

/** A share in per cent with one digit behind the point, as people read it. */
export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

function counts(cohort: Cohort, entries: readonly LedgerEntry[], threshold: number): CohortCounts {
  const own = entries.filter((each) => each.cohort === cohort);
  const of = (state: KeyState): number => own.filter((each) => each.state === state).length;
  const [attempted, succeeded] = [own.length, of('present')];
  const resolved = own.filter(({ state, failedBefore }) => state === 'present' && failedBefore).length;
  const failed = attempted - succeeded;
  return {
    ...{ cohort, attempted, succeeded, failed, resolved },
    retrying: of('retrying'),
    investigating: of('investigation'),
    failureRate: failed / attempted,
    materiallyComplete: succeeded / attempted >= threshold,
  };
}

const orderOf = ({ supplier = '' as Eui64, gateway, device }: OpenCase): string => `${supplier}/${gateway}/${device}`;
const key = (gateway: Eui64, device: Eui64): string => `${gateway}/${device}`;

/** Undefined members are not stored; here they come back. */
function entry(bytes: Uint8Array): LedgerEntry {
  const { reason, fingerprint, incident = false, ...rest } = decodeObject(bytes) as unknown as LedgerEntry & { incident?: boolean };
  return { ...rest, reason, fingerprint, incident };
}
