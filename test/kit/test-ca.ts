/**
 * A certificate authority for tests, by the textbook and in numbers (SEC 4 ECQV): issues implicit certificates of both suites. Written apart
 * from the core and from the lab's own CA, so that either is held against another.
 */
import type { CertificateMaterial } from '../../host/core/cbke.ts';
import type { SuiteNumber } from '../../host/core/curves.ts';
import { euiToBytes, type Eui64 } from '../../host/model/ids.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import { mmo } from '../assembly/crypto/oracle.ts';
import { bytesOf, CurveModel, numberOf, SECT163K1, SECT283K1, type AffinePoint } from './curve-model.ts';

/** A CA of one suite. */
export class TestCa {
  readonly suite: SuiteNumber;
  readonly issuer: Eui64;
  readonly publicKey: Uint8Array;
  readonly #model: CurveModel;
  readonly #private: bigint;
  readonly #random: Seeded;

  constructor(suite: SuiteNumber, issuer: Eui64, seed = 1) {
    this.suite = suite;
    this.issuer = issuer;
    this.#model = new CurveModel(suite === 1 ? SECT163K1 : SECT283K1);
    this.#random = new Seeded(seed);
    this.#private = this.#scalar();
    this.publicKey = this.#model.compress(this.#times(this.#private));
  }

  /** Issues a certificate and its private key. `change` alters the certificate's fields before it is hashed: for certificates that are wrong. */
  issue(subject: Eui64, change: (fields: Uint8Array) => void = () => {}): CertificateMaterial {
    const { n } = this.#model.curve;
    const [request, random] = [this.#scalar(), this.#scalar()];
    const point = this.#model.add(this.#times(request), this.#times(random)) as AffinePoint;
    const certificate = this.#fields(subject, this.#model.compress(point));
    change(certificate);
    const hash = numberOf(mmo(certificate));
    const contribution = (hash * random + this.#private) % n;
    const privateKey = bytesOf((hash * request + contribution) % n, this.#model.curve.length);
    return { suite: this.suite, certificate, privateKey, caPublicKey: this.publicKey };
  }

  #fields(subject: Eui64, point: Uint8Array): Uint8Array {
    const [self, of] = [euiToBytes(subject), euiToBytes(this.issuer)];
    if (this.suite === 1) return Uint8Array.of(...point, ...self, ...of, 0x01, 0x09, 0, 0, 0, 0, 0, 0, 0, 0);
    const serial = this.#random.bytes(8);
    return Uint8Array.of(0x00, ...serial, 0x0d, 0x08, ...of, 0, 0x60, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, ...self, 0x88, ...point);
  }

  #times(k: bigint): AffinePoint {
    return this.#model.multiply(k, this.#model.curve.base) as AffinePoint;
  }

  #scalar(): bigint {
    return 1n + (numberOf(this.#random.bytes(48)) % (this.#model.curve.n - 1n));
  }
}
