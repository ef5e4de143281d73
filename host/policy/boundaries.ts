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

/** Lists of Device Models, which may be long: nothing in them is dated. */
const UNDATED = new Set(['products', 'combinations', 'devices']);

/** Every boundary of some facts, earliest first; one a path. */
export function boundariesOf(facts: object): readonly Boundary[] {
  const found: Found[] = [{ what: 'PPMID firmware in force', at: SERVICE_IN_FORCE }];
  collect(facts as Members, found);
  return found.sort((a, b) => a.at - b.at);
}

type Members = Readonly<Record<string, unknown>>;
type Found = { what: string; readonly at: number };

/** Appends what is found below a node, by its path from there. A path is written from its end: most members lead to no instant. */
function collect(node: Members, found: Found[]): void {
  for (const name of Object.keys(node)) {
    const value = node[name];
    if (typeof value === 'number') {
      if (TIMES.has(name)) found.push({ what: name, at: value });
    } else if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
      continue;
    } else if (Array.isArray(value)) {
      if (UNDATED.has(name)) continue;
      for (let i = 0; i < value.length; i++) {
        const each: unknown = value[i];
        if (typeof each === 'object' && each !== null) below(each as Members, found, name, i);
      }
    } else below(value as Members, found, name);
  }
}

function below(node: Members, found: Found[], name: string, index?: number): void {
  const before = found.length;
  collect(node, found);
  if (found.length === before) return;
  const path = index === undefined ? `${name}.` : `${name}[${index}].`;
  for (let i = before; i < found.length; i++) {
    const each = found[i] as Found;
    each.what = path + each.what;
  }
}
