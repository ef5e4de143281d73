/**
 * NWK and APS security for headers that lie, over the AES of node:crypto: CBC for the MIC, CTR for the cipher, as CCM* is
 * written in ZigBee annex A. Payloads may be empty.
 */
import { createCipheriv } from 'node:crypto';
import { airEui, join, le, type Envelope } from '../kit/frame-oracle.ts';

const BLOCK = 16;
const MIC_LEN = 4;
/** Flags of the first block: authenticated data, 4 bytes of MIC, a length of two bytes; and those of the counter blocks. */
const FIRST = 0x49;
const COUNTER = 0x01;

/** Header, auxiliary header, ciphertext and MIC, all as the envelope says and whatever the header says. */
export function sealed(
  header: Uint8Array,
  envelope: Required<Omit<Envelope, 'keySeq'>> & { readonly keySeq?: number },
  payload: Uint8Array,
): Uint8Array {
  const control = (envelope.keyId << 3) | (envelope.extendedNonce ? 0x20 : 0);
  const source = airEui(envelope.source);
  const counter = le(envelope.counter, 4);
  const rest = join(counter, envelope.extendedNonce ? source : le(0, 0), envelope.keyId === 1 ? le(envelope.keySeq ?? 0, 1) : le(0, 0));
  const restored = le(control | 5, 1);
  const body = ccm(envelope.key, join(source, counter, restored), join(header, restored, rest), payload);
  return join(header, le(control | envelope.level, 1), rest, body);
}

function ccm(key: Uint8Array, nonce: Uint8Array, authenticated: Uint8Array, plain: Uint8Array): Uint8Array {
  const big = (length: number): Uint8Array => le(length, 2).reverse();
  const blocks = join(Uint8Array.of(FIRST), nonce, big(plain.length), whole(join(big(authenticated.length), authenticated)), whole(plain));
  const cbc = createCipheriv('aes-128-cbc', key, new Uint8Array(BLOCK)).setAutoPadding(false);
  const mac = Uint8Array.from(cbc.update(blocks)).slice(-BLOCK);
  const ctr = createCipheriv('aes-128-ctr', key, join(Uint8Array.of(COUNTER), nonce, le(0, 2)));
  const stream = Uint8Array.from(ctr.update(join(mac, plain)));
  return join(stream.subarray(BLOCK), stream.subarray(0, MIC_LEN));
}

/** Filled with zeros to whole blocks. */
const whole = (bytes: Uint8Array): Uint8Array => join(bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK));
