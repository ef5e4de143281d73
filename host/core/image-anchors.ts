/** What is trusted and what is asked of an upgrade file, as the core's image verification takes it. */
import { AuthorityFlag, ImageFlag } from '../../assembly/abi/code.ts';
import {
  AUTHORITY_COUNT,
  AUTHORITY_FLAGS,
  AUTHORITY_ISSUER,
  AUTHORITY_KEY,
  AUTHORITY_SIZE,
  AUTHORITY_SUITE,
  IMG_AUTHORITIES,
  IMG_SIGNER_COUNT,
  IMG_SIGNER_SIZE,
  IMG_SIGNERS,
} from '../../assembly/abi/layout.ts';
import { Fault } from '../model/fault.ts';
import { euiToAir } from '../model/ids.ts';
import type { ImageAuthority, ImageExpectation } from '../model/image.ts';
import { sizesOf } from './curves.ts';
import type { Instance } from './module.ts';

/**
 * Puts authorities and signers into their windows and starts a file. Throws Fault `config` for more of either than fit, and
 * for an authority whose key has not the size of its suite.
 */
export function beginImage(core: Instance, { body, integrityRequired, signatureRequired, trust }: ImageExpectation): void {
  const { authorities = [], signers = [] } = trust ?? {};
  if (authorities.length > AUTHORITY_COUNT) throw new Fault('config', `more than ${AUTHORITY_COUNT} authorities`);
  if (signers.length > IMG_SIGNER_COUNT) throw new Fault('config', `more than ${IMG_SIGNER_COUNT} signers`);
  authorities.forEach((authority, i) => core.bytes.set(entryOf(authority), IMG_AUTHORITIES + i * AUTHORITY_SIZE));
  signers.forEach((signer, i) => core.bytes.set(euiToAir(signer), IMG_SIGNERS + i * IMG_SIGNER_SIZE));
  const flags =
    (body === 'raw' ? ImageFlag.RAW_BODY : 0) |
    (integrityRequired ? 0 : ImageFlag.WITHOUT_INTEGRITY) |
    (signatureRequired ? 0 : ImageFlag.UNSIGNED) |
    (trust?.signers === undefined ? ImageFlag.ANY_SIGNER : 0);
  const code = core.call('imageBegin', flags, authorities.length, signers.length);
  if (code !== 0) throw new Fault('internal', `the core did not begin an image: ${code}`);
}

function entryOf({ name, suite, issuer, key }: ImageAuthority): Uint8Array {
  const { point } = sizesOf(suite);
  if (key.length !== point) throw new Fault('config', `the key of ${name} has ${key.length} bytes; suite ${suite} takes ${point}`);
  const entry = new Uint8Array(AUTHORITY_SIZE);
  entry[AUTHORITY_SUITE] = suite;
  entry[AUTHORITY_FLAGS] = issuer === undefined ? AuthorityFlag.ANY_ISSUER : 0;
  if (issuer !== undefined) entry.set(euiToAir(issuer), AUTHORITY_ISSUER);
  entry.set(key, AUTHORITY_KEY);
  return entry;
}
