/**
 * Differences from tshark that were reviewed and are meant, each with its reason. A difference that no rule covers fails
 * the conformance run. A rule that covers nothing is reported, so that the list stays true.
 */
import type { Decoded } from '../../host/decode/decoded.ts';
import type { Family } from './families.ts';
import type { OracleFrame } from './tshark.ts';

/** A reviewed difference. */
export interface Permitted {
  readonly name: string;
  readonly family: Family;
  readonly reason: string;
  /** Whether a frame with a difference in this family is of this kind. */
  covers(oracle: OracleFrame, decoded: Decoded): boolean;
}

/** The list. */
export const PERMITTED: readonly Permitted[] = [];

/** A frame that one side accepts and the other refuses, reviewed. */
export interface PermittedVerdict {
  readonly name: string;
  readonly reason: string;
  covers(oracle: OracleFrame, decoded: Decoded): boolean;
}

/** Verdicts on which the two may disagree. */
export const PERMITTED_VERDICTS: readonly PermittedVerdict[] = [];
