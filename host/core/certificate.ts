/** What stands in an implicit certificate of ZigBee Smart Energy (ZSE annex C.4), for people. Whether it is genuine, only its use shows. */
import {
  CERTIFICATE1_ATTRIBUTES,
  CERTIFICATE1_ISSUER,
  CERTIFICATE1_SUBJECT,
  CERTIFICATE2_FROM,
  CERTIFICATE2_ISSUER,
  CERTIFICATE2_SERIAL,
  CERTIFICATE2_SUBJECT,
  CERTIFICATE2_USAGE,
  CERTIFICATE2_VALIDITY,
} from '../../assembly/abi/layout.ts';
import { euiFromBytes, hex, type Eui64 } from '../model/ids.ts';
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
