/**
 * Frame counters (ZigBee specification 4.3.1, 4.4.1): each number leaves once under a key, and each is accepted once.
 *
 * Outgoing: the host reserves a range that it has stored durably; no number outside it leaves. Incoming: one entry per
 * sender and key holds the lowest number still acceptable, that is, the last accepted plus one, so that an exact replay is
 * refused. 0xffffffff is neither sent nor accepted: no number could follow it.
 */
import {
  COUNTER_COUNT,
  COUNTER_EUI,
  COUNTER_HANDLE,
  COUNTER_INDEX,
  COUNTER_INDEX_SIZE,
  COUNTER_NEXT,
  COUNTERS,
  COUNTER_SIZE,
  SLOT_OUT_LIMIT,
  SLOT_OUT_NEXT,
} from '../abi/layout.ts';
import { wipe } from '../bytes/memory.ts';
import * as hashed from './hashed.ts';

const NEVER: u32 = 0xffffffff;

/** The next outgoing number of a slot, or -1 when the reserved range is used up. */
export function takeOutgoing(slot: usize): i64 {
  const next = load<u32>(slot, SLOT_OUT_NEXT);
  if (next >= load<u32>(slot, SLOT_OUT_LIMIT)) return -1;
  store<u32>(slot, next + 1, SLOT_OUT_NEXT);
  return <i64>next;
}

/**
 * Reserves [next, limit) for a slot. A lower `next` than the slot's own is ignored: numbers never come back. Refuses (false)
 * a range that ends before it begins, and one that ends before the one reserved earlier.
 */
export function reserve(slot: usize, next: u32, limit: u32): bool {
  const begin = max(next, load<u32>(slot, SLOT_OUT_NEXT));
  if (limit < begin || limit < load<u32>(slot, SLOT_OUT_LIMIT)) return false;
  store<u32>(slot, begin, SLOT_OUT_NEXT);
  store<u32>(slot, limit, SLOT_OUT_LIMIT);
  return true;
}

/** Whether a sender (8 bytes, air order) may still use this number under this key. To be asked after the MIC verified. */
export function mayAccept(eui: usize, handle: i32, counter: u32): bool {
  if (counter === NEVER) return false;
  const entry = find(eui, handle);
  return entry === 0 || counter >= load<u32>(entry, COUNTER_NEXT);
}

/** Notes an accepted number, never backwards. False when the table is full: the frame must be refused, since replays of it could not be seen. */
export function accepted(eui: usize, handle: i32, counter: u32): bool {
  return counter !== NEVER && expect(eui, handle, counter + 1);
}

/** Expects numbers from `next` on, or from a higher one already known. False when the table is full. */
export function expect(eui: usize, handle: i32, next: u32): bool {
  let entry = find(eui, handle);
  if (entry === 0) {
    entry = add(eui, handle);
    if (entry === 0) return false;
  }
  store<u32>(entry, max(next, load<u32>(entry, COUNTER_NEXT)), COUNTER_NEXT);
  return true;
}

/** The entry at a position below COUNTER_COUNT. */
export function entryAt(index: i32): usize {
  return COUNTERS + index * COUNTER_SIZE;
}

/** Frees the entries of an erased key. */
export function forgetKey(handle: i32): void {
  wipe(COUNTER_INDEX, COUNTER_INDEX_SIZE);
  for (let i = 0; i < COUNTER_COUNT; i++) {
    const entry = entryAt(i);
    if (load<i32>(entry, COUNTER_HANDLE) === handle) wipe(entry, COUNTER_SIZE);
    else if (load<i32>(entry, COUNTER_HANDLE) !== 0)
      hashed.enter(COUNTER_INDEX, keyOf(entry + COUNTER_EUI, load<i32>(entry, COUNTER_HANDLE)), i);
  }
}

function find(eui: usize, handle: i32): usize {
  let at = hashed.place(keyOf(eui, handle));
  while (hashed.isTaken(COUNTER_INDEX, at)) {
    const entry = entryAt(hashed.position(COUNTER_INDEX, at));
    if (load<i32>(entry, COUNTER_HANDLE) === handle && load<u64>(entry, COUNTER_EUI) === load<u64>(eui)) return entry;
    at = hashed.next(at);
  }
  return 0;
}

function add(eui: usize, handle: i32): usize {
  for (let i = 0; i < COUNTER_COUNT; i++) {
    const entry = entryAt(i);
    if (load<i32>(entry, COUNTER_HANDLE) !== 0) continue;
    store<u64>(entry, load<u64>(eui), COUNTER_EUI);
    store<i32>(entry, handle, COUNTER_HANDLE);
    hashed.enter(COUNTER_INDEX, keyOf(eui, handle), i);
    return entry;
  }
  return 0;
}

/** What an entry is looked up by: the handle moves the EUI-64's upper half, where one maker's devices are alike. */
function keyOf(eui: usize, handle: i32): u64 {
  return load<u64>(eui) ^ ((<u64>(<u32>handle)) << 32);
}
