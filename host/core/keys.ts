/**
 * Keys of the core, by handle. Raw key bytes pass the host once, on their way in: every import wipes the caller's array and
 * the core's window. Refusals have the names of host/core/codes.ts.
 */
import { createHash } from 'node:crypto';
import { KeyFlag, KeyKind } from '../../assembly/abi/code.ts';
import {
  KEY,
  KEY_EUI,
  KEY_FLAGS,
  KEY_INDEX,
  KEY_KIND,
  KEY_LIMIT,
  KEY_NEXT,
  KEY_NONCE,
  KEY_OUT_LEN,
  KEY_PLACE,
  KEY_SEQ,
  OUT,
  SEALED_SEQ,
} from '../../assembly/abi/layout.ts';
import { Fault, ok, type Result } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import { euiToAir, hex, type Eui64, type Fingerprint } from '../model/ids.ts';
import { refusalOf } from './codes.ts';
import type { CallName, Instance } from './module.ts';

/** Bytes of a key. */
export const KEY_LENGTH = 16;
/** Bytes of the nonce of a sealed key. */
export const SEAL_NONCE_LENGTH = 13;

/** Outgoing frame counters of a key: the next one, and the first that may not be used. */
export interface Outgoing {
  readonly next: number;
  readonly limit: number;
}

/** Where a sealed key belongs: who holds it, and the entry of its store that it stands in. It opens for no other. */
export interface SealPlace {
  readonly holder: Eui64;
  readonly entry: string;
}

const FINGERPRINT_LENGTH = 8;
const VERIFY_HASH_LENGTH = 16;
const PLACE_LENGTH = 16;

/** What an imported key is. */
interface Description {
  readonly kind: KeyKind;
  readonly flags?: KeyFlag;
  readonly seq?: number;
  readonly partner?: Eui64;
}

/** The sequence number of a sealed network key, which stands in clear; it is believed once the record has opened. */
export const sequenceOf = (sealed: Uint8Array): number => sealed[SEALED_SEQ] ?? 0;

/** The keys of one core. */
export class Keys {
  readonly #core: Instance;

  constructor(core: Instance) {
    this.#core = core;
  }

  /** Imports a network key of 16 bytes with its sequence number and wipes `key`. Refuses `key-no-slot`. */
  importNetwork(key: Uint8Array, seq: number): Result<KeyHandle> {
    return this.#import(key, { kind: KeyKind.NETWORK, seq });
  }

  /** Imports a link key of 16 bytes shared with a partner and wipes `key`. Refuses `key-no-slot`. */
  importLink(key: Uint8Array, partner: Eui64): Result<KeyHandle> {
    return this.#import(key, { kind: KeyKind.LINK, partner });
  }

  /** Imports a key that passive reception tries for every sequence number or partner, and wipes `key`. Refuses `key-no-slot`. */
  importAny(kind: 'network' | 'link', key: Uint8Array): Result<KeyHandle> {
    return this.#import(key, { kind: kind === 'network' ? KeyKind.NETWORK : KeyKind.LINK, flags: KeyFlag.ANY });
  }

  /** Imports a key that seals other keys, and wipes `key`. Refuses `key-no-slot`. */
  importWrapping(key: Uint8Array): Result<KeyHandle> {
    return this.#import(key, { kind: KeyKind.WRAPPING });
  }

