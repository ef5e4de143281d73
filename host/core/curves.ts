/**
 * Public keys of the two curves of ZigBee Smart Energy: points, certificates, ECDSA. Everything here is public. Refusals have
 * the names of host/core/codes.ts, those about a suite's curve beginning with `curve-`.
 */
import { At, CurveReason, type Suite } from '../../assembly/abi/code.ts';
import {
  CERTIFICATE1_LEN,
  CERTIFICATE2_LEN,
  FIELD1_LEN,
  FIELD2_LEN,
  KEY,
  KEY_EUI,
  OUT,
  POINT1_LEN,
  POINT2_LEN,
} from '../../assembly/abi/layout.ts';
import { ok, type Result } from '../model/fault.ts';
import { euiFromAir, type Eui64 } from '../model/ids.ts';
import { refusalOf } from './codes.ts';
import type { Instance } from './module.ts';

/** Cryptographic suite: 1 is sect163k1 with certificates of 48 bytes, 2 sect283k1 with certificates of 74. */
export type SuiteNumber = Suite.ONE | Suite.TWO;

/** Bytes of what a suite has. */
export interface SuiteSizes {
  /** A private key, a coordinate, and each half of a signature. */
  readonly scalar: number;
  /** A compressed point. */
  readonly point: number;
  readonly certificate: number;
}

/** The sizes of a suite. */
export function sizesOf(suite: SuiteNumber): SuiteSizes {
  return suite === 1
    ? { scalar: FIELD1_LEN, point: POINT1_LEN, certificate: CERTIFICATE1_LEN }
    : { scalar: FIELD2_LEN, point: POINT2_LEN, certificate: CERTIFICATE2_LEN };
}

/** What a certificate says of its key, the CA being believed. */
export interface CertificateKey {
  readonly subject: Eui64;
  /** The compressed public key. */
  readonly publicKey: Uint8Array;
}

/** The curves of one core. */
export class Curves {
  readonly #core: Instance;

  constructor(core: Instance) {
    this.#core = core;
  }

  /**
   * Checks a compressed point in full and answers x ‖ y, big-endian. Refuses `curve-point-length`, `curve-point-prefix`,
   * `curve-point-range`, `curve-point-curve`, `curve-point-order`.
   */
  checkPoint(suite: SuiteNumber, point: Uint8Array): Result<Uint8Array> {
    this.#core.put(point);
    const number = this.#core.call('pointCheck', suite, point.length);
    return number === 0 ? ok(this.#core.bytes.slice(OUT, OUT + 2 * sizesOf(suite).scalar)) : refusalOf(number);
  }

  /**
   * The public key of a certificate under the CA's compressed public key. Refuses what `checkPoint` does for either point, and
   * `curve-certificate-length`, `curve-certificate-format`, `curve-public-key`. An answer does not prove that the CA issued
   * the certificate: any bytes yield some key. Only the use of the private key proves it.
   */
  certificateKey(suite: SuiteNumber, certificate: Uint8Array, caPublicKey: Uint8Array): Result<CertificateKey> {
    const { point } = sizesOf(suite);
    if (caPublicKey.length !== point) return refusalOf(At.CURVE * 256 + CurveReason.POINT_LENGTH);
    this.#core.put(Buffer.concat([caPublicKey, certificate]));
    const number = this.#core.call('certificateKey', suite, certificate.length);
    if (number !== 0) return refusalOf(number);
    const { bytes } = this.#core;
    return ok(
      Object.freeze({ subject: euiFromAir(bytes.slice(KEY + KEY_EUI, KEY + KEY_EUI + 8)), publicKey: bytes.slice(OUT, OUT + point) }),
    );
  }

  /** Makes a compressed public key ready for `verify`. Refuses what `checkPoint` does. */
  prepare(suite: SuiteNumber, publicKey: Uint8Array): Result<undefined> {
    this.#core.put(publicKey);
    const number = this.#core.call('ecdsaPrepare', suite, publicKey.length);
    return number === 0 ? ok(undefined) : refusalOf(number);
  }

  /**
   * Verifies r ‖ s over a hash of 1 to 64 bytes under the key prepared last; a longer hash than the order is cut to its
   * leftmost bits. Refuses `call-order` when none is, `call-length`, `curve-signature-range`, `curve-signature`.
   */
  verify(hash: Uint8Array, signature: Uint8Array): Result<undefined> {
    this.#core.put(Buffer.concat([hash, signature]));
    const number = this.#core.call('ecdsaVerify', hash.length, signature.length);
    return number === 0 ? ok(undefined) : refusalOf(number);
  }
}
