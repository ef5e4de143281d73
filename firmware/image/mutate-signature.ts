/**
 * Named manipulations of a signed upgrade file. Who makes them knows the format and has no signer's key: total size and
 * integrity code fit again, so that nothing but the checks of the signature is there to catch them.
 */
import { Fault } from '../../host/model/fault.ts';
import type { ImageElement } from '../../host/model/image.ts';
import type { Mmo } from './build.ts';
import { ELEMENT_HEADER, Offset, Tag } from './format.ts';
import { inspectImage } from './inspect.ts';
import type { Mutation } from './mutation.ts';

const SIGNER_LENGTH = 8;
const SIGNATURES: readonly number[] = [Tag.SIGNATURE_163, Tag.SIGNATURE_283];
const CERTIFICATES: readonly number[] = [Tag.CERTIFICATE_163, Tag.CERTIFICATE_283];
/** Where the key usage of a suite 2 certificate stands, and the subject of either. */
const USAGE = 36;
const SUBJECT: Readonly<Record<number, number>> = { [Tag.CERTIFICATE_163]: 22, [Tag.CERTIFICATE_283]: 28 };

function elementOf(file: Uint8Array, tags: readonly number[], what: string): ImageElement {
  const found = inspectImage(file).elements.find(({ tag }) => tags.includes(tag));
  if (found === undefined) throw new Fault('input', `the file has no ${what}`);
  return found;
}

const signatureOf = (file: Uint8Array): ImageElement => elementOf(file, SIGNATURES, 'signature');
const certificateOf = (file: Uint8Array): ImageElement => elementOf(file, CERTIFICATES, 'signing certificate');
/** An element with its tag and length. */
const wholeOf = (file: Uint8Array, { offset, length }: ImageElement): Uint8Array => file.subarray(offset - ELEMENT_HEADER, offset + length);

/** Changes the data of an element in place. */
const within =
  (find: (file: Uint8Array) => ImageElement, change: (data: Uint8Array, element: ImageElement) => void) =>
  (file: Uint8Array): Uint8Array => {
    const copy = Uint8Array.from(file);
    const element = find(copy);
    change(copy.subarray(element.offset, element.offset + element.length), element);
    return copy;
  };

/** Puts a file together out of the elements that `choose` gives, with a total size and an integrity code that fit. */
const rebuilt =
  (choose: (file: Uint8Array, elements: readonly ImageElement[]) => readonly Uint8Array[]) =>
  (file: Uint8Array, mmo: Mmo): Uint8Array => {
    const { header, elements } = inspectImage(file);
    signatureOf(file);
    const parts = [file.subarray(0, header?.headerLength ?? 0), ...choose(file, elements)];
    const made = Uint8Array.from(Buffer.concat(parts));
    new DataView(made.buffer).setUint32(Offset.TOTAL_SIZE, made.length, true);
    const code = inspectImage(made).elements.find(({ tag }) => tag === Tag.INTEGRITY_CODE);
    if (code !== undefined) made.set(mmo(made.subarray(0, code.offset - ELEMENT_HEADER)), code.offset);
    return made;
  };

const without = (tags: readonly number[]) =>
  rebuilt((file, elements) => elements.filter(({ tag }) => !tags.includes(tag)).map((element) => wholeOf(file, element)));

const row = (name: string, what: string, code: string, apply: Mutation['apply']): Mutation => ({
  name,
  what,
  caughtBy: 'signature',
  code,
  apply,
});

const halves = (data: Uint8Array): readonly [Uint8Array, Uint8Array] => {
  const middle = SIGNER_LENGTH + (data.length - SIGNER_LENGTH) / 2;
  return [data.subarray(SIGNER_LENGTH, middle), data.subarray(middle)];
};

