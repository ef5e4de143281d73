/**
 * What a bench writes down: who flashed what to which devices, every check of the image, every change of state, every time. Times are
 * milliseconds since 1970 by the bench's clock, which is simulated where the air is.
 */
import type { FaultCode } from '../model/fault.ts';
import type { Environment } from '../model/service-request.ts';
import type { Digest, Eui64 } from '../model/ids.ts';
import type { ImageCheck, ImageReport } from '../model/image.ts';
import type { ReportEvent } from '../model/job.ts';

/** A party that took part, by its key. */
export interface ReportParty {
  readonly role: string;
  readonly party: Eui64;
  readonly name: string;
  readonly kid: string;
}

/** Why something did not come out. */
export interface Reason {
  readonly code: string;
  readonly detail: string;
}

/** The image, and what the verifier says of every check. */
export interface ReportedImage extends Pick<ImageReport, 'verdict' | 'code' | 'checks' | 'sha256' | 'length' | 'header' | 'signature'> {
  readonly name: string;
  /** A report of an earlier version has no elements. */
  readonly elements?: ImageReport['elements'];
  /** Elements in the file; more than `elements` has when some are left out. */
  readonly elementsSeen?: number;
}

type Event<T extends ReportEvent['type']> = Extract<ReportEvent, { type: T }>;

/**
 * A check as the gateway reported it. Bytes and requirement ids, which its message leaves out, are those of the bench's own verification of
 * the file, where that came to the same result.
 */
export type UnitCheck = Event<'image'>['checks'][number] & Partial<Pick<ImageCheck, 'range' | 'requirements'>>;

/** One upgrade of one device. */
export interface UnitRecord {
  /** Counted from 1 over the whole run. */
  readonly number: number;
  readonly device: Eui64;
  readonly parties: readonly ReportParty[];
  readonly started: number;
  readonly ended: number;
  /** When the device had joined; undefined when it did not. */
  readonly joined: number | undefined;
  /** Version that the device answered over the HAN before and after; undefined when it answered none. */
  readonly versionBefore: number | undefined;
  readonly versionAfter: number | undefined;
  /** The gateway's decision and its verification of the image, from its signed reports. */
  readonly decision: Omit<Event<'decision'>, 'type' | 'requestDigest'> | undefined;
  readonly image: (Omit<Event<'image'>, 'type' | 'job' | 'checks'> & { readonly checks: readonly UnitCheck[] }) | undefined;
  /** Each time that authority was asked anew on the way. */
  readonly authority: readonly ({ readonly time: number } & Pick<
    Event<'authority'>,
    'moment' | 'verdict' | 'code' | 'detail' | 'requirements'
  >)[];
  readonly stages: readonly { readonly stage: string; readonly time: number }[];
  readonly transfer: Transfer | undefined;
  /** What a virtual device holds; undefined for one that cannot be opened. */
  readonly received: { readonly sha256: Digest | undefined; readonly length: number } | undefined;
  readonly outcome: 'passed' | 'failed';
  readonly reason: Reason | undefined;
}

/** How the bytes went over the air. */
export interface Transfer {
  readonly bytes: number;
  readonly milliseconds: number;
  readonly bytesPerSecond: number;
  /** How often the device began again at offset 0. */
  readonly restarts: number;
}

/** A run of the bench. */
export interface BenchReport {
  readonly kind: 'bench-flash';
  readonly version: 1;
  readonly environment: Environment;
  readonly software: string;
  readonly radio: string;
  readonly clock: 'simulated' | 'real-time';
  readonly started: number;
  readonly ended: number;
  readonly image: ReportedImage;
  readonly units: readonly UnitRecord[];
  readonly passed: number;
  readonly failed: number;
  /** True when every unit had its turn; false when the run was interrupted, or could not go on. */
  readonly complete: boolean;
  /** The fault for which the run could not go on, as a radio that is gone. */
  readonly stopped?: { readonly code: FaultCode; readonly detail: string } | undefined;
}

/** The verifier's report as a bench's report carries it. */
export function reportedImage(name: string, report: ImageReport): ReportedImage {
  const { verdict, code, checks, sha256, length, header, elements, elementsSeen, signature } = report;
  return { name, verdict, code, checks, sha256, length, header, elements, elementsSeen, signature };
}
