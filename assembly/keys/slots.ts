/**
 * Key slots: the only place where keys live. Everybody else holds handles, `generation * 256 + slot`.
 *
 * A slot's kind is fixed when it is allocated and limits its use: whoever needs a network key asks for one, and a link
 * key's handle is then not found. A slot's generation grows with each allocation and survives erasure, so that a handle
 * never comes to mean another key. 0 is no handle. A slot whose generations are used up (8,388,607) is not used again.
 */
import { KeyKind, Suite } from '../abi/code.ts';
import {
  CERTIFICATE_KEY1_LEN,
  CERTIFICATE_KEY2_LEN,
  SLOT_COUNT,
  SLOT_GENERATION,
  SLOT_KIND,
  SLOT_RAW,
  SLOT_SCHEDULE,
  SLOT_SIZE,
  SLOT_SUITE,
  SLOTS,
} from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import { expand } from '../crypto/aes.ts';
import { forgetKey } from './counters.ts';

/** Bytes of a key. */
export const KEY_LEN: i32 = 16;

const GENERATION_MAX: u32 = 0x7fffff;

/** Takes a free slot for a key of `kind`, everything in it zero but kind and generation. Its handle, or 0 when all are taken. */
export function alloc(kind: i32): i32 {
  for (let i = 0; i < SLOT_COUNT; i++) {
    const slot = slotAt(i);
    const generation = load<u32>(slot, SLOT_GENERATION);
    if (load<u8>(slot, SLOT_KIND) !== KeyKind.FREE || generation === GENERATION_MAX) continue;
    store<u32>(slot, generation + 1, SLOT_GENERATION);
    store<u8>(slot, <u8>kind, SLOT_KIND);
    return handleOf(slot);
  }
  return 0;
}

/** Puts the 16 bytes at `key` into an allocated slot, with their schedule. False when the handle is stale. The caller wipes `key`. */
export function put(handle: i32, key: usize): bool {
  const slot = slotOfAny(handle);
  if (slot === 0) return false;
  copy(slot + SLOT_RAW, key, KEY_LEN);
  expand(key, slot + SLOT_SCHEDULE);
  return true;
}

/**
 * Puts `len` bytes into an allocated slot as they are, without a schedule: for keys that are not AES keys. False when the handle is
 * stale. The caller wipes `key`.
 */
export function putRaw(handle: i32, key: usize, len: i32): bool {
  const slot = slotOfAny(handle);
  if (slot === 0) return false;
  copy(slot + SLOT_RAW, key, len);
  return true;
}

/**
 * Bytes of what stands at SLOT_RAW and makes the key: 16; of a certificate key, private key, CA public key and certificate of its
 * suite; 0 of an exchange, which is never kept.
 */
export function rawLen(slot: usize): i32 {
  const kind = load<u8>(slot, SLOT_KIND);
  if (kind === KeyKind.EXCHANGE) return 0;
  if (kind !== KeyKind.CERTIFICATE) return KEY_LEN;
  return load<u8>(slot, SLOT_SUITE) === Suite.ONE ? CERTIFICATE_KEY1_LEN : CERTIFICATE_KEY2_LEN;
}

/** The slot of a handle that is current and of that kind, else 0. */
export function slotOf(handle: i32, kind: i32): usize {
  const slot = slotOfAny(handle);
  return slot !== 0 && <i32>load<u8>(slot, SLOT_KIND) === kind ? slot : 0;
}

/** The slot of a current handle whatever its kind, else 0: for what every key has (erase, counters), never for its use. */
export function slotOfAny(handle: i32): usize {
  const index = handle & 0xff;
  if (index >= SLOT_COUNT) return 0;
  const slot = slotAt(index);
  const current = load<u8>(slot, SLOT_KIND) !== KeyKind.FREE && load<u32>(slot, SLOT_GENERATION) === (<u32>handle) >> 8;
  return current ? slot : 0;
}

/** The handle of an occupied slot. */
export function handleOf(slot: usize): i32 {
  return <i32>((load<u32>(slot, SLOT_GENERATION) << 8) | (<u32>(slot - SLOTS) / SLOT_SIZE));
}

/** The handle of the first key of a kind, or 0. */
export function first(kind: i32): i32 {
  return search(kind, 0);
}

/** The handle of the next key of a kind behind `handle`'s slot, or 0. */
export function after(kind: i32, handle: i32): i32 {
  return search(kind, (handle & 0xff) + 1);
}

/** Wipes a key with all that belonged to it, incoming counters included. False when the handle is stale. */
export function erase(handle: i32): bool {
  const slot = slotOfAny(handle);
  if (slot === 0) return false;
  const generation = load<u32>(slot, SLOT_GENERATION);
  wipe(slot, SLOT_SIZE);
  store<u32>(slot, generation, SLOT_GENERATION);
  forgetKey(handle);
  return true;
}

/** Erases every key. */
export function eraseAll(): void {
  for (let i = 0; i < SLOT_COUNT; i++) erase(handleOf(slotAt(i)));
}

function search(kind: i32, from: i32): i32 {
  for (let i = from; i < SLOT_COUNT; i++) {
    const slot = slotAt(i);
    if (<i32>load<u8>(slot, SLOT_KIND) === kind) return handleOf(slot);
  }
  return 0;
}

function slotAt(index: i32): usize {
  return SLOTS + index * SLOT_SIZE;
}
