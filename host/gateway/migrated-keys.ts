/**
 * PPMIDs of a hub that was migrated when the loading of keys was over [R-KEYS-09]: they got their keys with the migration, so one that has no key
 * is no candidate for loading. It is an incident: a case for a person, told once, and closed when the device has its key after all. No upgrade
 * waits for it.
 */
import type { Cohort } from '../model/cohort.ts';
import type { Eui64, Fingerprint } from '../model/ids.ts';
import { WITHOUT_KEY } from '../model/key-state.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { KeyStates } from '../stores/key-states.ts';
import type { Records } from './records.ts';

/** What a watch works with. */
export interface MigratedKeyParts {
  /** The cohort of the hub if it was migrated when the loading of keys was over; the registers may say otherwise tomorrow. */
  readonly cohort: () => Cohort | undefined;
  /** The PPMIDs of the device log. */
  readonly ppmids: () => readonly Eui64[];
  /** The link key that there is with a device. */
  readonly key: (device: Eui64) => Fingerprint | undefined;
  readonly states: KeyStates;
  readonly records: Pick<Records, 'ppmidKeys'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly fault: (cause: unknown) => void;
}

/** So long may a device take to come in after the gateway has first heard of it. */
export const GRACE_MS = 3_600_000;

/** Watches the PPMIDs of one gateway for such incidents. */
export class MigratedKeyWatch {
  readonly #parts: MigratedKeyParts;
  readonly #timers = new Map<Eui64, Cancel>();

  constructor(parts: MigratedKeyParts) {
    this.#parts = parts;
  }

  /** Begins to wait for the devices that have no key. Also to be called when the device log or another register has changed. */
  start(): void {
    const { clock, cohort, ppmids } = this.#parts;
    if (cohort() === undefined) return;
    for (const device of ppmids()) {
      if (this.#isIncident(device) || this.#timers.has(device)) continue;
      this.#timers.set(
        device,
        clock.after(GRACE_MS, () => this.#look(device)),
      );
    }
  }

  /** A PPMID has a link key: an incident about it is over. */
  ready(device: Eui64): void {
    const fingerprint = this.#parts.key(device);
    if (fingerprint !== undefined && this.#isIncident(device)) this.#keep(device, fingerprint);
  }

  #look(device: Eui64): void {
    const { key, log, ppmids } = this.#parts;
    this.#timers.delete(device);
    if (!ppmids().includes(device) || key(device) !== undefined) return;
    log.warn('ppmid-keys', { device, state: 'investigation', reason: WITHOUT_KEY });
    this.#keep(device, undefined);
  }

  #isIncident(device: Eui64): boolean {
    return this.#parts.states.get(device)?.reason === WITHOUT_KEY;
  }

  #keep(device: Eui64, fingerprint: Fingerprint | undefined): void {
    const { clock, fault, records, states } = this.#parts;
    const cohort = this.#parts.cohort();
    if (cohort === undefined) return; // the registers changed meanwhile
    const found = fingerprint === undefined ? ({ state: 'investigation', reason: WITHOUT_KEY } as const) : PRESENT;
    const keys = { device, ...found, attempts: 0, fingerprint, since: Math.floor(clock.now()), next: undefined };
    records.ppmidKeys(keys, cohort, [states.put(keys)]).catch(fault);
  }
}

const PRESENT = { state: 'present', reason: undefined } as const;
