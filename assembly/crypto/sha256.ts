/**
 * SHA-256 (FIPS 180-4), streaming: any split of a message gives the same digest. The message schedule keeps what was hashed last: whoever
 * hashes a secret wipes it.
 */
import { SHA256_SCHEDULE, SHA256_STATE_LEN } from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';

/** Bytes of a digest. */
export const DIGEST_LEN: i32 = 32;

/** Offsets in a state: the eight words, an unfinished block, the length so far in bytes. */
const BLOCK: usize = 32;
const LENGTH: usize = 96;
const BLOCK_SIZE: i32 = 64;
/** Where the last block holds the bit length, 8 bytes big-endian. */
const BITS: i32 = 56;

/** Initial words (5.3.3): the fractions of the square roots of the first eight primes. */
const INITIAL: usize = memory.data<u32>([0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]);

/** Constants (4.2.2): the fractions of the cube roots of the first 64 primes. */
const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
  0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
  0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
  0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
  0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
  0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/** Starts a message in the SHA256_STATE_LEN bytes at `state`. */
export function init(state: usize): void {
  copy(state, INITIAL, DIGEST_LEN);
  wipe(state + BLOCK, SHA256_STATE_LEN - DIGEST_LEN);
}

/** Appends `len` bytes. */
export function update(state: usize, data: usize, len: i32): void {
  const before = load<u64>(state, LENGTH);
  const used = (<i32>before) & (BLOCK_SIZE - 1);
  store<u64>(state, before + <u64>len, LENGTH);
  if (used) {
    const part = min(BLOCK_SIZE - used, len);
    copy(state + BLOCK + used, data, part);
    if (used + part < BLOCK_SIZE) return;
    compress(state, state + BLOCK);
    data += part;
    len -= part;
  }
  for (; len >= BLOCK_SIZE; len -= BLOCK_SIZE, data += BLOCK_SIZE) compress(state, data);
  copy(state + BLOCK, data, len);
}

/** Ends a message and writes its digest. The state is wiped. */
export function final(state: usize, digest: usize): void {
  const bits = load<u64>(state, LENGTH) << 3;
  const used = (<i32>load<u64>(state, LENGTH)) & (BLOCK_SIZE - 1);
  const block = state + BLOCK;
  store<u8>(block + used, 0x80);
  wipe(block + used + 1, BLOCK_SIZE - used - 1);
  if (used >= BITS) {
    compress(state, block);
    wipe(block, BITS);
  }
  store<u64>(block + BITS, bswap(bits));
  compress(state, block);
  for (let i: usize = 0; i < <usize>DIGEST_LEN; i += 4) store<u32>(digest + i, bswap(load<u32>(state + i)));
  wipe(state, SHA256_STATE_LEN);
}

/** One block into the state (6.2.2). */
function compress(state: usize, block: usize): void {
  const w: usize = SHA256_SCHEDULE;
  for (let i: usize = 0; i < 64; i += 4) store<u32>(w + i, bswap(load<u32>(block + i)));
  for (let i: usize = 64; i < 256; i += 4) {
    const w15 = load<u32>(w + i - 60);
    const w2 = load<u32>(w + i - 8);
    const s0 = rotr(w15, 7) ^ rotr(w15, 18) ^ (w15 >> 3);
    const s1 = rotr(w2, 17) ^ rotr(w2, 19) ^ (w2 >> 10);
    store<u32>(w + i, load<u32>(w + i - 64) + s0 + load<u32>(w + i - 28) + s1);
  }
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let d = load<u32>(state, 12);
  let e = load<u32>(state, 16);
  let f = load<u32>(state, 20);
  let g = load<u32>(state, 24);
  let h = load<u32>(state, 28);
  for (let i: usize = 0; i < 256; i += 4) {
    const s1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
    const t1 = h + s1 + (g ^ (e & (f ^ g))) + load<u32>(K + i) + load<u32>(w + i);
    const s0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
    const t2 = s0 + ((a & b) | (c & (a | b)));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  store<u32>(state, load<u32>(state) + a);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
  store<u32>(state, load<u32>(state, 20) + f, 20);
  store<u32>(state, load<u32>(state, 24) + g, 24);
  store<u32>(state, load<u32>(state, 28) + h, 28);
}
