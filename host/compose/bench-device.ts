/** The devices on a bench and the way to them: virtual ones on a virtual air, or real ones behind a radio. */
import { Air } from '../../firmware/air/air.ts';
import { disturbed } from '../../firmware/air/path.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import { BenchDevice, type BenchDeviceOptions } from '../../firmware/devices/bench.ts';
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

/** Where devices are put. */
export interface BenchPlace {
  readonly radio: BenchRadio;
  readonly channel: number;
  /** Certificates of the bench's gateway, of the authority that certified real devices; those of the lab's sample home when there are none. */
  readonly certificates: readonly CertificateMaterial[];
}

/** A device to be put there: as the device log has it, with its install code where one is given. */
export interface BenchEntry extends BenchUnit {
  readonly entry: DeviceLogEntry;
  /** What a virtual one says that it runs at first, and where its firmware departs from the cluster's text. */
  readonly traits?: Pick<BenchDeviceOptions, 'fileVersion' | 'habits'>;
}

/** Devices and what it takes to reach them. */
export interface PlacedDevices {
  readonly radio: Radio;
  /** The virtual ones; none behind a radio. */
  readonly virtual: ReadonlyMap<Eui64, BenchDevice>;
  /** What the gateway and the devices were equipped with. */
  readonly factory: Factory;
}

const KEY_SIZE = 16;

/** Puts devices where they can be reached. Nothing is switched on. Throws Fault `config` for a real device without an install code. */
export const placeDevices = (place: BenchPlace, clock: SimulatedClock, devices: readonly BenchEntry[]): Promise<PlacedDevices> =>
  place.radio.kind === 'air' ? onAir(place, place.radio, clock, devices) : behind(place, place.radio, clock, devices);

async function behind(
  { certificates }: BenchPlace,
  locator: RadioLocator,
  clock: SimulatedClock,
  devices: readonly BenchEntry[],
): Promise<PlacedDevices> {
  const lab = await labFactory();
  const installCodes = new Map(devices.map(({ eui, installCode }) => [eui, installCode ?? codeOf(lab, eui)]));
  const radio = new SpinelRadio({ connect: () => openStream(radioUrl(locator)), clock, log: silent });
  const own = certificates.length === 0 ? certificatesOf(lab, EUI.gateway) : certificates;
  return { radio, virtual: new Map(), factory: { installCodes, certificates: new Map([[EUI.gateway, own]]) } };
}

async function onAir(
  { channel }: BenchPlace,
  { seed, loss }: VirtualAir,
  clock: SimulatedClock,
  devices: readonly BenchEntry[],
): Promise<PlacedDevices> {
  const entropy = new Seeded(seed);
  const fresh = await equip(EUI.gateway, new Map(devices.map(({ eui }) => [eui, [1, 2]])), entropy);
  const given = devices.flatMap(({ eui, installCode }) => (installCode === undefined ? [] : [[eui, installCode] as const]));
  const factory = { ...fresh, installCodes: new Map([...fresh.installCodes, ...given]) };
  const air = new Air({ clock, seed, path: disturbed(seed, { loss }) });
  const lab = await loadModule('lab.wasm');
  const virtual = devices.map(({ eui, entry, traits = {} }) => {
    const { type: name, manufacturer, model, hardwareVersion, imageType = 0 } = entry;
    const [installCode, certificates] = [codeOf(factory, eui), certificatesOf(factory, eui)];
    const identity = { name, eui, installCode, certificates, fuse: entropy.bytes(KEY_SIZE), manufacturer, model, hardwareVersion };
    const surroundings = { medium: air, channel, entropy, log: silent };
    const device = new BenchDevice({ identity, surroundings, clock, loadCore: () => LabCore.load(lab), imageType, ...traits });
    return [eui, device] as const;
  });
  return { radio: new AirRadio(air, 'hub'), virtual: new Map(virtual), factory };
}

function codeOf({ installCodes }: Factory, eui: Eui64): Uint8Array {
  const code = installCodes.get(eui);
  if (code === undefined) throw new Fault('config', `a device joins by its install code: name that of ${eui}`);
  return code;
}
