/** Which statements and which periods stand at a time: the dated part of every rule. */
import type { Eui64 } from '../model/ids.ts';
import type { SupplierPeriod, SuppliersStatement } from '../model/register.ts';

/** True when `now` lies in the validity of a statement: inclusive start, exclusive end. */
export const inForce = (statement: { readonly validFrom: number; readonly validTo: number }, now: number): boolean =>
  statement.validFrom <= now && now < statement.validTo;

/** The periods that hold at a time; intervals are [from, to). */
export const periodsAt = (periods: readonly SupplierPeriod[], now: number): readonly SupplierPeriod[] =>
  periods.filter(({ from, to }) => from <= now && (to === undefined || now < to));

/**
 * The Lead Supplier of a gateway at a time: the one party that is the import (electricity) supplier of record then
 * [R-LEAD-01]. Text says why there is none; the gas supplier never steps in [R-PPMID-04].
 */
export function leadSupplierAt(statement: SuppliersStatement | undefined, gateway: Eui64, now: number): SupplierPeriod | string {
  if (statement === undefined) return `there is no suppliers statement for ${gateway}`;
  if (statement.gateway !== gateway) return `the suppliers statement is about ${statement.gateway}, not about ${gateway}`;
  if (!inForce(statement, now)) return `suppliers statement version ${statement.version} is not in force`;
  const [first, ...others] = periodsAt(statement.lead, now);
  if (first === undefined) return `suppliers statement version ${statement.version} names no Lead Supplier now`;
  if (others.length > 0) return `suppliers statement version ${statement.version} names more than one Lead Supplier now`;
  return first;
}
