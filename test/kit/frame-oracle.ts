/**
 * Frames made without the core: an independent construction of headers, security and FCS over node:crypto, for tests to
 * hold the core against. Written from the specifications, sharing nothing with assembly/.
 */
import { createCipheriv } from 'node:crypto';

/** Bytes of hexadecimal text; blanks are allowed between parts. */
export const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

/** Parts behind one another. */
export const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** A little-endian number of `length` bytes. */
export function le(value: number | bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
}

/** An EUI-64 as on the air. */
export const airEui = (eui: string): Uint8Array => le(BigInt(`0x${eui}`), 8);

/** IEEE 802.15.4 FCS, bit by bit as the clause draws it. */
export function fcsOf(frame: Uint8Array): number {
  let crc = 0;
  for (const byte of frame) {
    for (let bit = 0; bit < 8; bit++) {
      const out = (crc ^ (byte >> bit)) & 1;
      crc = (crc >> 1) ^ (out ? 0x8408 : 0);
    }
  }
  return crc;
}

/** A frame with its FCS. */
export const withFcs = (frame: Uint8Array): Uint8Array => join(frame, le(fcsOf(frame), 2));

/** A MAC data frame between short addresses of PAN 1a62, FCS included, with this payload. */
export const macData = (payload: Uint8Array, src = 0x0000, dst = 0x1234, seq = 1): Uint8Array =>
  withFcs(join(bytes('6188'), le(seq, 1), bytes('621a'), le(dst, 2), le(src, 2), payload));

/** AES-128-CCM with a 4-byte MIC: ciphertext and MIC. */
export function ccm(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-128-ccm', key, nonce, { authTagLength: 4 });
  cipher.setAAD(aad, { plaintextLength: plain.length });
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return join(body, cipher.getAuthTag());
}

/** How a layer is secured. */
export interface Envelope {
  readonly key: Uint8Array;
  readonly source: string;
  readonly counter: number;
  readonly keyId: 0 | 1 | 2 | 3;
  readonly keySeq?: number;
  readonly extendedNonce?: boolean;
  /** Level bits put on the air; 0 unless a test wants a wrong frame. */
  readonly level?: number;
}

/** Header, auxiliary header, ciphertext and MIC of a secured NWK or APS frame. */
export function secured(header: Uint8Array, envelope: Envelope, payload: Uint8Array): Uint8Array {
  const extended = envelope.extendedNonce ?? true;
  const control = (envelope.keyId << 3) | (extended ? 0x20 : 0);
  const source = airEui(envelope.source);
  const rest = join(
    le(envelope.counter, 4),
    extended ? source : new Uint8Array(0),
    envelope.keyId === 1 ? le(envelope.keySeq ?? 0, 1) : new Uint8Array(0),
  );
  const nonce = join(source, le(envelope.counter, 4), le(control | 5, 1));
  const body = ccm(envelope.key, nonce, join(header, le(control | 5, 1), rest), payload);
  return join(header, le(control | (envelope.level ?? 0), 1), rest, body);
}

/** AES-MMO of a message shorter than 8 KiB. */
export function mmo(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(16 * Math.ceil((message.length + 3) / 16));
  padded.set(message);
  padded[message.length] = 0x80;
  padded.set([(message.length * 8) >> 8, (message.length * 8) & 0xff], padded.length - 2);
  let hash: Uint8Array = new Uint8Array(16);
  for (let at = 0; at < padded.length; at += 16) {
    const block = padded.subarray(at, at + 16);
    const cipher = createCipheriv('aes-128-ecb', hash, null).setAutoPadding(false);
    hash = Uint8Array.from(cipher.update(block), (byte, i) => byte ^ (block[i] as number));
  }
  return hash;
}

/** Key derived from a link key: HMAC-MMO of one byte, 0 key-transport, 2 key-load. */
export function derived(linkKey: Uint8Array, label: number): Uint8Array {
  const pad = (value: number): Uint8Array => linkKey.map((byte) => byte ^ value);
  return mmo(join(pad(0x5c), mmo(join(pad(0x36), le(label, 1)))));
}
