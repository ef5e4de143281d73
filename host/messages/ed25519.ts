/**
 * Ed25519 (RFC 8032) over raw keys.
 *
 * A public key is judged when it is loaded: canonical encoding, on the curve, in the prime-order subgroup. The library
 * @noble/ed25519 does this. Signing and verifying go through node:crypto, whose equation has no cofactor and compares R
 * byte by byte: under a sound key it accepts nothing that noble refuses with `zip215: false`, and the tests hold the two
 * against each other. OpenSSL alone would take a key of small order, so `verify` asks for that again, whoever loaded it;
 * the dear question, for a key of mixed order, is asked at loading only.
 */
import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import { Point } from '@noble/ed25519';
import type { Result } from '../model/fault.ts';
import { Fault, ok, refuse } from '../model/fault.ts';
import type { KeyId } from '../model/ids.ts';
import { hex } from '../model/ids.ts';
import type { Role } from '../model/service-request.ts';
import type { Entropy } from '../ports/entropy.ts';

/** Length of a seed (private key) and of a public key in bytes. */
export const KEY_SIZE = 32;
/** Length of a signature in bytes. */
export const SIGNATURE_SIZE = 64;

/** A key that can sign. The seed stays inside. */
export interface SigningKey {
  readonly kid: KeyId;
  /** Raw public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The one role of the key, where it is known. */
  readonly role: Role | undefined;
  /** Signature over the bytes, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

/** PKCS #8 before the seed (RFC 8410 §7) and SubjectPublicKeyInfo before the key (RFC 8410 §4). */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The identifier of a public key: the first 8 bytes of its SHA-256. */
export const keyId = (publicKey: Uint8Array): KeyId => hex(createHash('sha256').update(publicKey).digest().subarray(0, 8)) as KeyId;

/**
 * Judges a raw public key. Refuses `key-length`; `key-encoding` (not canonical or not on the curve, RFC 8032 §5.1.3);
 * `key-small-order` (such a key accepts one signature for many messages); `key-mixed-order` (verifiers disagree on it).
 */
export function checkPublicKey(raw: Uint8Array): Result<Uint8Array> {
  const point = soundPoint(raw);
  if (!point.ok) return point;
  if (!point.value.isTorsionFree()) return refuse('key-mixed-order', `public key outside the prime-order subgroup: ${hex(raw)}`);
  return ok(Uint8Array.from(raw));
}

/** A signing key from its 32-byte seed (RFC 8032 §5.1.5). Throws Fault `input` when the seed has another length. */
export function signingKey(seed: Uint8Array, role?: Role): SigningKey {
  if (seed.length !== KEY_SIZE) throw new Fault('input', `an Ed25519 private key has ${KEY_SIZE} bytes, not ${seed.length}`);
  const secret = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = new Uint8Array(createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length));
  return Object.freeze({
    kid: keyId(publicKey),
    publicKey,
    role,
    sign: (bytes: Uint8Array) => new Uint8Array(signBytes(null, bytes, secret)),
  });
}

/** Fresh bytes for `signingKey`. */
export const newSeed = (entropy: Entropy): Uint8Array => entropy.bytes(KEY_SIZE);

/**
 * True when the signature over the bytes is the key's. False for every other signature, whatever is wrong with it, and
 * for a key of another length, of another encoding or of small order.
 */
export function verify(signature: Uint8Array, bytes: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_SIZE || !soundPoint(publicKey).ok) return false;
  return verifyBytes(null, bytes, publicKeyObject(publicKey), signature);
}

const publicKeyObject = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, raw]), format: 'der', type: 'spki' });

/** The point of a key that is canonically encoded and not of small order. */
function soundPoint(raw: Uint8Array): Result<Point> {
  if (raw.length !== KEY_SIZE) return refuse('key-length', `an Ed25519 public key has ${KEY_SIZE} bytes, not ${raw.length}`);
  let point: Point;
  try {
    point = Point.fromBytes(Uint8Array.from(raw), false);
  } catch {
    return refuse('key-encoding', `not the canonical encoding of a curve point: ${hex(raw)}`);
  }
  return point.isSmallOrder() ? refuse('key-small-order', `public key of small order: ${hex(raw)}`) : ok(point);
}
