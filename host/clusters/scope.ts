/** Fields as conditions, choices and extents see them: those of the own group first, then of the groups around it. */
import { Fault } from '../model/fault.ts';
import type { FieldCondition, Extent, Value, Values } from './item.ts';
import { bitsOf } from './show.ts';

/** Records from the innermost outwards. */
export type Scope = readonly Values[];

/** The number that an earlier field holds. Throws Fault `internal` when the format asks before it was read. */
export function numberAt(scope: Scope, key: string): number {
  const value = lookup(scope, key);
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new Fault('internal', `no number ${key} before it is needed`);
  return Number(value);
}

/** The length that earlier fields tell. */
export const lengthFrom = (extent: Extract<Extent, { from: string } | { reckon: unknown }>, scope: Scope): number => {
  if ('reckon' in extent)
    return Math.max(
      0,
      extent.reckon((key) => numberAt(scope, key)),
    );
  return Math.max(0, bitsOf(numberAt(scope, extent.from), extent.mask) + extent.bias);
};

/** Whether a condition on a field holds. */
export function holds(condition: FieldCondition, scope: Scope): boolean {
  const found = (numberAt(scope, condition.key) & condition.mask) >>> 0;
  return (condition.values === undefined ? found !== 0 : condition.values.includes(found)) !== condition.not;
}

/** The value of an earlier field; undefined when there is none. */
export function lookup(scope: Scope, key: string): Value | undefined {
  for (const values of scope) if (values[key] !== undefined) return values[key];
  return undefined;
}
