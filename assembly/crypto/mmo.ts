/**
 * AES-MMO, ZigBee's 128-bit hash (ZigBee specification annex B.6), streaming: any split of a message gives the same digest.
 *
 * h = AES(key h, m) xor m, block by block from h = 0. The chain stays in tower bytes (aes.ts), and each block's key schedule
 * runs beside its encryption. Defined for messages below 2^32 bits (512 MiB); whoever hashes more must refuse first.
 */
import { MMO_STATE, MMO_STATE_LEN } from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import { BLOCK_SIZE, enter, inner, leave, masked, nextKey, outer } from './aes.ts';

/** Bytes of a digest. */
export const DIGEST_LEN: i32 = 16;

/** Offsets in a state: the chain as tower bytes, an unfinished block, the length so far in bytes. */
const BLOCK: usize = 16;
const LENGTH: usize = 32;

/** Where the two paddings put the bit length: at the end of a block, or followed by two zero bytes. */
const SHORT_LENGTH: i32 = 14;
const LONG_LENGTH: i32 = 10;
/** Messages from this many bytes (2^16 bits) on take the long padding. */
const LONG_FROM: u64 = 8192;

/** Starts a message in the MMO_STATE_LEN bytes at `state`. */
export function init(state: usize): void {
  wipe(state, MMO_STATE_LEN);
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
    absorb(state, state + BLOCK, 1);
    data += part;
    len -= part;
  }
  const blocks = len / BLOCK_SIZE;
  absorb(state, data, blocks);
  copy(state + BLOCK, data + blocks * BLOCK_SIZE, len % BLOCK_SIZE);
}

/** Copies a state, so that a message can go on in two ways. */
export function fork(dst: usize, src: usize): void {
  copy(dst, src, MMO_STATE_LEN);
}

/** Ends a message with the padding of its length and writes the digest. The state is wiped. */
export function final(state: usize, digest: usize): void {
  finish(state, digest, load<u64>(state, LENGTH) >= LONG_FROM);
}

/** As `final`, with the short padding (bit length modulo 2^16) whatever the length, as some vendors' image tools have it. */
export function finalShort(state: usize, digest: usize): void {
  finish(state, digest, false);
}

/** Digest of `len` bytes at once. */
export function hash(data: usize, len: i32, digest: usize): void {
  init(MMO_STATE);
  update(MMO_STATE, data, len);
  final(MMO_STATE, digest);
}

function finish(state: usize, digest: usize, long: bool): void {
  const bits = <u32>(load<u64>(state, LENGTH) << 3);
  const used = (<i32>load<u64>(state, LENGTH)) & (BLOCK_SIZE - 1);
  const block = state + BLOCK;
  store<u8>(block + used, 0x80);
  wipe(block + used + 1, BLOCK_SIZE - used - 1);
  if (used >= (long ? LONG_LENGTH : SHORT_LENGTH)) {
    absorb(state, block, 1);
    wipe(block, BLOCK_SIZE);
  }
  if (long) store<u32>(block + LONG_LENGTH, bswap(bits));
  else store<u16>(block + SHORT_LENGTH, bswap(<u16>bits));
  absorb(state, block, 1);
  v128.store(digest, leave(v128.load(state)));
  wipe(state, MMO_STATE_LEN);
}

/** Runs whole blocks into the chain. */
function absorb(state: usize, data: usize, blocks: i32): void {
  let chain = v128.load(state);
  for (const end = data + blocks * BLOCK_SIZE; data < end; data += BLOCK_SIZE) {
    const message = enter(v128.load(data));
    let key = chain;
    let x = v128.xor(message, key);
    for (let round: usize = 1; round < 10; round++) {
      key = nextKey(key, round);
      x = inner(x, masked(key));
    }
    chain = v128.xor(outer(x, masked(nextKey(key, 10))), message);
  }
  v128.store(state, chain);
}
