/** Memory of accepted requests, as messages/ needs it. */
import type { Eui64 } from '../model/ids.ts';

/** The highest counter accepted per (originator, target); recorded before a request is acted on. */
export interface ReplayMarks {
  /** The highest accepted counter, or undefined when none was. */
  highest(originator: Eui64, target: Eui64): bigint | undefined;
}
