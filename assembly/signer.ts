/**
 * signer.wasm, for tooling and the laboratory: digests of upgrade images under construction, key pairs, signatures, certificates. No gateway
 * holds this module.
 */
import { pointCheck } from './entry/curve.ts';
import { abiVersion } from './entry/keys.ts';
import { ecdsaSign, ecqvIssue, ecqvReceive, keyPair, mmoBegin, mmoFinish, mmoUpdate, publicKey } from './entry/sign.ts';

export { abiVersion };
export { mmoBegin, mmoFinish, mmoUpdate };
export { keyPair, pointCheck, publicKey };
export { ecdsaSign };
export { ecqvIssue, ecqvReceive };
