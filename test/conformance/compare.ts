/** Compares one frame as tshark and as the decoder saw it, family by family: same fields, values and order, nothing more. */
import type { Decoded } from '../../host/decode/decoded.ts';
import type { Field } from '../../host/clusters/read.ts';
import { APPLICATION, FAMILIES, familyOf, isApplication, type Family } from './families.ts';
import { PERMITTED, type Permitted } from './permitted.ts';
import type { OracleFrame } from './tshark.ts';

/** A frame in which a family's fields differ. */
export interface Difference {
  readonly capture: string;
  readonly frame: number;
  readonly family: Family;
  /** First position at which the two lists part, and what stands there. */
  readonly at: number;
  readonly oracle: Field | undefined;
  readonly ours: Field | undefined;
  readonly permitted: Permitted | undefined;
}

/** What a comparison of one family in one frame came to. */
export type Outcome = 'same' | Difference;

/**
 * Compares the families of a frame that either side shows, whatever the decoder's verdict: only of a frame that tshark calls
 * malformed are the fields not compared above the layer in which it gave up.
 */
export function compareFrame(capture: string, oracle: OracleFrame, decoded: Decoded): Map<Family, Outcome> {
  const outcomes = new Map<Family, Outcome>();
  const theirs = byFamily(oracle.fields.map(({ name, show }): Field => [name, show]));
  const ours = byFamily(decoded.fields);
  for (const family of new Set([...theirs.keys(), ...ours.keys()])) {
    if (!isComplete(family, oracle, decoded)) continue;
    outcomes.set(family, compareFamily(capture, oracle, decoded, family, theirs.get(family) ?? [], ours.get(family) ?? []));
  }
  return outcomes;
}

function byFamily(fields: readonly Field[]): Map<Family, Field[]> {
  const families = new Map<Family, Field[]>();
  const add = (family: Family, field: Field): void => {
    const list = families.get(family);
    if (list === undefined) families.set(family, [field]);
    else list.push(field);
  };
  for (const field of fields) {
    const family = familyOf(field[0]);
    if (family === undefined) continue;
    add(family, field);
    if (isApplication(family)) add(APPLICATION, field);
  }
  return families;
}

/** Whether tshark read all of a family: it did not give up, or we refuse the frame in a layer above. */
function isComplete(family: Family, oracle: OracleFrame, { verdict, code }: Decoded): boolean {
  if (!oracle.malformed) return true;
  if (verdict !== 'refused') return false;
  const layer = FAMILIES.indexOf((code ?? '').replace('truncated-', '').split('-')[0] ?? '');
  const own = FAMILIES.indexOf(family);
  return own >= 0 && own < layer;
}

function compareFamily(
  capture: string,
  oracle: OracleFrame,
  decoded: Decoded,
  family: Family,
  theirs: readonly Field[],
  ours: readonly Field[],
): Outcome {
  const length = Math.max(theirs.length, ours.length);
  const at = Array.from({ length }, (_, index) => index).find((index) => !same(theirs[index], ours[index]));
  if (at === undefined) return 'same';
  const found = { capture, frame: decoded.number, family, at, oracle: theirs[at], ours: ours[at] };
  return { ...found, permitted: PERMITTED.find((rule) => rule.covers(oracle, decoded, family)) };
}

const same = (one: Field | undefined, other: Field | undefined): boolean => one?.[0] === other?.[0] && one?.[1] === other?.[1];
