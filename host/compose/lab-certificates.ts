/**
 * Certificates of a lab: a certificate authority of each suite, made on the spot, issues implicit certificates to the hub and its devices
 * (ZSE annex C.4) and is forgotten. Nothing that it issued is worth anything outside that lab.
 */
import type { CertificateMaterial } from '../core/cbke.ts';
import { certificateTemplate } from '../core/certificate.ts';
import type { SuiteNumber } from '../core/curves.ts';
import { SIGNER_ENTROPY_LENGTH, type Signer } from '../core/signer.ts';
import { Fault, type Result } from '../model/fault.ts';
import { eui64, type Eui64 } from '../model/ids.ts';
import type { Entropy } from '../ports/entropy.ts';

/** The issuer that a lab's certificates name. */
export const LAB_ISSUER = eui64('0200000000000106');

/** 2020-01-01, the same in every process that makes the same lab. */
const VALID_FROM = 1_577_836_800;
const SERIAL_LENGTH = 8;

/** Issues certificates of the suites that each subject is to have. The same random bytes make the same certificates. */
export function labCertificates(
  signer: Signer,
  entropy: Entropy,
  subjects: ReadonlyMap<Eui64, readonly SuiteNumber[]>,
): ReadonlyMap<Eui64, readonly CertificateMaterial[]> {
  const issued = new Map<Eui64, CertificateMaterial[]>([...subjects.keys()].map((subject) => [subject, []]));
  for (const suite of [1, 2] as const) {
    const authority = signer.keyPair(suite, entropy.bytes(SIGNER_ENTROPY_LENGTH));
    for (const [subject, suites] of subjects) {
      if (suites.includes(suite)) issued.get(subject)?.push(issue(signer, entropy, suite, authority, subject));
    }
    authority.privateKey.fill(0);
  }
  return issued;
}

function issue(
  signer: Signer,
  entropy: Entropy,
  suite: SuiteNumber,
  authority: { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array },
  subject: Eui64,
): CertificateMaterial {
  const request = signer.keyPair(suite, entropy.bytes(SIGNER_ENTROPY_LENGTH));
  const { certificate, reconstruction } = done(
    signer.issue({
      ...{ suite, caPrivateKey: authority.privateKey, request: request.publicKey },
      certificate: certificateTemplate(suite, { subject, issuer: LAB_ISSUER, serial: entropy.bytes(SERIAL_LENGTH), validFrom: VALID_FROM }),
      entropy: entropy.bytes(SIGNER_ENTROPY_LENGTH),
    }),
  );
  const { privateKey } = request;
  const own = done(signer.receive({ suite, privateKey, reconstruction, caPublicKey: authority.publicKey, certificate }));
  privateKey.fill(0);
  reconstruction.fill(0);
  return { suite, certificate, privateKey: own.privateKey, caPublicKey: authority.publicKey };
}

function done<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Fault('internal', `the lab's certificate authority failed: ${result.code}: ${result.detail}`);
}
