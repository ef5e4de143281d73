/** Authorities and signers of tests, the same in every run, and what trusts them. */
import { readFileSync } from 'node:fs';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { issueSigner, newAuthority, Usage, type AuthorityKeys, type SignerKeys } from '../../../firmware/image/authority.ts';
import { Signer } from '../../../host/core/signer.ts';
import { eui64 } from '../../../host/model/ids.ts';
import type { ImageTrust, SuiteNumber } from '../../../host/model/image.ts';

/** The signer of built tooling. */
export const signer = await Signer.load(new Uint8Array(readFileSync(new URL('../../../dist/signer.wasm', import.meta.url))));

export const ISSUERS = { 1: eui64('0200000000000ca1'), 2: eui64('0200000000000ca2') } as const;
export const SIGNER_EUI = eui64('0200000000000007');
export const OTHER_EUI = eui64('0200000000000008');
/** 2020-11-24T00:00:00Z. */
const NOW = 1_606_176_000;

const entropy = new Seeded(163_283);

export const authorities: Readonly<Record<SuiteNumber, AuthorityKeys>> = {
  1: newAuthority(signer, entropy, 1, ISSUERS[1]),
  2: newAuthority(signer, entropy, 2, ISSUERS[2]),
};

/** A signer that nobody else has. */
export const issued = (
  suite: SuiteNumber,
  subject = SIGNER_EUI,
  usage: number = Usage.SIGNING,
  authority = authorities[suite],
): SignerKeys => issueSigner(signer, entropy, authority, { subject, now: NOW, usage });

export const signers: Readonly<Record<SuiteNumber, SignerKeys>> = { 1: issued(1), 2: issued(2) };

/** Both authorities, pinned, and the one signer. */
export const trust: ImageTrust = {
  authorities: ([1, 2] as const).map((suite) => ({
    name: `test authority ${suite}`,
    suite,
    issuer: ISSUERS[suite],
    key: authorities[suite].key,
  })),
  signers: [SIGNER_EUI],
};
