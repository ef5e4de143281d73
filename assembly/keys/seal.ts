/**
 * Sealed keys: how a key leaves the core for the host's store and comes back (record layout: SEALED_* of abi/layout.ts).
 *
 * AES-CCM under a wrapping key with a 16-byte MIC. Kind, sequence and partner stand in clear and are authenticated with an
 * identity (8 bytes, the holder's EUI-64) and a place (16 bytes, which name the entry of the store), so that no part can be
 * altered, exchanged between records, or moved to another gateway, and no record can stand where another belongs. The nonce
 * is random, from the host: it must never repeat under one wrapping key. Counters are not in a record.
 */
import { KeyKind, KeyReason, Suite } from '../abi/code.ts';
import {
  CERTIFICATE_KEY1_LEN,
  CERTIFICATE_KEY2_LEN,
  KEYS_AAD,
  KEYS_KEY,
  SEALED_EUI,
  SEALED_KEY,
  SEALED_KIND,
  SEALED_MIC_LEN,
  SEALED_NONCE,
  SEALED_SEQ,
  SEALED_VERSION,
  SLOT_EUI,
  SLOT_KIND,
  SLOT_RAW,
  SLOT_SCHEDULE,
  SLOT_SEQ,
  SLOT_SUITE,
} from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import * as ccm from '../crypto/ccm.ts';
import { alloc, KEY_LEN, put, putRaw, rawLen, slotOf, slotOfAny } from './slots.ts';

const VERSION: u8 = 2;
const EUI_LEN: i32 = 8;
const PLACE_LEN: i32 = 16;

/** Bytes of the record of a current handle's key; 0 when that is never sealed. */
export function recordLen(handle: i32): i32 {
  const slot = slotOfAny(handle);
  if (slot === 0 || load<u8>(slot, SLOT_KIND) === KeyKind.WRAPPING) return 0;
  const len = rawLen(slot);
  return len === 0 ? 0 : SEALED_KEY + len + SEALED_MIC_LEN;
}

/**
 * Writes the `recordLen` bytes of a network, link or certificate key's record. Answers 0, or a `KeyReason`: 1 a stale handle, or
 * one that is no wrapping key's (HANDLE); 2 wrapping keys and exchanges are never sealed themselves (KIND).
 */
export function seal(handle: i32, wrapping: i32, identity: usize, place: usize, nonce: usize, record: usize): i32 {
  const slot = slotOfAny(handle);
  const wrap = slotOf(wrapping, KeyKind.WRAPPING);
  if (slot === 0 || wrap === 0) return KeyReason.HANDLE;
  if (recordLen(handle) === 0) return KeyReason.KIND;
  const kind = load<u8>(slot, SLOT_KIND);
  const len = rawLen(slot);
  store<u8>(record, VERSION, SEALED_VERSION);
  store<u8>(record, kind, SEALED_KIND);
  store<u8>(record, kind === KeyKind.CERTIFICATE ? load<u8>(slot, SLOT_SUITE) : load<u8>(slot, SLOT_SEQ), SEALED_SEQ);
  store<u64>(record, load<u64>(slot, SLOT_EUI), SEALED_EUI);
  copy(record + SEALED_NONCE, nonce, ccm.NONCE_LEN);
  const key = record + SEALED_KEY;
  copy(key, slot + SLOT_RAW, len);
  ccm.seal(wrap + SLOT_SCHEDULE, nonce, KEYS_AAD, authenticated(record, identity, place), key, len, key + len, SEALED_MIC_LEN);
  return 0;
}

/**
 * Puts the key of a record of `len` bytes into a slot of its own and writes the handle to `handle`. Answers 0, or a
 * `KeyReason`: 1 RECORD_LENGTH; 2 RECORD_VERSION; 3 HANDLE, not a wrapping key's; 4 RECORD, it does not open; 5 NO_SLOT.
 */
export function unseal(record: usize, len: i32, wrapping: i32, identity: usize, place: usize, handle: usize): i32 {
  if (len < SEALED_KEY) return KeyReason.RECORD_LENGTH;
  if (load<u8>(record, SEALED_VERSION) !== VERSION) return KeyReason.RECORD_VERSION;
  const keyLen = lenOf(record);
  if (len !== SEALED_KEY + keyLen + SEALED_MIC_LEN) return KeyReason.RECORD_LENGTH;
  const wrap = slotOf(wrapping, KeyKind.WRAPPING);
  if (wrap === 0) return KeyReason.HANDLE;
  const aadLen = authenticated(record, identity, place);
  const nonce = record + SEALED_NONCE;
  const key = record + SEALED_KEY;
  if (!ccm.open(wrap + SLOT_SCHEDULE, nonce, KEYS_AAD, aadLen, key, keyLen, key + keyLen, SEALED_MIC_LEN, KEYS_KEY))
    return KeyReason.RECORD;
  const reason = allot(record, keyLen, handle);
  wipe(KEYS_KEY, keyLen);
  return reason;
}

/** The opened key in KEYS_KEY goes into a slot. */
function allot(record: usize, keyLen: i32, handle: usize): i32 {
  const kind = load<u8>(record, SEALED_KIND);
  const taken = alloc(kind);
  if (taken === 0) return KeyReason.NO_SLOT;
  const slot = slotOf(taken, kind);
  store<u64>(slot, load<u64>(record, SEALED_EUI), SLOT_EUI);
  if (kind === KeyKind.CERTIFICATE) {
    store<u8>(slot, load<u8>(record, SEALED_SEQ), SLOT_SUITE);
    putRaw(taken, KEYS_KEY, keyLen);
  } else {
    store<u8>(slot, load<u8>(record, SEALED_SEQ), SLOT_SEQ);
    put(taken, KEYS_KEY);
  }
  store<i32>(handle, taken);
  return 0;
}

/** Bytes of a record's key by its kind and suite; of a kind that is never sealed, more than any record has. */
function lenOf(record: usize): i32 {
  const kind = load<u8>(record, SEALED_KIND);
  if (kind === KeyKind.NETWORK || kind === KeyKind.LINK) return KEY_LEN;
  if (kind !== KeyKind.CERTIFICATE) return i32.MAX_VALUE >> 1;
  return load<u8>(record, SEALED_SEQ) === Suite.ONE ? CERTIFICATE_KEY1_LEN : CERTIFICATE_KEY2_LEN;
}

/** Everything of a record before its nonce, followed by identity and place, in KEYS_AAD; its length. */
function authenticated(record: usize, identity: usize, place: usize): i32 {
  copy(KEYS_AAD, record, SEALED_NONCE);
  copy(KEYS_AAD + SEALED_NONCE, identity, EUI_LEN);
  copy(KEYS_AAD + SEALED_NONCE + EUI_LEN, place, PLACE_LEN);
  return SEALED_NONCE + EUI_LEN + PLACE_LEN;
}
