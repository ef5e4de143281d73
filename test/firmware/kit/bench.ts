/** What tests of the devices are set up with: built modules, an install code, an air with a hub, a PPMID over a flash. */
import { readFileSync } from 'node:fs';
import { labCertificates } from '../../../host/compose/lab-certificates.ts';
import type { CertificateMaterial } from '../../../host/core/cbke.ts';
import { LabCore } from '../../../host/core/core.ts';
import { verifyImage } from '../../../host/core/image.ts';
import { eui64, type Eui64 } from '../../../host/model/ids.ts';
import { silent, type Log } from '../../../host/ports/log.ts';
import { SimulatedClock } from '../../../host/adapters/clock-simulated.ts';
import { Air } from '../../../firmware/air/air.ts';
import type { Path } from '../../../firmware/air/path.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import type { DeviceIdentity, Surroundings } from '../../../firmware/devices/node.ts';
import { buildImage, type ImageSpec, type Mmo } from '../../../firmware/image/build.ts';
import { Signer } from '../../../host/core/signer.ts';
import { PPMID_IMAGE_TYPE } from '../../../firmware/image/format.ts';
import { Ppmid, type PpmidOptions } from '../../../firmware/ppmid/device.ts';
import { flashFor } from '../../../firmware/ppmid/flash-map.ts';
import type { Flash } from '../../../firmware/ppmid/flash.ts';
import type { ImageVerifier } from '../../../firmware/ppmid/verifier.ts';
import { CHANNEL, HUB_EUI, TestHub } from './hub.ts';

const built = (name: string): WebAssembly.Module => new WebAssembly.Module(readFileSync(new URL(`../../../dist/${name}`, import.meta.url)));

/** Bytes of a built program. */
export const program = (version: 1 | 2): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../dist/firmware/ppmid-v${version}.wasm`, import.meta.url)));

const lab = built('lab.wasm');
const core = built('core.wasm');

export const loadCore = (): Promise<LabCore> => LabCore.load(lab);
const signer = await Signer.load(built('signer.wasm'));
export const mmo: Mmo = (message, padding) => signer.mmo(message, padding);
export const verify: ImageVerifier = (file, expectation) => verifyImage(core, [file], expectation);

export const MANUFACTURER = 0x1d01;
export const HARDWARE = 0x0100;

/** Install code 83fed3407a939723a5c639b26916d505 with its CRC (ZigBee specification's example). */
export const INSTALL_CODE = Uint8Array.from([
  0x83, 0xfe, 0xd3, 0x40, 0x7a, 0x93, 0x97, 0x23, 0xa5, 0xc6, 0x39, 0xb2, 0x69, 0x16, 0xd5, 0x05, 0xc3, 0xb5,
]);

export const PPMID_EUI = eui64('0200000000000042');

/** Devices of the benches, and the hub: each has certificates of both suites. */
export const OTHER_EUI = eui64('0200000000000099');
const FACTORY = labCertificates(signer, new Seeded(99), new Map([HUB_EUI, PPMID_EUI, OTHER_EUI].map((eui) => [eui, [1, 2] as const])));

/** Certificates of the suites named. */
export const certificates = (eui: Eui64, suites: readonly number[] = [1, 2]): readonly CertificateMaterial[] =>
  (FACTORY.get(eui) ?? []).filter(({ suite }) => suites.includes(suite));

/** A device of the first suite, which is the faster one. */
export const identity = (name = 'ppmid', eui: Eui64 = PPMID_EUI): DeviceIdentity => ({
  name,
  eui,
  installCode: INSTALL_CODE,
  certificates: certificates(eui, [1]),
  fuse: new Uint8Array(16).fill(0x77),
  manufacturer: MANUFACTURER,
  model: 'PPMID-1',
  hardwareVersion: HARDWARE,
});

/** A sample image: a program with an integrity code. */
export function image(version: 1 | 2, change: Partial<ImageSpec> = {}): Uint8Array {
  const spec: ImageSpec = {
    manufacturer: MANUFACTURER,
    imageType: PPMID_IMAGE_TYPE,
    fileVersion: version === 1 ? 0x00010000 : 0x00020000,
    text: `sample PPMID ${version}.0`,
    hardware: { min: 0x0100, max: 0x01ff },
    elements: [{ tag: 0, data: program(version) }],
    ...change,
  };
  return buildImage(spec, mmo);
}

export interface Scene {
  readonly clock: SimulatedClock;
  readonly air: Air;
  readonly hub: TestHub;
  readonly flash: Flash;
  readonly surroundings: Surroundings;
  readonly events: string[];
  ppmid(change?: Partial<PpmidOptions>): Ppmid;
}

/** An air with a hub that admits the PPMID, and a flash that holds the first firmware. */
export async function scene({
  seed = 1,
  path,
  factory = image(1),
  hubCertificates = certificates(HUB_EUI),
}: { seed?: number; path?: Path; factory?: Uint8Array; hubCertificates?: readonly CertificateMaterial[] } = {}): Promise<Scene> {
  const clock = new SimulatedClock(Date.UTC(2020, 10, 24, 14, 32));
  const air = new Air({ clock, seed, ...(path ? { path } : {}) });
  const hub = new TestHub(air, await loadCore(), hubCertificates);
  hub.admit(PPMID_EUI, INSTALL_CODE);
  const flash = flashFor(24 * 1024);
  const events: string[] = [];
  const note = (event: string, fields: object = {}): void => void events.push(`${event} ${JSON.stringify(fields)}`);
  const log: Log = { ...silent, info: note, warn: note, error: note };
  const surroundings: Surroundings = { medium: air, channel: CHANNEL, entropy: new Seeded(seed), log };
  const ppmid = (change: Partial<PpmidOptions> = {}): Ppmid =>
    new Ppmid({ identity: identity(), surroundings, clock, loadCore, verify, flash, ...change });
  ppmid().provision(factory);
  return { clock, air, hub, flash, surroundings, events, ppmid };
}
