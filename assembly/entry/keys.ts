/**
 * Calls on keys, counters and addresses. Parameters and results stand in KEY, raw keys, install codes and sealed records in
 * IN, answers in OUT. Each answers 0, or `At.KEYS * 256 + KeyReason` or `At.CALL * 256 + CallReason`.
 *
 * A call that takes a secret wipes the whole IN window before it answers, whatever it answers.
 */
import { At, CallReason, KeyKind, KeyReason } from '../abi/code.ts';
import {
  ABI_VERSION,
  ADDRESS_COUNT,
  ADDRESS_EUI,
  ADDRESS_PAN,
  ADDRESS_SHORT,
  COUNTER_COUNT,
  COUNTER_EUI,
  COUNTER_HANDLE,
  COUNTER_NEXT,
  IN,
  IN_SIZE,
  KEY,
  KEY_EUI,
  KEY_FLAGS,
  KEY_INDEX,
  KEY_KIND,
  KEY_LIMIT,
  KEY_NEXT,
  KEY_NONCE,
  KEY_OUT_LEN,
  KEY_PAN,
  KEY_PLACE,
  KEY_SEQ,
  KEY_SHORT,
  KEYS_KEY,
  MAP_END,
  MAP_START,
  OUT,
  SLOT_COUNT,
  SLOT_EUI,
  SLOT_FLAGS,
  SLOT_OUT_LIMIT,
  SLOT_OUT_NEXT,
  SLOT_RAW,
  SLOT_SEQ,
  SLOT_SIZE,
  SLOTS,
} from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import * as kdf from '../crypto/kdf.ts';
import * as addresses from '../keys/addresses.ts';
import * as counters from '../keys/counters.ts';
import * as installCode from '../keys/install-code.ts';
import * as sealing from '../keys/seal.ts';
import * as slots from '../keys/slots.ts';

const FINGERPRINT_LEN: i32 = 8;

/** The version of the memory map and of these calls. */
export function abiVersion(): i32 {
  return ABI_VERSION;
}

/**
 * Imports the 16 bytes in IN as a key of KEY_KIND, KEY_FLAGS, KEY_SEQ (network key) and KEY_EUI (partner of a link key);
 * its handle goes to KEY_INDEX. Refuses: 1 KIND; 2 NO_SLOT.
 */
export function keyImport(): i32 {
  const code = place(IN);
  wipe(IN, IN_SIZE);
  return code;
}

/**
 * Imports the link key of the install code in IN, `len` bytes with its CRC, shared with KEY_EUI; its handle goes to
 * KEY_INDEX, its kind to KEY_KIND. Refuses: 1 INSTALL_LENGTH; 2 INSTALL_CRC; 3 NO_SLOT.
 */
export function keyInstallCode(len: i32): i32 {
  const reason = installCode.linkKey(IN, len, KEYS_KEY);
  wipe(IN, IN_SIZE);
  if (reason) return refuse(reason);
  store<u8>(KEY + KEY_KIND, KeyKind.LINK);
  const code = place(KEYS_KEY);
  wipe(KEYS_KEY, slots.KEY_LEN);
  return code;
}

/** Erases a key and the incoming counters under it. Refuses: 1 HANDLE. */
export function keyErase(handle: i32): i32 {
  return slots.erase(handle) ? 0 : refuse(KeyReason.HANDLE);
}

/**
 * Seals a network, link or certificate key under a wrapping key for the identity in KEY_EUI and the place in KEY_PLACE, with the 13 random
 * bytes at KEY_NONCE; the record goes to OUT, its length to KEY_OUT_LEN. Refuses: 1 HANDLE, of either; 2 KIND, wrapping keys and exchanges are never sealed.
 */
export function keySeal(handle: i32, wrapping: i32): i32 {
  store<u16>(KEY + KEY_OUT_LEN, <u16>sealing.recordLen(handle));
  return answer(sealing.seal(handle, wrapping, KEY + KEY_EUI, KEY + KEY_PLACE, KEY + KEY_NONCE, OUT));
}

/**
 * Opens the sealed record of `len` bytes in IN for the identity in KEY_EUI and the place in KEY_PLACE; the handle goes to KEY_INDEX. Refuses: 1
 * RECORD_LENGTH; 2 RECORD_VERSION; 3 HANDLE, not a wrapping key's; 4 RECORD, it does not open; 5 NO_SLOT.
 */
export function keyUnseal(len: i32, wrapping: i32): i32 {
  const reason = sealing.unseal(IN, len, wrapping, KEY + KEY_EUI, KEY + KEY_PLACE, KEY + KEY_INDEX);
  wipe(IN, IN_SIZE);
  return answer(reason);
}

/** Answers a symmetric key's fingerprint, 8 bytes, in OUT. Refuses: 1 HANDLE, also of a certificate key or an exchange. */
export function keyFingerprint(handle: i32): i32 {
  const slot = slots.slotOfAny(handle);
  if (slot === 0 || slots.rawLen(slot) !== slots.KEY_LEN) return refuse(KeyReason.HANDLE);
  kdf.fingerprint(slot + SLOT_RAW, OUT);
  wipe(OUT + FINGERPRINT_LEN, slots.KEY_LEN - FINGERPRINT_LEN);
  return 0;
}

/** Answers the 16 bytes that a Verify-Key command carries for a link key, in OUT. Refuses: 1 HANDLE, also of another kind. */
export function keyVerifyHash(handle: i32): i32 {
  const slot = slots.slotOf(handle, KeyKind.LINK);
  if (slot === 0) return refuse(KeyReason.HANDLE);
  kdf.verifyKeyHash(slot + SLOT_RAW, OUT);
  return 0;
}

