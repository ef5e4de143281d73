/**
 * ECDSA signatures (FIPS 186-4 clause 6.3) with deterministic nonces, in constant time. For signer.wasm: nothing that a gateway runs may
 * import this file, and test/architecture.test.ts sees to it.
 */
import { PROTOCOL_BYTES, PROTOCOL_POINT1, PROTOCOL_SCALAR2, PROTOCOL_SCALAR3, PROTOCOL_SCALAR4 } from '../abi/layout.ts';
import { lengthOf, wordsOf, Curve } from './curve.ts';
import * as field from './field.ts';
import * as integer from './integer.ts';
import { invert } from './inverse.ts';
import { multiplyBase } from './multiply.ts';
import * as nonce from './nonce.ts';
import * as scalar from './scalar.ts';

/** Signs a hash, of which the leftmost bits count, by a private scalar from 1 to n - 1: r ‖ s, big-endian. The caller wipes CURVE. */
export function sign<C extends Curve>(signature: usize, d: usize, hash: usize, hashLen: i32): void {
  nonce.begin<C>(d, hash, hashLen, PROTOCOL_SCALAR2);
  do nonce.next<C>(PROTOCOL_SCALAR2);
  while (!signWith<C>(signature, d, PROTOCOL_SCALAR2, hash, hashLen));
}

/** The same by a nonce from 1 to n - 1, which is lost. False where r or s is 0; the signature is none then. */
export function signWith<C extends Curve>(signature: usize, d: usize, k: usize, hash: usize, hashLen: i32): bool {
  const r = PROTOCOL_SCALAR3;
  const s = PROTOCOL_SCALAR4;
  multiplyBase<C>(PROTOCOL_POINT1, k);
  field.write<C>(PROTOCOL_BYTES, PROTOCOL_POINT1);
  scalar.readWide<C>(r, PROTOCOL_BYTES, lengthOf<C>());
  scalar.mul<C>(s, r, d);
  invert<C>(k, k);
  scalar.write<C>(signature, r);
  const bad = integer.isZero(r, wordsOf<C>());
  scalar.readHash<C>(r, hash, hashLen);
  scalar.add<C>(s, s, r);
  scalar.mul<C>(s, s, k);
  scalar.write<C>(signature + lengthOf<C>(), s);
  return (bad | integer.isZero(s, wordsOf<C>())) === 0;
}
