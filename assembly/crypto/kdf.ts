/**
 * Keys derived from a link key (ZigBee specification 4.5.3): HMAC-MMO of a single byte. The data key is the link key itself.
 * A fingerprint is made the same way under a byte of our own, so that telling it gives nothing of the other values away.
 */
import { KDF_LABEL } from '../abi/layout.ts';
import { hmac } from './hmac.ts';

const KEY_LEN: i32 = 16;
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

function derive(linkKey: usize, label: u8, output: usize): void {
  store<u8>(KDF_LABEL, label);
  hmac(linkKey, KEY_LEN, KDF_LABEL, 1, output);
}
