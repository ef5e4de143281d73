/**
 * A virtual home: a PPMID and an ESME on a virtual air, each with its own core, keys and flash. It knows nothing of the gateway but
 * what the air brings.
 */
import { Air, type TrafficListener } from '../../firmware/air/air.ts';
import { disturbed } from '../../firmware/air/path.ts';
import type { DeviceIdentity } from '../../firmware/devices/node.ts';
import { Esme } from '../../firmware/devices/esme.ts';
import { Home, type HomeDevice } from '../../firmware/devices/home.ts';
import { PPMID_IMAGE_TYPE } from '../../firmware/image/format.ts';
import { Ppmid } from '../../firmware/ppmid/device.ts';
import { ERASE_BLOCK, Flash } from '../../firmware/ppmid/flash.ts';
import { LabCore } from '../core/core.ts';
import { verifyImage } from '../core/image.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import { Fault } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import { eui64, hex } from '../model/ids.ts';
import type { ImageTrust } from '../model/image.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { loadModule } from './gateway.ts';
import { certificatesOf, equip, type Factory } from './lab-factory.ts';

/** Manufacturer code of the sample devices: from the range that is free for tests. */
export const MANUFACTURER = 0x1ab1;
/** Another manufacturer code of that range. */
export const OTHER_MANUFACTURER = 0x1ab2;
/** File versions of the sample firmware. */
export const VERSION = { v1: 0x0000_0100, v2: 0x0000_0200 } as const;
/** Hardware version that it is for. */
export const PPMID_HARDWARE = 0x0001;

const FLASH_SIZE = 32 * ERASE_BLOCK;
const KEY_SIZE = 16;

/** EUI-64s of the sample home: locally administered. */
export const EUI = {
  gateway: eui64('0200000000000201'),
  ppmid: eui64('0200000000000202'),
  esme: eui64('0200000000000203'),
} as const;

/** What a home is made of. */
export interface HomePlan {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly channel: number;
  /** Seed of the air, and the share of frames that it loses. */
  readonly seed: number;
  readonly loss: number;
  readonly factory: Factory;
  readonly onTraffic?: TrafficListener | undefined;
}

/** What a PPMID leaves the factory with. */
export interface FactoryImages {
  /** The image that it runs. */
  readonly v1: Uint8Array;
  /** Whose signatures its bootloader believes. */
  readonly trust: ImageTrust;
}

/** A home on its air. */
export interface HomeOnAir {
  readonly air: Air;
  readonly home: Home;
}

/** The device log of a home, as the Smart Metering Inventory would hold it. */
export const HOME_DEVICES: readonly DeviceLogEntry[] = [
  {
    eui: EUI.ppmid,
    type: 'ppmid',
    manufacturer: MANUFACTURER,
    model: 'LAB-PPMID',
    hardwareVersion: PPMID_HARDWARE,
    imageType: PPMID_IMAGE_TYPE,
    firmwareVersion: VERSION.v1,
  },
  {
    eui: EUI.esme,
    type: 'esme',
    manufacturer: MANUFACTURER,
    model: 'LAB-ESME',
    hardwareVersion: 1,
    imageType: undefined,
    firmwareVersion: 1,
  },
];

/** The Communications Hub of the sample home. */
export const HUB_MODEL: DeviceLogEntry = {
  eui: EUI.gateway,
  type: 'chf',
  manufacturer: MANUFACTURER,
  model: 'HEARTHGATE',
  hardwareVersion: 1,
  imageType: undefined,
  firmwareVersion: 1,
};

/** Makes a home; its PPMID leaves the factory with the first of the images and believes their signer. Nothing is switched on. */
export async function makeHome(plan: HomePlan, images: FactoryImages): Promise<HomeOnAir> {
  const { clock, entropy, log, channel, factory } = plan;
  const air = new Air({ clock, seed: plan.seed, path: disturbed(plan.seed, { loss: plan.loss }) });
  if (plan.onTraffic !== undefined) air.onTraffic(plan.onTraffic);
  const [lab, verifier] = await Promise.all([loadModule('lab.wasm'), loadModule('core.wasm')]);
  const loadCore = (): Promise<LabCore> => LabCore.load(lab);
  const identity = (entry: DeviceLogEntry): DeviceIdentity => ({
    name: entry.type,
    eui: entry.eui,
    installCode: factory.installCodes.get(entry.eui) ?? new Uint8Array(0),
    certificates: certificatesOf(factory, entry.eui),
    fuse: entropy.bytes(KEY_SIZE),
    manufacturer: entry.manufacturer,
    model: entry.model,
    hardwareVersion: entry.hardwareVersion,
  });
  const surroundings = { medium: air, channel, entropy, log };
  const [ppmidEntry, esmeEntry] = HOME_DEVICES as readonly [DeviceLogEntry, DeviceLogEntry];
  const ppmid = new Ppmid({
    identity: identity(ppmidEntry),
    surroundings,
    clock,
    loadCore,
    verify: (file, expectation) => verifyImage(verifier, [file], expectation),
    trust: images.trust,
    flash: new Flash(FLASH_SIZE),
    partner: EUI.esme,
  });
  ppmid.provision(images.v1);
  const esme = new Esme({ identity: identity(esmeEntry), surroundings, clock, loadCore, seed: plan.seed });
  return { air, home: new Home({ esme, ppmid }) };
}

/**
 * Every key that protected a frame of a home, as hexadecimal and out of its devices' lab cores: network keys, the link keys of install
 * codes and certificates, and those that devices share. A gateway's core never gives one out.
 */
export function exportKeys(devices: readonly HomeDevice[], { installCodes }: Factory): readonly string[] {
  return [...new Set(devices.flatMap((device) => [...keysOf(device), ...installKeysOf(device, installCodes)]))];
}

function keysOf({ core, membership, partners }: HomeDevice): readonly string[] {
  if (core === undefined || membership === undefined) return [];
  const { network, alternate, linkKey } = membership;
  const handles = [network.key, ...(alternate === undefined ? [] : [alternate.key]), linkKey, ...partners.values()];
  return handles.map((handle) => exported(core, handle));
}

function installKeysOf({ core }: HomeDevice, installCodes: Factory['installCodes']): readonly string[] {
  if (core === undefined) return [];
  return [...installCodes].flatMap(([device, code]) => {
    const made = core.keys.installCode(code.slice(), device);
    if (!made.ok) return [];
    const key = exported(core, made.value);
    core.keys.erase(made.value);
    return [key];
  });
}

function exported(core: LabCore, handle: KeyHandle): string {
  const key = core.exportKey(handle);
  if (!key.ok) throw new Fault('core', `a lab core does not give out its key: ${key.code}`);
  return hex(key.value);
}

/** Equips the sample home. The ESME is of an age that knows only the first suite. */
export const equipHome = (entropy: Entropy): Promise<Factory> =>
  equip(
    EUI.gateway,
    new Map([
      [EUI.ppmid, [1, 2]],
      [EUI.esme, [1]],
    ]),
    entropy,
  );
