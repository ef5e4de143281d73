/** Whole-range operations on memory: copy, wipe, compare. Lengths are in bytes; a length of 0 touches nothing. */

/** Copies `len` bytes from `src` to `dst`; the ranges may overlap. */
export function copy(dst: usize, src: usize, len: i32): void {
  memory.copy(dst, src, <usize>len);
}

/** Sets `len` bytes to zero: for secrets that have done their work. */
export function wipe(ptr: usize, len: i32): void {
  memory.fill(ptr, 0, <usize>len);
}

/** Whether two ranges hold the same bytes, in a time that depends on `len` alone. */
export function equal(a: usize, b: usize, len: i32): bool {
  let difference: u32 = 0;
  for (let i: usize = 0; i < <usize>len; i++) difference |= (<u32>load<u8>(a + i)) ^ (<u32>load<u8>(b + i));
  return difference === 0;
}

/** As `copy` for ranges that do not overlap, without the engine's call, which costs more than a frame's worth of bytes. */
export function copyShort(dst: usize, src: usize, len: i32): void {
  let at: usize = 0;
  for (const blocks: usize = <usize>(len & ~15); at < blocks; at += 16) v128.store(dst + at, v128.load(src + at));
  if (len & 8) {
    store<u64>(dst + at, load<u64>(src + at));
    at += 8;
  }
  if (len & 4) {
    store<u32>(dst + at, load<u32>(src + at));
    at += 4;
  }
  if (len & 2) {
    store<u16>(dst + at, load<u16>(src + at));
    at += 2;
  }
  if (len & 1) store<u8>(dst + at, load<u8>(src + at));
}

/** As `wipe`, without the engine's call. */
export function wipeShort(ptr: usize, len: i32): void {
  let at: usize = 0;
  for (const blocks: usize = <usize>(len & ~15); at < blocks; at += 16) v128.store(ptr + at, i64x2.splat(0));
  for (; at < <usize>len; at++) store<u8>(ptr + at, 0);
}
