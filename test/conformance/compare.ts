/** Compares one frame as tshark and as the decoder saw it, family by family. */
import type { Decoded } from '../../host/decode/decoded.ts';
import type { Field } from '../../host/clusters/read.ts';
import { BY_POSITION, FAMILIES, familyOf, type Family } from './families.ts';
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

/** What a comparison of one family in one frame came to; undefined when the family is not in the frame. */
export type Outcome = 'same' | Difference | undefined;

/** Compares a frame, whatever the decoder's verdict: only of a frame that tshark calls malformed are the fields not compared. */
export function compareFrame(capture: string, oracle: OracleFrame, decoded: Decoded): Map<Family, Outcome> {
  return new Map(FAMILIES.map((family) => [family, compareFamily(capture, oracle, decoded, family)]));
}

function compareFamily(capture: string, oracle: OracleFrame, decoded: Decoded, family: Family): Outcome {
  const theirs = fieldsOfOracle(oracle, family);
  const ours = decoded.fields.filter(([name]) => familyOf(name) === family);
  if (oracle.malformed || (theirs.length === 0 && ours.length === 0)) return undefined;
  const length = Math.max(theirs.length, ours.length);
  const at = Array.from({ length }, (_, index) => index).find((index) => !same(theirs[index], ours[index]));
  if (at === undefined) return 'same';
  const found = { capture, frame: decoded.number, family, at, oracle: theirs[at], ours: ours[at] };
  return { ...found, permitted: PERMITTED.find((rule) => rule.families.includes(family) && rule.covers(oracle, decoded)) };
}

function fieldsOfOracle(oracle: OracleFrame, family: Family): Field[] {
  const fields = oracle.fields.filter(({ name }) => familyOf(name) === family);
  if (BY_POSITION.has(family)) fields.sort((one, other) => one.position - other.position);
  return fields.map(({ name, show }) => [name, show]);
}

const same = (one: Field | undefined, other: Field | undefined): boolean => one?.[0] === other?.[0] && one?.[1] === other?.[1];
