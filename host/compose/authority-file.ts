/**
 * Files of authorities and signers of images: JSON text, one key each. A file with `private` signs or issues and is for its
 * owner alone; the other is what gateways and verifiers are given.
 *
 * ```json
 * { "hearthgate": "image-authority", "environment": "lab", "name": "lab images", "suite": 2, "issuer": "16 hex digits",
 *   "public": "74 hex digits", "private": "72 hex digits" }
 * { "hearthgate": "image-signer", "environment": "lab", "name": "lab signer", "suite": 2, "subject": "16 hex digits",
 *   "certificate": "148 hex digits", "private": "72 hex digits" }
 * ```
 *
 * Keys and certificates are as they stand in upgrade files: compressed points, most significant byte first.
 */
import * as z from 'zod';
import { sizesOf } from '../core/curves.ts';
import { Fault } from '../model/fault.ts';
import { hex, parseEui64, unhex, type Eui64 } from '../model/ids.ts';
import type { SuiteNumber } from '../model/image.ts';
import type { Environment } from '../model/service-request.ts';
import type { TrustedAuthority } from '../stores/image-trust.ts';

/** An authority with its private key, when the file has it. */
export interface AuthorityFile extends TrustedAuthority {
  readonly issuer: Eui64;
  readonly privateKey: Uint8Array | undefined;
}

/** A signer with its certificate and, when the file has it, its private key. */
export interface SignerFile {
  readonly environment: Environment;
  readonly name: string;
  readonly suite: SuiteNumber;
  readonly subject: Eui64;
  readonly certificate: Uint8Array;
  readonly privateKey: Uint8Array | undefined;
}

/** Largest file of this kind. */
export const AUTHORITY_FILE_LIMIT = 16 * 1024;

const eui = z.string().transform((text, context): Eui64 => {
  const id = parseEui64(text);
  if (id !== undefined) return id;
  context.addIssue({ code: 'custom', message: 'is not an EUI-64' });
  return z.NEVER;
});
const bytes = z
  .string()
  .regex(/^([0-9a-f]{2})+$/i, 'is not hex digits')
  .transform((text) => unhex(text));
const common = {
  environment: z.enum(['lab', 'production']),
  name: z.string().min(1).max(64),
  suite: z.union([z.literal(1), z.literal(2)]),
  private: bytes.optional(),
};
const AUTHORITY = z.strictObject({ hearthgate: z.literal('image-authority'), ...common, issuer: eui, public: bytes });
const SIGNER = z.strictObject({ hearthgate: z.literal('image-signer'), ...common, subject: eui, certificate: bytes });

/** Reads an authority. Throws Fault `config` naming `file` and what is wrong. */
export function parseAuthority(file: string, source: string): AuthorityFile {
  const { hearthgate: _kind, private: privateKey, public: key, ...rest } = read(AUTHORITY, file, source);
  requireSize(file, 'public', key, sizesOf(rest.suite).point);
  requireSize(file, 'private', privateKey, sizesOf(rest.suite).scalar);
  return { ...rest, key, privateKey };
}

/** Reads a signer; as `parseAuthority`. */
export function parseSigner(file: string, source: string): SignerFile {
  const { hearthgate: _kind, private: privateKey, ...rest } = read(SIGNER, file, source);
  requireSize(file, 'certificate', rest.certificate, sizesOf(rest.suite).certificate);
  requireSize(file, 'private', privateKey, sizesOf(rest.suite).scalar);
  return { ...rest, privateKey };
}

/** The text of an authority's file; without its private key when `secret` is false. */
export function formatAuthority({ environment, name, suite, issuer, key, privateKey }: AuthorityFile, secret: boolean): string {
  const open = { hearthgate: 'image-authority', environment, name, suite, issuer, public: hex(key) };
  return json(secret && privateKey !== undefined ? { ...open, private: hex(privateKey) } : open);
}

/** The text of a signer's file; without its private key when `secret` is false. */
export function formatSigner({ environment, name, suite, subject, certificate, privateKey }: SignerFile, secret: boolean): string {
  const open = { hearthgate: 'image-signer', environment, name, suite, subject, certificate: hex(certificate) };
  return json(secret && privateKey !== undefined ? { ...open, private: hex(privateKey) } : open);
}

function read<T extends z.ZodType>(schema: T, file: string, source: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new Fault('config', `${file}: not JSON`, { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Fault('config', `${file}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`, { cause: result.error });
}

function requireSize(file: string, field: string, found: Uint8Array | undefined, size: number): void {
  if (found !== undefined && found.length !== size)
    throw new Fault('config', `${file}: ${field} has ${found.length} bytes, its suite ${size}`);
}

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;
