/**
 * Natural numbers of a fixed length, 32-bit words least significant first, in constant time. Results may stand where operands
 * stood unless it says otherwise.
 */

/** z = x · y, as long as both together; z stands apart from both. */
export function mul(z: usize, x: usize, xWords: i32, y: usize, yWords: i32): void {
  for (let i = 0; i < yWords; i++) store<u32>(z + 4 * i, 0);
  for (let i = 0; i < xWords; i++, x += 4, z += 4) {
    const digit = <u64>load<u32>(x);
    let carry: u64 = 0;
    for (let j = 0; j < yWords; j++) {
      carry += digit * <u64>load<u32>(y + 4 * j) + <u64>load<u32>(z + 4 * j);
      store<u32>(z + 4 * j, <u32>carry);
      carry >>= 32;
    }
    store<u32>(z + 4 * yWords, <u32>carry);
  }
}

/** z = z + x · y modulo 2^(32 · zWords); z stands apart from both. */
export function mulAddLow(z: usize, zWords: i32, x: usize, xWords: i32, y: usize, yWords: i32): void {
  for (let i = 0; i < min(xWords, zWords); i++) {
    const digit = <u64>load<u32>(x + 4 * i);
    let carry: u64 = 0;
    for (let j = 0; i + j < zWords; j++) {
      const at = z + 4 * (i + j);
      const factor: u64 = j < yWords ? <u64>load<u32>(y + 4 * j) : 0;
      carry += digit * factor + <u64>load<u32>(at);
      store<u32>(at, <u32>carry);
      carry >>= 32;
    }
  }
}

/** z = x + y; answers the carry. */
export function add(z: usize, x: usize, y: usize, words: i32): u32 {
  let carry: u64 = 0;
  for (let i = 0; i < words; i++) {
    carry += <u64>load<u32>(x + 4 * i) + <u64>load<u32>(y + 4 * i);
    store<u32>(z + 4 * i, <u32>carry);
    carry >>= 32;
  }
  return <u32>carry;
}

/** z = x - y; answers the borrow, 1 where y is greater. */
export function sub(z: usize, x: usize, y: usize, words: i32): u32 {
  let borrow: i64 = 0;
  for (let i = 0; i < words; i++) {
    borrow += <i64>load<u32>(x + 4 * i) - <i64>load<u32>(y + 4 * i);
    store<u32>(z + 4 * i, <u32>borrow);
    borrow >>= 32;
  }
  return (<u32>borrow) & 1;
}

/** 1 where x is less than y, else 0. */
export function less(x: usize, y: usize, words: i32): u32 {
  let borrow: i64 = 0;
  for (let i = 0; i < words; i++) borrow = (borrow + <i64>load<u32>(x + 4 * i) - <i64>load<u32>(y + 4 * i)) >> 32;
  return (<u32>borrow) & 1;
}

/** 1 where x is 0, else 0. */
export function isZero(x: usize, words: i32): u32 {
  let bits: u32 = 0;
  for (let i = 0; i < words; i++) bits |= load<u32>(x + 4 * i);
  return <u32>((<u64>bits - 1) >> 63);
}

/** z = x where `take` is 1, unchanged where it is 0. */
export function choose(z: usize, x: usize, words: i32, take: u32): void {
  const mask = 0 - take;
  for (let i = 0; i < words; i++) {
    const old = load<u32>(z + 4 * i);
    store<u32>(z + 4 * i, old ^ ((old ^ load<u32>(x + 4 * i)) & mask));
  }
}

/** z = x. */
export function copy(z: usize, x: usize, words: i32): void {
  for (let i = 0; i < words; i++) store<u32>(z + 4 * i, load<u32>(x + 4 * i));
}

/** Sets z to a small number. */
export function set(z: usize, value: u32, words: i32): void {
  for (let i = 1; i < words; i++) store<u32>(z + 4 * i, 0);
  store<u32>(z, value);
}

/** Reads `len` bytes, big-endian; what exceeds `words` is lost. */
export function read(z: usize, words: i32, bytes: usize, len: i32): void {
  set(z, 0, words);
  for (let i = 0; i < min(len, 4 * words); i++) store<u8>(z + i, load<u8>(bytes + len - 1 - i));
}

/** Writes the lowest `len` bytes, big-endian; bytes beyond `words` are 0. */
export function write(bytes: usize, len: i32, x: usize, words: i32): void {
  for (let i = 0; i < len; i++) store<u8>(bytes + len - 1 - i, i < 4 * words ? load<u8>(x + i) : 0);
}
