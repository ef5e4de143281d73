/** A named way in which real devices misbehave while they are upgraded. */
import type { Seeded } from '../../air/seeded.ts';
import type { Habits } from '../habits.ts';

/** A profile. */
export interface Profile {
  /** Kebab-case. */
  readonly name: string;
  /** What the device does, one line fit for a person. */
  readonly what: string;
  /** Where such devices were met: public reports, by project and number. */
  readonly seen: readonly string[];
  /** How an upgrade of such a device ends: with success, or with the code of this reason. */
  readonly ends: 'succeeded' | (string & {});
  /** The habits of one device; what it draws comes from `random`. */
  readonly habits: (random: Seeded) => Habits;
}
