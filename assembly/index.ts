/**
 * core.wasm, what a gateway runs: frames, keys, image verification. No signing, and no call that gives a key away.
 * The list below is the whole boundary; docs/abi.md describes it.
 */
import { rxBatch } from './entry/batch.ts';
import { envelopeOpen } from './entry/envelope.ts';
import { cbkeAgree, cbkeBegin, cbkeConfirm, certificateImport, certificateOf } from './entry/cbke.ts';
import { certificateKey, ecdsaPrepare, ecdsaVerify, pointCheck } from './entry/curve.ts';
import { imageBegin, imageFinish, imageUpdate } from './entry/image.ts';
import {
  abiVersion,
  addressAt,
  addressSet,
  counterAt,
  counterSet,
  keyErase,
  keyFingerprint,
  keyImport,
  keyInstallCode,
  keyOutgoing,
  keyReserve,
  keySeal,
  keyUnseal,
  keyVerifyHash,
  wipeAll,
} from './entry/keys.ts';
import { rx } from './entry/rx.ts';
import { tx } from './entry/tx.ts';

export { abiVersion, wipeAll };
export { envelopeOpen, rx, rxBatch, tx };
export { keyErase, keyFingerprint, keyImport, keyInstallCode, keyOutgoing, keyReserve, keySeal, keyUnseal, keyVerifyHash };
export { addressAt, addressSet, counterAt, counterSet };
export { imageBegin, imageFinish, imageUpdate };
export { certificateKey, ecdsaPrepare, ecdsaVerify, pointCheck };
export { cbkeAgree, cbkeBegin, cbkeConfirm, certificateImport, certificateOf };
