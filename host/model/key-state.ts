/** What a gateway knows of the keys of a PPMID [R-KEYS-01]: a state and a fingerprint, never a key. */
import type { Eui64, Fingerprint } from './ids.ts';

/** Where the keys of a PPMID stand. `missing`: nothing was found out yet. */
export type KeyState = 'present' | 'missing' | 'retrying' | 'investigation';

/** Why a PPMID is under investigation that got no key with its migration: an incident, not a failure of loading keys [R-KEYS-09]. */
export const WITHOUT_KEY = 'migrated-without-key';

/** The state of one PPMID's keys. */
export interface PpmidKeys {
  readonly device: Eui64;
  readonly state: KeyState;
  /** Attempts that failed since the last that succeeded. */
  readonly attempts: number;
  /** Why the last attempt failed: a kebab-case code. */
  readonly reason: string | undefined;
  /** Of the link key that the device has proved to hold; undefined in every state but `present`. */
  readonly fingerprint: Fingerprint | undefined;
  /** Milliseconds since 1970 at which it came to this state, and of the next attempt if there is one. */
  readonly since: number;
  readonly next: number | undefined;
}
