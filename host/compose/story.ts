/**
 * The events that the demonstration and the bench tell. `--json` prints each as one line; the text form is made from the same events.
 */
import type { ReportEvent } from '../model/job.ts';

/** The requests that a demonstration makes so that the gateway refuses them. */
export type RefusalCase =
  | 'gas-supplier'
  | 'other-supplier'
  | 'one-signature'
  | 'same-key-twice'
  | 'replayed'
  | 'expired'
  | 'other-gateway'
  | 'image-bit'
  | 'other-manufacturer'
  | 'image-signature';

/** One step of the story. Numbers are plain, digests and identifiers hexadecimal. */
export type StoryEvent =
  | {
      readonly event: 'start';
      readonly environment: 'lab';
      readonly broker: string;
      readonly air: 'simulated' | 'real-time';
      readonly gateway: string;
      readonly devices: readonly { readonly eui: string; readonly type: string }[];
    }
  | { readonly event: 'joined'; readonly device: string; readonly type: string }
  | { readonly event: 'panel'; readonly version: number; readonly lines: readonly string[] }
  | {
      readonly event: 'request';
      readonly requestId: string;
      readonly service: string;
      readonly user: string;
      readonly countersigned: readonly string[];
      readonly image: { readonly sha256: string; readonly length: number };
      readonly firmwareVersion: number;
    }
  | {
      readonly event: 'decision';
      readonly verdict: 'allow' | 'refuse';
      readonly code: string | undefined;
      readonly detail: string;
      readonly facts: readonly string[];
      readonly requirements: readonly string[];
      readonly job: string | undefined;
    }
  | {
      readonly event: 'image';
      readonly verdict: 'accepted' | 'refused';
      readonly code: string | undefined;
      readonly checks: Extract<ReportEvent, { type: 'image' }>['checks'];
    }
  | {
      readonly event: 'progress';
      readonly percent: number;
      readonly bytes: number;
      readonly total: number;
      readonly bytesPerSecond: number;
      readonly secondsLeft: number | undefined;
    }
  | { readonly event: 'stage'; readonly stage: string }
  | {
      readonly event: 'report';
      readonly sequence: number;
      readonly stage: string;
      readonly firmwareVersion: number | undefined;
      readonly signature: 'checked';
    }
  | {
      readonly event: 'refusal';
      readonly case: RefusalCase;
      readonly reason: string;
      readonly detail: string;
      readonly requirements: readonly string[];
    }
  | { readonly event: 'keys'; readonly keys: readonly string[] }
  | { readonly event: 'failure'; readonly step: string; readonly detail: string }
  | { readonly event: 'end'; readonly ok: boolean; readonly ppmid: { readonly version: number } };

/** Takes the story as it is told. */
export type Tell = (event: StoryEvent) => void;
