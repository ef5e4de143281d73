/**
 * Keys of the core, by handle. Raw key bytes pass the host once, on their way in: every import wipes the caller's array and
 * the core's window. Refusals have the names of host/core/codes.ts.
 */
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
  KEY_SEQ,
  OUT,
  SEALED_LEN,
} from '../../assembly/abi/layout.ts';
import { Fault, ok, type Result } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import { euiToAir, type Eui64 } from '../model/ids.ts';
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

/** What an imported key is. */
interface Description {
  readonly kind: KeyKind;
  readonly flags?: KeyFlag;
  readonly seq?: number;
  readonly partner?: Eui64;
}

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
   * Seals a network or link key for storage under a wrapping key: 56 bytes that open for this identity alone. The nonce of
   * 13 bytes must be fresh. Refuses `key-handle` and `key-kind`.
   */
  seal(handle: KeyHandle, wrapping: KeyHandle, identity: Eui64, nonce: Uint8Array): Result<Uint8Array> {
    if (nonce.length !== SEAL_NONCE_LENGTH)
      throw new Fault('internal', `a seal's nonce has ${SEAL_NONCE_LENGTH} bytes, not ${nonce.length}`);
    return this.#core.withKeyWindow(0, () => {
      this.#core.bytes.set(euiToAir(identity), KEY + KEY_EUI);
      this.#core.bytes.set(nonce, KEY + KEY_NONCE);
      const number = this.#core.call('keySeal', handle, wrapping);
      return number === 0 ? ok(this.#core.bytes.slice(OUT, OUT + SEALED_LEN)) : refusalOf(number);
    });
  }

  /**
   * Takes a sealed key back. Its outgoing counters start unreserved: reserve above everything ever used. Refuses
   * `sealed-length`, `sealed-version`, `sealed-altered`, `key-handle`, `key-kind`, `key-no-slot`.
   */
  unseal(sealed: Uint8Array, wrapping: KeyHandle, identity: Eui64): Result<KeyHandle> {
    return this.#core.withKeyWindow(0, () => {
      this.#core.bytes.set(euiToAir(identity), KEY + KEY_EUI);
      this.#core.put(sealed);
      return this.#handle('keyUnseal', sealed.length, wrapping);
    });
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
