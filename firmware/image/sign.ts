/**
 * Signs upgrade files as Smart Energy has it: certificate and signature become the last two elements, the total size counts
 * them, an integrity code is made anew since it covers the header, by the convention that it followed, and signed is the AES-MMO
 * digest of everything before r and s. A signature and certificate that are there already give way.
 */
import type { Signer } from '../../host/core/signer.ts';
import { Fault } from '../../host/model/fault.ts';
import { euiToAir } from '../../host/model/ids.ts';
import type { SuiteNumber } from '../../host/model/image.ts';
import type { SignerKeys } from './authority.ts';
import type { Mmo } from './build.ts';
import { ELEMENT_HEADER, Offset, Tag } from './format.ts';
import { inspectImage } from './inspect.ts';
import { conventionOf, integrityCode, integrityOffset, type Convention } from './integrity.ts';

const TAGS = {
  1: { certificate: Tag.CERTIFICATE_163, signature: Tag.SIGNATURE_163, certificateLength: 48, scalarLength: 21 },
  2: { certificate: Tag.CERTIFICATE_283, signature: Tag.SIGNATURE_283, certificateLength: 74, scalarLength: 36 },
} as const;
const SIGNING: readonly number[] = [Tag.SIGNATURE_163, Tag.CERTIFICATE_163, Tag.SIGNATURE_283, Tag.CERTIFICATE_283];
const SIGNER_LENGTH = 8;

/** Bytes that the elements of certificate and signature add to a file. */
export const signingLength = (suite: SuiteNumber): number =>
  2 * ELEMENT_HEADER + TAGS[suite].certificateLength + SIGNER_LENGTH + 2 * TAGS[suite].scalarLength;

/** The file signed by `keys`. Throws Fault `input` for a file that has no whole walk of elements, and for a key that is none. */
export function signImage(file: Uint8Array, keys: SignerKeys, signer: Signer): Uint8Array {
  const { suite, subject, certificate, privateKey } = keys;
  const { certificate: certificateTag, signature: signatureTag, scalarLength } = TAGS[suite];
  const mmo: Mmo = (message, padding) => signer.mmo(message, padding);
  const body = bodyOf(file);
  const signed = new Uint8Array(body.length + signingLength(suite));
  const view = new DataView(signed.buffer);
  signed.set(body);
  view.setUint32(Offset.TOTAL_SIZE, signed.length, true);
  seal(signed.subarray(0, body.length), conventionOf(file, mmo), mmo);
  let at = body.length;
  const put = (tag: number, length: number, data: Uint8Array): void => {
    view.setUint16(at, tag, true);
    view.setUint32(at + 2, length, true);
    signed.set(data, at + ELEMENT_HEADER);
    at += ELEMENT_HEADER + data.length;
  };
  put(certificateTag, certificate.length, certificate);
  put(signatureTag, SIGNER_LENGTH + 2 * scalarLength, euiToAir(subject));
  const signature = signer.sign(suite, privateKey, signer.mmo(signed.subarray(0, at)));
  if (!signature.ok) throw new Fault('input', `the private key of ${subject} signs nothing: ${signature.detail}`);
  signed.set(signature.value, at);
  return signed;
}

/** The file without the elements that sign it. */
function bodyOf(file: Uint8Array): Uint8Array {
  const { header, elements, oddities } = inspectImage(file);
  const odd = oddities.find(({ code }) => !HARMLESS.includes(code));
  if (header === undefined || odd !== undefined) throw new Fault('input', `the file cannot be signed: ${odd?.detail ?? 'no header'}`);
  const parts = [file.subarray(0, header.headerLength)];
  for (const { tag, offset, length } of elements)
    if (!SIGNING.includes(tag)) parts.push(file.subarray(offset - ELEMENT_HEADER, offset + length));
  return Uint8Array.from(Buffer.concat(parts));
}

/** Oddities that do not keep a file from being signed. */
const HARMLESS: readonly string[] = ['text-not-printable', 'no-upgrade-image', 'signature-not-last', 'certificate-not-read'];

/** Makes the integrity code anew, by its own convention; one that fitted none by the first. */
function seal(body: Uint8Array, convention: Convention | undefined, mmo: Mmo): void {
  const offset = integrityOffset(body);
  if (offset !== undefined) body.set(integrityCode(body, offset, convention ?? 'before-tag', mmo), offset);
}