/**
 * Reserves the outgoing counters from KEY_NEXT up to but not including KEY_LIMIT, which the host has stored before. Numbers
 * that were used never come back, whatever KEY_NEXT says. Refuses: 1 HANDLE; 2 RANGE.
 */
export function keyReserve(handle: i32): i32 {
  const slot = slots.slotOfAny(handle);
  if (slot === 0) return refuse(KeyReason.HANDLE);
  return counters.reserve(slot, load<u32>(KEY + KEY_NEXT), load<u32>(KEY + KEY_LIMIT)) ? 0 : refuse(KeyReason.RANGE);
}

/** Answers a key's outgoing counters in KEY_NEXT and KEY_LIMIT. Refuses: 1 HANDLE. */
export function keyOutgoing(handle: i32): i32 {
  const slot = slots.slotOfAny(handle);
  if (slot === 0) return refuse(KeyReason.HANDLE);
  store<u32>(KEY + KEY_NEXT, load<u32>(slot, SLOT_OUT_NEXT));
  store<u32>(KEY + KEY_LIMIT, load<u32>(slot, SLOT_OUT_LIMIT));
  return 0;
}

/**
 * Expects incoming counters from KEY_NEXT on, from the sender KEY_EUI under the key whose handle stands in KEY_INDEX. A
 * counter already known to be higher stays. Refuses: 1 HANDLE; 2 COUNTERS_FULL.
 */
export function counterSet(): i32 {
  const handle = load<i32>(KEY + KEY_INDEX);
  if (slots.slotOfAny(handle) === 0) return refuse(KeyReason.HANDLE);
  return counters.expect(KEY + KEY_EUI, handle, load<u32>(KEY + KEY_NEXT)) ? 0 : refuse(KeyReason.COUNTERS_FULL);
}

/** Answers the incoming counter at a position: KEY_EUI, KEY_NEXT, and in KEY_INDEX the handle, 0 when the position is free. */
export function counterAt(index: i32): i32 {
  if (<u32>index >= <u32>COUNTER_COUNT) return At.CALL * 256 + CallReason.INDEX;
  const entry = counters.entryAt(index);
  store<u64>(KEY + KEY_EUI, load<u64>(entry, COUNTER_EUI));
  store<u32>(KEY + KEY_NEXT, load<u32>(entry, COUNTER_NEXT));
  store<i32>(KEY + KEY_INDEX, load<i32>(entry, COUNTER_HANDLE));
  return 0;
}

/** Tells that KEY_SHORT in KEY_PAN is KEY_EUI. Refuses: 1 ADDRESS; 2 ADDRESSES_FULL. */
export function addressSet(): i32 {
  const short = load<u16>(KEY + KEY_SHORT);
  if (!addresses.isDevice(short, KEY + KEY_EUI)) return refuse(KeyReason.ADDRESS);
  return addresses.learn(load<u16>(KEY + KEY_PAN), short, KEY + KEY_EUI) ? 0 : refuse(KeyReason.ADDRESSES_FULL);
}

/** Answers the address at a position: KEY_PAN, KEY_SHORT, KEY_EUI, and in KEY_INDEX 1, or 0 when the position is free. */
export function addressAt(index: i32): i32 {
  if (<u32>index >= <u32>ADDRESS_COUNT) return At.CALL * 256 + CallReason.INDEX;
  const entry = addresses.entryAt(index);
  store<u16>(KEY + KEY_PAN, load<u16>(entry, ADDRESS_PAN));
  store<u16>(KEY + KEY_SHORT, load<u16>(entry, ADDRESS_SHORT));
  store<u64>(KEY + KEY_EUI, load<u64>(entry, ADDRESS_EUI));
  store<i32>(KEY + KEY_INDEX, addresses.isUsed(entry) ? 1 : 0);
  return 0;
}

/** Answers a raw key in OUT. The laboratory's module alone exports this. Refuses: 1 HANDLE. */
export function keyExport(handle: i32): i32 {
  const slot = slots.slotOfAny(handle);
  if (slot === 0) return refuse(KeyReason.HANDLE);
  copy(OUT, slot + SLOT_RAW, slots.KEY_LEN);
  return 0;
}

/** Wipes keys, tables, windows and scratch. Generations alone survive, so that no old handle comes to mean a new key. */
export function wipeAll(): i32 {
  slots.eraseAll();
  const tables = SLOTS + SLOT_COUNT * SLOT_SIZE;
  wipe(MAP_START, SLOTS - MAP_START);
  wipe(tables, MAP_END - tables);
  return 0;
}

/** Puts 16 bytes into a slot described by KEY. */
function place(key: usize): i32 {
  const kind = <i32>load<u8>(KEY + KEY_KIND);
  if (kind !== KeyKind.NETWORK && kind !== KeyKind.LINK && kind !== KeyKind.WRAPPING) return refuse(KeyReason.KIND);
  const handle = slots.alloc(kind);
  if (handle === 0) return refuse(KeyReason.NO_SLOT);
  const slot = slots.slotOf(handle, kind);
  store<u8>(slot, load<u8>(KEY + KEY_SEQ), SLOT_SEQ);
  store<u8>(slot, load<u8>(KEY + KEY_FLAGS), SLOT_FLAGS);
  store<u64>(slot, load<u64>(KEY + KEY_EUI), SLOT_EUI);
  slots.put(handle, key);
  store<i32>(KEY + KEY_INDEX, handle);
  return 0;
}

function answer(reason: i32): i32 {
  return reason ? refuse(reason) : 0;
}

function refuse(reason: i32): i32 {
  return At.KEYS * 256 + reason;
}
