/**
 * A virtual ESME: joins by install code and reports demand and summation of the Metering cluster to the hub every ten
 * seconds. Its load is a seeded walk between a few hundred watts and a few kilowatts.
 */
import { DataType, encodeReportAttributes, GlobalCommand } from '../../host/clusters/foundation.ts';
import { ZCL } from '../../host/core/control.ts';
import type { LabCore } from '../../host/core/core.ts';
import type { KeyHandle } from '../../host/model/frame.ts';
import type { Eui64 } from '../../host/model/ids.ts';
import type { Clock } from '../../host/ports/clock.ts';
import { Seeded } from '../air/seeded.ts';
import { basicSide } from './basic.ts';
import { keptInMemory, type NetworkSettings } from './kept.ts';
import type { Membership } from './membership.ts';
import { Node, type DeviceIdentity, type Surroundings } from './node.ts';
import { PowerSwitch, type Run } from './power-switch.ts';
import type { Power } from './power.ts';
import type { ClusterSide } from './zcl.ts';

/** Metering cluster. */
export const METERING = 0x0702;
/** Smart Energy device identifier of a metering device. */
export const METERING_DEVICE = 0x0501;
/** Between two reports. */
export const REPORT_MS = 10_000;

const SUMMATION = 0x0000;
const UNIT_OF_MEASURE = 0x0300;
const MULTIPLIER = 0x0301;
const DIVISOR = 0x0302;
const FORMATTING = 0x0303;
const DEVICE_TYPE = 0x0306;
const DEMAND = 0x0400;
const INT24 = 0x2a;
/** Three digits behind the point, six before. */
const SUMMATION_FORMAT = 0x33;
const LOWEST_LOAD = 180;
const HIGHEST_LOAD = 5_200;
const MS_PER_HOUR = 3_600_000;

/** What a meter has measured. */
export interface Reading {
  /** Watts. */
  readonly demand: number;
  /** Watt hours since the meter was made. */
  readonly summation: number;
}

/** What an ESME is made of. */
export interface EsmeOptions {
  readonly identity: DeviceIdentity;
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly loadCore: () => Promise<LabCore>;
  /** Seed of the load. */
  readonly seed?: number;
  /** Watt hours on the register at first. */
  readonly summation?: number;
}

/** A virtual ESME. */
export class Esme {
  readonly #options: EsmeOptions;
  readonly #switch: PowerSwitch<LabCore>;
  readonly #kept = keptInMemory<NetworkSettings>();
  readonly #random: Seeded;
  readonly #listeners: ((reading: Reading) => void)[] = [];
  #running: { readonly node: Node; readonly core: LabCore } | undefined;
  #demand = 430;
  #summation: number;

  constructor(options: EsmeOptions) {
    const { clock, loadCore, seed = 1, summation = 12_345_678 } = options;
    this.#options = options;
    this.#random = new Seeded(seed);
    this.#summation = summation;
    this.#switch = new PowerSwitch({ clock, loadCore, start: (power, core) => this.#start(power, core) });
  }

  /** Switches on; resolves when it runs. */
  powerOn(): Promise<void> {
    return this.#switch.on();
  }

  /** Switches off at once. */
  powerOff(): void {
    this.#switch.off();
  }

  /** What it has measured. */
  get reading(): Reading {
    return { demand: Math.round(this.#demand), summation: Math.floor(this.#summation) };
  }

  /** Tells of every new reading, sent or not. */
  onReading(listener: (reading: Reading) => void): void {
    this.#listeners.push(listener);
  }

  /** Where the device belongs; undefined until it has joined. */
  get membership(): Membership | undefined {
    return this.#switch.isOn ? this.#running?.node.membership : undefined;
  }

  /** Link keys with other devices. */
  get partners(): ReadonlyMap<Eui64, KeyHandle> {
    return (this.#switch.isOn ? this.#running?.node.partners : undefined) ?? new Map();
  }

  /** The core that it runs on, for benches that export keys. */
  get core(): LabCore | undefined {
    return this.#switch.isOn ? this.#running?.core : undefined;
  }

  #start(power: Power, core: LabCore): Run {
    const { identity, surroundings } = this.#options;
    const sides = [basicSide(identity), this.#metering()];
    const node = new Node({
      identity,
      surroundings,
      device: METERING_DEVICE,
      power,
      core,
      kept: this.#kept,
      sides,
      onJoined: () => undefined,
    });
    this.#running = { node, core };
    const tick = (): void => {
      this.#measure();
      const { demand, summation } = this.reading;
      const payload = encodeReportAttributes([
        { attribute: DEMAND, type: INT24, value: demand },
        { attribute: SUMMATION, type: DataType.UINT48, value: summation },
      ]);
      const control = ZCL.PROFILE_WIDE | ZCL.FROM_SERVER | ZCL.NO_DEFAULT_RESPONSE;
      node.send({ cluster: METERING, control, command: GlobalCommand.REPORT_ATTRIBUTES, payload });
      power.after(REPORT_MS, tick);
    };
    power.after(REPORT_MS, tick);
    node.start();
    return node;
  }

  #measure(): void {
    this.#summation += (this.#demand * REPORT_MS) / MS_PER_HOUR;
    const stepped = this.#demand * (0.8 + 0.42 * this.#random.unit());
    this.#demand = Math.min(HIGHEST_LOAD, Math.max(LOWEST_LOAD, stepped));
    for (const listener of this.#listeners) listener(this.reading);
  }

  #metering(): ClusterSide {
    return {
      cluster: METERING,
      side: 'server',
      secured: true,
      attributes: new Map([
        [SUMMATION, { type: DataType.UINT48, read: () => this.reading.summation }],
        [UNIT_OF_MEASURE, { type: DataType.ENUM8, read: () => 0 }],
        [MULTIPLIER, { type: DataType.UINT24, read: () => 1 }],
        [DIVISOR, { type: DataType.UINT24, read: () => 1000 }],
        [FORMATTING, { type: DataType.BITMAP8, read: () => SUMMATION_FORMAT }],
        [DEVICE_TYPE, { type: DataType.BITMAP8, read: () => 0 }],
        [DEMAND, { type: INT24, read: () => this.reading.demand }],
      ]),
    };
  }
}
