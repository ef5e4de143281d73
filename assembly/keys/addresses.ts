/**
 * Short address to EUI-64, per PAN: frames that name their sender by short address alone need the EUI-64 for the nonce.
 *
 * Filled by the host and by frames whose MIC verified. In a PAN a short address means one device and a device has one short
 * address: the newer pair displaces what contradicts it.
 */
import {
  ADDRESS_COUNT,
  ADDRESS_EUI,
  ADDRESS_INDEX,
  ADDRESS_INDEX_SIZE,
  ADDRESS_PAN,
  ADDRESS_SHORT,
  ADDRESS_SIZE,
  ADDRESS_USED,
  ADDRESSES,
} from '../abi/layout.ts';
import { wipe } from '../bytes/memory.ts';
import * as hashed from './hashed.ts';

/** Short addresses from here on are broadcasts or "none" (ZigBee specification 3.6.5, IEEE 802.15.4 7.2.1.6). */
const SHORT_END: u32 = 0xfff8;

/** Whether a pair can be learnt at all: a unicast short address and an EUI-64 that is neither all zeros nor all ones. */
export function isDevice(short: u16, eui: usize): bool {
  const id = load<u64>(eui);
  return <u32>short < SHORT_END && id !== 0 && id !== <u64>-1;
}

/** Learns a pair; `eui` is 8 bytes in air order. False when `isDevice` is not, or when the table is full. */
export function learn(pan: u16, short: u16, eui: usize): bool {
  if (!isDevice(short, eui)) return false;
  const id = load<u64>(eui);
  const known = find(pan, short);
  if (known !== 0 && load<u64>(known) === id) return true;
  let target: usize = 0;
  for (let i = 0; i < ADDRESS_COUNT; i++) {
    const entry = entryAt(i);
    const related = isUsed(entry) && load<u16>(entry, ADDRESS_PAN) === pan;
    const same = related && load<u16>(entry, ADDRESS_SHORT) === short;
    if (related && !same && load<u64>(entry, ADDRESS_EUI) === id) wipe(entry, ADDRESS_SIZE);
    if (same || (target === 0 && !isUsed(entry))) target = entry;
  }
  if (target !== 0) {
    store<u16>(target, pan, ADDRESS_PAN);
    store<u16>(target, short, ADDRESS_SHORT);
    store<u8>(target, 1, ADDRESS_USED);
    store<u64>(target, id, ADDRESS_EUI);
  }
  enterAll();
  return target !== 0;
}

/** Where the 8 bytes of a device's EUI-64 stand, in air order, or 0 when it is not known. */
export function find(pan: u16, short: u16): usize {
  let at = hashed.place(keyOf(pan, short));
  while (hashed.isTaken(ADDRESS_INDEX, at)) {
    const entry = entryAt(hashed.position(ADDRESS_INDEX, at));
    if (load<u16>(entry, ADDRESS_SHORT) === short && load<u16>(entry, ADDRESS_PAN) === pan) return entry + ADDRESS_EUI;
    at = hashed.next(at);
  }
  return 0;
}

/** The entry at a position below ADDRESS_COUNT. */
export function entryAt(index: i32): usize {
  return ADDRESSES + index * ADDRESS_SIZE;
}

/** Whether an entry holds a pair. */
export function isUsed(entry: usize): bool {
  return load<u8>(entry, ADDRESS_USED) !== 0;
}

function enterAll(): void {
  wipe(ADDRESS_INDEX, ADDRESS_INDEX_SIZE);
  for (let i = 0; i < ADDRESS_COUNT; i++) {
    const entry = entryAt(i);
    if (isUsed(entry)) hashed.enter(ADDRESS_INDEX, keyOf(load<u16>(entry, ADDRESS_PAN), load<u16>(entry, ADDRESS_SHORT)), i);
  }
}

function keyOf(pan: u16, short: u16): u64 {
  return ((<u64>pan) << 16) | (<u64>short);
}
