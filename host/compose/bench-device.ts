/** The device on a bench and the way to it: a virtual one on a virtual air, or a real one behind a radio. */
import { Air } from '../../firmware/air/air.ts';
import { disturbed } from '../../firmware/air/path.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import { BenchDevice } from '../../firmware/devices/bench.ts';
import { AirRadio } from '../adapters/radio-air.ts';
import type { SimulatedClock } from '../adapters/clock-simulated.ts';
import { SpinelRadio } from '../adapters/radio-spinel.ts';
import { openStream } from '../adapters/stream-open.ts';
import type { CertificateMaterial } from '../core/cbke.ts';
import { LabCore } from '../core/core.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import { silent } from '../ports/log.ts';
import type { Radio } from '../ports/radio.ts';
import { loadModule } from './gateway.ts';
import { EUI } from './home.ts';
import { certificatesOf, equip, type Factory } from './lab-factory.ts';
import { radioUrl, type RadioLocator } from './locators.ts';
import { labFactory } from './run-home.ts';

/** The virtual medium: its speed, its seed, and the share of frames that it loses. */
export interface VirtualAir {
  readonly kind: 'air';
  /** True speed; simulated time otherwise. */
  readonly realtime: boolean;
  readonly seed: number;
  readonly loss: number;
}

/** What a bench sends through. */
export type BenchRadio = VirtualAir | RadioLocator;

/** A device as its bench expects it. */
export interface BenchUnit {
  readonly eui: Eui64;
  /** With its CRC. Left out, a virtual device gets a fresh one, and a real one is taken for one of the lab's sample home. */
  readonly installCode: Uint8Array | undefined;
}

/** Where a device is put. */
export interface BenchPlace {
  readonly radio: BenchRadio;
  readonly channel: number;
  /** Certificates of the bench's gateway, of the authority that certified real devices; those of the lab's sample home when there are none. */
  readonly certificates: readonly CertificateMaterial[];
  readonly unit: BenchUnit;
}

const KEY_SIZE = 16;

/** A device and what it takes to reach it. */
export interface PlacedDevice {
  readonly radio: Radio;
  readonly virtual: BenchDevice | undefined;
  /** What the gateway and the device were equipped with. */
  readonly factory: Factory;
}

/**
 * Puts a device, which is as `entry` says, where it can be reached. Nothing is switched on. Throws Fault `config` for a real device without
 * an install code.
 */
export const placeDevice = (plan: BenchPlace, clock: SimulatedClock, entry: DeviceLogEntry): Promise<PlacedDevice> =>
  plan.radio.kind === 'air' ? virtualDevice(plan, plan.radio, clock, entry) : realDevice(plan, plan.radio, clock);

async function realDevice({ unit, certificates }: BenchPlace, locator: RadioLocator, clock: SimulatedClock): Promise<PlacedDevice> {
  const lab = await labFactory();
  const installCode = unit.installCode ?? lab.installCodes.get(unit.eui);
  if (installCode === undefined) throw new Fault('config', `a device behind a radio joins by its install code: name that of ${unit.eui}`);
  const radio = new SpinelRadio({ connect: () => openStream(radioUrl(locator)), clock, log: silent });
  const own = certificates.length === 0 ? certificatesOf(lab, EUI.gateway) : certificates;
  return {
    radio,
    virtual: undefined,
    factory: { installCodes: new Map([[unit.eui, installCode]]), certificates: new Map([[EUI.gateway, own]]) },
  };
}

async function virtualDevice(
  { channel, unit }: BenchPlace,
  { seed, loss }: VirtualAir,
  clock: SimulatedClock,
  entry: DeviceLogEntry,
): Promise<PlacedDevice> {
  const { eui } = unit;
  const entropy = new Seeded(seed);
  const fresh = await equip(EUI.gateway, new Map([[eui, [1, 2]]]), entropy);
  const factory = unit.installCode === undefined ? fresh : { ...fresh, installCodes: new Map([[eui, unit.installCode]]) };
  const installCode = factory.installCodes.get(eui) ?? new Uint8Array(0);
  const air = new Air({ clock, seed, path: disturbed(seed, { loss }) });
  const lab = await loadModule('lab.wasm');
  const { manufacturer, model, hardwareVersion } = entry;
  const certificates = certificatesOf(factory, eui);
  const virtual = new BenchDevice({
    identity: { name: 'bench', eui, installCode, certificates, fuse: entropy.bytes(KEY_SIZE), manufacturer, model, hardwareVersion },
    surroundings: { medium: air, channel, entropy, log: silent },
    clock,
    loadCore: () => LabCore.load(lab),
    imageType: entry.imageType ?? 0,
  });
  return { radio: new AirRadio(air, 'hub'), virtual, factory };
}
