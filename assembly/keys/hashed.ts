/**
 * Where the entries of a table stand, by a hash of what they are looked up by: open addressing, the next place on a
 * collision. An index has two places for each entry of its table, so that a free one is always found; nothing is taken out
 * of it: it is made anew from the table.
 *
 * A place holds the entry's position plus one, or 0. The hash is no secret's: EUI-64s, addresses and handles stand in clear
 * in every frame, and only frames that verified, or the host, add entries.
 */

/** Bits of a place number, for tables of 256 entries. */
const BITS: u64 = 9;
/** Bytes of an index. */
const SIZE: usize = 2 << 9;
const PLACE_LEN: usize = 2;

/** The first place of a key, as an offset into the index: the golden ratio's multiples spread neighbouring keys. */
// @ts-ignore: decorator
@inline
export function place(key: u64): usize {
  return <usize>((key * 0x9e3779b97f4a7c15) >> (64 - BITS)) * PLACE_LEN;
}

/** The place behind one. */
// @ts-ignore: decorator
@inline
export function next(at: usize): usize {
  return (at + PLACE_LEN) & (SIZE - 1);
}

/** Whether an entry is named at a place. */
// @ts-ignore: decorator
@inline
export function isTaken(index: usize, at: usize): bool {
  return load<u16>(index + at) != 0;
}

/** Position in the table of the entry named at a taken place. */
// @ts-ignore: decorator
@inline
export function position(index: usize, at: usize): i32 {
  return <i32>load<u16>(index + at) - 1;
}

/** Names an entry that has no place yet. */
export function enter(index: usize, key: u64, position: i32): void {
  let at = place(key);
  while (isTaken(index, at)) at = next(at);
  store<u16>(index + at, <u16>(position + 1));
}
