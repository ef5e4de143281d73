/** HMAC (FIPS 198) over SHA-256, for keys of exactly its 32 bytes: the generator of nonces needs no other. Leaves secrets in CURVE, for the caller to wipe. */
import { NONCE_BLOCK, NONCE_INNER, NONCE_STATE, SHA256_SCHEDULE } from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import { DIGEST_LEN, final, init, update } from './sha256.ts';

const BLOCK_SIZE: i32 = 64;
const IPAD: i8 = 0x36;
const OPAD: i8 = 0x5c;
/** Bytes of SHA-256's message schedule, which holds what was hashed last. */
const SCHEDULE_LEN: i32 = 256;

/** Writes the 32-byte MAC of a message under a key of 32 bytes; it may stand where either stood. */
export function hmac(key: usize, message: usize, len: i32, mac: usize): void {
  pass(key, IPAD, message, len, NONCE_INNER);
  pass(key, OPAD, NONCE_INNER, DIGEST_LEN, mac);
  wipe(SHA256_SCHEDULE, SCHEDULE_LEN);
}

/** Digest of the padded key followed by a message. */
function pass(key: usize, pad: i8, message: usize, len: i32, digest: usize): void {
  wipe(NONCE_BLOCK, BLOCK_SIZE);
  copy(NONCE_BLOCK, key, DIGEST_LEN);
  for (let at: usize = NONCE_BLOCK; at < <usize>(NONCE_BLOCK + BLOCK_SIZE); at += 16) {
    v128.store(at, v128.xor(v128.load(at), i8x16.splat(pad)));
  }
  init(NONCE_STATE);
  update(NONCE_STATE, NONCE_BLOCK, BLOCK_SIZE);
  update(NONCE_STATE, message, len);
  final(NONCE_STATE, digest);
}
