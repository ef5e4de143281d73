/** Which frames of a capture are wanted. */
import type { Eui64 } from '../model/ids.ts';
import type { Decoded, Verdict } from './decoded.ts';

/** What a frame must have; every condition that is given must hold. */
export interface Filter {
  /** A short address or an EUI-64 that sends or receives, at the MAC or the NWK layer, or that security names. */
  readonly device?: number | Eui64;
  /** Cluster of an APS data frame. */
  readonly cluster?: number;
  readonly verdict?: Verdict;
  /** Its frame counter was one that a receiver must refuse. */
  readonly replayed?: boolean;
}

/** True for a frame that the filter wants. */
export function matches(decoded: Decoded, { device, cluster, verdict, replayed }: Filter): boolean {
  return (
    (device === undefined || partiesOf(decoded).includes(device)) &&
    (cluster === undefined || decoded.headers.aps?.cluster === cluster) &&
    (verdict === undefined || decoded.verdict === verdict) &&
    (replayed === undefined || (decoded.replay !== undefined) === replayed)
  );
}

function partiesOf({ headers: { mac, nwk, aps } }: Decoded): readonly (number | Eui64 | undefined)[] {
  return [mac?.src, mac?.dst, nwk?.src, nwk?.dst, nwk?.srcEui, nwk?.dstEui, nwk?.security?.source, aps?.security?.source];
}
