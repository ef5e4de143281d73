/** What tests ask of the core's inner parts: thin exports over the very sources. Addresses are the caller's, between FREE and the end of memory. */
import { crc16 } from '../../assembly/bytes/crc16.ts';
import { copy, equal, wipe } from '../../assembly/bytes/memory.ts';
import * as tables from '../../assembly/crypto/aes-tables.ts';
import { encrypt as aesEncrypt, enter, expand as aesExpand, leave, roundsBeside } from '../../assembly/crypto/aes.ts';
import { open as ccmOpen, seal as ccmSeal } from '../../assembly/crypto/ccm.ts';
import { hmac } from '../../assembly/crypto/hmac.ts';
import { keyLoadKey, keyTransportKey, verifyKeyHash } from '../../assembly/crypto/kdf.ts';
import {
  final as mmoFinal,
  finalShort as mmoFinalShort,
  fork as mmoFork,
  hash as mmoHash,
  init as mmoInit,
  update as mmoUpdateAt,
} from '../../assembly/crypto/mmo.ts';
import { final as sha256Final, init as sha256Init, update as sha256Update } from '../../assembly/crypto/sha256.ts';
import { imageBegin, imageFinish, imageUpdate } from '../../assembly/entry/image.ts';
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
} from '../../assembly/entry/keys.ts';
import { mmoBegin, mmoFinish, mmoUpdate } from '../../assembly/entry/sign.ts';
import { find as addressFind, learn as addressLearn } from '../../assembly/keys/addresses.ts';
import { accepted, mayAccept, takeOutgoing } from '../../assembly/keys/counters.ts';
import { after as slotAfter, alloc as slotAlloc, first as slotFirst, put as slotPut, slotOf } from '../../assembly/keys/slots.ts';

// asc resolves `.ts` in imports but not in `export … from`.
export {
  crc16,
  copy,
  equal,
  wipe,
  aesEncrypt,
  aesExpand,
  ccmOpen,
  ccmSeal,
  hmac,
  keyLoadKey,
  keyTransportKey,
  verifyKeyHash,
  mmoFinal,
  mmoFinalShort,
  mmoFork,
  mmoHash,
  mmoInit,
  mmoUpdateAt,
  sha256Final,
  sha256Init,
  sha256Update,
  addressFind,
  addressLearn,
  accepted,
  mayAccept,
  takeOutgoing,
  slotAfter,
  slotAlloc,
  slotFirst,
  slotPut,
  slotOf,
  imageBegin,
  imageFinish,
  imageUpdate,
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
  mmoBegin,
  mmoFinish,
  mmoUpdate,
};

/** First address that nothing in the module uses. */
export const FREE: i32 = <i32>__heap_base;

/** Writes the tables of the AES one after the other to `at`, in the order of their names in aes-tables.ts. */
export function aesTables(at: usize): void {
  memory.copy(at, tables.ENTER_LOW, 16);
  memory.copy(at + 16, tables.ENTER_HIGH, 16);
  memory.copy(at + 32, tables.LEAVE_LOW, 16);
  memory.copy(at + 48, tables.LEAVE_HIGH, 16);
  memory.copy(at + 64, tables.INVERSE, 16);
  memory.copy(at + 80, tables.A_OVER, 16);
  memory.copy(at + 96, tables.SUB_IO, 16);
  memory.copy(at + 112, tables.SUB_JO, 16);
  memory.copy(at + 128, tables.SUB2_IO, 16);
  memory.copy(at + 144, tables.SUB2_JO, 16);
  v128.store(at + 160, tables.SHIFT);
  v128.store(at + 176, v128.load(tables.SHIFT_TURN1));
  v128.store(at + 192, v128.load(tables.SHIFT_TURN2));
  v128.store(at + 208, v128.load(tables.SHIFT_TURN3));
  v128.store(at + 224, tables.LAST_WORD_TURNED);
  v128.store(at + 240, tables.UP1);
  v128.store(at + 256, tables.UP2);
  memory.copy(at + 272, tables.ROUND_CONSTANTS, 10);
  store<u8>(at + 282, <u8>tables.SUB_CONSTANT);
}

/** Encrypts a block `count` times in place. */
export function aesChain(schedule: usize, block: usize, count: i32): void {
  for (let i = 0; i < count; i++) aesEncrypt(schedule, block, block);
}

/** Encrypts a block to `output1`, and one beside it to `output2`. */
export function aesEncrypt2(schedule: usize, input1: usize, output1: usize, input2: usize, output2: usize): void {
  const other = enter(v128.load(input2));
  v128.store(output1, leave(roundsBeside(schedule, enter(v128.load(input1)), other, output2)));
}

/** As `aesChain`, two blocks at once. */
export function aesChain2(schedule: usize, block1: usize, block2: usize, count: i32): void {
  for (let i = 0; i < count; i++) aesEncrypt2(schedule, block1, block1, block2, block2);
}
