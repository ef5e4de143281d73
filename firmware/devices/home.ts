/**
 * A virtual home: an ESME and a PPMID on one air. What the meter measures shows on the PPMID's panel; in a real home it reads
 * the meter over the network, here the home passes it on.
 */
import type { LabCore } from '../../host/core/core.ts';
import type { KeyHandle } from '../../host/model/frame.ts';
import type { Eui64 } from '../../host/model/ids.ts';
import type { Ppmid } from '../ppmid/device.ts';
import { SAMPLE_VALUES } from '../ppmid/panel-values.ts';
import { REPORT_MS, type Esme } from './esme.ts';
import type { Membership } from './membership.ts';

/** A device of a home as benches see it. */
export interface HomeDevice {
  readonly membership: Membership | undefined;
  /** Link keys with other devices. */
  readonly partners: ReadonlyMap<Eui64, KeyHandle>;
  readonly core: LabCore | undefined;
  powerOn(): Promise<void>;
  powerOff(): void;
}

/** What a home is made of. */
export interface HomeOptions {
  readonly esme: Esme;
  readonly ppmid: Ppmid;
  /** Further devices. */
  readonly others?: readonly HomeDevice[];
}

const MS_PER_HOUR = 3_600_000;

/** A virtual home. */
export class Home {
  readonly esme: Esme;
  readonly ppmid: Ppmid;
  readonly #devices: readonly HomeDevice[];

  constructor({ esme, ppmid, others = [] }: HomeOptions) {
    this.esme = esme;
    this.ppmid = ppmid;
    this.#devices = [esme, ppmid, ...others];
    // Costs are counted in hundredths of a penny; the panel shows pence.
    let cost = 0;
    let today = SAMPLE_VALUES.days[0] ?? 0;
    esme.onReading(({ demand }) => {
      const used = (demand * REPORT_MS) / MS_PER_HOUR;
      today += used;
      cost += (used * SAMPLE_VALUES.rate) / 1000;
      const balance = SAMPLE_VALUES.balance - Math.floor(cost / 100);
      ppmid.show({ power: demand, balance, days: [Math.floor(today), ...SAMPLE_VALUES.days.slice(1)] });
    });
  }

  /** Switches every device on, one after the other; resolves when all run. Joining goes on by itself. */
  async powerOn(): Promise<void> {
    for (const device of this.#devices) await device.powerOn();
  }

  /** Switches every device off. */
  powerOff(): void {
    for (const device of this.#devices) device.powerOff();
  }

  /** Whether every device has joined. */
  get joined(): boolean {
    return this.#devices.every((device) => device.membership !== undefined);
  }
}
