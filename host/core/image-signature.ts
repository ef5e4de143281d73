/** What the report says of a check of the core, and the texts for those of signature and certificate. */
import { ImageCheck as Check } from '../../assembly/abi/code.ts';
import type { ImageExpectation, ImageSignature } from '../model/image.ts';
import type { Findings } from './image-findings.ts';

/** How a check is called, what it asks for and what it saw when it did not fail. */
export interface CheckText {
  readonly name: string;
  expected(findings: Findings, expectation: ImageExpectation): string;
  found(findings: Findings, expectation: ImageExpectation): string;
}

/** What is said where nobody is pinned. */
export const NOT_PINNED = 'not pinned';

const CURVES = { 1: 'sect163k1', 2: 'sect283k1' } as const;

/** A text over the signature; what it says when there is none is said here, once. */
const of =
  (text: (signature: ImageSignature, expectation: ImageExpectation) => string) =>
  ({ signature }: Findings, expectation: ImageExpectation): string =>
    signature === undefined ? 'none' : text(signature, expectation);

const unlessUnsigned =
  (text: (signature: ImageSignature, expectation: ImageExpectation) => string) =>
  ({ signature }: Findings, expectation: ImageExpectation): string => {
    if (signature !== undefined) return text(signature, expectation);
    return expectation.signatureRequired ? 'a signature' : 'none needed';
  };

const usage = (bits: number | undefined): string => (bits === undefined ? 'none in suite 1' : `0x${bits.toString(16).padStart(2, '0')}`);

/** The checks from SIGNATURE to ECDSA. */
export const SIGNATURE_TEXTS: readonly (readonly [Check, CheckText])[] = [
  [
    Check.SIGNATURE,
    {
      name: 'signature',
      expected: unlessUnsigned(() => 'one signature, the last element'),
      found: of(({ suite, signer }) => `suite ${suite} (${CURVES[suite]}), by ${signer}`),
    },
  ],
  [
    Check.CERTIFICATE,
    {
      name: 'certificate',
      expected: unlessUnsigned(({ suite }) => `one certificate of suite ${suite}`),
      found: of(({ subject, issuer }) => `of ${subject ?? 'nobody'} by ${issuer ?? 'nobody'}`),
    },
  ],
  [
    Check.SUBJECT,
    {
      name: 'subject',
      expected: unlessUnsigned(({ signer }) => `${signer}, who signed`),
      found: of(({ subject }) => subject ?? 'nobody'),
    },
  ],
  [
    Check.ISSUER,
    {
      name: 'issuer',
      expected: unlessUnsigned(({ suite }, { trust }) => issuersOf(suite, trust?.authorities ?? [])),
      found: of(({ issuer }) => issuer ?? 'nobody'),
    },
  ],
  [
    Check.SIGNER,
    {
      name: 'signer',
      expected: unlessUnsigned((_, { trust }) => trust?.signers?.join(', ') ?? NOT_PINNED),
      found: of(({ signer }) => signer),
    },
  ],
  [
    Check.KEY_USAGE,
    {
      name: 'key-usage',
      expected: unlessUnsigned(({ suite }) => (suite === 2 ? '0x80, signing' : 'none in suite 1')),
      found: of(({ keyUsage }) => usage(keyUsage)),
    },
  ],
  [
    Check.ECDSA,
    {
      name: 'ecdsa',
      expected: unlessUnsigned(({ signedLength, digest }) => `a signature of ${digest}, the digest of the first ${signedLength} bytes`),
      found: of(({ authority, publicKey }) => `verifies under ${publicKey}, certified by ${authority}`),
    },
  ],
];

/** The issuers that will do; an authority that was given without one says so. */
function issuersOf(suite: number, authorities: NonNullable<ImageExpectation['trust']>['authorities']): string {
  const issuers = new Set(authorities.filter((each) => each.suite === suite).map(({ issuer }) => issuer ?? NOT_PINNED));
  return issuers.size === 0 ? `an authority of suite ${suite}; none is trusted` : [...issuers].join(', ');
}
