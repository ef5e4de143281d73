/** OpenSSL as an independent oracle of ECDSA over the two curves: its own arithmetic, its own reading of points. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SuiteNumber } from '../../host/model/image.ts';

/** Whether it is there. */
export const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;

/** DER of id-ecPublicKey, and of the curves (SEC 2): sect163k1 1.3.132.0.1, sect283k1 1.3.132.0.16. */
const EC_PUBLIC_KEY = Buffer.from('06072a8648ce3d0201', 'hex');
const CURVES = { 1: Buffer.from('06052b81040001', 'hex'), 2: Buffer.from('06052b81040010', 'hex') } as const;

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  if (body.length > 0x7f) throw new RangeError('long DER lengths are not written here');
  return Buffer.concat([Uint8Array.of(tag, body.length), body]);
};

/** A SubjectPublicKeyInfo of a compressed point. */
export const publicKeyDer = (suite: SuiteNumber, point: Uint8Array): Buffer =>
  der(0x30, der(0x30, EC_PUBLIC_KEY, CURVES[suite]), der(0x03, Uint8Array.of(0), point));

/** A DER signature of r ‖ s. */
export function signatureDer(signature: Uint8Array): Buffer {
  const half = signature.length / 2;
  const integer = (bytes: Uint8Array): Buffer => {
    const first = bytes.findIndex((byte) => byte !== 0);
    const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
    return der(0x02, digits[0]! & 0x80 ? Uint8Array.of(0) : new Uint8Array(), digits);
  };
  return der(0x30, integer(signature.subarray(0, half)), integer(signature.subarray(half)));
}

/** What `openssl pkeyutl -verify` says of r ‖ s over a digest. */
export function opensslVerifies(suite: SuiteNumber, point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'hearthgate-openssl-'));
  try {
    const file = (name: string, bytes: Uint8Array): string => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };
    const key = ['-pubin', '-keyform', 'DER', '-inkey', file('key', publicKeyDer(suite, point))];
    const given = ['-in', file('digest', digest), '-sigfile', file('signature', signatureDer(signature))];
    const { status, stdout, error } = spawnSync('openssl', ['pkeyutl', '-verify', ...key, ...given], { encoding: 'utf8' });
    if (error !== undefined) throw error;
    if (status === 0 && stdout.includes('Signature Verified Successfully')) return true;
    if (stdout.includes('Signature Verification Failure')) return false;
    throw new Error(`openssl pkeyutl: ${stdout}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Its version, as it says it. */
export const opensslVersion = (): string => execFileSync('openssl', ['version'], { encoding: 'utf8' }).trim();
