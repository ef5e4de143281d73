/** Which statements, periods and keys stand at a time: the dated part of every rule. Intervals are [from, to). */
import type { Authority } from '../model/decision.ts';
import type { Eui64 } from '../model/ids.ts';
import type { RegisteredKey, SupplierPeriod } from '../model/register.ts';
import type { Consent } from '../model/regulation.ts';

/** True when `now` lies in the validity of a statement: inclusive start, exclusive end. */
export const inForce = (statement: { readonly validFrom: number; readonly validTo: number }, now: number): boolean =>
  statement.validFrom <= now && now < statement.validTo;

/** True when something dated holds at a time; a bound left out is open. */
export const holdsAt = ({ from, to }: { readonly from?: number | undefined; readonly to?: number | undefined }, at: number): boolean =>
  (from === undefined || from <= at) && (to === undefined || at < to);

/** True while what a key signs now counts: in its time, and not revoked. */
export const keyCountsAt = (key: Pick<RegisteredKey, 'from' | 'to' | 'revoked'>, now: number): boolean =>
  holdsAt(key, now) && (key.revoked === undefined || now < key.revoked);

/** The periods that hold at a time. */
export const periodsAt = (periods: readonly SupplierPeriod[], now: number): readonly SupplierPeriod[] =>
  periods.filter((period) => holdsAt(period, now));

/**
 * The Lead Supplier of a gateway at a time: the one party that is the import (electricity) supplier of record then
 * [R-LEAD-01]. Text says why there is none; the gas supplier never steps in [R-PPMID-04], and the DCC never does.
 */
export function leadSupplierAt({ suppliers: statement, gateway, now }: Omit<Authority, 'user'>): SupplierPeriod | string {
  if (statement === undefined) return `there is no suppliers statement for ${gateway}`;
  if (statement.gateway !== gateway) return `the suppliers statement is about ${statement.gateway}, not about ${gateway}`;
  if (!inForce(statement, now)) return `suppliers statement version ${statement.version} is not in force`;
  const [first, ...others] = periodsAt(statement.lead, now);
  if (first === undefined) return `suppliers statement version ${statement.version} names no Lead Supplier now`;
  if (others.length > 0) return `suppliers statement version ${statement.version} names more than one Lead Supplier now`;
  return first;
}

/** The gas suppliers of record at a time, from a statement in force. */
export function gasSuppliersAt({ suppliers, gateway, now }: Omit<Authority, 'user'>): readonly SupplierPeriod[] {
  return suppliers !== undefined && suppliers.gateway === gateway && inForce(suppliers, now) ? periodsAt(suppliers.gas, now) : [];
}

/** The Responsible Supplier of a fuel now; undefined when there is none, or more than one. */
export function supplierOf(authority: Omit<Authority, 'user'>, fuel: Consent['fuel']): Eui64 | undefined {
  if (fuel === 'gas') {
    const [first, ...others] = gasSuppliersAt(authority);
    return others.length === 0 ? first?.party : undefined;
  }
  const lead = leadSupplierAt(authority);
  return typeof lead === 'string' ? undefined : lead.party;
}

/** Split supply: gas and electricity come from different suppliers; one fuel, or one supplier of both, is not split [R-SPLIT-01]. */
export function isSplit(authority: Omit<Authority, 'user'>): boolean {
  const lead = leadSupplierAt(authority);
  return typeof lead !== 'string' && gasSuppliersAt(authority).some(({ party }) => party !== lead.party);
}
