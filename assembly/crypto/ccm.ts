/**
 * CCM* (ZigBee specification annex A; RFC 3610 with the tag length 0 added): AES-CTR encryption with a CBC-MAC over header
 * and plaintext. Nonces have 13 bytes, so the length field has 2 (L = 2).
 *
 * The chain of the MAC takes one block after the other, and its time is that of the whole: it stays in the tower bytes of
 * aes.ts. Beside it, one block a step, the counter stream runs ahead, over the header already, by as many blocks as may wait.
 */
import { CCM_BLOCK, CCM_FIRST, CCM_LEN, CCM_STREAM } from '../abi/layout.ts';
import { copyShort, equal, wipeShort } from '../bytes/memory.ts';
import { BLOCK_SIZE, encrypt, enter, leave, rounds, roundsBeside } from './aes.ts';

/** Bytes of a nonce. */
export const NONCE_LEN: i32 = 13;
/** Longest data, by the two bytes of the length field. */
export const DATA_LEN_MAX: i32 = 0xffff;
/** Longest authenticated header, by the two-byte form of its length (RFC 3610 2.2). */
export const AAD_LEN_MAX: i32 = 0xfeff;
/** Longest message integrity code. */
export const MIC_LEN_MAX: i32 = 16;

/** Flags of the first block: header present; the two low bits say L - 1. */
const HAS_AAD: i32 = 0x40;
const LENGTH_FIELD: i32 = 1;
/** Blocks of the stream that may wait to be taken: those of a whole frame. */
const WAITING: i32 = 8;

/** The two last bytes of a block: length (first block) or block number (counter blocks), big-endian. */
const COUNT_LANE: u8 = 7;
/** Bytes of the header's length, which stands before it. */
const AAD_LENGTH: i32 = 2;

/** Sixteen bytes of ones, then sixteen of zeros: `len` ones and zeros behind them stand `len` bytes before the zeros. */
const ONES: usize = memory.data<u8>(
  [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0,
  ],
  16,
);

/**
 * Encrypts `data` in place and writes the MIC to `mic`, which may follow the data directly. Answers false, touching
 * nothing, for: 1 a MIC of another length than 0, 4, 6, 8, 10, 12, 14 or 16; 2 a header or 3 data too long.
 */
export function seal(schedule: usize, nonce: usize, aad: usize, aadLen: i32, data: usize, dataLen: i32, mic: usize, micLen: i32): bool {
  if (!takes(aadLen, dataLen, micLen)) return false;
  v128.store(CCM_BLOCK, run(schedule, nonce, aad, aadLen, data, dataLen, data, micLen, false));
  copyShort(mic, CCM_BLOCK, micLen);
  wipeShort(CCM_BLOCK, CCM_LEN);
  return true;
}

/**
 * Decrypts `cipher` to `plain` (which may be `cipher`) and answers whether the MIC is right, compared in constant time; if
 * not, `plain` is wiped. Answers false for what `seal` refuses, touching nothing. With a MIC of no bytes nothing is authenticated.
 */
export function open(
  schedule: usize,
  nonce: usize,
  aad: usize,
  aadLen: i32,
  cipher: usize,
  cipherLen: i32,
  mic: usize,
  micLen: i32,
  plain: usize,
): bool {
  if (!takes(aadLen, cipherLen, micLen)) return false;
  v128.store(CCM_BLOCK, run(schedule, nonce, aad, aadLen, cipher, cipherLen, plain, micLen, true));
  const verified = equal(CCM_BLOCK, mic, micLen);
  wipeShort(CCM_BLOCK, CCM_LEN);
  if (!verified) wipeShort(plain, cipherLen);
  return verified;
}

function takes(aadLen: i32, dataLen: i32, micLen: i32): bool {
  const mic = micLen === 0 || (micLen >= 4 && micLen <= MIC_LEN_MAX && (micLen & 1) === 0);
  return mic && <u32>aadLen <= <u32>AAD_LEN_MAX && <u32>dataLen <= <u32>DATA_LEN_MAX;
}

