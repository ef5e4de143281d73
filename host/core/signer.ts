/**
 * Loads signer.wasm: digests, key pairs, signatures and certificates for those who build images and run laboratories. It is tooling, no part
 * of a gateway. Its memory holds no key between two calls; the arrays that private keys come and go in are the caller's to wipe.
 *
 * A module with imports or without its calls is refused with Fault `core`.
 */
import { At, CurveReason } from '../../assembly/abi/code.ts';
import { ENTROPY_LEN, IN, IN_SIZE, MEMORY_PAGES, OUT, OUT_SIZE } from '../../assembly/abi/layout.ts';
import { Fault, ok, type Result } from '../model/fault.ts';
import { refusalOf } from './codes.ts';
import { sizesOf, type SuiteNumber } from './curves.ts';
import { compile, type Call, type CoreSource } from './module.ts';

const NAMES = [
  'mmoBegin',
  'mmoUpdate',
  'mmoFinish',
  'mmoFinishShort',
  'keyPair',
  'publicKey',
  'ecdsaSign',
  'ecqvIssue',
  'ecqvReceive',
] as const;
type Name = (typeof NAMES)[number];
const DIGEST_LENGTH = 16;

/** Random bytes that a key pair or a certificate takes. */
export const SIGNER_ENTROPY_LENGTH = ENTROPY_LEN;

/** A private key, big-endian, and its compressed public key. */
export interface KeyPair {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** What a CA issues from. */
export interface CertificateRequest {
  readonly suite: SuiteNumber;
  readonly caPrivateKey: Uint8Array;
  /** The compressed public key of the requester's key pair. */
  readonly request: Uint8Array;
  /** The certificate, complete but for its point, whose bytes do not count. */
  readonly certificate: Uint8Array;
  /** SIGNER_ENTROPY_LENGTH fresh random bytes, kept secret. */
  readonly entropy: Uint8Array;
}

/** What a CA answers. */
export interface IssuedCertificate {
  readonly certificate: Uint8Array;
  /** The number by which the requester makes its private key; of no use to anybody else, but the CA's secret is in it: not public. */
  readonly reconstruction: Uint8Array;
}

/** What the requester makes its private key from. */
export interface CertificateReceipt extends IssuedCertificate {
  readonly suite: SuiteNumber;
  /** The private key of the request. */
  readonly privateKey: Uint8Array;
  /** Compressed. */
  readonly caPublicKey: Uint8Array;
}

/** The signer. */
export class Signer {
  readonly #calls: Record<Name, Call>;
  readonly #memory: Uint8Array;

  private constructor(calls: Record<Name, Call>, memory: Uint8Array) {
    this.#calls = calls;
    this.#memory = memory;
  }

  /** Loads signer.wasm, from its bytes or compiled. Rejects with Fault `core` when it is not the signer of this host. */
  static async load(wasm: CoreSource): Promise<Signer> {
    const module = await compile(wasm);
    if (WebAssembly.Module.imports(module).length > 0) throw new Fault('core', 'the signer imports something');
    const { exports } = new WebAssembly.Instance(module);
    const missing = NAMES.filter((name) => typeof exports[name] !== 'function');
    if (missing.length > 0) throw new Fault('core', `the signer does not export ${missing.join(', ')}`);
    const { memory } = exports;
    if (!(memory instanceof WebAssembly.Memory) || memory.buffer.byteLength !== MEMORY_PAGES * 65536) {
      throw new Fault('core', 'the signer does not export a memory of the agreed size');
    }
    return new Signer(exports as Record<Name, Call>, new Uint8Array(memory.buffer));
  }

  /**
   * AES-MMO digest of a message, 16 bytes, with the padding that its length asks for (ZigBee specification B.6), or with that of short
   * messages whatever its length.
   */
  mmo(message: Uint8Array, padding?: 'short'): Uint8Array {
    this.#calls.mmoBegin();
    for (let at = 0; at < message.length; at += IN_SIZE) {
      const part = message.subarray(at, at + IN_SIZE);
      this.#memory.set(part, IN);
      this.#calls.mmoUpdate(part.length);
    }
    if (padding === 'short') this.#calls.mmoFinishShort();
    else this.#calls.mmoFinish();
    return this.#memory.slice(OUT, OUT + DIGEST_LENGTH);
  }

  /** A key pair of SIGNER_ENTROPY_LENGTH fresh random bytes. */
  keyPair(suite: SuiteNumber, entropy: Uint8Array): KeyPair {
    if (entropy.length !== ENTROPY_LEN) throw new Fault('internal', `a key pair takes ${ENTROPY_LEN} random bytes, not ${entropy.length}`);
    const { scalar, point } = sizesOf(suite);
    const made = this.#ask('keyPair', suite, [entropy], [], [scalar, point]);
    if (!made.ok) throw new Fault('internal', `the signer made no key pair: ${made.code}`);
    const [privateKey, publicKey] = made.value as [Uint8Array, Uint8Array];
    return Object.freeze({ privateKey, publicKey });
  }

