/**
 * Devices that asked to join and may not [R-DEV-03], or that came in once more although they are in: on record and reported, each once a
 * day, and only so many in a day, for an EUI-64 on the air is anybody's word and must not fill the disk.
 */
import type { JoinRefusal } from '../han/trust-centre.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Records } from './records.ts';

/** What is told of in a day. */
export const MOST_A_DAY = 20;
const DAY_MS = 86_400_000;

const WHY: Readonly<Record<JoinRefusal, string>> = {
  'device-not-in-log': 'it is not in the device log',
  'install-code-unknown': 'its install code is not known',
  'behind-a-router': 'it asked through a router, and devices join at the hub alone',
};

/** What refusals work with. */
export interface JoinRefusalParts {
  readonly records: Pick<Records, 'alert'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The refusals of one gateway. */
export class JoinRefusals {
  readonly #parts: JoinRefusalParts;
  readonly #told = new Set<string>();
  #since = -Infinity;

  constructor(parts: JoinRefusalParts) {
    this.#parts = parts;
  }

  /** Tells of a refusal, if it is news. Resolves when that is durable. */
  tell(device: Eui64, reason: JoinRefusal): Promise<void> {
    return this.#tell(device, reason, `${device} asked to join and was given nothing: ${WHY[reason]}`, ['R-DEV-03']);
  }

  /** Tells of a device with a link key that was let in by its install code once more, if it is news. Resolves when that is durable. */
  anew(device: Eui64): Promise<void> {
    const detail = `${device} has a link key and was let in by its install code once more: if nobody reset it, somebody has its code`;
    return this.#tell(device, 'device-joins-anew', detail, ['R-KEYMAT-01']);
  }

  async #tell(device: Eui64, code: string, detail: string, requirements: readonly string[]): Promise<void> {
    const { clock, log, records } = this.#parts;
    if (clock.now() - this.#since >= DAY_MS) {
      this.#since = clock.now();
      this.#told.clear();
    }
    const which = `${device} ${code}`;
    if (this.#told.has(which) || this.#told.size > MOST_A_DAY) return;
    this.#told.add(which);
    if (this.#told.size > MOST_A_DAY) return log.warn('join-refusals-not-told', { most: MOST_A_DAY });
    await records.alert(code, detail, requirements);
  }
}
