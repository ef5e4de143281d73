/** The same constructions by node:crypto, written apart from the core: what tests compare with. */
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** AES-128 of one block. */
export function aes(key: Uint8Array, block: Uint8Array): Uint8Array {
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block);
}

/** Ciphertext and MIC of CCM*; with a MIC of no bytes, plain counter mode from block 1. */
export function seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array, micLength: number): Uint8Array {
  if (micLength === 0) return createCipheriv('aes-128-ctr', key, Uint8Array.of(1, ...nonce, 0, 1)).update(plain);
  const cipher = createCipheriv('aes-128-ccm', key, nonce, { authTagLength: micLength });
  cipher.setAAD(aad, { plaintextLength: plain.length });
  const data = cipher.update(plain);
  cipher.final();
  return Buffer.concat([data, cipher.getAuthTag()]);
}

/** Opens what `seal` sealed with a MIC; undefined when the MIC is wrong. */
export function open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array, micLength: number): Uint8Array | undefined {
  const length = sealed.length - micLength;
  const decipher = createDecipheriv('aes-128-ccm', key, nonce, { authTagLength: micLength });
  decipher.setAuthTag(sealed.subarray(length));
  decipher.setAAD(aad, { plaintextLength: length });
  try {
    const plain = decipher.update(sealed.subarray(0, length));
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** AES-MMO, the padding written from the rule: 0x80, zeros, the bit length big-endian in 2 bytes, or in 4 and two zero bytes. */
export function mmo(message: Uint8Array, { short = false } = {}): Uint8Array {
  const bits = message.length * 8;
  const long = !short && bits >= 65_536;
  const tail = Buffer.alloc(long ? 6 : 2);
  if (long) tail.writeUInt32BE(bits);
  else tail.writeUInt16BE(bits % 65_536);
  const zeros = (32 - ((message.length + 1 + tail.length) % 16)) % 16;
  const padded = Buffer.concat([message, Uint8Array.of(0x80), Buffer.alloc(zeros), tail]);
  let chain: Uint8Array = new Uint8Array(16);
  for (let at = 0; at < padded.length; at += 16) {
    const block = padded.subarray(at, at + 16);
    chain = aes(chain, block).map((byte, i) => byte ^ (block[i] ?? 0));
  }
  return chain;
}

/** HMAC over AES-MMO. */
export function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = Buffer.alloc(16);
  block.set(key.length > 16 ? mmo(key) : key);
  const inner = mmo(Buffer.concat([block.map((byte) => byte ^ 0x36), message]));
  return mmo(Buffer.concat([block.map((byte) => byte ^ 0x5c), inner]));
}

/** Byte i is i modulo 256. */
export const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i & 0xff);
