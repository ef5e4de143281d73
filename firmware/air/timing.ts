/**
 * Timing of the 2.4 GHz O-QPSK physical layer and of unslotted CSMA-CA (IEEE 802.15.4-2006 clauses 6.5 and 7.5.1.4), and
 * the closed form of what a frame costs. Durations are microseconds.
 *
 * Interframe spaces are not modelled: a backoff of at least one CCA stands between two frames of one sender anyway.
 */

/** One byte at 250 kbit/s. */
export const BYTE_US = 32;
/** Synchronisation header and length byte in front of every PSDU. */
export const SHR_PHR_BYTES = 6;
/** aUnitBackoffPeriod, 20 symbols. */
export const UNIT_BACKOFF_US = 320;
/** Clear channel assessment, 8 symbols. */
export const CCA_US = 128;
/** aTurnaroundTime, 12 symbols. */
export const TURNAROUND_US = 192;
/** macAckWaitDuration, 54 symbols, from the end of the frame. */
export const ACK_WAIT_US = 864;
/** PSDU of an acknowledgement: frame control, sequence number, FCS. */
export const ACK_BYTES = 5;
/** macMinBE: backoff exponent of the first attempt. */
export const MIN_BE = 3;
/** macMaxBE. */
export const MAX_BE = 5;
/** macMaxCSMABackoffs: busy assessments after which a frame is given up is one more than this. */
export const MAX_BACKOFFS = 4;
/** macMaxFrameRetries. */
export const MAX_RETRIES = 3;

/** Time on the air of a PSDU of `length` bytes (FCS included). */
export const airtime = (length: number): number => (SHR_PHR_BYTES + length) * BYTE_US;

/** Mean of the first random backoff: 0 to 2^BE − 1 unit periods. */
export const MEAN_BACKOFF_US = ((2 ** MIN_BE - 1) / 2) * UNIT_BACKOFF_US;

/** Mean time from handing over a frame on a quiet channel to its acknowledgement. */
export const acknowledgedFrame = (length: number): number =>
  MEAN_BACKOFF_US + CCA_US + TURNAROUND_US + airtime(length) + TURNAROUND_US + airtime(ACK_BYTES);
