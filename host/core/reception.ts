/** How frames are received, one at a time or many. */
import { Rx } from '../../assembly/abi/code.ts';

/** How a frame is received. */
export interface RxOptions {
  /** The last two bytes are the metadata of a CC24xx sniffer, not an FCS. */
  readonly tiMetadata?: boolean;
  /** The frame has no FCS. */
  readonly noFcs?: boolean;
  /**
   * Capture reading: a wrong FCS, a replay and level bits on the air are shown instead of refused, layers that no key opens
   * stay closed, keys of `importAny` are tried, and carried keys are left in the frame.
   */
  readonly passive?: boolean;
}

/** The core's flags for these options. */
export const rxFlags = (options: RxOptions): number =>
  (options.tiMetadata ? Rx.TI_METADATA : 0) | (options.noFcs ? Rx.NO_FCS : 0) | (options.passive ? Rx.PASSIVE : 0);
