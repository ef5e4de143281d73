/** Keys derived from a link key (ZigBee specification 4.5.3): HMAC-MMO of a single byte. The data key is the link key itself. */
import { KDF_LABEL } from '../abi/layout.ts';
import { hmac } from './hmac.ts';

const KEY_LEN: i32 = 16;
const KEY_TRANSPORT: u8 = 0;
const KEY_LOAD: u8 = 2;
const VERIFY_KEY: u8 = 3;

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

function derive(linkKey: usize, label: u8, output: usize): void {
  store<u8>(KDF_LABEL, label);
  hmac(linkKey, KEY_LEN, KDF_LABEL, 1, output);
}
