/** What goes on the air of a lab, read by a passive core with the home's keys: an observer that takes no part. */
import type { TrafficListener } from '../../firmware/air/air.ts';
import type { Home } from '../../firmware/devices/home.ts';
import { OTA_CLUSTER } from '../../host/clusters/ota.ts';
import { exportKeys } from '../../host/compose/home.ts';
import type { Factory } from '../../host/compose/lab-factory.ts';
import { ZCL } from '../../host/core/control.ts';
import type { LabCore } from '../../host/core/core.ts';
import { unhex } from '../../host/model/ids.ts';
import { freshLab } from './core.ts';

/** A command of the OTA cluster as it went on the air; repetitions by the MAC count each. */
export interface OtaFrame {
  readonly time: number;
  readonly from: string;
  /** True for a cluster command; false for a global one (attributes, default response). */
  readonly ofCluster: boolean;
  readonly command: number;
  readonly payload: Uint8Array;
}

/** Keeps every frame of an air. */
export class AirWatch {
  readonly #frames: { readonly psdu: Uint8Array; readonly time: number; readonly from: string }[] = [];
  readonly #listeners: (() => void)[] = [];
  #core: LabCore | undefined;

  /** To be given to the air. */
  readonly listener: TrafficListener = (psdu, time, from) => {
    this.#frames.push({ psdu: psdu.slice(), time, from });
    for (const listener of this.#listeners) listener();
  };

  /** Told of every frame after it was kept. */
  onTraffic(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Every frame so far, as it went on the air. */
  get frames(): readonly Uint8Array[] {
    return this.#frames.map(({ psdu }) => psdu);
  }

  /** A core of its own with the keys of the home. */
  get core(): LabCore {
    if (this.#core === undefined) throw new Error('the keys of the home are not known yet');
    return this.#core;
  }

  /** Takes the keys that the devices of a home have now. */
  async learn({ esme, ppmid }: Home, factory: Factory): Promise<void> {
    const core = await freshLab();
    for (const key of exportKeys([ppmid, esme], factory)) {
      for (const kind of ['network', 'link'] as const) {
        if (!core.keys.importAny(kind, unhex(key)).ok) throw new Error('no slot for a key of the home');
      }
    }
    this.#core = core;
  }

  /** Frames of the OTA cluster that began at or after `since`, in milliseconds since 1970. */
  ota(since = -Infinity): readonly OtaFrame[] {
    const { core } = this;
    return this.#frames.flatMap(({ psdu, time, from }) => {
      if (time < since) return [];
      const read = core.rx(psdu, { passive: true });
      if (!read.ok || read.frame.aps?.cluster !== OTA_CLUSTER) return [];
      const { zcl, payload } = read.frame;
      if (!read.opened || zcl === undefined) throw new Error(`a frame of the OTA cluster stayed closed at ${time}`);
      const ofCluster = (zcl.control & ZCL.TYPE) === ZCL.CLUSTER;
      return [{ time, from, ofCluster, command: zcl.command, payload: payload.slice() }];
    });
  }
}
