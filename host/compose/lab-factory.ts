/** What virtual devices and their hub leave the factory with: printed install codes, and certificates of a lab. */
import { crcX25 } from '../adapters/crc16.ts';
import type { CertificateMaterial } from '../core/cbke.ts';
import type { SuiteNumber } from '../core/curves.ts';
import { Signer } from '../core/signer.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Entropy } from '../ports/entropy.ts';
import { loadModule } from './gateway.ts';
import { labCertificates } from './lab-certificates.ts';

/** Codes and certificates by EUI-64. */
export interface Factory {
  /** Of every device, with their CRC. */
  readonly installCodes: ReadonlyMap<Eui64, Uint8Array>;
  /** Of every device and of the hub. */
  readonly certificates: ReadonlyMap<Eui64, readonly CertificateMaterial[]>;
}

const CODE_LENGTH = 16;

/**
 * Equips a hub, with both suites, and its devices, each with those named. The same random bytes make the same equipment. Rejects with
 * Fault `core` when signer.wasm is not built.
 */
export async function equip(hub: Eui64, devices: ReadonlyMap<Eui64, readonly SuiteNumber[]>, entropy: Entropy): Promise<Factory> {
  const signer = await Signer.load(await loadModule('signer.wasm'));
  const installCodes = newInstallCodes([...devices.keys()], entropy);
  return { installCodes, certificates: labCertificates(signer, entropy, new Map([[hub, [1, 2]], ...devices])) };
}

/** The certificates of one, in arrays of their own: a core wipes the private keys that it takes. */
export const certificatesOf = (factory: Factory, eui: Eui64): readonly CertificateMaterial[] =>
  (factory.certificates.get(eui) ?? []).map((each) => ({ ...each, privateKey: each.privateKey.slice() }));

/** Fresh install codes of 16 bytes, each with its CRC-16/X-25, least significant byte first. */
function newInstallCodes(devices: readonly Eui64[], entropy: Entropy): ReadonlyMap<Eui64, Uint8Array> {
  return new Map(
    devices.map((device) => {
      const code = entropy.bytes(CODE_LENGTH);
      const crc = crcX25(code);
      return [device, Uint8Array.of(...code, crc & 0xff, crc >> 8)];
    }),
  );
}
