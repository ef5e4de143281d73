/**
 * Certificates of a lab: a certificate authority of each suite, made on the spot, issues implicit certificates to the hub and its devices
 * (ZSE annex C.4) and is forgotten. Nothing that it issued is worth anything outside that lab.
 */
import {
  CERTIFICATE1_ATTRIBUTES,
  CERTIFICATE1_ISSUER,
  CERTIFICATE1_SUBJECT,
  CERTIFICATE2_CURVE,
  CERTIFICATE2_FROM,
  CERTIFICATE2_HASH,
  CERTIFICATE2_ISSUER,
  CERTIFICATE2_SERIAL,
  CERTIFICATE2_SUBJECT,
  CERTIFICATE2_USAGE,
  CERTIFICATE2_VALIDITY,
} from '../../assembly/abi/layout.ts';
import type { CertificateMaterial } from '../core/cbke.ts';
import { sizesOf, type SuiteNumber } from '../core/curves.ts';
import { SIGNER_ENTROPY_LENGTH, type Signer } from '../core/signer.ts';
import { Fault, type Result } from '../model/fault.ts';
import { eui64, euiToBytes, type Eui64 } from '../model/ids.ts';
import type { Entropy } from '../ports/entropy.ts';

/** The issuer that a lab's certificates name. */
export const LAB_ISSUER = eui64('0200000000000106');

/** Attributes of a suite 1 certificate: the Smart Energy profile. */
const PROFILE_SE = [0x01, 0x09];
const SECT283K1 = 0x0d;
const AES_MMO = 0x08;
/** 2020-01-01, the same in every process that makes the same lab. */
const VALID_FROM = 1_577_836_800;
const FOR_EVER = 0xffff_ffff;
const AGREEMENT_AND_SIGNATURE = 0x88;
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
      certificate: suite === 1 ? fields1(subject) : fields2(subject, entropy.bytes(SERIAL_LENGTH)),
      entropy: entropy.bytes(SIGNER_ENTROPY_LENGTH),
    }),
  );
  const { privateKey } = request;
  const own = done(signer.receive({ suite, privateKey, reconstruction, caPublicKey: authority.publicKey, certificate }));
  privateKey.fill(0);
  reconstruction.fill(0);
  return { suite, certificate, privateKey: own.privateKey, caPublicKey: authority.publicKey };
}

function fields1(subject: Eui64): Uint8Array {
  const fields = new Uint8Array(sizesOf(1).certificate);
  fields.set(euiToBytes(subject), CERTIFICATE1_SUBJECT);
  fields.set(euiToBytes(LAB_ISSUER), CERTIFICATE1_ISSUER);
  fields.set(PROFILE_SE, CERTIFICATE1_ATTRIBUTES);
  return fields;
}

function fields2(subject: Eui64, serial: Uint8Array): Uint8Array {
  const fields = new Uint8Array(sizesOf(2).certificate);
  const view = new DataView(fields.buffer);
  fields.set(serial, CERTIFICATE2_SERIAL);
  fields[CERTIFICATE2_CURVE] = SECT283K1;
  fields[CERTIFICATE2_HASH] = AES_MMO;
  fields.set(euiToBytes(LAB_ISSUER), CERTIFICATE2_ISSUER);
  view.setUint32(CERTIFICATE2_FROM + 1, VALID_FROM);
  view.setUint32(CERTIFICATE2_VALIDITY, FOR_EVER);
  fields.set(euiToBytes(subject), CERTIFICATE2_SUBJECT);
  fields[CERTIFICATE2_USAGE] = AGREEMENT_AND_SIGNATURE;
  return fields;
}

function done<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Fault('internal', `the lab's certificate authority failed: ${result.code}: ${result.detail}`);
}
