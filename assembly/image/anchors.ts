/**
 * What the host trusts: authorities by issuer and suite in IMG_AUTHORITIES, signers in IMG_SIGNERS. Nothing else of the core
 * writes there, and a file never does.
 */
import { AuthorityFlag, Suite } from '../abi/code.ts';
import {
  AUTHORITY_COUNT,
  AUTHORITY_FLAGS,
  AUTHORITY_ISSUER,
  AUTHORITY_KEY,
  AUTHORITY_SIZE,
  AUTHORITY_SUITE,
  IMAGE_STATE,
  IMG,
  IMG_AUTHORITIES,
  IMG_ISSUER,
  IMG_SIGNED_BY,
  IMG_SIGNER_COUNT,
  IMG_SIGNER_SIZE,
  IMG_SIGNERS,
  STATE_AUTHORITIES,
  STATE_SIGNERS,
} from '../abi/layout.ts';

/** Whether so many entries fit their windows, and each authority is of a suite that there is. */
export function check(authorities: i32, signers: i32): bool {
  if (<u32>authorities > <u32>AUTHORITY_COUNT || <u32>signers > <u32>IMG_SIGNER_COUNT) return false;
  for (let i = 0; i < authorities; i++) {
    if (suiteOf(i) !== Suite.ONE && suiteOf(i) !== Suite.TWO) return false;
  }
  return true;
}

/** How an authority answers for the issuer of a certificate. */
export const enum Fit {
  /** Another suite, or another issuer. */
  NONE = 0,
  /** It may have issued any of its suite. */
  ANY = 1,
  /** Its own issuer is the certificate's. */
  PINNED = 2,
}

/** How the authority at a position answers for a certificate of `suite` whose issuer is IMG_ISSUER. */
export function fit(index: i32, suite: i32): i32 {
  const entry: usize = IMG_AUTHORITIES + index * AUTHORITY_SIZE;
  if (suiteOf(index) !== suite) return Fit.NONE;
  if ((<i32>load<u8>(entry, AUTHORITY_FLAGS)) & AuthorityFlag.ANY_ISSUER) return Fit.ANY;
  return load<u64>(entry, AUTHORITY_ISSUER) === load<u64>(IMG, IMG_ISSUER) ? Fit.PINNED : Fit.NONE;
}

/** How the authority that answers best does: one that is pinned is asked alone. */
export function best(suite: i32): i32 {
  let found: i32 = Fit.NONE;
  for (let i = 0; i < count(); i++) found = max(found, fit(i, suite));
  return found;
}

/** Authorities that hold for this file. */
export function count(): i32 {
  return load<i32>(IMAGE_STATE, STATE_AUTHORITIES);
}

/** The suite of an authority. */
export function suiteOf(index: i32): i32 {
  return <i32>load<u8>(IMG_AUTHORITIES + index * AUTHORITY_SIZE, AUTHORITY_SUITE);
}

/** Where the compressed public key of an authority stands. */
export function keyOf(index: i32): usize {
  return IMG_AUTHORITIES + index * AUTHORITY_SIZE + AUTHORITY_KEY;
}

/** Whether IMG_SIGNED_BY is on the list of signers. */
export function isListed(): bool {
  for (let i = 0; i < load<i32>(IMAGE_STATE, STATE_SIGNERS); i++) {
    if (load<u64>(IMG_SIGNERS + i * IMG_SIGNER_SIZE) === load<u64>(IMG, IMG_SIGNED_BY)) return true;
  }
  return false;
}
