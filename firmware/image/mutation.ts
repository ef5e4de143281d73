/** What a named manipulation of an upgrade file is. */
import type { Mmo } from './build.ts';

/** One manipulation. */
export interface Mutation {
  readonly name: string;
  /** One line fit for a person. */
  readonly what: string;
  /**
   * What must refuse the result: the file's `structure`, its `integrity` code, its `signature`, its SHA-256 `digest` against
   * the one that was ordered, or what was `authorised` (manufacturer, type, version, hardware).
   */
  readonly caughtBy: 'structure' | 'integrity' | 'signature' | 'digest' | 'authorised';
  /** The code by which a verifier refuses it that trusts the signer's authority, when there is one. */
  readonly code?: string;
  /** Makes the manipulated file. `mmo` makes a fitting integrity code where the manipulation is one that its author would seal. */
  readonly apply: (file: Uint8Array, mmo: Mmo) => Uint8Array;
}
