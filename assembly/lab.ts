/**
 * lab.wasm, for benches and tests: everything of core.wasm, and the export of keys. Never shipped as core.wasm.
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
  keyExport,
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
export { keyExport };
