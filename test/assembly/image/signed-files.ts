/** Signed upgrade files of given sizes, and what the core needs to accept them. */
import { buildImage, type NewElement } from '../../../firmware/image/build.ts';
import { signImage, signingLength } from '../../../firmware/image/sign.ts';
import type { SuiteNumber } from '../../../host/model/image.ts';
import { hex } from '../../../host/model/ids.ts';
import { authorities, ISSUERS, signer, SIGNER_EUI, signers } from '../../firmware/kit/signing.ts';
import { pattern } from '../crypto/oracle.ts';
import type { Trust } from './report.ts';

/** Both authorities, pinned, and the one signer. */
export const TRUST: Trust = {
  authorities: ([1, 2] as const).map((suite) => ({ suite, issuer: ISSUERS[suite], key: hex(authorities[suite].key) })),
  signers: [SIGNER_EUI],
};

/** A signed file of exactly `size` bytes, with an integrity code unless `sealed` is false; `more` elements stand before the program. */
export function signedFile(suite: SuiteNumber, size: number, more: readonly NewElement[] = [], sealed = true): Uint8Array {
  const build = (length: number): Uint8Array =>
    buildImage(
      { manufacturer: 0x1d01, imageType: 0x84, fileVersion: 2, text: 'law', elements: [...more, { tag: 0, data: pattern(length) }] },
      sealed ? (message) => signer.mmo(message) : undefined,
    );
  return signImage(build(size - build(0).length - signingLength(suite)), signers[suite], signer);
}
