/**
 * A stand-in for the core's part of key establishment with the same calls and refusals and a toy for a curve: for tests of the state
 * machine alone. A certificate is suite, issuer and subject in clear; what is agreed is a hash over both ephemeral values.
 */
import { createHash } from 'node:crypto';
import type { Beginning, Established, Exchange } from '../../../host/core/cbke.ts';
import type { SuiteNumber } from '../../../host/core/curves.ts';
import { KeyEstablishment, type EstablishmentCore } from '../../../host/han/key-establishment.ts';
import { ok, refuse, type Result } from '../../../host/model/fault.ts';
import type { KeyHandle } from '../../../host/model/frame.ts';
import { euiFromBytes, euiToBytes, hex, type Eui64 } from '../../../host/model/ids.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';

const ISSUER = 0x77;
const EPHEMERAL_LENGTH = 9;

export const toyCertificate = (subject: Eui64, suite: SuiteNumber, issuer = ISSUER): Uint8Array =>
  Uint8Array.of(suite, issuer, ...euiToBytes(subject));

interface Held {
  readonly role: Beginning['role'];
  readonly partner: Eui64;
  readonly ephemeral: Uint8Array;
  shared?: string;
}

/** The toy. */
export class ToyCore implements EstablishmentCore {
  /** Link keys by handle, to be compared between two sides. */
  readonly keys = new Map<KeyHandle, string>();
  /** Exchanges that are not over. */
  readonly held = new Map<KeyHandle, Held>();
  #next = 0;

  begin({ role, partner, certificate, entropy }: Beginning): Result<Exchange> {
    if (certificate.length !== 10) return refuse('curve-certificate-length', '');
    if (certificate[0] === 3) return refuse('curve-certificate-format', '');
    if (certificate[1] !== ISSUER) return refuse('curve-issuer', '');
    if (euiFromBytes(certificate.slice(2)) !== partner) return refuse('curve-subject', '');
    const handle = ++this.#next;
    const ephemeral = Uint8Array.of(2, ...entropy.subarray(0, 8));
    entropy.fill(0);
    this.held.set(handle, { role, partner, ephemeral });
    return ok({ handle, ephemeral });
  }

  agree(handle: KeyHandle, ephemeral: Uint8Array): Result<Uint8Array | undefined> {
    const held = this.held.get(handle);
    if (held === undefined) return refuse('key-handle', '');
    if (ephemeral.length !== EPHEMERAL_LENGTH || ephemeral[0] !== 2) {
      this.held.delete(handle);
      return refuse(ephemeral.length === EPHEMERAL_LENGTH ? 'curve-point-prefix' : 'curve-point-length', '');
    }
    held.shared = [hex(held.ephemeral), hex(ephemeral)].sort().join();
    return ok(held.role === 'initiator' ? mac('u', held.shared) : undefined);
  }

  confirm(handle: KeyHandle, received: Uint8Array): Result<Established> {
    const held = this.held.get(handle);
    if (held?.shared === undefined) return refuse(held === undefined ? 'key-handle' : 'call-order', '');
    this.held.delete(handle);
    const expected = mac(held.role === 'initiator' ? 'v' : 'u', held.shared);
    if (received.length !== 16) return refuse('call-length', '');
    if (hex(received) !== hex(expected)) return refuse('curve-confirm', '');
    const key = 1000 + ++this.#next;
    this.keys.set(key, hex(mac('k', held.shared)));
    return ok({ key, mac: held.role === 'responder' ? mac('v', held.shared) : undefined });
  }

  abandon(handle: KeyHandle): void {
    this.held.delete(handle);
  }
}

const mac = (label: string, shared: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(label).update(shared).digest().subarray(0, 16));

/** A machine over a toy. */
export interface Side {
  readonly eui: Eui64;
  readonly core: ToyCore;
  readonly machine: KeyEstablishment;
}

/** One side with certificates of some suites. */
export function side(eui: Eui64, suites: readonly SuiteNumber[] = [1, 2], most = 3): Side {
  const core = new ToyCore();
  const machine = new KeyEstablishment({
    self: eui,
    core,
    certificate: (suite) => (suites.includes(suite) ? { handle: suite, certificate: toyCertificate(eui, suite) } : undefined),
    entropy: new Seeded(Number.parseInt(eui.slice(-2), 16)),
    most,
  });
  return { eui, core, machine };
}
