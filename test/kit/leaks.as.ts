/**
 * Planted leaks for the timing harness, which must find them: what the core does, and a little more that depends on a secret. Nothing
 * but tests compiles this.
 */
import { encrypt } from '../../assembly/crypto/aes.ts';
import { seal } from '../../assembly/crypto/ccm.ts';
import { K163, K283 } from '../../assembly/crypto/curve.ts';
import { multiply } from '../../assembly/crypto/multiply.ts';
import { add, lift } from '../../assembly/crypto/point.ts';

/** First address that nothing in the module uses. */
export const FREE: i32 = <i32>__heap_base;

/** Compares and stops at the first difference. */
export function equalEarly(a: usize, b: usize, len: i32): i32 {
  for (let i: usize = 0; i < <usize>len; i++) if (load<u8>(a + i) !== load<u8>(b + i)) return 0;
  return 1;
}

/** Multiplies in constant time, and adds as often again as the scalar's three lowest bits say: 3.5 additions in about fifty. */
export function multiplyUneven(suite: i32, q: usize, k: usize, p: usize, work: usize): i32 {
  const more = load<u8>(k) & 7;
  if (suite === 1) {
    const finite = multiply<K163>(q, k, p);
    lift<K163>(work, q);
    for (let i: u8 = 0; i < more; i++) add<K163>(work, p);
    return i32(finite);
  }
  const finite = multiply<K283>(q, k, p);
  lift<K283>(work, q);
  for (let i: u8 = 0; i < more; i++) add<K283>(work, p);
  return i32(finite);
}

/** Seals in constant time, and encrypts a block more where the plaintext begins with an odd byte: one block in about fifteen. */
export function sealUneven(schedule: usize, nonce: usize, aad: usize, aadLen: i32, data: usize, len: i32, mic: usize, micLen: i32): i32 {
  const odd = (load<u8>(data) & 1) !== 0;
  const done = seal(schedule, nonce, aad, aadLen, data, len, mic, micLen);
  if (odd) encrypt(schedule, mic, mic);
  return i32(done);
}