  /** The compressed public key of a private key. Refuses `curve-private-key`. */
  publicKey(suite: SuiteNumber, privateKey: Uint8Array): Result<Uint8Array> {
    if (privateKey.length !== sizesOf(suite).scalar) return refusalOf(At.CURVE * 256 + CurveReason.PRIVATE_KEY);
    const made = this.#ask('publicKey', suite, [privateKey], [], [sizesOf(suite).point]);
    return made.ok ? ok(made.value[0] as Uint8Array) : made;
  }

  /**
   * Signs a hash of 1 to 64 bytes, of which the leftmost bits count: r ‖ s. The nonce follows from key and hash (RFC 6979 with
   * HMAC-SHA256), so that the same hash is always signed alike. Refuses `curve-private-key`, `call-length`.
   */
  sign(suite: SuiteNumber, privateKey: Uint8Array, hash: Uint8Array): Result<Uint8Array> {
    const { scalar } = sizesOf(suite);
    if (privateKey.length !== scalar) return refusalOf(At.CURVE * 256 + CurveReason.PRIVATE_KEY);
    const made = this.#ask('ecdsaSign', suite, [privateKey, hash], [hash.length], [2 * scalar]);
    return made.ok ? ok(made.value[0] as Uint8Array) : made;
  }

  /**
   * Issues an implicit certificate (ECQV). Refuses `curve-certificate-length`, `curve-certificate-format`, `curve-private-key`, what
   * `Curves.checkPoint` does for the request, and, for other random bytes to be taken, `curve-public-key`.
   */
  issue({ suite, caPrivateKey, request, certificate, entropy }: CertificateRequest): Result<IssuedCertificate> {
    const { scalar, point } = sizesOf(suite);
    if (entropy.length !== ENTROPY_LEN)
      throw new Fault('internal', `a certificate takes ${ENTROPY_LEN} random bytes, not ${entropy.length}`);
    if (caPrivateKey.length !== scalar) return refusalOf(At.CURVE * 256 + CurveReason.PRIVATE_KEY);
    if (request.length !== point) return refusalOf(At.CURVE * 256 + CurveReason.POINT_LENGTH);
    const given = [caPrivateKey, entropy, request, certificate];
    const made = this.#ask('ecqvIssue', suite, given, [certificate.length], [certificate.length, scalar]);
    if (!made.ok) return made;
    const [issued, reconstruction] = made.value as [Uint8Array, Uint8Array];
    return ok(Object.freeze({ certificate: issued, reconstruction }));
  }

  /**
   * Makes the private key of a certificate that was issued. Refuses what `Curves.certificateKey` does, `curve-private-key`, and
   * `curve-mismatch` when the CA answered another request.
   */
  receive({ suite, privateKey, reconstruction, caPublicKey, certificate }: CertificateReceipt): Result<KeyPair> {
    const { scalar, point } = sizesOf(suite);
    if (privateKey.length !== scalar || reconstruction.length !== scalar) return refusalOf(At.CURVE * 256 + CurveReason.PRIVATE_KEY);
    if (caPublicKey.length !== point) return refusalOf(At.CURVE * 256 + CurveReason.POINT_LENGTH);
    const given = [privateKey, reconstruction, caPublicKey, certificate];
    const made = this.#ask('ecqvReceive', suite, given, [certificate.length], [scalar, point]);
    if (!made.ok) return made;
    const [own, publicKey] = made.value as [Uint8Array, Uint8Array];
    return ok(Object.freeze({ privateKey: own, publicKey }));
  }

  /** Puts the parts into IN, makes a call, and takes parts of these lengths out of OUT, which is wiped. */
  #ask(
    name: Name,
    suite: SuiteNumber,
    parts: readonly Uint8Array[],
    lengths: readonly number[],
    taken: readonly number[],
  ): Result<readonly Uint8Array[]> {
    let end = IN;
    for (const part of parts) {
      if (end + part.length > IN + IN_SIZE) throw new Fault('internal', `${part.length} bytes do not fit into the signer's window`);
      this.#memory.set(part, end);
      end += part.length;
    }
    const number = this.#calls[name](suite, ...lengths);
    let from = OUT;
    const answers = taken.map((length) => this.#memory.slice(from, (from += length)));
    this.#memory.fill(0, OUT, OUT + OUT_SIZE);
    return number === 0 ? ok(answers) : refusalOf(number);
  }
}
