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
import { crcX25 } from '../adapters/crc16.ts';
import { LabCore } from '../core/core.ts';
import { verifyImage } from '../core/image.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import { eui64, hex, type Eui64 } from '../model/ids.ts';
import type { ImageTrust } from '../model/image.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { loadModule } from './gateway.ts';

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
  /** Install codes with their CRC, by device. */
  readonly installCodes: ReadonlyMap<Eui64, Uint8Array>;
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
  const { clock, entropy, log, channel, installCodes } = plan;
  const air = new Air({ clock, seed: plan.seed, path: disturbed(plan.seed, { loss: plan.loss }) });
  if (plan.onTraffic !== undefined) air.onTraffic(plan.onTraffic);
  const [lab, verifier] = await Promise.all([loadModule('lab.wasm'), loadModule('core.wasm')]);
  const loadCore = (): Promise<LabCore> => LabCore.load(lab);
  const identity = (entry: DeviceLogEntry): DeviceIdentity => ({
    name: entry.type,
    eui: entry.eui,
    installCode: installCodes.get(entry.eui) ?? new Uint8Array(0),
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
  });
  ppmid.provision(images.v1);
  const esme = new Esme({ identity: identity(esmeEntry), surroundings, clock, loadCore, seed: plan.seed });
  return { air, home: new Home({ esme, ppmid }) };
}

/** Network and link keys of devices as hexadecimal, from their lab cores; a gateway's core never gives one out. */
export function exportKeys(devices: readonly HomeDevice[]): readonly string[] {
  return [...new Set(devices.flatMap(keysOf))];
}

function keysOf({ core, membership }: HomeDevice): readonly string[] {
  if (core === undefined || membership === undefined) return [];
  return [membership.networkKey, membership.linkKey].flatMap((handle) => {
    const key = core.exportKey(handle);
    return key.ok ? [hex(key.value)] : [];
  });
}

/** Fresh install codes of 16 bytes, each with its CRC-16/X-25, least significant byte first. */
export function newInstallCodes(devices: readonly Eui64[], entropy: Entropy): ReadonlyMap<Eui64, Uint8Array> {
  return new Map(
    devices.map((device) => {
      const code = entropy.bytes(KEY_SIZE);
      const crc = crcX25(code);
      return [device, Uint8Array.of(...code, crc & 0xff, crc >> 8)];
    }),
  );
}
