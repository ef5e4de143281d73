/** Upgrade jobs and what a gateway reports of them. */
import type { Cohort } from './cohort.ts';
import type { Moment } from './decision.ts';
import type { Digest, Eui64, Fingerprint, JobId, RequestId } from './ids.ts';
import type { KeyState } from './key-state.ts';
import type { TextId } from './regulation.ts';

/** Stages of an upgrade in order; the last four are its ends. */
export type JobStage =
  | 'accepted' // decided, recorded, nothing done yet
  | 'fetching' // image blocks arrive over MQTT
  | 'verified' // every check of the image passed; nothing is on the air yet
  | 'offered' // the device was told; waiting for its query
  | 'transferring'
  | 'activating' // Upgrade End answered; the device swaps and boots
  | 'succeeded' // the version was read back over the HAN
  | 'failed'
  | 'cancelled'
  | 'refused'; // authority or completeBy was gone at a later moment, or the image was not the one ordered

/** True for a stage that nothing follows. */
export const isEnd = (stage: JobStage): boolean => ['succeeded', 'failed', 'cancelled', 'refused'].includes(stage);

/** A job as stored: the signed bytes are verified and decided anew after every restart; no verdict is stored. */
export interface Job {
  readonly id: JobId;
  readonly requestId: RequestId;
  readonly device: Eui64;
  readonly image: { readonly digest: Digest; readonly length: number };
  readonly firmwareVersion: number;
  /** When the order was allowed at issue, in whole seconds. */
  readonly accepted: number;
  readonly stage: JobStage;
  /** The countersigned request as received. */
  readonly signed: Uint8Array;
  /** Next file offset that the device will ask for, as far as known. */
  readonly offset: number;
  /** How often the device began again at offset 0. */
  readonly restarts: number;
  /** Why it ended, when it did not succeed: kebab-case code and a line for a person. */
  readonly reason: { readonly code: string; readonly detail: string } | undefined;
  /** Milliseconds since 1970 of the last change. */
  readonly changed: number;
}

/** What a gateway reports to the S1SP, signed, numbered without gaps per gateway. */
export interface Report {
  readonly kind: 'report';
  readonly gateway: Eui64;
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Where the gateway's audit log stood with the record of this event: who keeps it finds a log that was cut or written anew [R-AUD-01]. */
  readonly head: { readonly count: number; readonly hash: Digest };
  readonly event: ReportEvent;
}

/** The kinds of report. */
export type ReportEvent =
  | {
      readonly type: 'decision';
      readonly requestId: RequestId | undefined;
      readonly requestDigest: Digest;
      readonly verdict: 'allow' | 'refuse';
      readonly code: string | undefined;
      readonly detail: string;
      readonly rule: string | undefined;
      /** DUIS response code, or `none`. */
      readonly response: string;
      readonly requirements: readonly string[];
      readonly documents: readonly TextId[];
      readonly facts: readonly string[];
      readonly job: JobId | undefined;
    }
  | {
      readonly type: 'authority';
      readonly job: JobId;
      readonly requestId: RequestId;
      readonly moment: Moment;
      readonly verdict: 'allow' | 'refuse';
      readonly code: string | undefined;
      readonly detail: string;
      readonly rule: string | undefined;
      readonly response: string;
      readonly requirements: readonly string[];
    }
  | {
      readonly type: 'image';
      readonly job: JobId;
      readonly verdict: 'accepted' | 'refused';
      readonly code: string | undefined;
      readonly checks: readonly { readonly name: string; readonly result: string; readonly expected: string; readonly found: string }[];
    }
  | {
      readonly type: 'stage';
      readonly job: JobId;
      readonly requestId: RequestId;
      readonly stage: JobStage;
      readonly reason: { readonly code: string; readonly detail: string; readonly requirements: readonly string[] } | undefined;
      readonly firmwareVersion: number | undefined;
    }
  | {
      /** What a person must look into: it stops something, or threatens to. */
      readonly type: 'alert';
      readonly code: string;
      readonly detail: string;
      readonly requirements: readonly string[];
    }
  | {
      /** Where the keys of a PPMID stand [R-KEYS-01]: told at each change. */
      readonly type: 'ppmid-keys';
      readonly device: Eui64;
      readonly cohort: Cohort;
      readonly state: KeyState;
      readonly attempts: number;
      readonly reason: string | undefined;
      /** Of the link key that the device has proved to hold. */
      readonly fingerprint: Fingerprint | undefined;
    };

/** Progress of a transfer: frequent, unsigned, retained, may be lost. */
export interface Progress {
  readonly job: JobId;
  readonly device: Eui64;
  readonly offset: number;
  readonly total: number;
  readonly bytesPerSecond: number;
  /** Seconds left at the rate so far; undefined before the rate is known. */
  readonly secondsLeft: number | undefined;
  readonly restarts: number;
}
