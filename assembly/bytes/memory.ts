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
