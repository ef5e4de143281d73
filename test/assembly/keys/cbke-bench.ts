/** Both suites' published runs in a core whose memory can be looked into: what the tests of certificate keys and exchanges share. */
import { expect } from 'vitest';
import runs from '../../../seeds/vectors/cbke.json' with { type: 'json' };
import { At, Role, type CallReason, type CurveReason, type KeyReason } from '../../../assembly/abi/code.ts';
import * as layout from '../../../assembly/abi/layout.ts';
import { unhex } from '../../../host/model/ids.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';
import { CurveModel, SECT163K1, SECT283K1 } from '../../kit/curve-model.ts';

const { ENTROPY_LEN, IN, KEY, KEY_EUI, KEY_INDEX, KEY_OUT_LEN, SLOT_SIZE, SLOTS } = layout;

/** A run of key establishment with all that comes of it. */
export type Run = (typeof runs.runs)[number];
/** One side of it. */
export type Party = Run['initiator'];

/** Codes of the core. */
export const curve = (reason: CurveReason): number => At.CURVE * 256 + reason;
/** See `curve`. */
export const call = (reason: CallReason): number => At.CALL * 256 + reason;
/** See `curve`. */
export const key = (reason: KeyReason): number => At.KEYS * 256 + reason;

/** 48 random bytes that make a given private key. */
export const entropyOf = (privateKey: Uint8Array): Uint8Array => join(new Uint8Array(ENTROPY_LEN - privateKey.length), privateKey);

/** Arrays one after the other. */
export const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** A published run in a core of its own. */
export class Bench {
  readonly core: OpenCore;
  readonly run: Run;
  readonly suite: number;
  readonly model: CurveModel;
  readonly lengths: { readonly scalar: number; readonly point: number; readonly certificate: number };
  readonly ca: Uint8Array;

  constructor(core: OpenCore, suite: 1 | 2) {
    this.core = core;
    this.suite = suite;
    this.run = runs.runs[suite - 1] as Run;
    this.model = new CurveModel(suite === 1 ? SECT163K1 : SECT283K1);
    this.lengths = suite === 1 ? { scalar: 21, point: 22, certificate: 48 } : { scalar: 36, point: 37, certificate: 74 };
    this.ca = unhex(this.run.ca);
  }

  /** A core with no keys and empty windows. */
  clear(): void {
    this.core.call('wipeAll');
    this.core.memory.fill(0, IN, SLOTS);
  }

  /** EUI-64 of a party in air order. */
  subjectOf(party: Party): Uint8Array {
    const at = this.suite === 1 ? layout.CERTIFICATE1_SUBJECT : layout.CERTIFICATE2_SUBJECT;
    return unhex(party.certificate)
      .slice(at, at + 8)
      .reverse();
  }

  /** Answer of the import of a certificate key. */
  importKey(privateKey: Uint8Array, ca: Uint8Array, certificate: Uint8Array): number {
    const material = join(privateKey, ca, certificate);
    this.core.memory.set(material, IN);
    return this.core.call('certificateImport', this.suite, material.length);
  }

  /** Handle of a party's certificate key, imported. */
  own(party: Party = this.run.initiator): number {
    expect(this.importKey(unhex(party.privateKey), this.ca, unhex(party.certificate))).toBe(0);
    return this.handle;
  }

  /** Answer of the beginning of an exchange. */
  begin(own: number, role: number, partner: Uint8Array, entropy: Uint8Array, certificate: Uint8Array): number {
    this.core.memory.set(partner, KEY + KEY_EUI);
    this.core.memory.set(join(entropy, certificate), IN);
    return this.core.call('cbkeBegin', own, role, certificate.length);
  }

  /** Handle of the run's exchange, begun by one of its parties with the published ephemeral key. */
  begun(role = Role.INITIATOR): number {
    const { initiator, responder } = this.run;
    const [party, peer] = role === Role.INITIATOR ? [initiator, responder] : [responder, initiator];
    const entropy = entropyOf(unhex(party.ephemeralPrivate));
    expect(this.begin(this.own(party), role, this.subjectOf(peer), entropy, unhex(peer.certificate))).toBe(0);
    return this.handle;
  }

  /** Answer of the agreement. */
  agree(exchange: number, point: Uint8Array): number {
    this.core.memory.set(point, IN);
    return this.core.call('cbkeAgree', exchange, point.length);
  }

  /** Answer of the confirmation. */
  confirm(exchange: number, mac: Uint8Array): number {
    this.core.memory.set(mac, IN);
    return this.core.call('cbkeConfirm', exchange, mac.length);
  }

  /** The handle that the last call answered. */
  get handle(): number {
    return new DataView(this.core.memory.buffer).getInt32(KEY + KEY_INDEX, true);
  }

  /** Bytes that the last call left in OUT. */
  get outLen(): number {
    return new DataView(this.core.memory.buffer).getUint16(KEY + KEY_OUT_LEN, true);
  }

  /** Address of a handle's slot. */
  slotOf(handle: number): number {
    return SLOTS + (handle & 0xff) * SLOT_SIZE;
  }

  /** How often a number stands anywhere in memory, as bytes of either order. */
  copies(value: Uint8Array): number {
    return this.core.positions(value).length + this.core.positions(value.slice().reverse()).length;
  }

  /** Whether a range of memory holds nothing. */
  isZero(at: number, length: number): boolean {
    return this.core.memory.subarray(at, at + length).every((byte) => byte === 0);
  }
}

/** A bench of either suite. */
export async function benches(): Promise<readonly Bench[]> {
  return [new Bench(await openCore(), 1), new Bench(await openCore(), 2)];
}
