/**
 * The keys of this home's PPMIDs [R-KEYS-01 to R-KEYS-08]: whether each has proved, by an answer under its link key, that it holds it; told
 * to the S1SP by fingerprint, never by key.
 *
 * A device that does not answer is asked again, each time later [R-KEYS-05]; one that answers wrongly, or has been silent too often, is a
 * case for a person [R-KEYS-06]: that is told once, and asking ends. Every device has a timer of its own, so none waits for another.
 */
import { encodeReadAttributes, GlobalCommand } from '../clusters/foundation.ts';
import { ZCL } from '../core/control.ts';
import type { SecuredPeer } from '../han/network.ts';
import type { ZclEndpoint } from '../han/zcl.ts';
import type { Cohort } from '../model/cohort.ts';
import type { KeyHandle } from '../model/frame.ts';
import type { Eui64, Fingerprint } from '../model/ids.ts';
import type { KeyState, PpmidKeys } from '../model/key-state.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { KeyStates } from '../stores/key-states.ts';
import type { Records } from './records.ts';

/** What a watch works with. */
export interface PpmidKeyParts {
  /** The cohort of the hub while its PPMIDs' keys are asked about; the registers may say otherwise tomorrow. */
  readonly cohort: () => Cohort | undefined;
  /** The PPMIDs of the device log. */
  readonly ppmids: () => readonly Eui64[];
  readonly hasInstallCode: (device: Eui64) => boolean;
  readonly peer: (device: Eui64) => SecuredPeer | undefined;
  readonly fingerprint: (key: KeyHandle) => Fingerprint;
  readonly zcl: ZclEndpoint;
  readonly states: KeyStates;
  readonly records: Records;
  readonly clock: Clock;
  readonly log: Log;
  readonly fault: (cause: unknown) => void;
}

/** Pauses between attempts: the first, and the longest that doubling leads to. */
export const RETRY_MS = { first: 60_000, longest: 6 * 3_600_000 } as const;
/** Attempts before silence is a case for a person: with these pauses, about two days. */
export const MOST_ATTEMPTS = 16;

/** Reasons that broken communication explains; any other is a case for a person at once. */
const PASSING: readonly string[] = [
  'not-on-the-network',
  'no-answer',
  'timed-out',
  'out-of-order',
  'begun-anew',
  'too-many',
  'terminated-4',
  'erased',
];

const BASIC_CLUSTER = 0x0000;
const ZCL_VERSION = 0x0000;

/** Watches the keys of the PPMIDs of one gateway. */
export class PpmidKeyWatch {
  readonly #parts: PpmidKeyParts;
  readonly #timers = new Map<Eui64, Cancel>();
  readonly #known: Map<Eui64, PpmidKeys>;

  constructor(parts: PpmidKeyParts) {
    this.#parts = parts;
    this.#known = new Map(parts.states.all().map((keys) => [keys.device, keys]));
  }

  /** Where the keys of a device stand; undefined while nobody asks about them. */
  of(device: Eui64): KeyState | undefined {
    if (this.#parts.cohort() === undefined) return undefined;
    return this.#known.get(device)?.state ?? 'missing';
  }

  /** Begins to ask, and goes on with what a restart interrupted. Also to be called when the device log or another register has changed. */
  start(): void {
    const { clock, ppmids } = this.#parts;
    if (this.#parts.cohort() === undefined) return;
    for (const device of ppmids()) {
      const keys = this.#known.get(device);
      if (keys?.state === 'present' || keys?.state === 'investigation' || this.#timers.has(device)) continue;
      this.#askIn(device, Math.max(RETRY_MS.first, (keys?.next ?? 0) - clock.now()));
    }
  }

  /** A PPMID came in, or has a new link key: it is asked at once, whatever was known. */
  ready(device: Eui64): void {
    if (this.#asks(device)) this.#askIn(device, 0);
  }

  /** The link key of a device was taken away: what it proved counts no longer, and it is asked anew as long as it is in the device log. */
  erased(device: Eui64): void {
    const { fault, records, states } = this.#parts;
    const known = this.#known.get(device);
    this.#timers.get(device)?.();
    this.#timers.delete(device);
    this.#known.delete(device);
    if (this.#asks(device)) this.#failed(device, 'erased').catch(fault);
    else if (known !== undefined) records.note('ppmid-keys-forgotten', { device }, [states.forget(device)]).catch(fault);
  }

  /** An attempt to establish a link key with a device came to nothing. */
  notEstablished(device: Eui64, reason: string): void {
    if (this.#asks(device)) this.#failed(device, reason).catch(this.#parts.fault);
  }

  #asks(device: Eui64): boolean {
    return this.#parts.cohort() !== undefined && this.#parts.ppmids().includes(device);
  }

  #askIn(device: Eui64, delay: number): void {
    this.#timers.get(device)?.();
    const ask = (): void => {
      this.#timers.delete(device);
      this.#ask(device).catch(this.#parts.fault);
    };
    this.#timers.set(device, this.#parts.clock.after(delay, ask));
  }

  async #ask(device: Eui64): Promise<void> {
    if (!this.#asks(device)) return; // the registers changed meanwhile
    const { fingerprint, hasInstallCode, peer, zcl } = this.#parts;
    const to = peer(device);
    if (to === undefined) return this.#failed(device, hasInstallCode(device) ? 'not-on-the-network' : 'install-code-unknown');
    // Nothing but its link key opens the answer: the network takes no other from it.
    const answer = await zcl.request(to, {
      cluster: BASIC_CLUSTER,
      control: ZCL.NO_DEFAULT_RESPONSE,
      command: GlobalCommand.READ_ATTRIBUTES,
      payload: encodeReadAttributes([ZCL_VERSION]),
    });
    if (answer?.aps?.security?.key !== to.linkKey) return this.#failed(device, answer === undefined ? 'no-answer' : 'another-key');
    await this.#keep({ device, state: 'present', attempts: 0, reason: undefined, fingerprint: fingerprint(to.linkKey), next: undefined });
  }

  async #failed(device: Eui64, reason: string): Promise<void> {
    const before = this.#known.get(device);
    if (before?.state === 'investigation') return;
    const attempts = (before?.attempts ?? 0) + 1;
    const retry = PASSING.includes(reason) && attempts < MOST_ATTEMPTS;
    const delay = Math.min(RETRY_MS.first * 2 ** (attempts - 1), RETRY_MS.longest);
    if (retry) this.#askIn(device, delay);
    else this.#timers.get(device)?.();
    const state = retry ? 'retrying' : 'investigation';
    const next = retry ? Math.floor(this.#parts.clock.now() + delay) : undefined;
    await this.#keep({ device, state, attempts, reason, fingerprint: undefined, next });
  }

  /** Takes a state that differs from the one before: in mind at once, then on record with its report. */
  async #keep(found: Omit<PpmidKeys, 'since'>): Promise<void> {
    const { clock, log, records, states } = this.#parts;
    const cohort = this.#parts.cohort();
    if (cohort === undefined) return;
    const before = this.#known.get(found.device);
    if (before?.state === found.state && before.fingerprint === found.fingerprint && before.attempts === found.attempts) return;
    const since = before?.state === found.state ? before.since : Math.floor(clock.now());
    const keys = { ...found, since };
    this.#known.set(found.device, keys);
    log.info('ppmid-keys', { device: keys.device, state: keys.state, attempts: keys.attempts, reason: keys.reason });
    await records.ppmidKeys(keys, cohort, [states.put(keys)]);
  }
}
