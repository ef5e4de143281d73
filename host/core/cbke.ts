/**
 * Certificate-based key establishment by the core (ZigBee Smart Energy annex C): certificate keys and exchanges, by handle.
 * What the messages are, their order and their time-outs is the caller's; `core.keys.erase` ends either handle at any time.
 *
 *   initiator: begin → send `ephemeral` → agree(partner's ephemeral) → send the MAC → confirm(partner's MAC) → link key
 *   responder: begin → send `ephemeral` → agree(partner's ephemeral) → confirm(partner's MAC) → link key, send the MAC
 */
import { At, CurveReason, Role } from '../../assembly/abi/code.ts';
import { ENTROPY_LEN, KEY, KEY_EUI, KEY_INDEX, KEY_OUT_LEN, KEY_SUITE, OUT } from '../../assembly/abi/layout.ts';
import { Fault, ok, type Result } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import { euiFromAir, euiToAir, type Eui64 } from '../model/ids.ts';
import { refusalOf } from './codes.ts';
import { sizesOf, type SuiteNumber } from './curves.ts';
import type { Instance } from './module.ts';

/** Random bytes that an exchange takes. */
export const EXCHANGE_ENTROPY_LENGTH = ENTROPY_LEN;
/** Bytes of MACU and MACV. */
export const CONFIRMATION_LENGTH = 16;

/** A device's own key with its certificate. */
export interface CertificateMaterial {
  readonly suite: SuiteNumber;
  /** Big-endian, 21 or 36 bytes; wiped by the import. */
  readonly privateKey: Uint8Array;
  readonly certificate: Uint8Array;
  /** Compressed. */
  readonly caPublicKey: Uint8Array;
}

/** A certificate key that the core holds. */
export interface HeldCertificate {
  readonly suite: SuiteNumber;
  readonly certificate: Uint8Array;
  readonly subject: Eui64;
}

/** What begins an exchange. */
export interface Beginning {
  /** Handle of one's own certificate key, which fixes suite, issuer and CA. */
  readonly own: KeyHandle;
  readonly role: 'initiator' | 'responder';
  /** The partner's address as the network knows it: its certificate must be for that. */
  readonly partner: Eui64;
  readonly certificate: Uint8Array;
  /** EXCHANGE_ENTROPY_LENGTH fresh random bytes; wiped. */
  readonly entropy: Uint8Array;
}

/** An exchange begun. */
export interface Exchange {
  readonly handle: KeyHandle;
  /** One's own ephemeral public key, compressed. */
  readonly ephemeral: Uint8Array;
}

/** An exchange confirmed. */
export interface Established {
  /** The new link key, shared with the partner. */
  readonly key: KeyHandle;
  /** The MAC that a responder sends now; an initiator has sent its own before. */
  readonly mac: Uint8Array | undefined;
}

/** Key establishment by one core. */
export class Cbke {
  readonly #core: Instance;

  constructor(core: Instance) {
    this.#core = core;
  }

