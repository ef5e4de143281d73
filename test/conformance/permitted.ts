/**
 * Differences from tshark (4.0) that were reviewed and are meant, each with its reason. A difference that no rule covers
 * fails the conformance run.
 */
import type { Decoded } from '../../host/decode/decoded.ts';
import type { Family } from './families.ts';
import type { OracleFrame } from './tshark.ts';

/** A reviewed difference: in the fields of a family, or in the verdict. */
export interface Permitted {
  readonly name: string;
  readonly reason: string;
  /** Whether a frame that differs, in this family or in its verdict, is of this kind. */
  covers(oracle: OracleFrame, decoded: Decoded, family?: Family): boolean;
}

const hasCode =
  (...codes: string[]) =>
  (_: OracleFrame, { code }: Decoded): boolean =>
    codes.includes(code ?? 'ok');

/** Differences of fields. */
export const PERMITTED: readonly Permitted[] = [];

/** Differences of verdicts. */
export const PERMITTED_VERDICTS: readonly Permitted[] = [
  {
    name: 'mac-not-zigbee',
    reason: 'MAC security, information elements, reserved types and versions do not occur in ZigBee: refused with a code of their own',
    covers: hasCode('mac-secured', 'mac-information-elements', 'mac-frame-type', 'mac-version'),
  },
  {
    name: 'longer-than-a-frame',
    reason: 'a PSDU has at most 127 bytes (IEEE 802.15.4 6.4.1); tshark does not ask',
    covers: hasCode('mac-too-long'),
  },
  {
    name: 'not-zigbee',
    reason: 'the payload is not of ZigBee (6LoWPAN, Thread) or of another ZigBee protocol (Green Power); tshark dissects it as that',
    covers: hasCode('nwk-version', 'nwk-green-power', 'nwk-frame-type'),
  },
  {
    name: 'noise',
    reason: 'the FCS is wrong: reserved bits and odd addresses, which tshark notes as malformed, are shown as they came',
    covers: (oracle, decoded) => oracle.malformed && decoded.verdict !== 'refused' && decoded.headers.mac?.fcs?.good === false,
  },
];
