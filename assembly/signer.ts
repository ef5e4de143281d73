/**
 * signer.wasm, for tooling and the laboratory: digests of upgrade images under construction, key pairs, signatures, certificates. No gateway
 * holds this module.
 */
import { abiVersion } from './entry/keys.ts';
import { ecdsaSign, ecqvIssue, ecqvReceive, keyPair, mmoBegin, mmoFinish, mmoFinishShort, mmoUpdate, publicKey } from './entry/sign.ts';

export { abiVersion };
export { mmoBegin, mmoFinish, mmoFinishShort, mmoUpdate };
export { keyPair, publicKey };
export { ecdsaSign };
export { ecqvIssue, ecqvReceive };
