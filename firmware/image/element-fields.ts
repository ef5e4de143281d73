/** What stands in signatures and signing certificates of upgrade files (Smart Energy, ZCL specification 11.4.5), field by field. */
import { Tag } from './format.ts';

/** Fields in their order: name, bytes, and how they read. */
export type FieldMap = readonly (readonly [name: string, size: number, read?: (bytes: Uint8Array) => string])[];

const asIs = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const reversed = (bytes: Uint8Array): string => Buffer.from(bytes).reverse().toString('hex');
/** Seconds of Unix time in 5 bytes. */
const moment = (bytes: Uint8Array): string => new Date(Number(`0x${asIs(bytes)}`) * 1000).toISOString();
const validity = (bytes: Uint8Array): string => (asIs(bytes) === 'ffffffff' ? 'for ever' : `${Number(`0x${asIs(bytes)}`)} s`);

function usage(bytes: Uint8Array): string {
  const bits = bytes[0] ?? 0;
  const uses = [bits & 0x08 ? 'key agreement' : '', bits & 0x80 ? 'signing' : ''].filter((use) => use !== '');
  return `0x${asIs(bytes)}: ${uses.join(', ') || 'nothing'}`;
}

/** Certificates: their numbers and EUI-64s are big-endian. */
export const CERTIFICATE_FIELDS: Readonly<Record<number, FieldMap>> = {
  [Tag.CERTIFICATE_163]: [
    ['point', 22],
    ['subject', 8, asIs],
    ['issuer', 8, asIs],
    ['profile attributes', 10],
  ],
  [Tag.CERTIFICATE_283]: [
    ['certificate type', 1, asIs],
    ['serial number', 8, asIs],
    ['curve', 1, asIs],
    ['hash', 1, asIs],
    ['issuer', 8, asIs],
    ['valid from', 5, moment],
    ['valid for', 4, validity],
    ['subject', 8, asIs],
    ['key usage', 1, usage],
    ['point', 37],
  ],
};

/** Signatures: the signer is little-endian, r and s are big-endian. */
export const SIGNATURE_FIELDS: Readonly<Record<number, FieldMap>> = {
  [Tag.SIGNATURE_163]: [
    ['signer', 8, reversed],
    ['r', 21],
    ['s', 21],
  ],
  [Tag.SIGNATURE_283]: [
    ['signer', 8, reversed],
    ['r', 36],
    ['s', 36],
  ],
};
