/**
 * A report under a signature, so that a copy of it can be held against the key of the laboratory that wrote it.
 *
 * File: `{ "report": …, "signer": { "environment", "role", "party", "name", "kid", "public" }, "signature": hex }`. What is signed
 * (Ed25519) is the canonical form of report and signer together: whatever white space a copy has, it stays the same report.
 */
import { checkPublicKey, keyId, SIGNATURE_SIZE, verify, type SigningKey } from '../messages/ed25519.ts';
import type { KeyOwner } from '../messages/keyfile.ts';
import { ok, refuse, type Result } from '../model/fault.ts';
import { hex, unhex } from '../model/ids.ts';
import { encode } from '../stores/canonical-json.ts';

/** Who signed a report, as the report says. */
export interface ReportSigner extends KeyOwner {
  readonly kid: string;
  /** Raw Ed25519 public key in hexadecimal. */
  readonly public: string;
}

/** A report whose signature verified. */
export interface OpenedReport {
  readonly report: Readonly<Record<string, unknown>>;
  readonly signer: ReportSigner;
}

/** The text of a signed report. Throws Fault `internal` for a report that has no canonical form. */
export function signReport(report: object, { environment, role, party, name }: KeyOwner, key: SigningKey): string {
  const signer: ReportSigner = { environment, role, party, name, kid: key.kid, public: hex(key.publicKey) };
  const signature = hex(key.sign(encode({ report, signer })));
  return `${JSON.stringify({ report, signer, signature }, undefined, 2)}\n`;
}

/**
 * Opens a signed report. Refuses `not-a-report`; `key-…` as `checkPublicKey`; `key-mismatch`, a kid that is not the key's; and
 * `bad-signature`. Whose key it is, nobody but its reader can judge: the signer is what the report says.
 */
export function openReport(text: string): Result<OpenedReport> {
  const file = parse(text);
  if (file === undefined) return refuse('not-a-report', 'not a signed report of a bench');
  const { report, signer, signature } = file;
  const key = checkPublicKey(unhex(signer.public));
  if (!key.ok) return key;
  if (keyId(key.value) !== signer.kid) return refuse('key-mismatch', 'kid is not the identifier of the public key');
  const message = canonical({ report, signer });
  if (message === undefined || !verify(unhex(signature), message, key.value)) {
    return refuse('bad-signature', `the signature is not that of ${signer.kid} over this report`);
  }
  return ok({ report, signer });
}

function parse(text: string): { report: OpenedReport['report']; signer: ReportSigner; signature: string } | undefined {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(file)) return undefined;
  const { report, signer, signature, ...rest } = file;
  if (!isObject(report) || !isObject(signer) || Object.keys(rest).length > 0) return undefined;
  const texts = ['environment', 'role', 'party', 'name', 'kid', 'public'];
  if (!texts.every((name) => typeof signer[name] === 'string') || Object.keys(signer).length !== texts.length) return undefined;
  if (!isHex(signer['public']) || !isHex(signature) || signature.length !== 2 * SIGNATURE_SIZE) return undefined;
  return { report, signer: signer as unknown as ReportSigner, signature };
}

function canonical(value: unknown): Uint8Array | undefined {
  try {
    return encode(value);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isHex = (value: unknown): value is string => typeof value === 'string' && /^([0-9a-f]{2})+$/.test(value);