/** Takes header and data through chain and stream, data from `from` to `to`, and gives the whole MIC. */
function run(schedule: usize, nonce: usize, aad: usize, aadLen: i32, from: usize, len: i32, to: usize, micLen: i32, opening: bool): v128 {
  const blocks = (len + BLOCK_SIZE - 1) / BLOCK_SIZE;
  const counters = put(1, nonce, NONCE_LEN, <u16>LENGTH_FIELD);
  const size = micLen ? (micLen - 2) >> 1 : 0;
  const first = v128.replace_lane<u8>(numbered(counters, len), 0, <u8>((aadLen ? HAS_AAD : 0) | (size << 3) | LENGTH_FIELD));
  let chain = roundsBeside(schedule, enter(first), enter(counters), CCM_FIRST);

  // The header, preceded by its length, padded with zeros to whole blocks; meanwhile the stream runs ahead.
  let made = 0;
  let most = min(blocks, WAITING);
  let begin = min(aadLen, BLOCK_SIZE - AAD_LENGTH);
  if (aadLen) {
    chain = step(schedule, chain, put(AAD_LENGTH, aad, begin, bswap(<u16>aadLen)), counters, made, most);
    made = min(made + 1, most);
  }
  for (; begin < aadLen; begin += BLOCK_SIZE) {
    chain = step(schedule, chain, take(aad + <usize>begin, aadLen - begin), counters, made, most);
    made = min(made + 1, most);
  }
  if (blocks && !made) {
    v128.store(CCM_STREAM, numbered(counters, 1));
    encrypt(schedule, CCM_STREAM, CCM_STREAM);
    made = 1;
  }

  for (let i = 0; i < blocks; i++) {
    const at = <usize>(i * BLOCK_SIZE);
    const rest = len - i * BLOCK_SIZE;
    const given = take(from + at, rest);
    const other = v128.xor(given, v128.load(stream(i)));
    if (rest < BLOCK_SIZE) {
      const masked = v128.and(other, v128.load(ONES + <usize>(BLOCK_SIZE - rest)));
      v128.store(CCM_BLOCK, masked);
      copyShort(to + at, CCM_BLOCK, rest);
      most = blocks;
      chain = step(schedule, chain, opening ? masked : given, counters, made, most);
    } else {
      v128.store(to + at, other);
      most = min(blocks, i + 1 + WAITING);
      chain = step(schedule, chain, opening ? other : given, counters, made, most);
    }
    made = min(made + 1, most);
  }
  return v128.xor(leave(chain), v128.load(CCM_FIRST));
}

/**
 * One step: the chain takes a block; the stream, of which `made` blocks are made, goes on to its next one below `most`. Gives
 * the chain.
 */
function step(schedule: usize, chain: v128, block: v128, counters: v128, made: i32, most: i32): v128 {
  const taken = v128.xor(chain, enter(block));
  if (made >= most) return rounds(schedule, taken);
  return roundsBeside(schedule, taken, enter(numbered(counters, made + 1)), stream(made));
}

/** Block `i` of the stream, which covers block `i` of the data, while it waits. */
function stream(i: i32): usize {
  return CCM_STREAM + <usize>((i & (WAITING - 1)) * BLOCK_SIZE);
}

/** A block with a number in its two last bytes. The stream's blocks count from 1; number 0 covers the MIC. */
function numbered(block: v128, number: i32): v128 {
  return v128.replace_lane<u16>(block, COUNT_LANE, bswap(<u16>number));
}

/** The next block of what is left, zeros behind its end; reads no byte more. */
function take(from: usize, left: i32): v128 {
  return left < BLOCK_SIZE ? put(0, from, left, 0) : v128.load(from);
}

/** A block of zeros with `first` in its two first bytes and, over that, `len` bytes of `from` at `offset`. */
function put(offset: usize, from: usize, len: i32, first: u16): v128 {
  v128.store(CCM_BLOCK, v128.replace_lane<u16>(i64x2.splat(0), 0, first));
  copyShort(CCM_BLOCK + offset, from, len);
  return v128.load(CCM_BLOCK);
}
