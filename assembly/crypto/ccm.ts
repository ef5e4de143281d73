/**
 * CCM* (ZigBee specification annex A; RFC 3610 with the tag length 0 added): AES-CTR encryption with a CBC-MAC over header
 * and plaintext. Nonces have 13 bytes, so the length field has 2 (L = 2).
 *
 * The chain of the MAC takes one block after the other; beside it, two blocks a step, the counter stream runs ahead, over
 * the header already, by as many blocks as may wait. Where it has arrived at its end, the chain goes on alone, and faster.
 */
import { CCM_COUNTER, CCM_FIRST, CCM_LEN, CCM_MAC, CCM_STREAM } from '../abi/layout.ts';
import { copyShort, equal, wipeShort } from '../bytes/memory.ts';
import { BLOCK_SIZE, encrypt, encrypt2 } from './aes.ts';

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

/** Position of the length (first block) and of the block number (counter blocks), big-endian. */
const COUNT: usize = 14;

/**
 * Encrypts `data` in place and writes the MIC to `mic`, which may follow the data directly. Answers false, touching
 * nothing, for: 1 a MIC of another length than 0, 4, 6, 8, 10, 12, 14 or 16; 2 a header or 3 data too long.
 */
export function seal(schedule: usize, nonce: usize, aad: usize, aadLen: i32, data: usize, dataLen: i32, mic: usize, micLen: i32): bool {
  if (!takes(aadLen, dataLen, micLen)) return false;
  begin(schedule, nonce, aadLen, dataLen, micLen);
  const blocks = blocksIn(dataLen);
  let made = header(schedule, aad, aadLen, min(blocks, WAITING));
  for (let i = 0; i < blocks; i++) {
    const at = i * BLOCK_SIZE;
    const len = min(dataLen - at, BLOCK_SIZE);
    absorb(CCM_MAC, data + at, len);
    absorb(data + at, stream(i), len);
    made = advance(schedule, made, min(blocks, i + 1 + WAITING));
  }
  copyShort(mic, tag(), micLen);
  wipeShort(CCM_MAC, CCM_LEN);
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
  begin(schedule, nonce, aadLen, cipherLen, micLen);
  const blocks = blocksIn(cipherLen);
  let made = header(schedule, aad, aadLen, min(blocks, WAITING));
  if (plain !== cipher) copyShort(plain, cipher, cipherLen);
  for (let i = 0; i < blocks; i++) {
    const at = i * BLOCK_SIZE;
    const len = min(cipherLen - at, BLOCK_SIZE);
    absorb(plain + at, stream(i), len);
    absorb(CCM_MAC, plain + at, len);
    made = advance(schedule, made, min(blocks, i + 1 + WAITING));
  }
  const verified = equal(tag(), mic, micLen);
  wipeShort(CCM_MAC, CCM_LEN);
  if (!verified) wipeShort(plain, cipherLen);
  return verified;
}

function takes(aadLen: i32, dataLen: i32, micLen: i32): bool {
  const mic = micLen === 0 || (micLen >= 4 && micLen <= MIC_LEN_MAX && (micLen & 1) === 0);
  return mic && <u32>aadLen <= <u32>AAD_LEN_MAX && <u32>dataLen <= <u32>DATA_LEN_MAX;
}

function blocksIn(len: i32): i32 {
  return (len + BLOCK_SIZE - 1) / BLOCK_SIZE;
}

/** First block into the chain, counter block 0 into CCM_FIRST, which will cover the MIC. */
function begin(schedule: usize, nonce: usize, aadLen: i32, dataLen: i32, micLen: i32): void {
  const size = micLen ? (micLen - 2) >> 1 : 0;
  store<u8>(CCM_MAC, <u8>((aadLen ? HAS_AAD : 0) | (size << 3) | LENGTH_FIELD));
  copyShort(CCM_MAC + 1, nonce, NONCE_LEN);
  store<u16>(CCM_MAC + COUNT, bswap(<u16>dataLen));
  store<u8>(CCM_COUNTER, <u8>LENGTH_FIELD);
  copyShort(CCM_COUNTER + 1, nonce, NONCE_LEN);
  store<u16>(CCM_COUNTER + COUNT, 0);
  encrypt2(schedule, CCM_MAC, CCM_MAC, CCM_COUNTER, CCM_FIRST);
}

/**
 * The header, preceded by its length in two bytes, padded with zeros to whole blocks. Gives the number of stream blocks made:
 * at most `most`, and one at least when there are data.
 */
function header(schedule: usize, aad: usize, aadLen: i32, most: i32): i32 {
  if (aadLen === 0) {
    setCounter(1);
    encrypt(schedule, CCM_COUNTER, stream(0));
    return 1;
  }
  store<u16>(CCM_MAC, load<u16>(CCM_MAC) ^ bswap(<u16>aadLen));
  const first = min(aadLen, BLOCK_SIZE - 2);
  absorb(CCM_MAC + 2, aad, first);
  let made = advance(schedule, 0, most);
  for (let at = first; at < aadLen; at += BLOCK_SIZE) {
    absorb(CCM_MAC, aad + at, min(aadLen - at, BLOCK_SIZE));
    made = advance(schedule, made, most);
  }
  return made;
}

/** One step: the chain over the block it just took; the stream, of which `made` blocks are made, on to its next one below `most`. Gives the blocks made. */
function advance(schedule: usize, made: i32, most: i32): i32 {
  if (made >= most) {
    encrypt(schedule, CCM_MAC, CCM_MAC);
    return made;
  }
  setCounter(made + 1);
  encrypt2(schedule, CCM_MAC, CCM_MAC, CCM_COUNTER, stream(made));
  return made + 1;
}

/** Block `i` of the stream, which covers block `i` of the data, while it waits. */
function stream(i: i32): usize {
  return CCM_STREAM + (i & (WAITING - 1)) * BLOCK_SIZE;
}

/** The stream's block numbers count from 1; number 0 covers the MIC. */
function setCounter(number: i32): void {
  store<u16>(CCM_COUNTER + COUNT, bswap<u16>(<u16>number));
}

/** The whole MIC, in place of the chain. */
function tag(): usize {
  v128.store(CCM_MAC, v128.xor(v128.load(CCM_MAC), v128.load(CCM_FIRST)));
  return CCM_MAC;
}

/** Adds (xor) `len` bytes, at most a block, of `from` to `to`, and touches no byte more. */
function absorb(to: usize, from: usize, len: i32): void {
  if (len === BLOCK_SIZE) {
    v128.store(to, v128.xor(v128.load(to), v128.load(from)));
    return;
  }
  let at: usize = 0;
  if (len & 8) {
    store<u64>(to, load<u64>(to) ^ load<u64>(from));
    at = 8;
  }
  if (len & 4) {
    store<u32>(to + at, load<u32>(to + at) ^ load<u32>(from + at));
    at += 4;
  }
  if (len & 2) {
    store<u16>(to + at, load<u16>(to + at) ^ load<u16>(from + at));
    at += 2;
  }
  if (len & 1) store<u8>(to + at, load<u8>(to + at) ^ load<u8>(from + at));
}
