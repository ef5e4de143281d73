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

/** The signature of a file and what its certificate says. */
export interface ImageSignature {
  /** 1 is sect163k1, 2 sect283k1. */
  readonly suite: SuiteNumber;
  /** Whom the signature names. */
  readonly signer: Eui64;
  /** Whom the certificate names; undefined when there is no certificate to read. */
  readonly subject: Eui64 | undefined;
  readonly issuer: Eui64 | undefined;
  /** Bits of the certificate's key usage; suite 1 has none. */
  readonly keyUsage: number | undefined;
  /** Bytes from the beginning of the file that are signed, and their AES-MMO digest (hexadecimal). */
  readonly signedLength: number;
  readonly digest: string;
  /** Name of the authority under whose key it verifies; undefined when under none. */
  readonly authority: string | undefined;
  /** The signer's compressed public key (hexadecimal), when the signature verifies. */
  readonly publicKey: string | undefined;
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
  /** Why it failed: stable, kebab-case. */
  readonly code?: string;
}

/** What was verified and what came of it. `verdict` starts refused and is set to accepted in one place. */
export interface ImageReport {
  readonly verdict: 'accepted' | 'refused';
  /** Code of the first failed check; undefined when accepted. */
  readonly code: string | undefined;
  readonly checks: readonly ImageCheck[];
  readonly sha256: Digest;
  readonly length: number;
  readonly header: ImageHeader | undefined;
  /** Those of the walk, as far as they are listed: the verifier lists 64, `withElements` of core/image-elements.ts the rest. */
  readonly elements: readonly ImageElement[];
  /** Elements that the walk met; more than `elements` has when some are left out. */
  readonly elementsSeen: number;
  /** Undefined when the file has none, or was refused before it was read. */
  readonly signature: ImageSignature | undefined;
}

/** Cryptographic suite of Smart Energy: 1 is sect163k1, 2 is sect283k1. */
export type SuiteNumber = 1 | 2;

/** Who issues signing certificates, by its public key. */
export interface ImageAuthority {
  /** How people call it. */
  readonly name: string;
  readonly suite: SuiteNumber;
  /** The issuer that its certificates name; undefined lets them name any. */
  readonly issuer: Eui64 | undefined;
  /** Compressed public key: 22 bytes (suite 1) or 37 (suite 2). */
  readonly key: Uint8Array;
}

/** Whose signatures are believed. */
export interface ImageTrust {
  readonly authorities: readonly ImageAuthority[];
  /** Who may sign; undefined lets everybody whom an authority has certified. */
  readonly signers: readonly Eui64[] | undefined;
}

/** What stands behind a file's header: elements with tag and length, or one raw payload. Never guessed. */
export type ImageBody = 'tagged' | 'raw';

/** What an image is verified against; a field left out is not asked. */
export interface ImageExpectation {
  readonly digest?: Digest;
  readonly length?: number;
  readonly manufacturer?: number;
  readonly imageType?: number;
  readonly fileVersion?: number;
  readonly hardwareVersion?: number;
  readonly destination?: Eui64;
  /** Default: tagged. */
  readonly body?: ImageBody;
  /** A file without integrity code is refused when true. */
  readonly integrityRequired?: boolean;
  /** A file without signature is refused when true. One with a signature is judged in any case. */
  readonly signatureRequired?: boolean;
  /** Default: nobody is trusted, so that every signature is refused. */
  readonly trust?: ImageTrust;
  /** Longest file. */
  readonly maximumSize?: number;
}

/** What an operator asks of the images of a manufacturer. */
export interface ImagePolicy {
  readonly signatureRequired: boolean;
  readonly integrityRequired: boolean;
  readonly body: ImageBody;
  /** Bytes of the longest file. */
  readonly maximumSize: number;
  /** Who may sign; undefined lets everybody whom an authority has certified. */
  readonly signers: readonly Eui64[] | undefined;
}
