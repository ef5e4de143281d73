/**
 * Keys derived from a link key (ZigBee specification 4.5.3): HMAC-MMO of a single byte; the data key is the link key itself. A
 * fingerprint is made the same way under a byte of our own, so that telling it gives nothing of the other values away. Keys
 * derived from a shared secret (ZigBee Smart Energy annex C.4.2.3.3): AES-MMO of the secret and a counter.
 */
import { KDF_LABEL, MMO_STATE } from '../abi/layout.ts';
import { hmac } from './hmac.ts';
import { final, init, update } from './mmo.ts';

/** Bytes of every key here. */
export const KEY_LEN: i32 = 16;
const COUNTER_LEN: i32 = 4;
const KEY_TRANSPORT: u8 = 0;
const KEY_LOAD: u8 = 2;
const VERIFY_KEY: u8 = 3;
/** 'F': far above every value that the specification has. */
const FINGERPRINT: u8 = 0x46;

/** Writes the 16-byte key-transport key: protects network keys on their way. The caller wipes it. */
export function keyTransportKey(linkKey: usize, key: usize): void {
  derive(linkKey, KEY_TRANSPORT, key);
}

/** Writes the 16-byte key-load key: protects link keys on their way. The caller wipes it. */
export function keyLoadKey(linkKey: usize, key: usize): void {
  derive(linkKey, KEY_LOAD, key);
}

/** Writes the 16 bytes that a Verify-Key command carries to prove possession of a link key. */
export function verifyKeyHash(linkKey: usize, hash: usize): void {
  derive(linkKey, VERIFY_KEY, hash);
}

/** Writes 16 bytes of which the first 8 are a key's fingerprint: tells keys apart, and nothing else of them. */
export function fingerprint(key: usize, output: usize): void {
  derive(key, FINGERPRINT, output);
}

/**
 * Writes key number `counter` of a shared secret: 1 is the MAC key, 2 the link key. The counter follows the secret as 4 bytes,
 * big-endian; there is no shared information. The caller wipes it.
 */
export function agreedKey(secret: usize, secretLen: i32, counter: u32, key: usize): void {
  store<u32>(KDF_LABEL, bswap(counter));
  init(MMO_STATE);
  update(MMO_STATE, secret, secretLen);
  update(MMO_STATE, KDF_LABEL, COUNTER_LEN);
  final(MMO_STATE, key);
}

function derive(linkKey: usize, label: u8, output: usize): void {
  store<u8>(KDF_LABEL, label);
  hmac(linkKey, KEY_LEN, KDF_LABEL, 1, output);
}
