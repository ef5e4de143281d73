/**
 * Authorities and signers of images for laboratories: key pairs, and implicit certificates (ECQV) by them. The forms of the
 * certificates are those of Smart Energy (annex C and its suite 2 amendment); their numbers and EUI-64s are big-endian.
 */
import { SIGNER_ENTROPY_LENGTH, type Signer } from '../../host/core/signer.ts';
import { Fault } from '../../host/model/fault.ts';
import { euiToBytes, type Eui64 } from '../../host/model/ids.ts';
import type { SuiteNumber } from '../../host/model/image.ts';
import type { Entropy } from '../../host/ports/entropy.ts';

/** An authority's keys. */
export interface AuthorityKeys {
  readonly suite: SuiteNumber;
  readonly issuer: Eui64;
  /** Compressed public key. */
  readonly key: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** A signer's certificate and key. */
export interface SignerKeys {
  readonly suite: SuiteNumber;
  readonly subject: Eui64;
  readonly certificate: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** What a certificate of suite 2 allows its key to be used for. */
export const Usage = { AGREEMENT: 0x08, SIGNING: 0x80 } as const;

/** What a certificate is to say. */
export interface CertificatePlan {
  readonly subject: Eui64;
  /** Seconds of Unix time from which a certificate of suite 2 holds; it has no end. */
  readonly now: number;
  /** Bits of `Usage` of a certificate of suite 2; default: signing. */
  readonly usage?: number;
}

/** Profile number of Smart Energy, with which the attributes of a suite 1 certificate begin. */
const PROFILE = [0x01, 0x09];
const POINT = { 1: 22, 2: 37 } as const;
const SUITE_2 = { type: 0, curve: 13, hash: 8 } as const;
const SERIAL_LENGTH = 8;

/** A new authority. */
export function newAuthority(signer: Signer, entropy: Entropy, suite: SuiteNumber, issuer: Eui64): AuthorityKeys {
  const { privateKey, publicKey } = signer.keyPair(suite, entropy.bytes(SIGNER_ENTROPY_LENGTH));
  return { suite, issuer, key: publicKey, privateKey };
}

/** A new signer with a certificate of `authority`. Throws Fault `input` when the authority's keys do not belong together. */
export function issueSigner(signer: Signer, entropy: Entropy, authority: AuthorityKeys, plan: CertificatePlan): SignerKeys {
  const { suite, issuer, key, privateKey: caPrivateKey } = authority;
  const request = signer.keyPair(suite, entropy.bytes(SIGNER_ENTROPY_LENGTH));
  const template = suite === 1 ? suite1(plan.subject, issuer) : suite2(plan, issuer, entropy.bytes(SERIAL_LENGTH));
  const fresh = entropy.bytes(SIGNER_ENTROPY_LENGTH);
  const issued = signer.issue({ suite, caPrivateKey, request: request.publicKey, certificate: template, entropy: fresh });
  if (!issued.ok) throw new Fault('input', `no certificate can be issued: ${issued.detail}`);
  const own = signer.receive({ suite, privateKey: request.privateKey, caPublicKey: key, ...issued.value });
  if (!own.ok) throw new Fault('input', `the authority's private key is not that of its public key: ${own.detail}`);
  return { suite, subject: plan.subject, certificate: issued.value.certificate, privateKey: own.value.privateKey };
}

/** Point, subject, issuer, attributes. */
const suite1 = (subject: Eui64, issuer: Eui64): Uint8Array =>
  Uint8Array.of(...new Uint8Array(POINT[1]), ...euiToBytes(subject), ...euiToBytes(issuer), ...PROFILE, ...new Uint8Array(8));

/** Type, serial number, curve, hash, issuer, valid from (5 bytes), valid for (4 bytes, all ones: no end), subject, usage, point. */
function suite2({ subject, now, usage = Usage.SIGNING }: CertificatePlan, issuer: Eui64, serial: Uint8Array): Uint8Array {
  const from = [4, 3, 2, 1, 0].map((byte) => Math.floor(now / 256 ** byte) & 0xff);
  const { type, curve, hash } = SUITE_2;
  return Uint8Array.of(
    ...[type, ...serial, curve, hash, ...euiToBytes(issuer), ...from, 0xff, 0xff, 0xff, 0xff],
    ...[...euiToBytes(subject), usage, ...new Uint8Array(POINT[2])],
  );
}
