/** The signer's public key out of certificate and authority, and what it signed. */
import { ImageReason, Suite } from '../abi/code.ts';
import { CERTIFICATE2_CURVE, CERTIFICATE2_HASH, CERTIFICATE2_TYPE } from '../abi/layout.ts';

/** Answers 0 when type, curve and hash of a certificate are those of its suite. */
export function check(suite: i32, certificate: usize): i32 {
  if (suite === Suite.ONE) return 0;
  if (load<u8>(certificate, CERTIFICATE2_TYPE) !== 0) return 1;
  if (load<u8>(certificate, CERTIFICATE2_CURVE) !== 13) return 1;
  return load<u8>(certificate, CERTIFICATE2_HASH) !== 8 ? 1 : 0;
}

/** Writes the compressed public key of a certificate under the authority's key to `key`. */
export function reconstruct(suite: i32, certificate: usize, authorityKey: usize, key: usize): bool {
  return true;
}

/** Verifies r and s over a digest. */
export function verify(suite: i32, key: usize, digest: usize, digestLen: i32, rs: usize): i32 {
  return ImageReason.SIGNATURE;
}
