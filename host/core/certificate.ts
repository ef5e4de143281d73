/**
 * What stands in an implicit certificate of ZigBee Smart Energy (ZSE annex C.4): read for people, and drafted for a laboratory's authority.
 * Whether one is genuine, only its use shows.
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
import { euiFromBytes, euiToBytes, hex, type Eui64 } from '../model/ids.ts';
import { sizesOf, type SuiteNumber } from './curves.ts';

/** Fields of a certificate. */
export interface CertificateFields {
  readonly suite: SuiteNumber;
  readonly subject: Eui64;
  readonly issuer: Eui64;
  /** Suite 1 has attributes of its profile, suite 2 the rest. */
  readonly attributes?: string;
  readonly serial?: string;
  /** Whole seconds since 1970; `validTo` undefined = for ever. */
  readonly validFrom?: number;
  readonly validTo?: number | undefined;
  readonly usage?: readonly ('agreement' | 'signature')[];
}

const EUI_LENGTH = 8;
const ATTRIBUTES_LENGTH = 10;
const FOR_EVER = 0xffff_ffff;
const AGREEMENT = 0x08;
const SIGNATURE = 0x80;
/** Attributes of a suite 1 certificate: the Smart Energy profile. */
const PROFILE_SE = [0x01, 0x09];
const SECT283K1 = 13;
const AES_MMO = 8;

/** The suite that a certificate is of, by its length; undefined when it is neither's. */
export function suiteOfCertificate(certificate: Uint8Array): SuiteNumber | undefined {
  return ([1, 2] as const).find((suite) => sizesOf(suite).certificate === certificate.length);
}

/** Reads a certificate; undefined when its length is of neither suite. */
export function certificateFields(certificate: Uint8Array): CertificateFields | undefined {
  const suite = suiteOfCertificate(certificate);
  if (suite === undefined) return undefined;
  const eui = (offset: number): Eui64 => euiFromBytes(certificate.subarray(offset, offset + EUI_LENGTH));
  const view = new DataView(certificate.buffer, certificate.byteOffset, certificate.byteLength);
  if (suite === 1) {
    const attributes = hex(certificate.subarray(CERTIFICATE1_ATTRIBUTES, CERTIFICATE1_ATTRIBUTES + ATTRIBUTES_LENGTH));
    return { suite, subject: eui(CERTIFICATE1_SUBJECT), issuer: eui(CERTIFICATE1_ISSUER), attributes };
  }
  const validFrom = view.getUint8(CERTIFICATE2_FROM) * 2 ** 32 + view.getUint32(CERTIFICATE2_FROM + 1);
  const validity = view.getUint32(CERTIFICATE2_VALIDITY);
  const usage = view.getUint8(CERTIFICATE2_USAGE);
  return {
    ...{ suite, subject: eui(CERTIFICATE2_SUBJECT), issuer: eui(CERTIFICATE2_ISSUER), validFrom },
    serial: hex(certificate.subarray(CERTIFICATE2_SERIAL, CERTIFICATE2_SERIAL + EUI_LENGTH)),
    validTo: validity === FOR_EVER ? undefined : validFrom + validity,
    usage: [...((usage & AGREEMENT) !== 0 ? ['agreement' as const] : []), ...((usage & SIGNATURE) !== 0 ? ['signature' as const] : [])],
  };
}

/** What a certificate is to say. Serial (8 bytes) and beginning are suite 2's. */
export interface CertificateDraft {
  readonly subject: Eui64;
  readonly issuer: Eui64;
  readonly serial: Uint8Array;
  readonly validFrom: number;
}

/** A certificate complete but for its point, as `Signer.issue` takes it: for the Smart Energy profile, for agreement and signature, for ever. */
export function certificateTemplate(suite: SuiteNumber, { subject, issuer, serial, validFrom }: CertificateDraft): Uint8Array {
  const fields = new Uint8Array(sizesOf(suite).certificate);
  if (suite === 1) {
    fields.set(euiToBytes(subject), CERTIFICATE1_SUBJECT);
    fields.set(euiToBytes(issuer), CERTIFICATE1_ISSUER);
    fields.set(PROFILE_SE, CERTIFICATE1_ATTRIBUTES);
    return fields;
  }
  const view = new DataView(fields.buffer);
  fields.set(serial, CERTIFICATE2_SERIAL);
  fields[CERTIFICATE2_CURVE] = SECT283K1;
  fields[CERTIFICATE2_HASH] = AES_MMO;
  fields.set(euiToBytes(issuer), CERTIFICATE2_ISSUER);
  view.setUint8(CERTIFICATE2_FROM, Math.floor(validFrom / 2 ** 32));
  view.setUint32(CERTIFICATE2_FROM + 1, validFrom % 2 ** 32);
  view.setUint32(CERTIFICATE2_VALIDITY, FOR_EVER);
  fields.set(euiToBytes(subject), CERTIFICATE2_SUBJECT);
  fields[CERTIFICATE2_USAGE] = AGREEMENT | SIGNATURE;
  return fields;
}
