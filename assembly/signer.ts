/**
 * signer.wasm, for tooling and the laboratory: digests of upgrade images under construction. No gateway holds this module.
 */
import { abiVersion } from './entry/keys.ts';
import { mmoBegin, mmoFinish, mmoUpdate } from './entry/sign.ts';

export { abiVersion };
export { mmoBegin, mmoFinish, mmoUpdate };
