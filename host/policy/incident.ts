/**
 * Who resolves an incident, and whether the hub is at fault at all. What a SMETS1 hub causes is for its Lead Supplier alone, never for the DCC
 * and never for the gas supplier (004 5.3, 5.4). The hub shares the electricity meter's case and power: when the meter lost its power, or
 * was activating new firmware, a silent hub is no fault of the hub.
 */
import type { Facts, Rule } from '../model/decision.ts';
import type { Eui64 } from '../model/ids.ts';
import { leadSupplierAt, supplierOf } from './standing.ts';

/** What is looked at. */
export interface Incident extends Pick<Facts, 'now' | 'gateway' | 'suppliers'> {
  readonly cause: 'hub' | 'electricity-meter' | 'gas-meter' | 'dcc-systems';
  /** To whom it is to go: a party, or the DCC. */
  readonly assignee: Eui64 | 'dcc';
}

/** Who must resolve it; text says why nobody can be named. */
export function resolverOf({ cause, ...authority }: Omit<Incident, 'assignee'>): Eui64 | 'dcc' | string {
  if (cause === 'dcc-systems') return 'dcc';
  if (cause === 'gas-meter') return supplierOf(authority, 'gas') ?? 'there is no gas supplier of record, or more than one';
  const lead = leadSupplierAt(authority);
  return typeof lead === 'string' ? lead : lead.party;
}

/** Refuses with `no-lead-supplier` or `not-the-resolver`. */
export const incidentRule: Rule<Incident> = {
  name: 'incident',
  requirements: ['R-INC-01', 'R-LEAD-01', 'R-LEAD-02'],
  dated: ['suppliers'],
  family: 'SEC',
  check(incident) {
    const resolver = resolverOf(incident);
    if (resolver === incident.assignee) return undefined;
    const named = /^(dcc|[0-9a-f]{16})$/.test(resolver);
    const detail = named
      ? `what the ${incident.cause} causes is for ${resolver} to resolve, not for ${incident.assignee}`
      : `nobody can resolve it: ${resolver}`;
    const requirements = incident.cause === 'hub' ? ['R-INC-01', 'R-LEAD-01'] : ['R-INC-01'];
    return { code: named ? 'not-the-resolver' : 'no-resolver', detail, requirements };
  },
};

/** A hub that is not heard, and what else is known; whole seconds. */
export interface Silence {
  readonly since: number;
  /** When the electricity meter lost its power or restarted. */
  readonly meterDown?: { readonly from: number; readonly to: number } | undefined;
  /** While the meter or the hub itself was activating firmware. */
  readonly activation?: { readonly from: number; readonly to: number } | undefined;
}

/** True when a silent hub is to be taken for broken: not while it shares what befell the meter [R-DEV-05]. */
export const isHubFault = ({ since, meterDown, activation }: Silence): boolean =>
  ![meterDown, activation].some((shared) => shared !== undefined && shared.from <= since && since < shared.to);
