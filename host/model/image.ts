/** Upgrade images and the report of their verification (ZigBee OTA upgrade file, docs/images.md). */
import type { Digest, Eui64 } from './ids.ts';

/** Header of a ZigBee OTA file. */
export interface ImageHeader {
  readonly headerVersion: number;
  readonly headerLength: number;
  readonly fieldControl: number;
  readonly manufacturer: number;
  readonly imageType: number;
  readonly fileVersion: number;
  readonly stackVersion: number;
  readonly text: string;
  readonly totalSize: number;
  readonly credentialVersion: number | undefined;
  readonly destination: Eui64 | undefined;
  readonly hardware: { readonly min: number; readonly max: number } | undefined;
}

/** An element (tag, length, data) and where its data stands. */
export interface ImageElement {
  readonly tag: number;
  readonly offset: number;
  readonly length: number;
}

/** One check of the verification. */
export interface ImageCheck {
  /** Stable kebab-case name. */
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'not-present';
  readonly expected: string;
  readonly found: string;
  /** Byte range of the file that was looked at, [start, end). */
  readonly range: readonly [number, number];
  readonly requirements: readonly string[];
}

/** What was verified and what came of it. `verdict` starts refused and is set to accepted in one place. */
export interface ImageReport {
  readonly verdict: 'accepted' | 'refused';
  /** Name of the first failed check, kebab-case; undefined when accepted. */
  readonly code: string | undefined;
  readonly checks: readonly ImageCheck[];
  readonly sha256: Digest;
  readonly length: number;
  readonly header: ImageHeader | undefined;
  readonly elements: readonly ImageElement[];
}

/** What an image is verified against; a field left out is not asked. */
export interface ImageExpectation {
  readonly digest?: Digest;
  readonly length?: number;
  readonly manufacturer?: number;
  readonly imageType?: number;
  readonly fileVersion?: number;
  readonly hardwareVersion?: number;
  readonly destination?: Eui64;
  /** What stands behind the header is one raw payload without elements, as in some makers' files. Never guessed. */
  readonly rawBody?: boolean;
  /** A file without integrity code is refused when true. */
  readonly integrityRequired?: boolean;
}
