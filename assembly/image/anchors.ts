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
import { equal } from '../bytes/memory.ts';

const EUI_LEN: i32 = 8;

/** Whether so many entries fit their windows, and each authority is of a suite that there is. */
export function check(authorities: i32, signers: i32): bool {
  if (<u32>authorities > <u32>AUTHORITY_COUNT || <u32>signers > <u32>IMG_SIGNER_COUNT) return false;
  for (let i = 0; i < authorities; i++) {
    const suite = <i32>load<u8>(IMG_AUTHORITIES + i * AUTHORITY_SIZE, AUTHORITY_SUITE);
    if (suite !== Suite.ONE && suite !== Suite.TWO) return false;
  }
  return true;
}

/**
 * Position of the first authority from `from` on that can have issued a certificate of `suite` whose issuer is IMG_ISSUER, -1
 * when there is none. `pinned` asks for those whose issuer is given and is that one, otherwise for those that may have any.
 */
export function candidate(suite: i32, pinned: bool, from: i32): i32 {
  for (let i = from; i < load<i32>(IMAGE_STATE, STATE_AUTHORITIES); i++) {
    const entry: usize = IMG_AUTHORITIES + i * AUTHORITY_SIZE;
    if (<i32>load<u8>(entry, AUTHORITY_SUITE) !== suite) continue;
    const any = ((<i32>load<u8>(entry, AUTHORITY_FLAGS)) & AuthorityFlag.ANY_ISSUER) !== 0;
    if (pinned ? !any && equal(entry + AUTHORITY_ISSUER, IMG + IMG_ISSUER, EUI_LEN) : any) return i;
  }
  return -1;
}

/** Where the compressed public key of an authority stands. */
export function keyOf(index: i32): usize {
  return IMG_AUTHORITIES + index * AUTHORITY_SIZE + AUTHORITY_KEY;
}

/** Whether IMG_SIGNED_BY is on the list of signers. */
export function isListed(): bool {
  for (let i = 0; i < load<i32>(IMAGE_STATE, STATE_SIGNERS); i++) {
    if (equal(IMG_SIGNERS + i * IMG_SIGNER_SIZE, IMG + IMG_SIGNED_BY, EUI_LEN)) return true;
  }
  return false;
}
