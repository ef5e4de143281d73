/**
 * Install codes out of the configuration: sealed into the store when they are new. One that was erased stays so for as long as its line
 * stands; only a line that was away at a start, or another code, counts anew.
 */
import type { Core } from '../core/core.ts';
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Write } from '../ports/store.ts';
import type { ErasedCodes } from '../stores/erased-codes.ts';
import { known, type Vault } from './vault.ts';

/** What codes are taken with. */
export interface InstallCodeParts {
  readonly core: Core;
  readonly erased: ErasedCodes;
  /** With their CRC, by device; wiped. */
  readonly installCodes: ReadonlyMap<Eui64, Uint8Array>;
}

/**
 * What is to be written for codes that are not kept yet, or differ from those that are, and for whom. Throws Fault `config` for a code that
 * is wrong, naming device and reason; Fault `store` when a kept one does not open.
 */
export function takeInstallCodes({ core, erased, installCodes }: InstallCodeParts, vault: Vault): { devices: Eui64[]; writes: Write[] } {
  const [devices, writes]: [Eui64[], Write[]] = [[], []];
  for (const [device, code] of installCodes) {
    const made = core.keys.installCode(code, device);
    code.fill(0);
    if (!made.ok) throw new Fault('config', `install code of ${device}: ${made.code}: ${made.detail}`);
    const print = known(core.keys.fingerprint(made.value), 'a key');
    const kept = vault.open('install', device);
    const isKept = kept !== undefined && known(core.keys.fingerprint(kept), 'a key') === print;
    const gone = erased.get(device);
    if (!isKept && gone !== print) {
      devices.push(device);
      writes.push(vault.keep('install', device, made.value));
      if (gone !== undefined) writes.push(erased.forget(device));
    }
    for (const handle of [kept, made.value]) if (handle !== undefined) core.keys.erase(handle);
  }
  for (const { eui } of erased.all()) if (!installCodes.has(eui)) writes.push(erased.forget(eui));
  return { devices, writes };
}
