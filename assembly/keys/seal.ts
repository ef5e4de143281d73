/**
 * Sealed keys: how a key leaves the core for the host's store and comes back (record layout: SEALED_* of abi/layout.ts).
 *
 * AES-CCM under a wrapping key with a 16-byte MIC. Kind, sequence and partner stand in clear and are authenticated with an
 * identity (8 bytes, the holder's EUI-64) and a place (16 bytes, which name the entry of the store), so that no part can be
 * altered, exchanged between records, or moved to another gateway, and no record can stand where another belongs. The nonce
 * is random, from the host: it must never repeat under one wrapping key. Counters are not in a record.
 */
import { KeyKind, KeyReason } from '../abi/code.ts';
import {
  KEYS_AAD,
  KEYS_KEY,
  SEALED_EUI,
  SEALED_KEY,
  SEALED_KIND,
  SEALED_LEN,
  SEALED_MIC,
  SEALED_NONCE,
  SEALED_SEQ,
  SEALED_VERSION,
  SLOT_EUI,
  SLOT_KIND,
  SLOT_RAW,
  SLOT_SCHEDULE,
  SLOT_SEQ,
} from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import * as ccm from '../crypto/ccm.ts';
import { alloc, KEY_LEN, put, slotOf, slotOfAny } from './slots.ts';

const VERSION: u8 = 2;
const EUI_LEN: i32 = 8;
const PLACE_LEN: i32 = 16;
const MIC_LEN: i32 = 16;

/**
 * Writes the SEALED_LEN bytes of a network or link key's record. Answers 0, or a `KeyReason`: 1 a stale handle, or one that
 * is no wrapping key's (HANDLE); 2 a wrapping key is never sealed itself (KIND).
 */
export function seal(handle: i32, wrapping: i32, identity: usize, place: usize, nonce: usize, record: usize): i32 {
  const slot = slotOfAny(handle);
  const wrap = slotOf(wrapping, KeyKind.WRAPPING);
  if (slot === 0 || wrap === 0) return KeyReason.HANDLE;
  if (!isSealable(load<u8>(slot, SLOT_KIND))) return KeyReason.KIND;
  store<u8>(record, VERSION, SEALED_VERSION);
  store<u8>(record, load<u8>(slot, SLOT_KIND), SEALED_KIND);
  store<u8>(record, load<u8>(slot, SLOT_SEQ), SEALED_SEQ);
  store<u64>(record, load<u64>(slot, SLOT_EUI), SEALED_EUI);
  copy(record + SEALED_NONCE, nonce, ccm.NONCE_LEN);
  copy(record + SEALED_KEY, slot + SLOT_RAW, KEY_LEN);
  const aadLen = authenticated(record, identity, place);
  ccm.seal(wrap + SLOT_SCHEDULE, nonce, KEYS_AAD, aadLen, record + SEALED_KEY, KEY_LEN, record + SEALED_MIC, MIC_LEN);
  return 0;
}

/**
 * Puts the key of a record of `len` bytes into a slot of its own and writes the handle to `handle`. Answers 0, or a
 * `KeyReason`: 1 RECORD_LENGTH; 2 RECORD_VERSION; 3 HANDLE, not a wrapping key's; 4 RECORD, it does not open; 5 KIND, not a
 * network or link key; 6 NO_SLOT.
 */
export function unseal(record: usize, len: i32, wrapping: i32, identity: usize, place: usize, handle: usize): i32 {
  if (len !== SEALED_LEN) return KeyReason.RECORD_LENGTH;
  if (load<u8>(record, SEALED_VERSION) !== VERSION) return KeyReason.RECORD_VERSION;
  const wrap = slotOf(wrapping, KeyKind.WRAPPING);
  if (wrap === 0) return KeyReason.HANDLE;
  const aadLen = authenticated(record, identity, place);
  const nonce = record + SEALED_NONCE;
  const mic = record + SEALED_MIC;
  if (!ccm.open(wrap + SLOT_SCHEDULE, nonce, KEYS_AAD, aadLen, record + SEALED_KEY, KEY_LEN, mic, MIC_LEN, KEYS_KEY))
    return KeyReason.RECORD;
  const reason = allot(record, handle);
  wipe(KEYS_KEY, KEY_LEN);
  return reason;
}

/** The opened key in KEYS_KEY goes into a slot. */
function allot(record: usize, handle: usize): i32 {
  const kind = load<u8>(record, SEALED_KIND);
  if (!isSealable(kind)) return KeyReason.KIND;
  const taken = alloc(kind);
  if (taken === 0) return KeyReason.NO_SLOT;
  const slot = slotOf(taken, kind);
  store<u8>(slot, load<u8>(record, SEALED_SEQ), SLOT_SEQ);
  store<u64>(slot, load<u64>(record, SEALED_EUI), SLOT_EUI);
  put(taken, KEYS_KEY);
  store<i32>(handle, taken);
  return 0;
}

function isSealable(kind: u8): bool {
  return kind === KeyKind.NETWORK || kind === KeyKind.LINK;
}

/** Everything of a record before its nonce, followed by identity and place, in KEYS_AAD; its length. */
function authenticated(record: usize, identity: usize, place: usize): i32 {
  copy(KEYS_AAD, record, SEALED_NONCE);
  copy(KEYS_AAD + SEALED_NONCE, identity, EUI_LEN);
  copy(KEYS_AAD + SEALED_NONCE + EUI_LEN, place, PLACE_LEN);
  return SEALED_NONCE + EUI_LEN + PLACE_LEN;
}
