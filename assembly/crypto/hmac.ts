/** HMAC (FIPS 198) over AES-MMO, with MMO's block of 16 bytes (ZigBee specification annex B.1.4). */
import { HMAC_BLOCK, HMAC_INNER, HMAC_STATE } from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import { BLOCK_SIZE } from './aes.ts';
import { DIGEST_LEN, final, hash, init, update } from './mmo.ts';

const IPAD: i8 = 0x36;
const OPAD: i8 = 0x5c;

/** Writes the 16-byte MAC of a message under a key of any length. Leaves nothing of the key behind. */
export function hmac(key: usize, keyLen: i32, message: usize, messageLen: i32, mac: usize): void {
  wipe(HMAC_BLOCK, BLOCK_SIZE);
  if (keyLen > BLOCK_SIZE) hash(key, keyLen, HMAC_BLOCK);
  else copy(HMAC_BLOCK, key, keyLen);
  const block = v128.load(HMAC_BLOCK);
  pass(v128.xor(block, i8x16.splat(IPAD)), message, messageLen, HMAC_INNER);
  pass(v128.xor(block, i8x16.splat(OPAD)), HMAC_INNER, DIGEST_LEN, mac);
  wipe(HMAC_BLOCK, BLOCK_SIZE);
  wipe(HMAC_INNER, DIGEST_LEN);
}

/** Digest of a padded key followed by a message. */
function pass(paddedKey: v128, message: usize, messageLen: i32, digest: usize): void {
  v128.store(HMAC_BLOCK, paddedKey);
  init(HMAC_STATE);
  update(HMAC_STATE, HMAC_BLOCK, BLOCK_SIZE);
  update(HMAC_STATE, message, messageLen);
  final(HMAC_STATE, digest);
}
