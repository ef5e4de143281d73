/**
 * Deterministic nonces of ECDSA signatures after RFC 6979, clause 3.2, with its letters for the steps.
 *
 * The RFC takes HMAC over the hash of the message. ZigBee's hash is AES-MMO, whose 16 bytes are fewer than either order has bits, so
 * HMAC-SHA256 generates here whatever hash was signed: `hash` is the RFC's h1, of any length, and for SHA-256 the RFC's own nonces come
 * out. qlen is 163 or 281, the bits of n, not of the field. In constant time but for the number of candidates, which tells nothing of
 * the one that is taken: on sect163k1, whose order is little more than a power of 2, every second one is too great.
 */
import { NONCE_BITS, NONCE_KEY, NONCE_TEXT } from '../abi/layout.ts';
import { curve, lengthOf, Curve } from './curve.ts';
import { hmac } from './hmac-sha256.ts';
import * as scalar from './scalar.ts';

/** Bytes of V, with which NONCE_TEXT begins, and of K. */
const LEN: i32 = 32;

/** Starts the nonces of a private scalar and a hash; `temporary` is room for a scalar. The caller wipes CURVE. */
export function begin<C extends Curve>(d: usize, hash: usize, hashLen: i32, temporary: usize): void {
  const length = lengthOf<C>();
  // b, c.
  memory.fill(NONCE_TEXT, 1, LEN);
  memory.fill(NONCE_KEY, 0, LEN);
  scalar.write<C>(NONCE_TEXT + LEN + 1, d);
  scalar.readHash<C>(temporary, hash, hashLen);
  scalar.write<C>(NONCE_TEXT + LEN + 1 + length, temporary);
  // d to g.
  mix(0, LEN + 1 + 2 * length);
  mix(1, LEN + 1 + 2 * length);
}

/** k = the next candidate that is from 1 to n - 1 (h). */
export function next<C extends Curve>(k: usize): void {
  do {
    let len = 0;
    for (; 8 * len < curve<C>().orderBits; len += LEN) {
      hmac(NONCE_KEY, NONCE_TEXT, LEN, NONCE_TEXT);
      memory.copy(NONCE_BITS + len, NONCE_TEXT, LEN);
    }
    scalar.readBits<C>(k, NONCE_BITS, len);
    mix(0, LEN + 1);
  } while (!scalar.isInRange<C>(k));
}

/** K = HMAC(K, V ‖ tag ‖ …) over `len` bytes of NONCE_TEXT in all, V = HMAC(K, V). */
function mix(tag: u8, len: i32): void {
  store<u8>(NONCE_TEXT + LEN, tag);
  hmac(NONCE_KEY, NONCE_TEXT, len, NONCE_KEY);
  hmac(NONCE_KEY, NONCE_TEXT, LEN, NONCE_TEXT);
}