/** The manipulations, in the order in which a verifier meets what they break. */
export const SIGNATURE_MUTATIONS: readonly Mutation[] = [
  row('without-signature', 'certificate and signature are cut off', 'no-signature', without([...SIGNATURES, ...CERTIFICATES])),
  row(
    'signature-twice',
    'the signature stands there twice',
    'more-than-one-signature',
    rebuilt((file, elements) => [...elements.map((element) => wholeOf(file, element)), wholeOf(file, signatureOf(file))]),
  ),
  row(
    'signature-not-last',
    'the certificate follows the signature',
    'signature-not-last',
    rebuilt((file, elements) => [
      ...elements.filter(({ tag }) => !CERTIFICATES.includes(tag)).map((element) => wholeOf(file, element)),
      wholeOf(file, certificateOf(file)),
    ]),
  ),
  row('without-certificate', 'the certificate is cut out', 'no-certificate-of-the-suite', without(CERTIFICATES)),
  row(
    'certificate-twice',
    'the certificate stands there twice',
    'more-than-one-certificate',
    rebuilt((file, elements) =>
      elements.flatMap((element) => Array.from({ length: CERTIFICATES.includes(element.tag) ? 2 : 1 }, () => wholeOf(file, element))),
    ),
  ),
  row(
    'signer-other',
    'the signature names another signer',
    'signer-not-certificate-subject',
    within(signatureOf, (data) => void (data[0]! ^= 1)),
  ),
  row(
    'signer-big-endian',
    'the signer stands in the byte order of certificates',
    'signer-not-certificate-subject',
    within(signatureOf, (data) => void data.subarray(0, SIGNER_LENGTH).reverse()),
  ),
  row('certificate-subject-forged', 'signature and certificate name another device', 'bad-signature', (file) => {
    const renamed = within(certificateOf, (data, { tag }) => void (data[(SUBJECT[tag] ?? 0) + 7]! ^= 1))(file);
    return within(signatureOf, (data) => void (data[0]! ^= 1))(renamed);
  }),
  row(
    'certificate-usage',
    'the certificate of suite 2 claims to allow key agreement alone',
    'key-usage-no-signature',
    within(
      (file) => elementOf(file, [Tag.CERTIFICATE_283], 'signing certificate of suite 2'),
      (data) => void (data[USAGE] = 0x08),
    ),
  ),
  row(
    'certificate-bit',
    'one bit of the last byte of the certificate is flipped',
    'bad-signature',
    within(certificateOf, (data, { tag }) => {
      // The last byte of suite 1 is an attribute; in suite 2 the serial number says as little.
      data[tag === Tag.CERTIFICATE_163 ? data.length - 1 : 1]! ^= 1;
    }),
  ),
  row(
    'r-zero',
    'r is zero',
    'signature-out-of-range',
    within(signatureOf, (data) => void halves(data)[0].fill(0)),
  ),
  row(
    's-zero',
    's is zero',
    'signature-out-of-range',
    within(signatureOf, (data) => void halves(data)[1].fill(0)),
  ),
  row(
    's-above-order',
    's is as high as its bytes go',
    'signature-out-of-range',
    within(signatureOf, (data) => void halves(data)[1].fill(0xff)),
  ),
  row(
    'r-s-swapped',
    'r and s have changed places',
    'bad-signature',
    within(signatureOf, (data) => {
      const [r, s] = halves(data).map((half) => half.slice()) as [Uint8Array, Uint8Array];
      data.set(s, SIGNER_LENGTH);
      data.set(r, SIGNER_LENGTH + s.length);
    }),
  ),
  row(
    'r-bit',
    'one bit of r is flipped',
    'bad-signature',
    within(signatureOf, (data) => {
      const [r] = halves(data);
      r[r.length - 1]! ^= 1;
    }),
  ),
  row(
    's-bit',
    'one bit of s is flipped',
    'bad-signature',
    within(signatureOf, (data) => void (data[data.length - 1]! ^= 1)),
  ),
  row('signed-payload-bit', 'one bit of the program is flipped, its integrity code fits', 'bad-signature', (file, mmo) => {
    const { offset, length } = elementOf(file, [Tag.UPGRADE_IMAGE], 'upgrade image');
    const changed = Uint8Array.from(file);
    changed[offset + (length >> 1)]! ^= 1;
    return rebuilt((from, elements) => elements.map((element) => wholeOf(from, element)))(changed, mmo);
  }),
];