  /**
   * Imports the link key of an install code (6, 8, 12 or 16 bytes and their CRC, as printed on the device) shared with a
   * partner, and wipes `code`. Refuses `install-code-length`, `install-code-crc`, `key-no-slot`.
   */
  installCode(code: Uint8Array, partner: Eui64): Result<KeyHandle> {
    return this.#core.withKeyWindow(code.length, () => {
      this.#core.bytes.set(euiToAir(partner), KEY + KEY_EUI);
      this.#put(code);
      return this.#handle('keyInstallCode', code.length);
    });
  }

  /** Forgets a key and the incoming counters under it. Refuses `key-handle`. */
  erase(handle: KeyHandle): Result<undefined> {
    return this.#done(this.#core.call('keyErase', handle));
  }

  /**
   * Seals a network, link or certificate key for storage under a wrapping key: a record that opens in this place alone. The
   * nonce of 13 bytes must be fresh. Refuses `key-handle` and `key-kind`.
   */
  seal(handle: KeyHandle, wrapping: KeyHandle, place: SealPlace, nonce: Uint8Array): Result<Uint8Array> {
    if (nonce.length !== SEAL_NONCE_LENGTH)
      throw new Fault('internal', `a seal's nonce has ${SEAL_NONCE_LENGTH} bytes, not ${nonce.length}`);
    return this.#core.withKeyWindow(0, () => {
      this.#putPlace(place);
      this.#core.bytes.set(nonce, KEY + KEY_NONCE);
      const number = this.#core.call('keySeal', handle, wrapping);
      if (number !== 0) return refusalOf(number);
      return ok(this.#core.bytes.slice(OUT, OUT + this.#core.view.getUint16(KEY + KEY_OUT_LEN, true)));
    });
  }

  /**
   * Takes a sealed key back. Its outgoing counters start unreserved: reserve above everything ever used. Refuses
   * `sealed-length`, `sealed-version`, `sealed-altered`, `key-handle`, `key-no-slot`.
   */
  unseal(sealed: Uint8Array, wrapping: KeyHandle, place: SealPlace): Result<KeyHandle> {
    return this.#core.withKeyWindow(0, () => {
      this.#putPlace(place);
      this.#core.put(sealed);
      return this.#handle('keyUnseal', sealed.length, wrapping);
    });
  }

  /** What tells a key from others: the same for the same key everywhere, and of no use to find the key. Refuses `key-handle`. */
  fingerprint(handle: KeyHandle): Result<Fingerprint> {
    const number = this.#core.call('keyFingerprint', handle);
    return number === 0 ? ok(hex(this.#core.bytes.subarray(OUT, OUT + FINGERPRINT_LENGTH)) as Fingerprint) : refusalOf(number);
  }

  /** The 16 bytes by which a Verify-Key command proves possession of a link key. Refuses `key-handle`. */
  verifyHash(handle: KeyHandle): Result<Uint8Array> {
    const number = this.#core.call('keyVerifyHash', handle);
    return number === 0 ? ok(this.#core.bytes.slice(OUT, OUT + VERIFY_HASH_LENGTH)) : refusalOf(number);
  }

  /**
   * Lets a key use the outgoing counters from `next` up to, not including, `limit`; store the limit durably before. Numbers
   * that were used do not come back. Refuses `key-handle` and `counter-range`.
   */
  reserve(handle: KeyHandle, next: number, limit: number): Result<undefined> {
    return this.#core.withKeyWindow(0, () => {
      this.#core.view.setUint32(KEY + KEY_NEXT, next, true);
      this.#core.view.setUint32(KEY + KEY_LIMIT, limit, true);
      return this.#done(this.#core.call('keyReserve', handle));
    });
  }

  /** The outgoing counters of a key. Refuses `key-handle`. */
  outgoing(handle: KeyHandle): Result<Outgoing> {
    return this.#core.withKeyWindow(0, () => {
      const number = this.#core.call('keyOutgoing', handle);
      if (number !== 0) return refusalOf(number);
      const counter = (field: number): number => this.#core.view.getUint32(KEY + field, true);
      return ok(Object.freeze({ next: counter(KEY_NEXT), limit: counter(KEY_LIMIT) }));
    });
  }

  #import(key: Uint8Array, description: Description): Result<KeyHandle> {
    if (key.length !== KEY_LENGTH) throw new Fault('internal', `a key has ${KEY_LENGTH} bytes, not ${key.length}`);
    return this.#core.withKeyWindow(KEY_LENGTH, () => {
      this.#core.view.setUint8(KEY + KEY_KIND, description.kind);
      this.#core.view.setUint8(KEY + KEY_FLAGS, description.flags ?? 0);
      this.#core.view.setUint8(KEY + KEY_SEQ, description.seq ?? 0);
      if (description.partner !== undefined) this.#core.bytes.set(euiToAir(description.partner), KEY + KEY_EUI);
      this.#put(key);
      return this.#handle('keyImport');
    });
  }

  #putPlace({ holder, entry }: SealPlace): void {
    this.#core.bytes.set(euiToAir(holder), KEY + KEY_EUI);
    this.#core.bytes.set(createHash('sha256').update(entry).digest().subarray(0, PLACE_LENGTH), KEY + KEY_PLACE);
  }

  #put(secret: Uint8Array): void {
    this.#core.put(secret);
    secret.fill(0);
  }

  #handle(name: CallName, ...args: number[]): Result<KeyHandle> {
    const number = this.#core.call(name, ...args);
    return number === 0 ? ok(this.#core.view.getInt32(KEY + KEY_INDEX, true)) : refusalOf(number);
  }

  #done(number: number): Result<undefined> {
    return number === 0 ? ok(undefined) : refusalOf(number);
  }
}
