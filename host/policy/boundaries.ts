/**
 * The instants at which an answer may change: every dated member of the facts, by its path. Rules compare the time with these and with nothing
 * else, so between two of them the answer to the same facts stays the same.
 */
import type { Boundary } from '../model/decision.ts';
import { SERVICE_IN_FORCE } from './in-force.ts';

/** Members that hold an instant in whole seconds. */
const TIMES = new Set([
  'from',
  'to',
  'validFrom',
  'validTo',
  'revoked',
  'effectiveFrom',
  'enabledFrom',
  'completion',
  'live',
  'ppmidFirmware',
  'completeBy',
  'activateFrom',
  'notBefore',
  'expires',
  'at',
  'latest',
]);

/** Every boundary of some facts, earliest first; one a path. */
export function boundariesOf(facts: object): readonly Boundary[] {
  const found: Boundary[] = [{ what: 'PPMID firmware in force', at: SERVICE_IN_FORCE }];
  collect(facts, '', found);
  return found.toSorted((a, b) => a.at - b.at);
}

function collect(node: object, path: string, found: Boundary[]): void {
  for (const [name, value] of Object.entries(node) as readonly (readonly [string, unknown])[]) {
    if (typeof value === 'number') {
      if (TIMES.has(name)) found.push({ what: `${path}${name}`, at: value });
    } else if (Array.isArray(value)) {
      for (const [i, each] of (value as readonly unknown[]).entries()) {
        if (typeof each === 'object' && each !== null) collect(each, `${path}${name}[${i}].`, found);
      }
    } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      collect(value, `${path}${name}.`, found);
    }
  }
}