  /**
   * Imports a certificate key, which must belong to its certificate under that CA, and wipes `privateKey`. Refuses
   * `curve-private-key`, `curve-certificate-length`, `curve-certificate-format`, `curve-certificate-usage`, `curve-mismatch`,
   * `curve-public-key`, `key-no-slot`, and what `Curves.checkPoint` does for the CA's key and the certificate's point.
   */
  importCertificate(material: CertificateMaterial): Result<{ readonly handle: KeyHandle; readonly subject: Eui64 }> {
    const { suite, privateKey, certificate, caPublicKey } = material;
    const sizes = sizesOf(suite);
    const wrong = this.#wrongLength(material);
    if (wrong !== undefined) {
      privateKey.fill(0);
      return refusalOf(At.CURVE * 256 + wrong);
    }
    const length = sizes.scalar + sizes.point + sizes.certificate;
    return this.#core.withKeyWindow(length, () => {
      this.#core.put(privateKey);
      privateKey.fill(0);
      this.#core.put(caPublicKey, sizes.scalar);
      this.#core.put(certificate, sizes.scalar + sizes.point);
      const number = this.#core.call('certificateImport', suite, length);
      if (number !== 0) return refusalOf(number);
      return ok(Object.freeze({ handle: this.#handle(), subject: this.#eui() }));
    });
  }

  /** The certificate of a certificate key. Refuses `key-handle`. */
  certificateOf(handle: KeyHandle): Result<HeldCertificate> {
    return this.#core.withKeyWindow(0, () => {
      const number = this.#core.call('certificateOf', handle);
      if (number !== 0) return refusalOf(number);
      const suite = this.#core.bytes[KEY + KEY_SUITE] as SuiteNumber;
      const certificate = this.#core.bytes.slice(OUT, OUT + sizesOf(suite).certificate);
      return ok(Object.freeze({ suite, certificate, subject: this.#eui() }));
    });
  }

  /**
   * Begins an exchange; several may be under way, each in a key slot. Refuses `key-handle`, `key-no-slot`,
   * `curve-certificate-length`, `curve-certificate-format`, `curve-certificate-usage`, `curve-issuer` (not one's own issuer),
   * `curve-subject` (not the partner, or oneself), `curve-public-key`, and what `Curves.checkPoint` does for the certificate's point.
   */
  begin({ own, role, partner, certificate, entropy }: Beginning): Result<Exchange> {
    if (entropy.length !== ENTROPY_LEN) throw new Fault('internal', `an exchange takes ${ENTROPY_LEN} random bytes, not ${entropy.length}`);
    const held = this.certificateOf(own);
    if (!held.ok) return held;
    return this.#core.withKeyWindow(ENTROPY_LEN, () => {
      this.#core.bytes.set(euiToAir(partner), KEY + KEY_EUI);
      this.#core.put(entropy);
      entropy.fill(0);
      this.#core.put(certificate, ENTROPY_LEN);
      const number = this.#core.call('cbkeBegin', own, role === 'initiator' ? Role.INITIATOR : Role.RESPONDER, certificate.length);
      if (number !== 0) return refusalOf(number);
      return ok(Object.freeze({ handle: this.#handle(), ephemeral: this.#core.bytes.slice(OUT, OUT + sizesOf(held.value.suite).point) }));
    });
  }

  /**
   * Takes the partner's ephemeral public key. Answers the MAC that an initiator sends now; undefined for a responder. Refuses
   * `key-handle`, `call-order`; and, ending the exchange, what `Curves.checkPoint` does, and `curve-agreement`.
   */
  agree(exchange: KeyHandle, ephemeral: Uint8Array): Result<Uint8Array | undefined> {
    return this.#core.withKeyWindow(0, () => {
      this.#core.put(ephemeral);
      const number = this.#core.call('cbkeAgree', exchange, ephemeral.length);
      return number === 0 ? ok(this.#mac()) : refusalOf(number);
    });
  }

  /**
   * Holds the partner's MAC of CONFIRMATION_LENGTH bytes against the expected one and ends the exchange. Refuses `key-handle`,
   * `call-order`, `call-length`, `curve-confirm`.
   */
  confirm(exchange: KeyHandle, mac: Uint8Array): Result<Established> {
    return this.#core.withKeyWindow(0, () => {
      this.#core.put(mac);
      const number = this.#core.call('cbkeConfirm', exchange, mac.length);
      return number === 0 ? ok(Object.freeze({ key: this.#handle(), mac: this.#mac() })) : refusalOf(number);
    });
  }

  #wrongLength({ suite, privateKey, certificate, caPublicKey }: CertificateMaterial): CurveReason | undefined {
    const sizes = sizesOf(suite);
    if (privateKey.length !== sizes.scalar) return CurveReason.PRIVATE_KEY;
    if (caPublicKey.length !== sizes.point) return CurveReason.POINT_LENGTH;
    return certificate.length === sizes.certificate ? undefined : CurveReason.CERTIFICATE_LENGTH;
  }

  #handle(): KeyHandle {
    return this.#core.view.getInt32(KEY + KEY_INDEX, true);
  }

  #eui(): Eui64 {
    return euiFromAir(this.#core.bytes.slice(KEY + KEY_EUI, KEY + KEY_EUI + 8));
  }

  /** The MAC to be sent now, where the role has one to send. */
  #mac(): Uint8Array | undefined {
    const length = this.#core.view.getUint16(KEY + KEY_OUT_LEN, true);
    return length === 0 ? undefined : this.#core.bytes.slice(OUT, OUT + length);
  }
}
